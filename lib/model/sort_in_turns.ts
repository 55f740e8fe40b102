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
 * Returns a sorted copy. The sort is stable, and quick if most is sorted already.
 *
 * @example
 * ```ts
 * import { sortInTurns } from "./sort_in_turns.ts";
 * import assert from "node:assert/strict";
 *
 * const items = Uint32Array.of(2, 3, 1);
 * const sorted = await sortInTurns(items, (a, b) => a - b, {
 *   next: () => null,
 * });
 * assert.deepEqual([...sorted], [1, 2, 3]);
 * ```
 */
export async function sortInTurns(
  items: Uint32Array,
  compare: (a: number, b: number) => number,
  turns: Turns,
): Promise<Uint32Array> {
  const { length } = items;
  let from = items.slice();
  let to = new Uint32Array(length);
  for (let i = 0; i < length; i += RUN) {
    from.subarray(i, i + RUN).sort(compare);
    const pause = turns.next(RUN);
    if (pause) await pause;
  }
  for (let width = RUN; width < length; width *= 2) {
    for (let i = 0; i < length; i += 2 * width) {
      const middle = Math.min(i + width, length);
      const end = Math.min(i + 2 * width, length);
      const runs = { from, to, i, middle, end };
      await merge(runs, compare, turns);
    }
    [from, to] = [to, from];
  }
  return from;
}

interface Runs {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Where the first run begins, where the second one does, and where it ends. */
  readonly i: number;
  readonly middle: number;
  readonly end: number;
}

async function merge(
  { from, to, i, middle, end }: Runs,
  compare: (a: number, b: number) => number,
  turns: Turns,
): Promise<void> {
  const isSorted = middle === end ||
    compare(from[middle - 1], from[middle]) <= 0;
  if (isSorted) {
    to.set(from.subarray(i, end), i);
    const pause = turns.next(MERGE);
    if (pause) await pause;
    return;
  }
  let j = middle;
  for (let at = i; at < end;) {
    for (let n = 0; n < MERGE && at < end; n++) {
      const isFirst = j === end ||
        (i < middle && compare(from[i], from[j]) <= 0);
      to[at++] = isFirst ? from[i++] : from[j++];
    }
    const pause = turns.next(MERGE);
    if (pause) await pause;
  }
}
