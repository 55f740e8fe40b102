/**
 * When a context's sample frames leave the device, by the page's clock.
 *
 * @module
 */

import { HeardLine } from "../../lib/audio/heard_line.ts";
import type { HeardAt } from "../../lib/ports/client.ts";

/** The part of an `AudioContext` that knows of its device. */
export interface ContextTime {
  readonly sampleRate: number;
  readonly state: string;
  getOutputTimestamp(): { contextTime?: number; performanceTime?: number };
}

/**
 * Browsers render some blocks of 128 sample frames for each buffer of the device,
 * so that timestamps are off by several milliseconds: half a second of them shows
 * whether the device has lost time.
 */
const LATEST = 25;

/** The time of one context. */
export class OutputTime {
  readonly #context: ContextTime;
  #line: HeardLine;
  #latestMs = 0;

  constructor(context: ContextTime) {
    this.#context = context;
    this.#line = this.#newLine();
  }

  /**
   * The sample frames that have been heard; null: not known yet.
   *
   * @param aheadFrames By how many the context's time is ahead of the samples.
   */
  heard(aheadFrames: number): HeardAt | null {
    const { state, sampleRate } = this.#context;
    if (state !== "running") {
      this.#line = this.#newLine();
      return null;
    }
    // `outputLatency` leaves out what the system holds (Web Audio API, 1.2.4).
    const { contextTime = 0, performanceTime = 0 } = this.#context
      .getOutputTimestamp();
    if (contextTime > 0 && performanceTime > this.#latestMs) {
      this.#latestMs = performanceTime;
      this.#line.add(contextTime * sampleRate, performanceTime);
    }
    const atMs = this.#latestMs;
    const frames = this.#line.at(atMs);
    return frames === null ? null : { frames: frames - aheadFrames, atMs };
  }

  #newLine(): HeardLine {
    return new HeardLine(this.#context.sampleRate, LATEST);
  }
}
