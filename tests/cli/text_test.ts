import assert from "node:assert/strict";
import stringWidth from "string-width";
import { safeText } from "../../lib/safe_text.ts";
import {
  bar,
  clockTime,
  counted,
  fit,
  meter,
  table,
  wrapped,
} from "../../lib/cli/text.ts";
import fc from "../support/fast_check.ts";

Deno.test("safeText() escapes what could harm a terminal, and nothing else", () => {
  const lines: [text: string, shown: string][] = [
    ["Für Elise 🎵.wav", "Für Elise 🎵.wav"],
    ["a\nb\rc\td", "a\\u000ab\\u000dc\\u0009d"],
    ["\x1b[2J", "\\u001b[2J"],
    ["\x7f\x9b", "\\u007f\\u009b"],
    ["a\u202egpj.exe", "a\\u202egpj.exe"],
    ["\u2028\u2029\u2066", "\\u2028\\u2029\\u2066"],
  ];
  for (const [text, shown] of lines) assert.equal(safeText(text), shown);
});

Deno.test("counted() has one of a thing in the singular", () => {
  const texts = [0, 1, 2].map((count) => counted(count, "song"));
  assert.deepEqual(texts, ["0 songs", "1 song", "2 songs"]);
});

Deno.test("clockTime() is minutes and seconds, with hours where there are", () => {
  const times: [seconds: number, shown: string][] = [
    [0, "0:00"],
    [0.999, "0:00"],
    [9, "0:09"],
    [59.99, "0:59"],
    [60, "1:00"],
    [600, "10:00"],
    [3599, "59:59"],
    [3600, "1:00:00"],
    [36_061, "10:01:01"],
    [359_999, "99:59:59"],
  ];
  for (const [seconds, shown] of times) {
    assert.equal(clockTime(seconds), shown);
  }
});

Deno.test("bar() is filled to its part, and no further than it is long", () => {
  const bars: [part: number, shown: string][] = [
    [-1, "────"],
    [0, "────"],
    [0.5, "━━──"],
    [1, "━━━━"],
    [2, "━━━━"],
  ];
  for (const [part, shown] of bars) assert.equal(bar(part, 4), shown);
  assert.equal(bar(0.5, 0), "");
});

Deno.test("meter() runs from -48 dB to full scale", () => {
  const decibel = (dB: number) => 10 ** (dB / 20);
  const meters: [level: number, shown: string][] = [
    [0, "    "],
    [decibel(-60), "    "],
    [decibel(-48), "    "],
    [decibel(-36), "█   "],
    [decibel(-24), "██  "],
    [decibel(-18), "██▄ "],
    [1, "████"],
  ];
  for (const [level, shown] of meters) assert.equal(meter(level, 4), shown);
});

Deno.test("fit() cuts text in the middle, wide characters as two columns", () => {
  const texts: [text: string, columns: number, shown: string][] = [
    ["abc", 3, "abc"],
    ["abcd", 3, "a…d"],
    ["Symphony No. 9 (live).wav", 12, "Sympho…).wav"],
    ["日本語", 6, "日本語"],
    ["日本語", 5, "日…語"],
    ["日本語", 4, "日…"],
    ["", 0, ""],
    ["abc", 1, "…"],
  ];
  for (const [text, columns, shown] of texts) {
    assert.equal(fit(text, columns), shown);
  }
});

Deno.test("fit() is never wider than it may be", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme", maxLength: 60 }),
    fc.integer({ min: 1, max: 40 }),
    (text, columns) => {
      assert.ok(stringWidth(fit(text, columns)) <= columns);
    },
  ));
});

Deno.test("table() lines cells up, wide characters too, with no blank at an end", () => {
  assert.deepEqual(
    table([["a", "bb", "c"], ["日本", "b", "dd"], ["x", "", ""]]),
    ["a     bb  c", "日本  b   dd", "x"],
  );
  assert.deepEqual(table([]), []);
  assert.deepEqual(table([["a"], ["b", "c"]]), ["a", "b  c"]);
});

Deno.test("table() never exceeds a terminal: it cuts the longest cells, then leaves out the last columns", () => {
  const rows = [
    [
      "Symphony No. 9 in D minor, Finale.wav",
      "12:01",
      "44.1 kHz 16-bit stereo",
    ],
    ["Canon in D.wav", "0:12", "8 kHz 8-bit mono"],
  ];
  assert.deepEqual(table(rows, 74), [
    "Symphony No. 9 in D minor, Finale.wav  12:01  44.1 kHz 16-bit stereo",
    "Canon in D.wav                         0:12   8 kHz 8-bit mono",
  ]);
  assert.deepEqual(table(rows, 60), [
    "Symphony No. 9…r, Finale.wav  12:01  44.1 kHz 16-bit stereo",
    "Canon in D.wav                0:12   8 kHz 8-bit mono",
  ]);
  assert.deepEqual(table(rows, 40), [
    "Symphony No. 9 i…nor, Finale.wav  12:01",
    "Canon in D.wav                    0:12",
  ]);
  for (let columns = 2; columns < 100; columns++) {
    for (const line of table(rows, columns)) {
      assert.ok(stringWidth(line) < columns, `${columns}: ${line}`);
    }
  }
});

Deno.test("wrapped() breaks between parts, and never within one", () => {
  assert.deepEqual(wrapped(["space pause", "n next", "q quit"], 20), [
    "space pause · n next",
    "q quit",
  ]);
  assert.deepEqual(wrapped(["abc"], 1), ["abc"]);
  assert.deepEqual(wrapped([], 9), []);
});

Deno.test("a long name leaves room for the next column in a terminal of 40 columns", () => {
  const rows = [["x".repeat(64), "stopped"], [
    "Kitchen",
    "playing Part 1 at 0:04",
  ]];
  const [, kitchen] = table(rows, 40);
  assert.match(kitchen, /^Kitchen {13}playing.*0:04$/);
});
