/**
 * Binary search in a sorted list, for pages that begin in its middle.
 *
 * @module
 */

/**
 * The index of the first item that meets a condition, or the length of the list
 * if none does. Every item behind one that meets it must meet it, too.
 *
 * @example
 * ```ts
 * import { firstIndex } from "./binary_search.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(firstIndex([1, 3, 5], (number) => number > 3), 2);
 * assert.equal(firstIndex([1, 3, 5], (number) => number > 5), 3);
 * ```
 */
export function firstIndex<T>(
  sorted: ArrayLike<T>,
  is: (item: T) => boolean,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (is(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
