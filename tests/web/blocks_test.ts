import assert from "node:assert/strict";
import { nextBlocks } from "../../web/view/blocks.ts";

/** A list of 50,000 blocks, of which six are seen and six more are wanted. */
const LIST = { blockHeight: 100, count: 50_000, most: 2 };

/** The blocks of each frame, until nothing is left to do. */
function frames(
  blocks: readonly number[],
  top: number,
  list = LIST,
): (readonly number[])[] {
  const all = [blocks];
  for (;;) {
    const next = nextBlocks(all.at(-1)!, { top, height: 600 }, list);
    if (next === all.at(-1)) return all;
    all.push(next);
    assert.ok(all.length < 100, "it never ends");
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

Deno.test("nextBlocks() begins in the middle of the view, and ends with its margins", () => {
  const all = frames([], 1_000_000);
  assert.deepEqual(all[1], [10_002, 10_003].toSorted((a, b) => a - b));
  assert.deepEqual(all.at(-1), range(9_995, 10_012));
});

Deno.test("nextBlocks() adds or drops few blocks in a frame, and keeps few, however far a list is scrolled", () => {
  let blocks: readonly number[] = [];
  for (const top of [0, 4_900_000, 300, 2_000_000, 2_000_450]) {
    const all = frames(blocks, top);
    for (const [i, next] of all.entries()) {
      const before = all[i - 1] ?? next;
      const come = next.filter((block) => !before.includes(block));
      const gone = before.filter((block) => !next.includes(block));
      assert.ok(come.length <= 2 && gone.length <= 2, `${before} → ${next}`);
      assert.ok(next.length <= 27, `${next.length} blocks`);
      assert.deepEqual(next, next.toSorted((a, b) => a - b));
    }
    blocks = all.at(-1)!;
  }
  // Also for who scrolls on before the last have come.
  for (let i = 0; i < 100; i++) {
    const view = { top: i * 40_000, height: 600 };
    blocks = nextBlocks(blocks, view, LIST);
    assert.ok(blocks.length <= 27, `${blocks.length} blocks`);
  }
});

Deno.test("nextBlocks() has the whole of a short list, and nothing beyond the end of one", () => {
  assert.deepEqual(frames([], 0, { ...LIST, count: 3 }).at(-1), [0, 1, 2]);
  assert.deepEqual(frames([], 1e6, { ...LIST, count: 3 }).at(-1), [2]);
  assert.deepEqual(frames(range(5, 9), 0, { ...LIST, count: 0 }).at(-1), []);
});
