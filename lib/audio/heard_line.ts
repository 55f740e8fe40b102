/**
 * What a player has sounded, as a line through its reports: each report is late
 * by as much as the machine was busy, and the device's rate is not quite the
 * nominal one.
 *
 * @module
 */

/** Reports count for as long. */
const WINDOW_MS = 15_000;
/** From reports over a shorter time no slope is taken. */
const SLOPE_MS = 4_000;
/** The most that a device's rate may be off. */
const MAX_SLOPE = 1e-3;
/** A report that is off by more, and by four times the usual, is left out. */
const USUAL_MS = 0.5;
/** Reports in a row that are left out before they begin a new line. */
const ODD_REPORTS = 6;

interface Point {
  readonly atMs: number;
  /** Sample frames beyond what the nominal rate makes of the time. */
  readonly excess: number;
}

/**
 * The line of one player.
 *
 * @example
 * ```ts
 * import { HeardLine } from "./heard_line.ts";
 * import assert from "node:assert/strict";
 *
 * const line = new HeardLine(48_000);
 * assert.equal(line.at(0), null);
 * line.add(4_800, 1_000);
 * assert.equal(line.at(1_100), 9_600);
 * ```
 */
export class HeardLine {
  readonly #framesPerMs: number;
  #points: Point[] = [];
  /** The latest reports, if they do not fit. */
  #odd: Point[] = [];
  #fit: { atMs: number; excess: number; slope: number } | null = null;

  constructor(rateHz: number) {
    this.#framesPerMs = rateHz / 1000;
  }

  /** Sample frames heard at a time; null: not known yet. */
  at(ms: number): number | null {
    const fit = this.#fit;
    if (fit === null) return null;
    const excess = fit.excess + fit.slope * (ms - fit.atMs);
    return ms * this.#framesPerMs + excess;
  }

  /** Adds a report. Times never fall. */
  add(frames: number, atMs: number): void {
    const point = { atMs, excess: frames - atMs * this.#framesPerMs };
    if (this.#isOdd(point)) {
      this.#odd.push(point);
      if (this.#odd.length < ODD_REPORTS) return;
      this.#points = this.#odd;
    } else {
      this.#points.push(point);
    }
    this.#odd = [];
    const first = this.#points.findIndex((it) => it.atMs >= atMs - WINDOW_MS);
    if (first > 0) this.#points.splice(0, first);
    this.#fit = this.#fitted();
  }

  #isOdd(point: Point): boolean {
    return this.#fit !== null && Math.abs(this.#off(point)) > this.#usual();
  }

  #off({ atMs, excess }: Point): number {
    const fit = this.#fit!;
    return excess - fit.excess - fit.slope * (atMs - fit.atMs);
  }

  /** The most sample frames that a report may be off. */
  #usual(): number {
    const off = this.#points.map((point) => Math.abs(this.#off(point)))
      .sort((a, b) => a - b);
    const median = off[off.length >> 1];
    return Math.max(USUAL_MS * this.#framesPerMs, 4 * median);
  }

  /** Least squares, then again without the points that are off. */
  #fitted(): { atMs: number; excess: number; slope: number } {
    this.#fit = fitted(this.#points, this.#framesPerMs);
    const usual = this.#usual();
    const near = this.#points.filter((it) => Math.abs(this.#off(it)) <= usual);
    return fitted(near, this.#framesPerMs);
  }
}

function fitted(points: Point[], framesPerMs: number) {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const atMs = mean((it) => it.atMs);
  const excess = mean((it) => it.excess);
  const spanMs = points[points.length - 1].atMs - points[0].atMs;
  if (spanMs < SLOPE_MS) return { atMs, excess, slope: 0 };
  const variance = mean((it) => (it.atMs - atMs) ** 2);
  const both = mean((it) => (it.atMs - atMs) * (it.excess - excess));
  const most = MAX_SLOPE * framesPerMs;
  const slope = Math.min(Math.max(both / variance, -most), most);
  return { atMs, excess, slope };
}
