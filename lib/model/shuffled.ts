/**
 * Shuffles songs.
 *
 * @module
 */

/**
 * A shuffled copy (Fisher–Yates).
 *
 * @param random Returns numbers from 0 to below 1.
 * @param from The index of the first item that may change its place.
 *
 * @example
 * ```ts
 * import { shuffled } from "./shuffled.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(shuffled(["a", "b", "c"], () => 0), ["b", "c", "a"]);
 * ```
 */
export function shuffled<T>(
  items: readonly T[],
  random: () => number,
  from = 0,
): T[] {
  const mixed = items.slice();
  for (let i = mixed.length - 1; i > from; i--) {
    const j = from + Math.floor(random() * (i - from + 1));
    const item = mixed[i];
    mixed[i] = mixed[j];
    mixed[j] = item;
  }
  return mixed;
}
