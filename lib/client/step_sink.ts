/**
 * The player of a device in step: when each sample frame that is written to it
 * sounds, and how far ahead to write. It is kept on silence between songs.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "../audio/format.ts";
import type { HeardAt, StepGrade } from "../ports/client.ts";
import type { OpenOutput } from "./output.ts";

/** How far ahead PCM is written, unless the player says another. */
const LEAD_SECONDS = 0.3;
/** A player that reports no position sounds about this long after a write. */
const START_MS = 100;
/** How long a player that reports its position may take to. */
const REPORT_MS = 1_000;

/** The time after which a player reports well. */
const SETTLED_MS = 2_000;
/** The time over which the pace of a device is measured. */
const PACE_MS = 6_000;
/** A device whose clock seems to be off by more has run dry, or slept. */
const MOST_DRIFT = 1e-3;
/** As has one whose position changes by more at once. */
const MOST_JUMP_MS = 0.3;

/**
 * How fast the clock of a device runs by the clock here: what was written ahead
 * sounds by the former.
 */
class Pace {
  #from: HeardAt | null = null;
  #last: HeardAt | null = null;
  #beganMs: number | null = null;
  /** Seconds of the device in one here; null: not measured yet. */
  ratio: number | null = null;

  of(heard: HeardAt, rate: number): number {
    this.#beganMs ??= heard.atMs;
    if (heard.atMs - this.#beganMs < SETTLED_MS) return 1;
    const last = this.#last ?? heard;
    this.#last = heard;
    const jumpMs = (heard.frames - last.frames) * 1000 / rate -
      (heard.atMs - last.atMs);
    // What was lost is not of its clock, which is as it was.
    if (Math.abs(jumpMs) > MOST_JUMP_MS) this.#from = heard;
    const from = this.#from ??= heard;
    const ms = heard.atMs - from.atMs;
    if (ms < PACE_MS) return this.ratio ?? 1;
    const ratio = (heard.frames - from.frames) * 1000 / rate / ms;
    const isSteady = Math.abs(ratio - 1) <= MOST_DRIFT;
    this.ratio = isSteady ? ratio : null;
    // Each measurement takes over from one that is still good.
    if (!isSteady || ms >= 5 * PACE_MS) this.#from = heard;
    return this.ratio ?? 1;
  }
}

/** What is known of one open player. */
export class StepSink {
  readonly output: OpenOutput;
  readonly format: PcmFormat;
  readonly leadSeconds: number;
  readonly #frameBytes: number;
  readonly #openedMs: number;
  /** When the first sample frame sounded, as an estimate; null: not yet. */
  #beganMs: number | null = null;
  readonly #pace = new Pace();

  constructor(output: OpenOutput, nowMs: number) {
    this.output = output;
    this.format = output.sink.format;
    this.leadSeconds = output.sink.leadSeconds ?? LEAD_SECONDS;
    this.#frameBytes = sampleFrameBytes(this.format);
    this.#openedMs = nowMs;
    const { pacer, writtenBytes } = output;
    if (pacer === null || writtenBytes === 0) return;
    // It has played a song alone, at its pace.
    const heardBytes = writtenBytes - pacer.unheard(nowMs);
    this.#beganMs = nowMs - heardBytes / pacer.bytesPerMs;
  }

  /** Whether it can be corrected by what it reports. */
  get grade(): StepGrade {
    const { sink } = this.output;
    return sink.grade === "exact" && sink.heard?.() ? "exact" : "approximate";
  }

  /** By how much the clock of the device is faster than that here; null: unknown. */
  get drift(): number | null {
    const { ratio } = this.#pace;
    return ratio && ratio - 1;
  }

  /** Sample frames that were written. */
  get writtenFrames(): number {
    return this.output.writtenBytes / this.#frameBytes;
  }

  /** Sample frames that may be written now. */
  dueFrames(nowMs: number): number {
    const { rate } = this.format;
    const ahead = this.writtenFrames - this.#heardFrames(nowMs);
    return Math.floor(this.leadSeconds * rate - ahead);
  }

  /** How long what was written but not heard yet lasts. */
  unheardMs(nowMs: number): number {
    const frames = this.writtenFrames - this.#heardFrames(nowMs);
    return Math.max(0, frames * 1000 / this.format.rate);
  }

  /**
   * When the next frame that is written will sound, in ms; null: a report of the
   * player is worth waiting for.
   */
  soundsAtMs(nowMs: number): number | null {
    const { sink } = this.output;
    const msOf = (frames: number) => frames * 1000 / this.format.rate;
    const heard = sink.heard?.();
    if (heard) {
      const ms = msOf(this.writtenFrames - heard.frames);
      return heard.atMs + ms / this.#pace.of(heard, this.format.rate);
    }
    const mayReport = sink.heard !== undefined && sink.grade === "exact";
    if (mayReport && nowMs - this.#openedMs < REPORT_MS) return null;
    return this.#estimatedMs(nowMs);
  }

  /** PCM was written. */
  wrote(nowMs: number): void {
    this.#beganMs ??= nowMs + START_MS -
      (this.writtenFrames * 1000 / this.format.rate);
  }

  /** A player that has run dry goes on when it is written to. */
  #estimatedMs(nowMs: number): number {
    const ms = this.writtenFrames * 1000 / this.format.rate;
    const soundsMs = (this.#beganMs ?? nowMs + START_MS - ms) + ms;
    if (soundsMs >= nowMs) return soundsMs;
    this.#beganMs = nowMs + START_MS - ms;
    return nowMs + START_MS;
  }

  #heardFrames(nowMs: number): number {
    const { rate } = this.format;
    const heard = this.output.sink.heard?.();
    const frames = heard
      ? heard.frames + (nowMs - heard.atMs) * rate / 1000
      : (nowMs - (this.#beganMs ?? nowMs)) * rate / 1000;
    return Math.min(Math.max(frames, 0), this.writtenFrames);
  }
}
