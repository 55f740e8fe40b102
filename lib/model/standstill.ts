/**
 * Telling a peer's silence from our own: a process that was stopped, or whose
 * machine slept, has heard nobody for that long, and what came meanwhile still
 * waits to be read.
 *
 * @module
 */

/** A look that comes later than it was due by so much tells that the process stood still. */
const STOOD_STILL_MS = 1_000;

/**
 * Follows looks that are due one after the other.
 *
 * @example Woken after a minute, nobody counts as silent for longer than since then
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

  /** Since when the process has run without a break. */
  look(nowMs: number): number {
    const lateMs = nowMs - this.#lookedAtMs - this.#everyMs;
    if (lateMs >= STOOD_STILL_MS) this.#awakeSinceMs = nowMs;
    this.#lookedAtMs = nowMs;
    return this.#awakeSinceMs;
  }
}
