import assert from "node:assert/strict";
import {
  isAsciiLocale,
  toAscii,
} from "../../../lib/io/console/terminal_kind.ts";
import { painted, plainText } from "../../../lib/io/console/styled.ts";

Deno.test("isAsciiLocale() goes by the encoding in the name of the locale", () => {
  const table: [locale: string | undefined, isAscii: boolean][] = [
    ["C", true],
    ["POSIX", true],
    ["de_DE.ISO-8859-1", true],
    ["C.UTF-8", false],
    ["en_US.utf8", false],
    ["UTF-8", false],
    ["", false],
    [undefined, false],
  ];
  for (const [locale, isAscii] of table) {
    assert.equal(isAsciiLocale(locale), isAscii, locale);
  }
});

Deno.test("toAscii() keeps controls and columns, and has a sign for each of ours", () => {
  const ours = "▶ ❚❚ ━─ █▄▁ … → ← ↑ ↓ ❯ • ·";
  const text = toAscii(`\x1b[K${ours}\r\n`);
  assert.equal(text, "\x1b[K> || =- #+. ~ > < ^ v > * -\r\n");
  assert.equal(toAscii("Für Elise 日本 🎵"), "Fur Elise ?? ?");
});

Deno.test("painted() colours parts only where colours are wanted, and escapes them", () => {
  const line = ["a\x1b[2J ", { style: "red", text: "b\x9b" }] as const;
  assert.equal(painted(line, false), "a\\u001b[2J b\\u009b");
  assert.equal(painted(line, true), "a\\u001b[2J \x1b[31mb\\u009b\x1b[39m");
  assert.equal(plainText(line), "a\x1b[2J b\x9b");
  assert.equal(painted("a\x1b", true), "a\\u001b");
});
