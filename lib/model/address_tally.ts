/**
 * Counts per address. Every limit that applies per address uses it.
 *
 * @module
 */

import { addressGroup, isLoopback } from "./address.ts";

/**
 * Counts per address, up to a limit. Loopback addresses are unlimited because a
 * local reverse proxy stands for many clients. Only addresses with a count above
 * zero take memory.
 *
 * @example
 * ```ts
 * import { AddressTally } from "./address_tally.ts";
 * import assert from "node:assert/strict";
 *
 * const tally = new AddressTally(1);
 * assert.equal(tally.enter("192.0.2.7"), true);
 * assert.equal(tally.enter("192.0.2.7"), false);
 * tally.leave("192.0.2.7");
 * assert.equal(tally.enter("192.0.2.7"), true);
 * ```
 */
export class AddressTally {
  /** Most for one address. */
  readonly limit: number;
  readonly #counts = new Map<string, number>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Addresses with a count above zero. */
  get size(): number {
    return this.#counts.size;
  }

  /** Counts one more. @returns False if the address has reached the limit. */
  enter(ip: string): boolean {
    if (isLoopback(ip)) return true;
    const group = addressGroup(ip);
    const count = this.#counts.get(group) ?? 0;
    if (count >= this.limit) return false;
    this.#counts.set(group, count + 1);
    return true;
  }

  /** Counts one less. Call it once for each successful {@linkcode enter}. */
  leave(ip: string): void {
    if (isLoopback(ip)) return;
    const group = addressGroup(ip);
    const count = this.#counts.get(group) ?? 0;
    if (count > 1) this.#counts.set(group, count - 1);
    else this.#counts.delete(group);
  }
}
