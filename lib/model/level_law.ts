/**
 * How much faster or slower a live song is played, so that what is buffered of it
 * neither runs out nor grows: sender, server and player have clocks of their own,
 * which differ by up to some hundred parts per million.
 *
 * @module
 */

/** What comes in pieces makes the level jump; the least of this time counts. */
const WINDOW_MS = 10_000;
/** A level that is off is corrected within about this time. */
const SETTLE_SECONDS = 60;
/** More is heard as another pitch, and no clock is off by that. */
const MOST_OFF = 1e-3;
/** What is kept: a little at first, and more after each gap. */
const TARGET_SECONDS = { first: 0.3, step: 0.1, most: 0.7 };
/**
 * More than is kept by this was not needed for ten seconds: at first or after a gap,
 * and at any time, where a correction would take minutes.
 */
const MOST_SURPLUS_SECONDS = { fresh: 0.1, later: 0.25 };

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
  /** Whether it has just begun, or run dry. */
  #isFresh = true;
  #targetSeconds: number = TARGET_SECONDS.first;

  /**
   * Notes how much has come and was not heard yet, several times a second.
   *
   * @returns Seconds to skip, at most each ten: to be late by that for long is
   * worse.
   */
  note(seconds: number, nowMs: number): number {
    this.#leastSeconds = Math.min(this.#leastSeconds, seconds);
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs < WINDOW_MS) return 0;
    const surplus = this.#leastSeconds - this.#targetSeconds;
    const { fresh, later } = MOST_SURPLUS_SECONDS;
    const most = this.#isFresh ? fresh : later;
    this.#isFresh = false;
    if (surplus > most) {
      this.skipped();
      return surplus;
    }
    const off = surplus / SETTLE_SECONDS;
    this.ratio = 1 + Math.max(-MOST_OFF, Math.min(off, MOST_OFF));
    this.#leastSeconds = Infinity;
    this.#sinceMs = nowMs;
    return 0;
  }

  /** What was buffered has run out: there was too little. */
  ranDry(): void {
    const { step, most } = TARGET_SECONDS;
    this.#targetSeconds = Math.min(this.#targetSeconds + step, most);
    this.#isFresh = true;
    this.skipped();
  }

  /** The buffer has another level from now on. */
  skipped(): void {
    this.#sinceMs = null;
    this.#leastSeconds = Infinity;
  }
}
