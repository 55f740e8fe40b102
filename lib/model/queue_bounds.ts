/**
 * Limits the memory of all queues of a server together.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** Most entries of a queue. */
export const MOST_ENTRIES = 100_000;
/** Most entries of all queues. */
export const MOST_ENTRIES_IN_ALL = 1_000_000;

/**
 * Counts the entries of all queues.
 *
 * @example
 * ```ts
 * import { QueueBounds } from "./queue_bounds.ts";
 * import assert from "node:assert/strict";
 *
 * const bounds = new QueueBounds(3);
 * bounds.change(0, 2);
 * assert.throws(() => bounds.change(0, 2), { code: "too-large" });
 * bounds.change(2, 1);
 * assert.equal(bounds.entries, 1);
 * ```
 */
export class QueueBounds {
  readonly #most: number;
  #entries = 0;

  constructor(most: number = MOST_ENTRIES_IN_ALL) {
    this.#most = most;
  }

  get entries(): number {
    return this.#entries;
  }

  /**
   * Accounts for a queue whose length changes. Nothing is counted if it throws.
   *
   * @throws {OndacastError} `too-large` if the queue, or all of them, would grow
   * beyond its limit.
   */
  change(from: number, to: number): void {
    const entries = this.#entries - from + to;
    if (to > from && (to > MOST_ENTRIES || entries > this.#most)) {
      const [found, most] = to > MOST_ENTRIES
        ? [`${to} entries in a queue`, MOST_ENTRIES]
        : [`${entries} entries in all queues`, this.#most];
      throw new OndacastError(
        "too-large",
        `Cannot queue these songs: ${found}, expected at most ${most}`,
      );
    }
    this.#entries = entries;
  }
}
