/**
 * How unevenly a live song comes: a sender that gathers sound for a while and sends
 * it in bursts brings most of it later than its rate says.
 *
 * @module
 */

/** In each part of the time, the frame that comes latest counts. */
const PART_US = 1_000_000;
/** Parts that are looked at. */
const PARTS = 20;
/** So many of the latest do not count: a sender may stand still once in a while. */
const STALLED_PARTS = 3;
/** The most that a sender may keep back; it is granted no more at once. */
const MOST_US = 2_000_000;

/** The frame of a part that came latest: by how much after its nominal time. */
interface Latest {
  readonly part: number;
  readonly lateUs: number;
}

/**
 * The bursts of one sender.
 *
 * @example A sender that sends a second of sound each second
 * ```ts
 * import { LiveBursts } from "./live_bursts.ts";
 * import assert from "node:assert/strict";
 *
 * const bursts = new LiveBursts(48_000);
 * for (let s = 1; s <= 5; s++) bursts.came(s * 48_000, s * 1e6);
 * assert.equal(bursts.unevenUs(0), 1_000_000);
 * ```
 */
export class LiveBursts {
  readonly #usPerFrame: number;
  #frames = 0;
  #parts: Latest[] = [];

  /** @param rateHz Nominal. */
  constructor(rateHz: number) {
    this.#usPerFrame = 1e6 / rateHz;
  }

  /** So many frames have come by now. Times never fall. */
  came(frames: number, nowUs: number): void {
    const part = Math.floor(nowUs / PART_US);
    const lateUs = nowUs - this.#frames * this.#usPerFrame;
    this.#frames = frames;
    const last = this.#parts.at(-1);
    if (last?.part !== part) {
      this.#parts.push({ part, lateUs });
      while (this.#parts[0].part <= part - PARTS) this.#parts.shift();
    } else if (lateUs > last.lateUs) {
      this.#parts[this.#parts.length - 1] = { part, lateUs };
    }
  }

  /**
   * How much later than others some frames come again and again, in microseconds;
   * at most two seconds.
   *
   * @param earliestUs By how much the others come after their nominal time.
   */
  unevenUs(earliestUs: number): number {
    const late = this.#parts.map(({ lateUs }) => lateUs)
      .sort((a, b) => b - a);
    const latestUs = late[STALLED_PARTS] ?? earliestUs;
    return Math.min(Math.max(0, latestUs - earliestUs), MOST_US);
  }
}
