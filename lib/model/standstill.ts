/**
 * Distinguishes a silent peer from a suspended process: after this process was
 * stopped or its machine slept, data that arrived in the meantime has yet to be
 * read.
 *
 * @module
 */

/** A check that is late by at least this much means that the process was suspended. */
const STOOD_STILL_MS = 1_000;

/**
 * Detects suspensions from the delay of periodic checks.
 *
 * @example After a suspension of a minute, silence counts from the wake-up
 * ```ts
 * import { Standstill } from "./standstill.ts";
 * import assert from "node:assert/strict";
 *
 * const standstill = new Standstill(500, 0);
 * assert.equal(standstill.look(500), 0);
 * assert.equal(standstill.look(60_500), 60_500);
 * assert.equal(standstill.look(61_000), 60_500);
 * ```
 */
export class Standstill {
  readonly #everyMs: number;
  #lookedAtMs: number;
  #awakeSinceMs: number;

  /** @param everyMs How often {@linkcode look} is called. */
  constructor(everyMs: number, nowMs: number) {
    this.#everyMs = everyMs;
    this.#lookedAtMs = this.#awakeSinceMs = nowMs;
  }

  /** Checks for a suspension. @returns When the process last resumed, in ms. */
  look(nowMs: number): number {
    const lateMs = nowMs - this.#lookedAtMs - this.#everyMs;
    if (lateMs >= STOOD_STILL_MS) this.#awakeSinceMs = nowMs;
    this.#lookedAtMs = nowMs;
    return this.#awakeSinceMs;
  }
}
