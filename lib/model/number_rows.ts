/**
 * Rows of numbers in typed arrays: far smaller than objects.
 *
 * @module
 */

type Numbers = Int32Array | Uint32Array | Float64Array;

/** The rows of an array. Larger ones than it can hold are never copied. */
const ROWS_BITS = 10;
const ROWS = 2 ** ROWS_BITS;

/**
 * Rows of equally many numbers, by their index.
 *
 * @example
 * ```ts
 * import { NumberRows } from "./number_rows.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = new NumberRows(2, Int32Array);
 * const row = rows.push([5, 6]);
 * assert.equal(rows.get(row, 1), 6);
 * ```
 */
export class NumberRows {
  readonly #width: number;
  readonly #make: new (length: number) => Numbers;
  readonly #arrays: Numbers[] = [];
  #count = 0;

  constructor(width: number, make: new (length: number) => Numbers) {
    this.#width = width;
    this.#make = make;
  }

  get size(): number {
    return this.#count;
  }

  get(row: number, field: number): number {
    const at = (row & (ROWS - 1)) * this.#width + field;
    return this.#arrays[row >>> ROWS_BITS][at];
  }

  /** Whether a row has these numbers. */
  equals(row: number, numbers: readonly number[]): boolean {
    return numbers.every((number, field) => this.get(row, field) === number);
  }

  /** Adds a row, and returns its index. */
  push(numbers: readonly number[]): number {
    const row = this.#count++;
    const at = (row & (ROWS - 1)) * this.#width;
    if (at === 0) this.#arrays.push(new this.#make(ROWS * this.#width));
    this.#arrays[row >>> ROWS_BITS].set(numbers, at);
    return row;
  }
}
