/**
 * How much work a client may cause in a time: a token bucket without a timer,
 * which is looked into before more is read. Its unit is whatever its limits are
 * given in.
 *
 * @module
 */

/** How large an allowance is. */
export interface RateLimits {
  /** What may be spent at once, after a rest. */
  burst: number;
  /** What is added again each second. */
  perSecond: number;
}

/**
 * An allowance that grows with time and shrinks with use. It may be overdrawn:
 * then it says how long to rest.
 *
 * @example
 * ```ts
 * import { RateLimit } from "./rate_limit.ts";
 * import assert from "node:assert/strict";
 *
 * const pace = new RateLimit({ burst: 10, perSecond: 100 }, 0);
 * pace.spend(10);
 * assert.equal(pace.waitMs, 0);
 * pace.spend(2);
 * assert.equal(pace.waitMs, 20);
 * pace.refill(20);
 * assert.equal(pace.waitMs, 0);
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

  /** Adds what the time since the last call has brought. */
  refill(nowMs: number): void {
    const grown = this.#left + (nowMs - this.#refilledMs) * this.#perMs;
    this.#left = grown < this.#burst ? grown : this.#burst;
    this.#refilledMs = nowMs;
  }

  spend(amount: number): void {
    this.#left -= amount;
    this.#spent += amount;
  }

  /** All that was spent since the start. */
  get spent(): number {
    return this.#spent;
  }

  /** How long it takes until what was overdrawn is made up for; mostly 0. */
  get waitMs(): number {
    return this.#left >= 0 ? 0 : -this.#left / this.#perMs;
  }
}
