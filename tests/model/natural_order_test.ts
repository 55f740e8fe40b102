import assert from "node:assert/strict";
import {
  compareNatural,
  foldText,
  naturalKey,
  sortNaturally,
} from "../../lib/model/natural_order.ts";

Deno.test("foldText() folds accents, case and compatibility forms", () => {
  for (
    const [text, folded] of [
      ["Plain 01.WAV", "plain 01.wav"],
      ["Café", "cafe"],
      ["Cafe\u0301", "cafe"],
      ["ZOË", "zoe"],
      ["Straße", "strasse"],
      ["STRASSE", "strasse"],
      ["ẞ", "ss"],
      ["İstanbul", "istanbul"],
      ["ﬁn", "fin"],
      ["１２", "12"],
      ["№ 5", "no 5"],
      ["ΟΔΥΣΣΕΎΣ", "οδυσσευσ"],
      ["ὀδυσσεύς", "οδυσσευσ"],
      ["ᾳ", "α"],
      ["日本語", "日本語"],
      ["🎵", "🎵"],
      ["", ""],
    ]
  ) assert.equal(foldText(text), folded, text);
});

Deno.test("foldText() bounds what grows by folding", () => {
  const name = Array(16).fill("\ufdfa".repeat(85)).join("/");
  assert.ok(foldText(name).length <= 4096);
  assert.equal(foldText("x".repeat(4095)).length, 4095);
});

Deno.test("foldText() is idempotent", () => {
  const scripts = [[0, 0x3400], [0xa640, 0xac80], [0xf900, 0x1_0000]];
  for (const [first, behind] of scripts) {
    for (let code = first; code < behind; code++) {
      const folded = foldText(String.fromCodePoint(code));
      assert.equal(foldText(folded), folded, code.toString(16));
    }
  }
});

Deno.test("compareNatural() orders numbers by value and ignores case and accents", () => {
  for (
    const sorted of [
      ["1", "2", "10", "100"],
      ["Track 2.wav", "track 10.wav", "Track 11.wav"],
      ["Disc 2/9.wav", "disc 10/1.wav"],
      ["a", "B", "c"],
      ["eb", "Ébène", "ec"],
      ["1.9", "1.10"],
      ["a", "a 1", "a1", "b"],
      // Equal values are ordered by the rest of the text, then by code units.
      ["01 a", "1 a", "1 b", "01 c", "2"],
      ["0", "00", "1"],
      ["Song.wav", "song.wav"],
      ["9".repeat(40), "1" + "0".repeat(40)],
      ["9".repeat(40_000), "1" + "0".repeat(40_000)],
      ["", " ", "!", "0", "a"],
    ]
  ) {
    for (let i = 0; i < sorted.length; i++) {
      for (let j = 0; j < sorted.length; j++) {
        assert.equal(
          Math.sign(compareNatural(sorted[i], sorted[j])),
          Math.sign(i - j),
          `${sorted[i].slice(0, 40)} and ${sorted[j].slice(0, 40)}`,
        );
      }
    }
  }
});

Deno.test("compareNatural() returns 0 only for identical texts", () => {
  const composed = "Caf\u00e9";
  const decomposed = "Cafe\u0301";
  assert.equal(naturalKey(composed), naturalKey(decomposed));
  assert.notEqual(compareNatural(composed, decomposed), 0);
  assert.equal(
    Math.sign(compareNatural(composed, decomposed)),
    -Math.sign(compareNatural(decomposed, composed)),
  );
  assert.equal(compareNatural(composed, composed), 0);
});

Deno.test("sortNaturally() sorts a copy of the items by their text", () => {
  const given = [{ name: "b10" }, { name: "B2" }, { name: "á" }];
  const names = given.map(({ name }) => name);
  assert.deepEqual(
    sortNaturally(given, ({ name }) => name).map(({ name }) => name),
    ["á", "B2", "b10"],
  );
  assert.deepEqual(given.map(({ name }) => name), names);
});
