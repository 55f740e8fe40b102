/**
 * Limits the memory of all queues of a server together.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** The limits, whose defaults are those of a server. */
export const MOST = {
  /** Entries of a queue. */
  entries: 100_000,
  /** Entries of all queues. */
  inAll: 1_000_000,
  /** Queues with entries. */
  queues: 4096,
} as const;

/**
 * Counts the queues that have entries, and the entries of all of them.
 *
 * @example
 * ```ts
 * import { QueueBounds } from "./queue_bounds.ts";
 * import assert from "node:assert/strict";
 *
 * const bounds = new QueueBounds({ inAll: 3 });
 * bounds.change(0, 2);
 * assert.throws(() => bounds.change(0, 2), { code: "too-large" });
 * bounds.change(2, 1);
 * assert.equal(bounds.entries, 1);
 * ```
 */
export class QueueBounds {
  readonly #most: Record<keyof typeof MOST, number>;
  #entries = 0;
  #queues = 0;

  constructor(most: Partial<Record<keyof typeof MOST, number>> = {}) {
    this.#most = { ...MOST, ...most };
  }

  get entries(): number {
    return this.#entries;
  }

  /**
   * Accounts for a queue whose length changes. Nothing is counted if it throws.
   *
   * @throws {OndacastError} `too-large` if the queue, or all of them, would grow
   * beyond a limit.
   */
  change(from: number, to: number): void {
    const entries = this.#entries - from + to;
    const queues = this.#queues - Math.sign(from) + Math.sign(to);
    const most = this.#most;
    if (to > from) {
      check(to, most.entries, "entries in a queue");
      check(entries, most.inAll, "entries in all queues");
      if (from === 0) check(queues, most.queues, "queues");
    }
    this.#entries = entries;
    this.#queues = queues;
  }
}

function check(found: number, most: number, what: string): void {
  if (found <= most) return;
  throw new OndacastError(
    "too-large",
    `Cannot queue these songs: that would make ${found} ${what}, expected at most ${most}`,
  );
}
