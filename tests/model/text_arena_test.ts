import assert from "node:assert/strict";
import { encodeText, TextArena } from "../../lib/model/text_arena.ts";
import { TextPattern } from "../../lib/model/text_pattern.ts";
import fc from "../support/fast_check.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.string({
    unit: fc.constantFrom("a", "é", "\ud7ff", "\ue000", "\uffff", "😀"),
  }),
);

Deno.test("TextArena returns the texts that were added, and compares them as strings do", () => {
  fc.assert(fc.property(fc.array(text), (texts) => {
    const arena = new TextArena();
    for (const [i, text] of texts.entries()) {
      assert.equal(arena.push(text), i);
    }
    for (const [i, a] of texts.entries()) {
      assert.equal(arena.at(i), a);
      for (const [j, b] of texts.entries()) {
        const order = a < b ? -1 : a > b ? 1 : 0;
        assert.equal(Math.sign(arena.compare(i, j)), order);
        assert.equal(Math.sign(arena.compareTo(i, encodeText(b))), order);
      }
    }
  }));
});

Deno.test("TextArena finds the parts of a text, and none that reach into the next one", () => {
  const part = text.filter((part) => part !== "");
  fc.assert(fc.property(fc.array(text), part, (texts, part) => {
    const arena = new TextArena();
    for (const text of texts) arena.push(text);
    const bytes = encodeText(part);
    for (const [i, text] of texts.entries()) {
      assert.equal(
        arena.includes(i, new TextPattern(bytes)),
        text.includes(part),
      );
      assert.equal(arena.startsWith(i, bytes), text.startsWith(part));
    }
  }));
});
