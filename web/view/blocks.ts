/**
 * Which parts of a long list exist: blocks of rows. A missing block takes the slot of
 * one that is not wanted any more, few in each frame: no frame takes long however far
 * the list was scrolled, and elements with their styles are used again.
 *
 * @module
 */

/** What is seen of a list, in pixels from its top. */
export interface View {
  top: number;
  height: number;
}

/** A place in the document that shows one block at a time. */
export interface Slot {
  readonly key: number;
  readonly block: number;
}

/** Pixels above and below the view, so that rows are there before they are seen. */
const MARGIN = 500;

/**
 * The slots of the next frame, in the order of the document: that of their blocks,
 * once all wanted ones have come. The nearest to the middle of the view come first.
 *
 * @param slots Those that exist.
 * @param blockHeight In pixels.
 * @param count Blocks of the whole list.
 * @param most How many may come, at least 1.
 * @param held The key of a slot that may show no other block: it goes once its block
 * is not wanted. NaN: there is none.
 * @returns The same array once nothing is left to do.
 */
export function nextSlots(
  slots: readonly Slot[],
  { top, height }: View,
  { blockHeight, count, most }: {
    blockHeight: number;
    count: number;
    most: number;
  },
  held = NaN,
): readonly Slot[] {
  // As many wherever the view is, so that slots neither come nor go.
  const wanted = Math.min(
    count,
    2 + Math.floor((height + 2 * MARGIN) / blockHeight),
  );
  const first = Math.max(
    0,
    Math.min(count - wanted, Math.floor((top - MARGIN) / blockHeight)),
  );
  const isWanted = ({ block }: Slot) =>
    block >= first && block < first + wanted;
  const shown = new Set(slots.map(({ block }) => block));
  const middle = Math.floor((top + height / 2) / blockHeight);
  const missing = Array.from({ length: wanted }, (_, i) => first + i)
    .filter((block) => !shown.has(block))
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  if (missing.length === 0) {
    return slots.every(isWanted) ? slots : slots.filter(isWanted);
  }
  let key = Math.max(0, ...slots.map(({ key }) => key));
  const next = slots.filter((slot) => slot.key !== held || isWanted(slot));
  for (const block of missing.slice(0, most)) {
    const before = () =>
      next.findLastIndex((slot) => isWanted(slot) && slot.block < block);
    const behind = next.findIndex((slot) =>
      isWanted(slot) && slot.block > block
    );
    const at = before() >= 0
      ? before() + 1
      : behind >= 0
      ? behind - 1
      : block - first;
    const there = next[at];
    if (there && !isWanted(there)) {
      next[at] = { key: there.key, block };
      continue;
    }
    // Only here an element moves, which costs as much as a new one.
    const spare = next.findIndex((slot) => !isWanted(slot));
    const [moved] = spare < 0 ? [] : next.splice(spare, 1);
    next.splice(before() + 1, 0, { key: moved?.key ?? ++key, block });
  }
  return next;
}
