import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { splitKeys } from "../../../lib/io/console/keyboard.ts";
import fc from "../../support/fast_check.ts";
import { HAS_TERMINAL, TerminalProgram } from "../../support/terminal.ts";

Deno.test("splitKeys() names special keys, and returns characters unchanged", () => {
  const table: [sent: string, keys: string[]][] = [
    ["", []],
    ["q", ["q"]],
    ["nq ", ["n", "q", "space"]],
    ["\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]],
    ["\x1bOA\x1bOB\x1bOC\x1bOD", ["up", "down", "right", "left"]],
    ["\r", ["enter"]],
    ["\n", ["enter"]],
    ["\x7f\b", ["backspace", "backspace"]],
    ["\x03", ["interrupt"]],
    ["\x1b", ["escape"]],
    ["\x1b\x1b", ["escape", "escape"]],
    ["\x1b\x1b[A", ["escape", "up"]],
    ["a\x1b[Cb", ["a", "right", "b"]],
    ["ü日", ["ü", "日"]],
    ["🎵x", ["🎵", "x"]],
  ];
  for (const [sent, keys] of table) {
    assert.deepEqual(splitKeys(sent), keys, JSON.stringify(sent));
  }
});

Deno.test("splitKeys() returns an unknown sequence in one piece", () => {
  for (const sequence of ["\x1b[3~", "\x1b[1;5C", "\x1b[15~", "\x1bOP"]) {
    assert.deepEqual(splitKeys(`a${sequence}b`), ["a", sequence, "b"]);
  }
});

Deno.test("splitKeys() loses no input", () => {
  fc.assert(fc.property(
    fc.array(fc.constantFrom("\x1b[A", "x", "ü", "🎵", "\x1b[5~", "[", "O")),
    (parts) => {
      const named = parts.map((part) => part === "\x1b[A" ? "up" : part);
      assert.deepEqual(splitKeys(parts.join("")), named);
    },
  ));
});

const TWO_SECRETS = fromFileUrl(
  new URL("../../support/two_secrets.ts", import.meta.url),
);

Deno.test({
  name:
    "what is typed stays unseen from before a secret until the last is known",
  ignore: !HAS_TERMINAL,
  async fn() {
    const run = ["run", "--no-check", "--allow-all", TWO_SECRETS];
    await using terminal = new TerminalProgram([], 80, {}, [], [
      Deno.execPath(),
      run,
    ]);
    await terminal.program.printed(/First:/);
    await terminal.press("one\rsecond\r");
    const { code, shown } = await terminal.ended();
    assert.equal(code, 0, shown);
    assert.match(shown, /before: -echo/);
    assert.match(shown, /between: -echo/);
    assert.match(shown, /6 characters/);
    assert.match(shown, /after: echo/);
    assert.doesNotMatch(shown, /one|second/);
  },
});
