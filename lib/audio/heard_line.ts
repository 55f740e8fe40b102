/**
 * What a player has sounded, as a line through its reports: each report is late
 * by as much as the machine was busy, and the device's rate is not quite the
 * nominal one.
 *
 * @module
 */

/** Reports count for as long. */
const WINDOW_MS = 15_000;
/** The most that a device's rate may be off: PulseAudio's null sink may be by 0.13 %. */
const MAX_SLOPE = 2e-3;
/** How far a rate usually is from what is known of it: its standard deviation. */
const USUAL_SLOPE = 3e-4;
/** What is known of a rate after this time is kept when a new line begins. */
const KNOWN_MS = 2_000;
/** Half of the reports are off by as much, or more. */
const LEAST_USUAL_MS = 0.05;
/** A report that is off by more, and by four times the usual, is left out. */
const USUAL_MS = 0.5;
/** The latest reports, by whose mean it is known that a line has ended. */
const LATEST = 10;
/** Reports that begin a line: a player's first one may be far off. */
const FIRST = 5;
/**
 * How far the latest ones may be from the line of all: in milliseconds, and in
 * usual deviations, of which the mean of several has few.
 */
const APART_MS = 0.4;
const APART_USUAL = 0.8;

interface Point {
  readonly atMs: number;
  /** Sample frames beyond what the nominal rate makes of the time. */
  readonly excess: number;
}

/** Through `excess` at `atMs`. */
interface Fit extends Point {
  readonly slope: number;
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
 * for (let ms = 1_000; ms < 1_250; ms += 50) {
 *   assert.equal(line.at(ms), null);
 *   line.add(48 * (ms - 900), ms);
 * }
 * assert.equal(line.at(1_300), 19_200);
 * ```
 */
export class HeardLine {
  readonly #framesPerMs: number;
  readonly #most: number;
  #points: Point[] = [];
  #fit: Fit | null = null;
  /** The slope of a line before; null: none has lasted long enough. */
  #known: number | null = null;
  /** How far half of the reports are off at most. */
  #usual = 0;

  /**
   * @param latest Reports by which it is known that the player has lost time: more
   * where they are less exact.
   */
  constructor(rateHz: number, latest = LATEST) {
    this.#framesPerMs = rateHz / 1000;
    this.#most = latest;
  }

  /** Sample frames heard at a time; null: not known yet. */
  at(ms: number): number | null {
    if (this.#fit === null) return null;
    return ms * this.#framesPerMs + excessAt(this.#fit, ms);
  }

  /**
   * By how much the device is faster than its nominal rate, as a ratio; null: not
   * known yet.
   */
  get drift(): number | null {
    const slope = this.#isKnown ? this.#fit!.slope : this.#known;
    return slope === null ? null : slope / this.#framesPerMs;
  }

  /** Adds a report. Times never fall. */
  add(frames: number, atMs: number): void {
    this.#points.push({ atMs, excess: frames - atMs * this.#framesPerMs });
    const first = this.#points.findIndex((it) => it.atMs >= atMs - WINDOW_MS);
    if (first > 0) this.#points.splice(0, first);
    if (this.#points.length < FIRST) return;
    this.#fit = this.#fitted();
    const latest = this.#points.slice(-this.#most);
    const excess = median(latest.map((it) => it.excess));
    const agreeing = latest.filter((it) =>
      Math.abs(it.excess - excess) <= this.#nearFrames
    );
    if (agreeing.length <= this.#most / 2) return; // They were read late.
    const off = agreeing.reduce(
      (sum, it) => sum + it.excess - excessAt(this.#fit!, it.atMs),
      0,
    ) / agreeing.length;
    const most = Math.max(
      APART_MS * this.#framesPerMs,
      APART_USUAL * this.#usual,
    );
    if (Math.abs(off) <= most) return;
    // The player has lost time, or knows better now: a new line begins.
    if (this.#isKnown) this.#known = this.#fit.slope;
    this.#points = agreeing;
    this.#fit = this.#fitted();
  }

  get #isKnown(): boolean {
    const { length } = this.#points;
    return length > 0 &&
      this.#points[length - 1].atMs - this.#points[0].atMs >= KNOWN_MS;
  }

  get #nearFrames(): number {
    return Math.max(USUAL_MS * this.#framesPerMs, 4 * this.#usual);
  }

  /**
   * Least squares through what is near the median, which no report that was read
   * late can move far, and then through what is near that.
   */
  #fitted(): Fit {
    const { atMs } = this.#points[this.#points.length - 1];
    const slope = this.#fit?.slope ?? 0;
    const flat = { atMs, excess: 0, slope };
    const excess = median(
      this.#points.map((it) => it.excess - excessAt(flat, it.atMs)),
    );
    const rough = this.#through(this.#near({ ...flat, excess }));
    return this.#through(this.#near(rough));
  }

  #near(fit: Fit): Point[] {
    const off = (it: Point) => Math.abs(it.excess - excessAt(fit, it.atMs));
    this.#usual = median(this.#points.map(off));
    const most = this.#nearFrames;
    return this.#points.filter((it) => off(it) <= most);
  }

  /** The slope is the likeliest one, by the points and by what is known of it. */
  #through(points: Point[]): Fit {
    const mean = (of: (point: Point) => number) =>
      points.reduce((sum, point) => sum + of(point), 0) / points.length;
    const atMs = mean((it) => it.atMs);
    const excess = mean((it) => it.excess);
    const known = { atMs, excess, slope: this.#known ?? 0 };
    const usual = Math.max(this.#usual, LEAST_USUAL_MS * this.#framesPerMs);
    const doubt = (usual / (USUAL_SLOPE * this.#framesPerMs)) ** 2;
    const variance = mean((it) => (it.atMs - atMs) ** 2) +
      doubt / points.length;
    const both = mean((it) =>
      (it.atMs - atMs) * (it.excess - excessAt(known, it.atMs))
    );
    const most = MAX_SLOPE * this.#framesPerMs;
    const slope = known.slope + both / variance;
    return { atMs, excess, slope: Math.min(Math.max(slope, -most), most) };
  }
}

function excessAt(fit: Fit, ms: number): number {
  return fit.excess + fit.slope * (ms - fit.atMs);
}

function median(values: number[]): number {
  return Float64Array.from(values).sort()[values.length >> 1];
}
