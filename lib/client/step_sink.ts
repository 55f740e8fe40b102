/**
 * The player of a device in step: when each sample frame that is written to it
 * sounds, and how far ahead to write. It is kept on silence between songs.
 *
 * @module
 */

import { type PcmFormat, sampleFrameBytes } from "../audio/format.ts";
import type { StepGrade } from "../ports/client.ts";
import type { OpenOutput } from "./output.ts";

/** How far ahead PCM is written, unless the player says another. */
const LEAD_SECONDS = 0.3;
/** A player that reports no position sounds about this long after a write. */
const START_MS = 100;
/** How long a player that reports its position may take to. */
const REPORT_MS = 1_000;

/** What is known of one open player. */
export class StepSink {
  readonly output: OpenOutput;
  readonly format: PcmFormat;
  readonly leadSeconds: number;
  readonly #frameBytes: number;
  readonly #openedMs: number;
  /** When the first sample frame sounded, as an estimate; null: not yet. */
  #beganMs: number | null = null;

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
    return this.output.sink.heard?.()?.drift ?? null;
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
      return heard.atMs + ms / (1 + (heard.drift ?? 0));
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
