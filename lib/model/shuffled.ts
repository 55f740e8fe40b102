/**
 * Shuffles songs.
 *
 * @module
 */

/**
 * A shuffled copy (Fisher–Yates).
 *
 * @param random Returns numbers from 0 to below 1.
 *
 * @example
 * ```ts
 * import { shuffled } from "./shuffled.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(shuffled(["a", "b", "c"], () => 0), ["b", "c", "a"]);
 * ```
 */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
