/**
 * How entries of a queue that were removed or moved come back to their places.
 *
 * @module
 */

/** Entries that are moved to the place before another one; null: to the end. */
export interface Move {
  entries: number[];
  before: number | null;
}

/**
 * The moves that restore an order, from the last place to the first, so that each
 * entry is there that another is moved before.
 *
 * @param order Of the queue before, as far as it is known.
 * @param taken The entries that were removed or moved.
 * @param hasMore Whether the queue has more than is known.
 * @returns Null if the place of one is not known.
 *
 * @example
 * ```ts
 * import { movesBack } from "./moves_back.ts";
 * import assert from "node:assert/strict";
 *
 * const order = [1, 2, 3, 4].map((entry) => ({ entry }));
 * assert.deepEqual(movesBack(order, new Set([1, 2, 4]), false), [
 *   { entries: [4], before: null },
 *   { entries: [1, 2], before: 3 },
 * ]);
 * ```
 */
export function movesBack(
  order: readonly { entry: number }[],
  taken: ReadonlySet<number>,
  hasMore: boolean,
): Move[] | null {
  const moves: Move[] = [];
  let before: number | null = null;
  let run: number[] = [];
  let found = 0;
  for (const { entry } of order.toReversed()) {
    if (taken.has(entry)) {
      if (run.length === 0) moves.push({ entries: run, before });
      run.unshift(entry);
      found++;
    } else {
      before = entry;
      run = [];
    }
  }
  const isKnown = found === taken.size &&
    !(hasMore && moves.some((it) => it.before === null));
  return isKnown ? moves : null;
}
