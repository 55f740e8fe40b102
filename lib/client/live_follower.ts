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
    this.#law.note(unheardBytes / bytesPerSecond(this.#format), nowMs);
    resampler.ratio = this.#law.ratio;
    const { channels } = this.#format;
    const samples = interleave(toFloats(this.#format, pcm), channels);
    return fromFloats(this.#format, resampler.process(samples));
  }

  /** The buffer has another level from now on. */
  restart(): void {
    this.#law.restart();
  }
}
