/**
 * How much a live sender may send: two seconds ahead of the server's clock, no
 * more however long it waits, and no less if it keeps a pace of its own.
 *
 * @module
 */

/** The most that may be sent at once. */
const WINDOW_SECONDS = 2;
/**
 * A sender that never used up this much over a minute keeps its own pace, which
 * may be faster than the server's clock: it is granted all of the window again.
 */
const OWN_PACE_SECONDS = 1;
const OWN_PACE_MS = 60_000;

/**
 * Counts sample frames.
 *
 * @example A sender that uses all that it may
 * ```ts
 * import { LivePace } from "./live_pace.ts";
 * import assert from "node:assert/strict";
 *
 * const pace = new LivePace(1_000, 0);
 * pace.came(2_000);
 * assert.equal(pace.grant(50), 50);
 * assert.equal(pace.grant(60_000), 1_950);
 * ```
 */
export class LivePace {
  readonly windowSeconds = WINDOW_SECONDS;
  readonly #rateHz: number;
  readonly #windowFrames: number;
  /** Frames that may still be sent. */
  #credit: number;
  /** The least of it in this minute. */
  #least: number;
  #minuteAtMs: number;
  #grantedAtMs: number;

  constructor(rateHz: number, nowMs: number) {
    this.#rateHz = rateHz;
    this.#windowFrames = Math.round(rateHz * WINDOW_SECONDS);
    this.#credit = this.#least = this.#windowFrames;
    this.#minuteAtMs = this.#grantedAtMs = nowMs;
  }

  /** Frames have come. */
  came(frames: number): void {
    this.#credit -= frames;
    this.#least = Math.min(this.#least, this.#credit);
  }

  /** Frames to grant now. */
  grant(nowMs: number): number {
    const passed = (nowMs - this.#grantedAtMs) * this.#rateHz / 1000;
    const due = Math.floor(passed);
    const room = Math.max(0, this.#windowFrames - this.#credit);
    const frames = Math.min(this.#ownPace(nowMs) ? room : due, room);
    // What there was no room for is lost, but not the rest of a frame.
    this.#grantedAtMs = nowMs - (passed - due) / this.#rateHz * 1000;
    this.#credit += frames;
    return frames;
  }

  #ownPace(nowMs: number): boolean {
    if (nowMs - this.#minuteAtMs < OWN_PACE_MS) return false;
    const isOwn = this.#least >= OWN_PACE_SECONDS * this.#rateHz;
    this.#minuteAtMs = nowMs;
    this.#least = this.#windowFrames;
    return isOwn;
  }
}
