/**
 * How much faster or slower a live song is played, so that what is buffered of it
 * neither runs out nor grows: sender, server and player have clocks of their own, which differ by
 * up to some hundred parts per million.
 *
 * @module
 */

/** What comes in pieces makes the level jump; the least of this time counts. */
const WINDOW_MS = 10_000;
/** A level that is off is corrected within about this time. */
const SETTLE_SECONDS = 60;
/** More is heard as another pitch, and no clock is off by that. */
const MOST_OFF = 1e-3;
/** What is kept, however little there was at first. */
const TARGET_SECONDS = { least: 0.2, most: 0.7 };

/**
 * @example What grows by 20 ms is played 333 ppm faster
 * ```ts
 * import { LevelLaw } from "./level_law.ts";
 * import assert from "node:assert/strict";
 *
 * const law = new LevelLaw();
 * for (let ms = 0; ms <= 10_000; ms += 100) law.note(0.3, ms);
 * for (let ms = 10_100; ms <= 20_100; ms += 100) law.note(0.32, ms);
 * assert.equal(law.ratio.toFixed(6), "1.000333");
 * ```
 */
export class LevelLaw {
  /** Seconds of the song that are played a second. */
  ratio = 1;
  #leastSeconds = Infinity;
  #sinceMs: number | null = null;
  #targetSeconds: number | null = null;

  /** Notes how much has come and was not heard yet, several times a second. */
  note(seconds: number, nowMs: number): void {
    this.#leastSeconds = Math.min(this.#leastSeconds, seconds);
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs < WINDOW_MS) return;
    const { least, most } = TARGET_SECONDS;
    this.#targetSeconds ??= Math.max(least, Math.min(this.#leastSeconds, most));
    const off = (this.#leastSeconds - this.#targetSeconds) / SETTLE_SECONDS;
    this.ratio = 1 + Math.max(-MOST_OFF, Math.min(off, MOST_OFF));
    this.#leastSeconds = Infinity;
    this.#sinceMs = nowMs;
  }

  /** The buffer has run dry, or was skipped in: it has another level from now on. */
  restart(): void {
    this.#targetSeconds = this.#sinceMs = null;
    this.#leastSeconds = Infinity;
  }
}
