/**
 * Limits how much work a client may cause per second: a token bucket without a
 * timer, checked before more is read from the client. The limits define the unit
 * of work.
 *
 * @module
 */

/** The parameters of a {@linkcode RateLimit}. */
export interface RateLimits {
  /** Units that may be spent at once when the bucket is full. */
  burst: number;
  /** Units added per second. */
  perSecond: number;
}

/**
 * A token bucket that may be overdrawn; {@linkcode waitMs} then gives the time to
 * wait.
 *
 * @example
 * ```ts
 * import { RateLimit } from "./rate_limit.ts";
 * import assert from "node:assert/strict";
 *
 * const limit = new RateLimit({ burst: 10, perSecond: 100 }, 0);
 * limit.spend(10);
 * assert.equal(limit.waitMs, 0);
 * limit.spend(2);
 * assert.equal(limit.waitMs, 20);
 * limit.refill(20);
 * assert.equal(limit.waitMs, 0);
 * ```
 */
export class RateLimit {
  readonly #burst: number;
  readonly #perMs: number;
  #left: number;
  #refilledMs: number;
  #spent = 0;

  constructor({ burst, perSecond }: RateLimits, nowMs: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#left = burst;
    this.#refilledMs = nowMs;
  }

  /** Adds the units for the time since the last call. */
  refill(nowMs: number): void {
    const grown = this.#left + (nowMs - this.#refilledMs) * this.#perMs;
    this.#left = grown < this.#burst ? grown : this.#burst;
    this.#refilledMs = nowMs;
  }

  spend(amount: number): void {
    this.#left -= amount;
    this.#spent += amount;
  }

  /** Total units spent. */
  get spent(): number {
    return this.#spent;
  }

  /** Time until an overdraft is paid back; 0 if there is none. */
  get waitMs(): number {
    return this.#left >= 0 ? 0 : -this.#left / this.#perMs;
  }
}
