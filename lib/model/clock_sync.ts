/**
 * Keeps a server's clock from pings, so that the members of a group know the
 * times of its line. Queues only ever delay a ping or a pong, each on its own: the
 * least delayed ones bound the offset on either side, and what the clocks have
 * drifted apart meanwhile.
 *
 * @module
 */

/** Pings of a burst. */
export const BURST = 3;
/** Bursts a second apart that fill the filter; later ones are rarer. */
const QUICK_BURSTS = 20;
const QUICK_MS = 1_000;
const CALM_MS = 5_000;

/** Round trips that are remembered: five minutes of calm bursts. */
const REMEMBERED = 180;
/** The mean of the shortest of the latest ones is reported. */
const LATEST = 60;
const BEST = 5;
/** How far apart two clocks drift at most, as a ratio: quartz, 100 ppm each. */
const MOST_DRIFT = 3e-4;
/** The drift that is usual: its standard deviation. */
const USUAL_DRIFT = 1e-4;
/** Steps of the search for the drift: it ends below 1e-9. */
const SEARCH_STEPS = 32;
/** Drifts that are weighed, on either side of the likeliest one. */
const WEIGHED = 12;
/** A drift that is less likely by this factor, as a logarithm, is not weighed. */
const UNLIKELY = 5;
/** The least that delays vary. */
const LEAST_DELAY_US = 5;
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
  /** A time of the clock here. */
  atUs: number;
  /** To be added to it for the server's time. */
  offsetUs: number;
  /** By how much the offset rises in a microsecond here. */
  drift: number;
  /** The mean of the shortest round trips. */
  rttUs: number;
}

/**
 * The server's time at a time of the clock here.
 *
 * @example
 * ```ts
 * import { toServerUs } from "./clock_sync.ts";
 * import assert from "node:assert/strict";
 *
 * const estimate = { atUs: 0, offsetUs: 500, drift: 1e-4, rttUs: 200 };
 * assert.equal(toServerUs(estimate, 1_000_000), 1_000_600);
 * ```
 */
export function toServerUs(estimate: ClockEstimate, hereUs: number): number {
  const { atUs, offsetUs, drift } = estimate;
  return hereUs + offsetUs + (hereUs - atUs) * drift;
}

/** What a round trip says of the offset. */
interface Bounds {
  atUs: number;
  /** The offset, and the delay of the ping. */
  mostUs: number;
  /** The offset, less the delay of the pong. */
  leastUs: number;
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
 * assert.equal(sync.estimate?.offsetUs, 500_000);
 * assert.equal(sync.estimate?.rttUs, 400);
 * ```
 */
export class ClockSync {
  /** The oldest first. */
  #trips: Bounds[] = [];
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
    const mostUs = receivedUs - sentUs;
    const leastUs = answeredUs - returnedUs;
    const isPossible = mostUs >= leastUs && answeredUs >= receivedUs &&
      Number.isFinite(mostUs) && Number.isFinite(leastUs);
    if (!isPossible || sentUs < this.#beganUs) return;
    this.#trips.push({ atUs: (sentUs + returnedUs) / 2, mostUs, leastUs });
    if (this.#trips.length > REMEMBERED) this.#trips.shift();
    this.#estimate = fit(this.#trips);
  }

  #begin(nowUs: number): void {
    this.#trips = [];
    this.#estimate = null;
    this.#beganUs = nowUs;
  }
}

/**
 * The offset and drift that the trips make likely. Turned by the right drift, the
 * bounds are far apart: what is left between them are delays. Delays beyond the
 * shortest are taken as exponential, so that each microsecond that the bounds are
 * closer makes a drift less likely by the same factor; the mean of all drifts, by
 * their likelihood, is less often far off than the likeliest one.
 */
function fit(trips: readonly Bounds[]): ClockEstimate {
  const { atUs } = trips[trips.length - 1];
  const middleUs = (trips[0].atUs + atUs) / 2;
  /** Adding near zero is exact: offsets may be hours. */
  const nearUs = trips[0].mostUs;
  const upper = hull(trips.map((it) => ({
    x: it.atUs - middleUs,
    y: it.mostUs - nearUs,
  })));
  const lower = hull(trips.map((it) => ({
    x: it.atUs - middleUs,
    y: nearUs - it.leastUs,
  })));
  const turned = (drift: number) => {
    let [most, least] = [Infinity, -Infinity];
    for (const { x, y } of upper) most = Math.min(most, y - x * drift);
    for (const { x, y } of lower) least = Math.max(least, -y - x * drift);
    return { most, least };
  };
  const apartUs = mean(trips.map((it) => it.mostUs - it.leastUs));
  const widest = highest((it) => turned(it).most - turned(it).least);
  const { most, least } = turned(widest);
  const delayUs = Math.max(LEAST_DELAY_US, (apartUs - (most - least)) / 2);
  const likelihood = (drift: number) => {
    const { most, least } = turned(drift);
    return (most - least) * trips.length / delayUs -
      (drift / USUAL_DRIFT) ** 2 / 2;
  };
  const [drift, offsetUs] = weighed(likelihood, (it) => {
    const { most, least } = turned(it);
    return (most + least) / 2 + (atUs - middleUs) * it;
  });
  const rtts = trips.slice(-LATEST).map((it) => it.mostUs - it.leastUs)
    .sort((a, b) => a - b);
  return {
    atUs,
    offsetUs: nearUs + offsetUs,
    drift,
    rttUs: mean(rtts.slice(0, BEST)),
  };
}

/** The mean drift, and the mean of a value, by a likelihood with one peak. */
function weighed(
  likelihood: (drift: number) => number,
  valueOf: (drift: number) => number,
): [drift: number, value: number] {
  const likeliest = highest(likelihood);
  const top = likelihood(likeliest);
  let [weights, drifts, values] = [0, 0, 0];
  const weigh = (drift: number) => {
    const weight = Math.exp(likelihood(drift) - top);
    weights += weight;
    drifts += weight * drift;
    values += weight * valueOf(drift);
  };
  // Both sides in the same steps, which reach to where drifts are unlikely.
  const isUnlikely = (reach: number) =>
    likelihood(likeliest + reach) < top - UNLIKELY &&
    likelihood(likeliest - reach) < top - UNLIKELY;
  let reach = MOST_DRIFT / 2 ** 20;
  while (reach < 2 * MOST_DRIFT && !isUnlikely(reach)) reach *= 2;
  for (let i = -WEIGHED; i <= WEIGHED; i++) {
    weigh(likeliest + reach * i / WEIGHED);
  }
  return [drifts / weights, values / weights];
}

/** Those of points, in the order of `x`, that a line below all of them can touch. */
function hull(points: { x: number; y: number }[]): { x: number; y: number }[] {
  const touched: { x: number; y: number }[] = [];
  for (const c of points) {
    while (touched.length >= 2) {
      const [a, b] = touched.slice(-2);
      if ((b.x - a.x) * (c.y - a.y) > (b.y - a.y) * (c.x - a.x)) break;
      touched.pop();
    }
    touched.push(c);
  }
  return touched;
}

/** Where a function with one peak is highest, by ternary search. */
function highest(value: (drift: number) => number): number {
  let [from, to] = [-MOST_DRIFT, MOST_DRIFT];
  for (let i = 0; i < SEARCH_STEPS; i++) {
    const third = (to - from) / 3;
    if (value(from + third) < value(to - third)) from += third;
    else to -= third;
  }
  return (from + to) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, it) => sum + it, 0) / values.length;
}
