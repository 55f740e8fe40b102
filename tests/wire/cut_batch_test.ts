import assert from "node:assert/strict";
import { cutBatch } from "../../lib/wire/cut_batch.ts";
import fc from "../support/fast_check.ts";
import { concat, dataFrame, messageFrame } from "../support/raw_peer.ts";

const frame = (bytes: number) => dataFrame(new Uint8Array(bytes));

const CASES: [what: string, frames: number[], most: number, cut: number[]][] = [
  ["nothing", [], 100, []],
  ["frames that fit together", [10, 10], 28, [28]],
  ["frames of which one too many", [10, 10], 27, [14, 14]],
  ["a frame longer than a part", [5, 100, 5], 50, [9, 104, 9]],
  ["empty frames", [0, 0, 0], 8, [8, 4]],
];

for (const [what, frames, most, cut] of CASES) {
  Deno.test(`cutBatch() cuts ${what}`, () => {
    const parts = [...cutBatch(concat(frames.map(frame)), most)];
    assert.deepEqual(parts.map((part) => part.length), cut);
  });
}

Deno.test("cutBatch() keeps every byte and never cuts a frame", () => {
  const frames = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map(dataFrame),
      fc.string().map((text) => messageFrame({ type: text })),
    ),
  );
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 500 }), (frames, most) => {
      const ends = new Set<number>();
      frames.reduce((at, { length }) => {
        ends.add(at + length);
        return at + length;
      }, 0);
      const batch = concat(frames);
      let at = 0;
      for (const part of cutBatch(batch, most)) {
        const first = 4 + (part[1] << 16 | part[2] << 8 | part[3]);
        assert.ok(part.length <= most || part.length === first);
        at += part.length;
        assert.ok(ends.has(at));
      }
      assert.equal(at, batch.length);
    }),
  );
});
