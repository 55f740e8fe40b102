import assert from "node:assert/strict";
import { nextSlots, type Slot } from "../../web/view/blocks.ts";

/** A list of 50,000 blocks, of which six are seen and twelve more are wanted. */
const LIST = { blockHeight: 100, count: 50_000, most: 2 };
const WANTED = 18;

/** The slots of each frame, until nothing is left to do. */
function frames(
  slots: readonly Slot[],
  top: number,
  list = LIST,
): (readonly Slot[])[] {
  const all = [slots];
  for (;;) {
    const next = nextSlots(all.at(-1)!, { top, height: 600 }, list);
    if (next === all.at(-1)) return all;
    all.push(next);
    assert.ok(all.length < 100, "it never ends");
  }
}

/** Those that are there after all frames. */
function settled(
  slots: readonly Slot[],
  top: number,
  list = LIST,
): readonly Slot[] {
  return frames(slots, top, list).at(-1)!;
}

function blocksOf(slots: readonly Slot[]): number[] {
  return slots.map(({ block }) => block);
}

function keysOf(slots: readonly Slot[]): number[] {
  return slots.map(({ key }) => key);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

Deno.test("nextSlots() begins in the middle of the view, and ends with its margins in order", () => {
  const all = frames([], 1_000_000);
  assert.deepEqual(blocksOf(all[1]), [10_002, 10_003]);
  assert.deepEqual(blocksOf(all.at(-1)!), range(9_995, 9_995 + WANTED));
});

Deno.test("nextSlots() changes few slots in a frame, and never has more of them, however far a list is scrolled", () => {
  let slots: readonly Slot[] = [];
  for (const top of [0, 4_900_000, 300, 2_000_000, 2_000_450, 1_999_900]) {
    const all = frames(slots, top);
    for (const [i, next] of all.entries()) {
      const before = all[i - 1] ?? next;
      const changed = next.filter((slot) => !before.includes(slot));
      assert.ok(changed.length <= 2, `${blocksOf(next)}`);
      assert.ok(next.length <= WANTED, `${next.length} slots`);
      assert.equal(new Set(keysOf(next)).size, next.length);
    }
    slots = all.at(-1)!;
    assert.deepEqual(
      blocksOf(slots),
      range(slots[0].block, slots[0].block + WANTED),
    );
  }
  // Also if someone scrolls on before the last have come.
  for (let i = 0; i < 100; i++) {
    slots = nextSlots(slots, { top: i * 40_000, height: 600 }, LIST);
    assert.ok(slots.length <= WANTED, `${slots.length} slots`);
  }
});

Deno.test("nextSlots() moves no element when a list is scrolled far, and only those that are not wanted when it is scrolled on", () => {
  const before = settled([], 0);
  const far = settled(before, 1_000_000);
  assert.deepEqual(keysOf(far), keysOf(before));
  const on = settled(far, 1_000_200);
  assert.deepEqual(keysOf(on).slice(0, -2), keysOf(far).slice(2));
  assert.deepEqual(keysOf(on).slice(-2), keysOf(far).slice(0, 2));
});

Deno.test("nextSlots() gives a held slot no other block, and its key to no other slot", () => {
  const before = settled([], 0);
  for (const { key } of before) {
    const view = { top: 1_000_000, height: 600 };
    const next = nextSlots(before, view, LIST, key);
    assert.ok(!keysOf(next).includes(key), `${key} in ${keysOf(next)}`);
    assert.equal(nextSlots(before, { ...view, top: 0 }, LIST, key), before);
  }
});

Deno.test("nextSlots() has the whole of a short list, and nothing beyond the end of one", () => {
  const ends = (top: number, count: number, slots: readonly Slot[] = []) =>
    blocksOf(settled(slots, top, { ...LIST, count }));
  assert.deepEqual(ends(0, 3), [0, 1, 2]);
  assert.deepEqual(ends(1e6, 3), [0, 1, 2]);
  assert.deepEqual(ends(1e9, 50_000), range(50_000 - WANTED, 50_000));
  assert.deepEqual(ends(0, 0, settled([], 0)), []);
});
