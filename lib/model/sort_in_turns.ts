/**
 * Sorts large lists in small steps, without blocking the event loop.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";

/** Items sorted in one step, which takes a millisecond or less. */
const RUN = 256;
/** Items merged in one step. */
const MERGE = 64;

/**
 * Returns a sorted copy. The sort is stable.
 *
 * @example
 * ```ts
 * import { sortInTurns } from "./sort_in_turns.ts";
 * import assert from "node:assert/strict";
 *
 * const sorted = await sortInTurns([2, 3, 1], (a, b) => a - b, {
 *   next: () => null,
 * });
 * assert.deepEqual(sorted, [1, 2, 3]);
 * ```
 */
export async function sortInTurns<T>(
  items: readonly T[],
  compare: (a: T, b: T) => number,
  turns: Turns,
): Promise<T[]> {
  let runs: T[][] = [];
  for (let i = 0; i < items.length; i += RUN) {
    runs.push(items.slice(i, i + RUN).sort(compare));
    const pause = turns.next(RUN);
    if (pause) await pause;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      merged.push(
        i + 1 < runs.length
          ? await merge(runs[i], runs[i + 1], compare, turns)
          : runs[i],
      );
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge<T>(
  a: T[],
  b: T[],
  compare: (a: T, b: T) => number,
  turns: Turns,
): Promise<T[]> {
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    for (let n = 0; n < MERGE && (i < a.length || j < b.length); n++) {
      const isFirst = j === b.length ||
        (i < a.length && compare(a[i], b[j]) <= 0);
      merged.push(isFirst ? a[i++] : b[j++]);
    }
    const pause = turns.next(MERGE);
    if (pause) await pause;
  }
  return merged;
}
