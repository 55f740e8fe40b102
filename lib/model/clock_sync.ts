/**
 * Keeps a server's clock from pings, so that the members of a group know the
 * times of its line. Of the last sixty round trips, the five shortest were
 * delayed least by queues, so that both ways took nearly the same time.
 *
 * @module
 */

/** Pings of a burst. */
export const BURST = 3;
/** Bursts a second apart that fill the filter; later ones are rarer. */
const QUICK_BURSTS = 20;
const QUICK_MS = 1_000;
const CALM_MS = 5_000;

/** Round trips that are remembered. */
const REMEMBERED = 60;
/** The shortest of them, which count. */
const BEST = 5;
/** The machine slept, or its wall clock was set, if its clocks part by this. */
const PARTED_US = 200_000;

/** A ping and its pong, in microseconds (RFC 5905, section 8, has the formulas). */
export interface RoundTrip {
  /** When the ping was sent, by the monotonic clock here. */
  sentUs: number;
  /** When the server received it, by its clock. */
  receivedUs: number;
  /** When the server answered, by its clock. */
  answeredUs: number;
  /** When the pong arrived, by the monotonic clock here. */
  returnedUs: number;
  /** The wall clock here when the pong arrived. */
  wallUs: number;
  /** The name of the server's clock, from its `welcome`. */
  clock: string;
}

/** What the filter knows. */
export interface ClockEstimate {
  /** To be added to the clock here for the server's. */
  offsetUs: number;
  /** The mean of the round trips that count. */
  rttUs: number;
}

/**
 * Milliseconds from one burst of pings to the next.
 *
 * @param bursts Bursts sent since the device is in a group of several.
 *
 * @example
 * ```ts
 * import { nextBurstMs } from "./clock_sync.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([1, 19, 20].map(nextBurstMs), [1_000, 1_000, 5_000]);
 * ```
 */
export function nextBurstMs(bursts: number): number {
  return bursts < QUICK_BURSTS ? QUICK_MS : CALM_MS;
}

/**
 * The filter. It begins anew when the machine has slept, and for another clock.
 *
 * @example
 * ```ts
 * import { ClockSync } from "./clock_sync.ts";
 * import assert from "node:assert/strict";
 *
 * const sync = new ClockSync();
 * sync.add({
 *   sentUs: 1_000,
 *   receivedUs: 501_200,
 *   answeredUs: 501_300,
 *   returnedUs: 1_500,
 *   wallUs: 0,
 *   clock: "a",
 * });
 * assert.deepEqual(sync.estimate, { offsetUs: 500_000, rttUs: 400 });
 * ```
 */
export class ClockSync {
  /** The oldest first. */
  #trips: ClockEstimate[] = [];
  #clock: string | null = null;
  /** The wall clock minus the monotonic one, when the filter began. */
  #wallAheadUs = NaN;
  /** Pings from before this time are not used. */
  #beganUs = -Infinity;
  #estimate: ClockEstimate | null = null;

  /** Null until a ping was answered since the filter began. */
  get estimate(): ClockEstimate | null {
    return this.#estimate;
  }

  /**
   * Begins anew if the machine has slept since, or its wall clock was set.
   *
   * @returns Whether it began anew.
   */
  checkClocks(nowUs: number, wallUs: number): boolean {
    const aheadUs = wallUs - nowUs;
    const isParted = Math.abs(aheadUs - this.#wallAheadUs) >= PARTED_US;
    if (isParted) this.#begin(nowUs);
    if (isParted || Number.isNaN(this.#wallAheadUs)) {
      this.#wallAheadUs = aheadUs;
    }
    return isParted;
  }

  /** Adds a round trip; one with impossible times is ignored. */
  add(trip: RoundTrip): void {
    const { sentUs, receivedUs, answeredUs, returnedUs, clock } = trip;
    this.checkClocks(returnedUs, trip.wallUs);
    if (clock !== this.#clock) this.#begin(sentUs);
    this.#clock = clock;
    const rttUs = (returnedUs - sentUs) - (answeredUs - receivedUs);
    const offsetUs = (receivedUs - sentUs + (answeredUs - returnedUs)) / 2;
    const isPossible = rttUs >= 0 && answeredUs >= receivedUs &&
      Number.isFinite(offsetUs);
    if (!isPossible || sentUs < this.#beganUs) return;
    this.#trips.push({ offsetUs, rttUs });
    if (this.#trips.length > REMEMBERED) this.#trips.shift();
    const best = this.#trips.toSorted((a, b) => a.rttUs - b.rttUs)
      .slice(0, BEST);
    this.#estimate = {
      offsetUs: mean(best.map((it) => it.offsetUs)),
      rttUs: mean(best.map((it) => it.rttUs)),
    };
  }

  #begin(nowUs: number): void {
    this.#trips = [];
    this.#estimate = null;
    this.#beganUs = nowUs;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, it) => sum + it, 0) / values.length;
}
