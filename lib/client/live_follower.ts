/**
 * Plays a live song at the pace of its sender, for a device that has no line to
 * follow: its PCM is resampled by what the level of the buffer asks for.
 *
 * @module
 */

import { bytesPerSecond, type PcmFormat } from "../audio/format.ts";
import { fromFloats, interleave, toFloats } from "../audio/pcm.ts";
import type { OpenResampler, Resampler } from "../audio/resampler.ts";
import { LevelLaw } from "../model/level_law.ts";

export class LiveFollower {
  readonly #format: PcmFormat;
  readonly #law = new LevelLaw();
  #resampler: Resampler | null = null;
  /** To be skipped; set it to 0 when that is done. */
  surplusSeconds = 0;
  /** Resolves once it can follow, or never will: PCM then passes as it is. */
  readonly ready: Promise<void>;

  constructor(format: PcmFormat, open: OpenResampler) {
    const { channels, rate } = format;
    this.#format = format;
    this.ready = open({ channels, fromHz: rate, toHz: rate }).then(
      (resampler) => void (this.#resampler = resampler),
      () => {},
    );
  }

  /**
   * PCM to play in the place of what has left the buffer.
   *
   * @param pcm Whole sample frames.
   * @param unheardBytes What had come before, but was not heard yet.
   */
  follow(pcm: Uint8Array, unheardBytes: number, nowMs: number): Uint8Array {
    const resampler = this.#resampler;
    if (!resampler) return pcm;
    const seconds = unheardBytes / bytesPerSecond(this.#format);
    this.surplusSeconds += this.#law.note(seconds, nowMs);
    resampler.ratio = this.#law.ratio;
    const { channels } = this.#format;
    const samples = interleave(toFloats(this.#format, pcm), channels);
    return fromFloats(this.#format, resampler.process(samples));
  }

  /** See {@linkcode LevelLaw.ranDry}. */
  ranDry(): void {
    this.#law.ranDry();
  }

  /** See {@linkcode LevelLaw.skipped}. */
  skipped(): void {
    this.#law.skipped();
  }
}
