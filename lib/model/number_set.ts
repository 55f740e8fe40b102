/**
 * Sets of whole numbers that are looked up for each of a hundred thousand others.
 *
 * @module
 */

/** Numbers further apart than this take an ordinary set. */
const MOST_MARKS = 1 << 20;

/**
 * A set that never changes. Numbers near each other are marks in memory, which
 * are ten times as fast as a `Set`.
 *
 * @example
 * ```ts
 * import { NumberSet } from "./number_set.ts";
 * import assert from "node:assert/strict";
 *
 * const set = new NumberSet([3, 2 ** 40, 3]);
 * assert.deepEqual([3, 4, 2 ** 40, NaN].filter((it) => set.has(it)), [3, 2 ** 40]);
 * ```
 */
export class NumberSet {
  readonly #least: number;
  readonly #marks: Uint8Array | null = null;
  readonly #set: ReadonlySet<number>;

  constructor(numbers: Iterable<number>) {
    this.#set = new Set(numbers);
    let least = Infinity;
    let most = -Infinity;
    for (const it of this.#set) {
      if (it < least) least = it;
      if (it > most) most = it;
    }
    this.#least = least;
    // Not of no numbers, or of NaN, either.
    if (!(most >= least && most - least < MOST_MARKS)) return;
    this.#marks = new Uint8Array(most - least + 1);
    for (const it of this.#set) this.#marks[it - least] = 1;
  }

  /** How many there are. */
  get size(): number {
    return this.#set.size;
  }

  has(number: number): boolean {
    return this.#marks === null
      ? this.#set.has(number)
      : this.#marks[number - this.#least] === 1;
  }

  /** In the order given, without duplicates. */
  [Symbol.iterator](): Iterator<number> {
    return this.#set.values();
  }
}
