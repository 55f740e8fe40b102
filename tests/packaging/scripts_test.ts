import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { hasProgram, TempFolder } from "../support/programs.ts";

const PACKAGING = fromFileUrl(new URL("../../packaging/", import.meta.url));
const ENTRYPOINT = `${PACKAGING}container/entrypoint.sh`;

const SCRIPTS = [
  `${PACKAGING}install.sh`,
  ENTRYPOINT,
  ...["postinst", "prerm", "postrm"].map((it) => `${PACKAGING}debian/${it}`),
];

async function run(program: string, args: string[], env = {}) {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env,
    clearEnv: true,
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout) + decoder.decode(stderr);
  return { code, text };
}

Deno.test({
  name: "shellcheck has nothing to say about the scripts",
  ignore: !hasProgram("shellcheck", "--version"),
  async fn() {
    assert.deepEqual(await run("shellcheck", SCRIPTS), { code: 0, text: "" });
  },
});

Deno.test({
  name: "the container starts a server with a token or --open alone",
  ignore: !hasProgram("sh", "-c", "true"),
  async fn() {
    await using folder = await TempFolder.make();
    for (const name of ["ondacast", "ondacast-server"]) {
      await Deno.writeTextFile(
        folder.file(name),
        `#!/bin/sh\necho "${name} $*"\n`,
        { mode: 0o755 },
      );
    }
    const start = (args: string[], env = {}) =>
      run("/bin/sh", [ENTRYPOINT, ...args], { PATH: folder.path, ...env });

    const refused = [[], ["server"], ["--loop"], ["server", "--name", "open"]];
    for (const args of refused) {
      const { code, text } = await start(args);
      assert.equal(code, 2, args.join(" "));
      assert.match(text, /^usage: Cannot start without a token: .*--open/);
    }
    const empty = await start(["server"], { ONDACAST_TOKEN: "" });
    assert.equal(empty.code, 2);

    const started: [string[], string][] = [
      [["--open"], "ondacast-server --music /music --open"],
      [["server", "--token-file", "/t"], "--music /music --token-file /t"],
      [["server", "--token=x"], "--music /music --token=x"],
      [["--help"], "--help"],
      [["receive", "--name", "a b"], "ondacast receive --name a b"],
    ];
    for (const [args, line] of started) {
      const { code, text } = await start(args);
      assert.equal(code, 0, text);
      assert.ok(text.trimEnd().endsWith(line), text);
    }
    const byVariable = await start(["server"], { ONDACAST_TOKEN: "x" });
    assert.deepEqual(byVariable, {
      code: 0,
      text: "ondacast-server --music /music\n",
    });
  },
});
