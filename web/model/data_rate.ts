/**
 * How fast data comes, for people: it changes slowly.
 *
 * @module
 */

import { type ReadonlySignal, signal } from "./signals.ts";

/** Weight of the last second. */
const NEWS_PART = 0.25;

export class DataRate {
  readonly #perSecond = signal(0);
  #came = { bytes: 0, atMs: 0 };

  /** Bytes a second, over the last few seconds. */
  get perSecond(): ReadonlySignal<number> {
    return this.#perSecond;
  }

  /** @param bytes How many have come so far. */
  measure(bytes: number, atMs: number): void {
    const passedMs = atMs - this.#came.atMs;
    if (passedMs < 1000) return;
    const rate = (bytes - this.#came.bytes) * 1000 / passedMs;
    this.#perSecond.value += (rate - this.#perSecond.value) * NEWS_PART;
    this.#came = { bytes, atMs };
  }
}
