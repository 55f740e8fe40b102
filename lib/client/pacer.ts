/**
 * The pace of a player: how much PCM may be written to it by now. Players accept
 * all they get into buffers of their own, where it can be neither paused nor
 * turned down; so it is written only a little ahead of time.
 *
 * @module
 */

/**
 * How far ahead of real time PCM is written. Sound must stop within 0.25 s of a
 * pause; the remaining 0.05 s are for the player's own start.
 */
export const LEAD_SECONDS = 0.2;

/**
 * The pace of one sink, over all songs it plays.
 *
 * @example A fifth of a second at once, the rest over time
 * ```ts
 * import { Pacer } from "./pacer.ts";
 * import assert from "node:assert/strict";
 *
 * const pacer = new Pacer(1000);
 * assert.equal(pacer.due(0), 200);
 * pacer.wrote(200, 0);
 * assert.equal(pacer.due(100), 100);
 * assert.equal(pacer.unheard(100), 100);
 * ```
 */
export class Pacer {
  readonly bytesPerMs: number;
  readonly #leadBytes: number;
  /** When byte `#anchorByte` is heard, in ms; null: nothing was written yet. */
  #anchorMs: number | null = null;
  #anchorByte = 0;
  #written = 0;

  /**
   * @param bytesPerSecond Of the PCM.
   * @param leastBytes The smallest write, a sample frame.
   * @param leadSeconds How far ahead PCM is written.
   */
  constructor(
    bytesPerSecond: number,
    leastBytes = 1,
    leadSeconds: number = LEAD_SECONDS,
  ) {
    this.bytesPerMs = bytesPerSecond / 1000;
    this.#leadBytes = Math.max(bytesPerSecond * leadSeconds, leastBytes);
  }

  /** Bytes that may be written now. */
  due(nowMs: number): number {
    return Math.floor(this.#heard(nowMs) + this.#leadBytes - this.#written);
  }

  /** Milliseconds until this many bytes are due, if none are written before. */
  msUntilDue(bytes: number, nowMs: number): number {
    return Math.max(0, (bytes - this.due(nowMs)) / this.bytesPerMs);
  }

  /** Bytes that were written but, by the clock, not heard yet. */
  unheard(nowMs: number): number {
    return this.#written - this.#heard(nowMs);
  }

  /** Whether the player has nothing left to play. */
  isDry(nowMs: number): boolean {
    return this.#anchorMs !== null && this.unheard(nowMs) <= 0;
  }

  /** Bytes were written. A player that had run dry continues from now. */
  wrote(bytes: number, nowMs: number): void {
    if (this.#anchorMs === null || this.isDry(nowMs)) {
      this.#anchorMs = nowMs;
      this.#anchorByte = this.#written;
    }
    this.#written += bytes;
  }

  /** The player has discarded what was not heard yet. */
  dropped(nowMs: number): void {
    this.#written = Math.round(this.#heard(nowMs));
    this.#anchorMs = null;
  }

  #heard(nowMs: number): number {
    if (this.#anchorMs === null) return this.#written;
    const heard = this.#anchorByte +
      (nowMs - this.#anchorMs) * this.bytesPerMs;
    return Math.min(heard, this.#written);
  }
}
