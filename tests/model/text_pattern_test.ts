import assert from "node:assert/strict";
import { TextPattern } from "../../lib/model/text_pattern.ts";
import fc from "../support/fast_check.ts";

const ENCODER = new TextEncoder();

Deno.test("TextPattern.isIn() finds what includes() finds, between two places only", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "b", "é"),
    maxLength: 40,
  });
  const part = fc.string({
    ...{ unit: fc.constantFrom("a", "b", "é"), minLength: 1, maxLength: 5 },
  });
  fc.assert(
    fc.property(text, text, text, part, (before, inside, after, part) => {
      const [a, b, c, pattern] = [before, inside, after, part]
        .map((it) => ENCODER.encode(it));
      const bytes = new Uint8Array([...a, ...b, ...c]);
      const found = new TextPattern(pattern)
        .isIn(bytes, a.length, a.length + b.length);
      assert.equal(found, inside.includes(part));
    }),
  );
});

Deno.test("TextPattern.isIn() finds patterns that are longer than a skip can be", () => {
  for (const length of [254, 255, 256, 257, 1_000]) {
    const pattern = "x".repeat(length - 1) + "y";
    for (const lead of ["", "z", "x".repeat(300), "y".repeat(300)]) {
      const bytes = ENCODER.encode(`${lead}${pattern}`);
      const whole = new TextPattern(ENCODER.encode(pattern));
      assert.ok(whole.isIn(bytes, 0, bytes.length));
      assert.ok(!whole.isIn(bytes, 0, bytes.length - 1));
    }
  }
});
