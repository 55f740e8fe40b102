/**
 * Work that waits for its turn: of one address after the other, so that nobody
 * waits for all that another one has asked for.
 *
 * @module
 */

import { addressGroup } from "./address.ts";
import { AddressTally } from "./address_tally.ts";

/**
 * A queue for each address.
 *
 * @example
 * ```ts
 * import { AddressQueue } from "./address_queue.ts";
 * import assert from "node:assert/strict";
 *
 * const queue = new AddressQueue<string>(3, 2);
 * assert.equal(queue.add("192.0.2.7", "a"), true);
 * assert.equal(queue.add("192.0.2.7", "b"), true);
 * assert.equal(queue.add("192.0.2.7", "c"), false);
 * assert.equal(queue.add("192.0.2.8", "d"), true);
 * assert.deepEqual([queue.next(), queue.next(), queue.next()], ["a", "d", "b"]);
 * ```
 */
export class AddressQueue<T> {
  readonly #most: number;
  readonly #tally: AddressTally;
  /** The address whose turn is next comes first. */
  readonly #waiting = new Map<string, { ip: string; work: T }[]>();
  #size = 0;

  /** @param mostOfAddress Of one address, except a loopback one. */
  constructor(most: number, mostOfAddress: number) {
    this.#most = most;
    this.#tally = new AddressTally(mostOfAddress);
  }

  /** @returns False if too much waits, of this address or in all. */
  add(ip: string, work: T): boolean {
    if (this.#size >= this.#most || !this.#tally.enter(ip)) return false;
    this.#size++;
    const group = addressGroup(ip);
    const own = this.#waiting.get(group);
    if (own) own.push({ ip, work });
    else this.#waiting.set(group, [{ ip, work }]);
    return true;
  }

  /** Removes the next piece of work; undefined: there is none. */
  next(): T | undefined {
    for (const [group, [{ ip, work }, ...others]] of this.#waiting) {
      this.#waiting.delete(group);
      if (others.length > 0) this.#waiting.set(group, others);
      this.#tally.leave(ip);
      this.#size--;
      return work;
    }
  }
}
