/**
 * How a live song's sender runs against the server's clock: its sample frames
 * come in pieces, each of which may be late, but none is early.
 *
 * @module
 */

/** Over this time the rate is estimated. */
const WINDOW_MS = 60_000;
/** Of each part of it, the earliest piece counts. */
const PART_MS = 1_000;
/** From less time no slope is taken. */
const SLOPE_MS = 10_000;
/** The most that a sender's rate may be off. */
const MAX_SLOPE = 1e-3;
/** A sender that is off by more has stood still: another line begins. */
const APART_US = 20_000;
/** One that is late for as many parts in a row keeps no rate: its line begins anew. */
const LATE_PARTS = 4;

/** The earliest piece of a part: by how much it came after its nominal time. */
interface Point {
  readonly part: number;
  readonly atUs: number;
  readonly lateUs: number;
}

/** Through `lateUs` at `atUs`. */
interface Fit {
  readonly atUs: number;
  readonly lateUs: number;
  readonly slope: number;
}

/**
 * The line of one sender.
 *
 * @example A sender that begins at 1 s and runs at its nominal rate
 * ```ts
 * import { LiveRate } from "./live_rate.ts";
 * import assert from "node:assert/strict";
 *
 * const rate = new LiveRate(1_000);
 * for (let ms = 0; ms <= 500; ms += 50) rate.came(ms, (1_000 + ms) * 1000);
 * assert.equal(rate.lateUs(1_500_000), 1_000_000);
 * ```
 */
export class LiveRate {
  readonly #usPerFrame: number;
  #points: Point[] = [];
  #fit: Fit | null = null;
  /** When the latest frames came. */
  #latestUs = -Infinity;

  /** @param rateHz Nominal. */
  constructor(rateHz: number) {
    this.#usPerFrame = 1e6 / rateHz;
  }

  /**
   * By how much frames that come at a time are later than they would be if the
   * first had come at 0 and all others at the nominal rate; null: nothing has come.
   * While nothing comes, it stays.
   */
  lateUs(nowUs: number): number | null {
    return this.#fit && lateAt(this.#fit, Math.min(nowUs, this.#latestUs));
  }

  /** So many frames have come by now. Times never fall. */
  came(frames: number, nowUs: number): void {
    this.#latestUs = nowUs;
    const lateUs = nowUs - frames * this.#usPerFrame;
    const part = Math.floor(nowUs / 1000 / PART_MS);
    const point = { part, atUs: nowUs, lateUs };
    const last = this.#points.at(-1);
    if (last?.part !== part) this.#points.push(point);
    else if (lateUs < last.lateUs) {
      this.#points[this.#points.length - 1] = point;
    } else return;
    const oldest = nowUs - WINDOW_MS * 1000;
    while (this.#points[0].atUs < oldest) this.#points.shift();
    this.#fit = fitted(this.#whole);
    this.#restart();
  }

  /** Parts that are over, of which the earliest piece is known. */
  get #whole(): readonly Point[] {
    return this.#points.length > 1 ? this.#points.slice(0, -1) : this.#points;
  }

  /** Drops the line if the latest parts are far from it. */
  #restart(): void {
    if (this.#points.length < 4) return;
    const off = this.#whole.slice(-LATE_PARTS)
      .map(({ atUs, lateUs }) => lateUs - lateAt(this.#fit!, atUs));
    const [before, last] = off.slice(-2);
    const isOther = Math.abs(before) > APART_US && Math.abs(last) > APART_US &&
      Math.abs(before - last) < APART_US;
    const isLate = off.length === LATE_PARTS &&
      off.every((us) => us > APART_US);
    if (isOther) this.#keep(2);
    else if (isLate) this.#keep(0);
  }

  /** Begins anew with so many parts that are over, and the one that is not. */
  #keep(parts: number): void {
    this.#points = this.#points.slice(-parts - 1);
    this.#fit = fitted(this.#whole);
  }
}

function lateAt({ atUs, lateUs, slope }: Fit, us: number): number {
  return lateUs + slope * (us - atUs);
}

/** Least squares; without a slope, the earliest. */
function fitted(points: readonly Point[]): Fit {
  const last = points[points.length - 1];
  if (last.atUs - points[0].atUs < SLOPE_MS * 1000) {
    const lateUs = Math.min(...points.map((it) => it.lateUs));
    return { atUs: last.atUs, lateUs, slope: 0 };
  }
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const atUs = mean((it) => it.atUs);
  const lateUs = mean((it) => it.lateUs);
  const variance = mean((it) => (it.atUs - atUs) ** 2);
  const both = mean((it) => (it.atUs - atUs) * (it.lateUs - lateUs));
  const slope = Math.min(Math.max(both / variance, -MAX_SLOPE), MAX_SLOPE);
  return { atUs, lateUs, slope };
}
