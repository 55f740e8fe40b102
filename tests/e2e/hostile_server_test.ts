import assert from "node:assert/strict";
import { join } from "@std/path";
import { HostileServer } from "../support/hostile_server.ts";
import { HAS_TERMINAL, TerminalProgram } from "../support/terminal.ts";
import { MUSIC, startClient } from "../support/programs.ts";

/** Characters that act on a terminal or are invisible. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** The length of a line that fills more than a screen. */
const MAX_LINE = 20_000;

const SONG = join(MUSIC, "Ode to Joy.wav");

const COMMANDS = [
  ["list"],
  ["online"],
  ["play", "x", "--player", "null:fast"],
  ["play", "--all", "--player", "null:fast"],
  ["upload", SONG],
  ["cast", "x", "--to", "den"],
  ["pause", "--to", "den"],
  ["volume", "+10", "--to", "den"],
  ["seek", "+10", "--to", "den"],
  ["receive", "--player", "null:fast"],
  [],
];

/** Asserts that a program's output is safe for a terminal. */
function assertSafe(text: string, ofWhat: string): void {
  for (const line of text.split("\n")) {
    assert.ok(line.length < MAX_LINE, `${ofWhat}: ${line.length} characters`);
    const found = UNSAFE.exec(line);
    assert.equal(found, null, `${ofWhat}: ${JSON.stringify(found?.[0])}`);
  }
}

for (const words of COMMANDS) {
  const name = words[0] ?? "the menu";
  Deno.test(`${[name, ...words.slice(1, 2).filter((word) => word === "--all")].join(" ")} prints no text of a hostile server unescaped`, async () => {
    using server = new HostileServer();
    for (const json of [[], ["--json"]]) {
      const program = startClient([
        ...words,
        "--server",
        server.sessions,
        ...json,
      ], { stdin: "null" });
      await using _ = program;
      const { stdout, stderr } = await program.ended();
      if (words.length > 0) assert.notEqual(stdout + stderr, "");
      if (json.length > 0) {
        for (const line of stdout.trim().split("\n")) {
          if (line) JSON.parse(line);
        }
        assert.equal(UNSAFE.exec(stdout.replaceAll("\n", "")), null);
      } else assertSafe(stdout, name);
      assertSafe(stderr, name);
    }
  });
}

Deno.test("commands of groups say of a server of the first version that it is too old", async () => {
  using server = new HostileServer();
  const commands = [
    ...[["groups"], ["group", "a", "b"], ["ungroup", "a"], ["queue"]],
    ...[["move", "--to", "a"], ["next", "--to", "den"]],
    ["cast", "x", "--to", "den", "--end"],
  ];
  await Promise.all(commands.map(async (words) => {
    await using program = startClient(
      [...words, "--server", server.sessions],
      { stdin: "null" },
    );
    const { code, stderr } = await program.ended();
    assert.match(stderr, /^Cannot .*too old to have groups.* \(too-old\)$/m);
    assert.equal(code, 1);
  }));
});

/** The programs' own sequences; see `lib/io/console/` `terminal.ts` and `styled.ts`. */
// deno-lint-ignore no-control-regex
const OURS = /\x1b\[(K|J|\?25[lh]|\d+[Am])|\r/g;

const VIEWS: [words: string[], keys: string][] = [
  [["list"], ""],
  [["online"], "q"],
  [["play", "x", "--player", "null:fast"], ""],
  [["play", "--player", "null:fast"], "\r"],
  [["receive", "--player", "null:fast"], ""],
  [["upload", SONG], ""],
  [[], "\x1b"],
];

for (const [words, keys] of VIEWS) {
  const name = words[0] ?? "the menu";
  Deno.test({
    name: `${name} in a terminal prints no text of a hostile server unescaped`,
    ignore: !HAS_TERMINAL,
    async fn() {
      using server = new HostileServer();
      await using terminal = new TerminalProgram([
        ...[...words, "--server", server.sessions],
      ]);
      if (keys !== "") {
        await terminal.program.printed(/\?25l/);
        await terminal.press(keys);
      }
      const { shown } = await terminal.ended();
      assert.notEqual(shown, "");
      assertSafe(shown.replace(OURS, ""), name);
    },
  });
}
