import assert from "node:assert/strict";
import { join } from "@std/path";
import { HostileServer } from "../support/hostile_server.ts";
import { HAS_TERMINAL, TerminalProgram } from "../support/terminal.ts";
import { MUSIC, startClient } from "../support/programs.ts";

/** Whatever does something in a terminal instead of being seen. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** More than a screenful of any of its texts. */
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

/** Fails if a program's output could do anything to a terminal. */
function assertSafe(text: string, ofWhat: string): void {
  for (const line of text.split("\n")) {
    assert.ok(line.length < MAX_LINE, `${ofWhat}: ${line.length} characters`);
    const found = UNSAFE.exec(line);
    assert.equal(found, null, `${ofWhat}: ${JSON.stringify(found?.[0])}`);
  }
}

for (const words of COMMANDS) {
  const name = words[0] ?? "the menu";
  Deno.test(`${[name, ...words.slice(1, 2).filter((word) => word === "--all")].join(" ")} shows nothing of a hostile server as it is`, async () => {
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

/** What the programs themselves do to a terminal: `lib/io/console/terminal.ts`. */
// deno-lint-ignore no-control-regex
const OURS = /\x1b\[(K|J|\?25[lh]|\d+A)|\r/g;

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
    name: `${name} in a terminal shows nothing of a hostile server as it is`,
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
