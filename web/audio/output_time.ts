/**
 * When a context's sample frames leave the device, by the page's clock.
 *
 * @module
 */

import type { HeardAt } from "../../lib/ports/client.ts";

/** Measurements that the time is averaged over. */
const KEPT = 64;
/** The least time from one to the next, in milliseconds. */
const APART_MS = 50;
/** One that is off by more begins a new series: the device has stopped, or slept. */
const OFF_MS = 20;

/** The time of one context. */
export class OutputTime {
  readonly #context: AudioContext;
  /** How much later than the context's time the page's is, in ms, latest last. */
  #lags: number[] = [];
  #latestMs = -Infinity;

  constructor(context: AudioContext) {
    this.#context = context;
  }

  /**
   * The sample frames that have been heard; null: not known yet.
   *
   * @param aheadFrames See `PcmWorkletNews`.
   */
  heard(aheadFrames: number): HeardAt | null {
    const { state, sampleRate } = this.#context;
    if (state !== "running") {
      this.#lags = [];
      return null;
    }
    // `outputLatency` leaves out what the system holds (Web Audio API, 1.2.4).
    const { contextTime = 0, performanceTime: atMs = 0 } = this.#context
      .getOutputTimestamp();
    if (contextTime <= 0 || atMs <= 0) return null;
    this.#add(atMs - contextTime * 1000, atMs);
    const lagMs = this.#lags.reduce((sum, it) => sum + it) / this.#lags.length;
    const frames = (atMs - lagMs) * sampleRate / 1000 - aheadFrames;
    return { frames, atMs };
  }

  #add(lagMs: number, atMs: number): void {
    const latest = this.#lags.at(-1);
    if (latest !== undefined && Math.abs(lagMs - latest) > OFF_MS) {
      this.#lags = [];
    } else if (latest !== undefined && atMs - this.#latestMs < APART_MS) return;
    this.#latestMs = atMs;
    this.#lags.push(lagMs);
    if (this.#lags.length > KEPT) this.#lags.shift();
  }
}
