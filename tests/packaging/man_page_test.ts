import assert from "node:assert/strict";
import { Command } from "@commander-js/extra-typings";
import { clientCommand } from "../../lib/cli/client_program.ts";
import { serverCommand } from "../../lib/cli/server_options.ts";
import { manPage } from "../../packaging/man_page.ts";
import { manPages } from "../../packaging/package.ts";
import { hasProgram, TempFolder } from "../support/programs.ts";

/** A page as it reads, without groff's escapes. */
const plain = (page: string) => page.replaceAll("\\-", "-");

Deno.test("manual pages have every command and every option of --help", () => {
  const pages = manPages(0);
  const client = plain(pages["ondacast.1"]);
  const program = clientCommand();
  for (const command of program.createHelp().visibleCommands(program)) {
    if (command.name() === "help") continue;
    assert.match(client, new RegExp(`^\\.SS "${command.name()}\\b`, "m"));
    for (const { flags } of command.options) {
      assert.ok(client.includes(`\n.B ${flags}\n`), flags);
    }
  }
  for (const { flags, hidden } of program.options) {
    assert.ok(hidden || client.includes(`\n.B ${flags}\n`), flags);
  }
  const server = plain(pages["ondacast-server.1"]);
  for (const { flags } of serverCommand().options) {
    assert.ok(server.includes(`\n.B ${flags}\n`), flags);
  }
  assert.match(server, /^\.EX\nondacast-server --music/m);
});

Deno.test("manPage() escapes what groff would take for its own", () => {
  const program = new Command("x").description(
    ".dotted\n'quoted \\fBbold - end",
  )
    .addHelpText("after", "\nExamples:\n  .x \\n");
  const page = manPage(program, {
    ...{ version: "1", date: "2026-01-02", summary: "a" },
    seeAlso: ["y(1)"],
  });
  assert.ok(page.includes("\\&.dotted\n\\&'quoted \\efBbold \\- end\n"));
  assert.ok(page.includes(".EX\n\\&.x \\en\n.EE\n"));
  assert.ok(page.includes("\\fBy\\fR(1)"));
});

Deno.test({
  name: "groff has nothing to complain of in the manual pages",
  ignore: !hasProgram("groff", "--version"),
  async fn() {
    await using folder = await TempFolder.make();
    for (const [name, page] of Object.entries(manPages(0))) {
      const file = folder.file(name);
      await Deno.writeTextFile(file, page);
      const { code, stderr } = await new Deno.Command("groff", {
        args: ["-K", "utf8", "-man", "-T", "utf8", "-ww", "-z", file],
        stderr: "piped",
      }).output();
      const warnings = new TextDecoder().decode(stderr)
        // groff splits no example, however long.
        .split("\n").filter((it) => it !== "" && !/can't break line/.test(it));
      assert.deepEqual({ code, warnings }, { code: 0, warnings: [] }, name);
    }
  },
});
