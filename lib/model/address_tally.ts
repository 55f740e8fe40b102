/**
 * How many of something each address has: the one account behind every limit
 * that is per address.
 *
 * @module
 */

import { addressGroup, isLoopback } from "./address.ts";

/**
 * Counts by address, up to a limit. This machine itself has none, as a reverse
 * proxy on it speaks for many. It holds an entry only for who is there.
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
  /** The most of one address. */
  readonly limit: number;
  readonly #counts = new Map<string, number>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Addresses that have any. */
  get size(): number {
    return this.#counts.size;
  }

  /** Counts one more; false: the address has as many as it may. */
  enter(ip: string): boolean {
    if (isLoopback(ip)) return true;
    const group = addressGroup(ip);
    const count = this.#counts.get(group) ?? 0;
    if (count >= this.limit) return false;
    this.#counts.set(group, count + 1);
    return true;
  }

  /** Counts one less; to be called once for each that entered. */
  leave(ip: string): void {
    if (isLoopback(ip)) return;
    const group = addressGroup(ip);
    const count = this.#counts.get(group) ?? 0;
    if (count > 1) this.#counts.set(group, count - 1);
    else this.#counts.delete(group);
  }
}
