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
  /** The end of what was rendered, in seconds. */
  readonly currentTime: number;
  getOutputTimestamp(): { contextTime?: number; performanceTime?: number };
}

/**
 * Browsers render some blocks of 128 sample frames for each buffer of the device,
 * so that timestamps are off by several milliseconds: half a second of them shows
 * whether the device has lost time.
 */
const LATEST = 25;

/** Timestamps by which the usual lead of rendering is known: some seconds. */
const STEADY_LEADS = 150;
/** Half of the leads of a steady device are within this. */
const STEADY_SECONDS = 1e-3;
/** A timestamp whose lead is off by more is not believed. */
const BELIEVED_SECONDS = 2e-3;

/**
 * How far rendering is ahead of what sounds. A device is kept filled, so this is
 * nearly constant; but for seconds after its stream has run dry, what PulseAudio
 * tells browsers drifts away by up to 50 ms.
 */
class RenderLead {
  readonly #latest: number[] = [];
  /** Null: it was not steady yet. */
  #usual: number | null = null;

  /** The context's time that sounds, in seconds, by a timestamp's. */
  likely(contextTime: number, renderedTime: number): number {
    const lead = renderedTime - contextTime;
    this.#latest.push(lead);
    if (this.#latest.length > STEADY_LEADS) this.#latest.shift();
    if (isSteady(this.#latest)) this.#usual = median(this.#latest);
    const usual = this.#usual ?? lead;
    const isBelieved = Math.abs(lead - usual) <= BELIEVED_SECONDS;
    return isBelieved ? contextTime : renderedTime - usual;
  }
}

/** Whether a device's leads neither swing nor drift. */
function isSteady(leads: number[]): boolean {
  if (leads.length < STEADY_LEADS) return false;
  const half = STEADY_LEADS / 2;
  const drift = median(leads.slice(half)) - median(leads.slice(0, half));
  const usual = median(leads);
  const off = median(leads.map((it) => Math.abs(it - usual)));
  return Math.max(off, Math.abs(drift)) <= STEADY_SECONDS;
}

function median(values: number[]): number {
  return Float64Array.from(values).sort()[values.length >> 1];
}

/** The time of one context. */
export class OutputTime {
  readonly #context: ContextTime;
  #line: HeardLine;
  #lead = new RenderLead();
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
    const { state, sampleRate, currentTime } = this.#context;
    if (state !== "running") {
      this.#line = this.#newLine();
      this.#lead = new RenderLead();
      return null;
    }
    // `outputLatency` leaves out what the system holds (Web Audio API, 1.2.4).
    const { contextTime = 0, performanceTime = 0 } = this.#context
      .getOutputTimestamp();
    if (contextTime > 0 && performanceTime > this.#latestMs) {
      this.#latestMs = performanceTime;
      const heard = this.#lead.likely(contextTime, currentTime);
      this.#line.add(heard * sampleRate, performanceTime);
    }
    const atMs = this.#latestMs;
    const frames = this.#line.at(atMs);
    if (frames === null) return null;
    return { frames: frames - aheadFrames, atMs, drift: this.#line.drift };
  }

  #newLine(): HeardLine {
    return new HeardLine(this.#context.sampleRate, LATEST);
  }
}
