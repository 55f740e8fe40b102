/**
 * A resampler that draws straight lines between samples, so that ramps stay exact.
 *
 * @module
 */

import type {
  OpenResampler,
  Resampler,
  ResamplerOptions,
} from "../../lib/audio/resampler.ts";

/** Opens one. */
export const openLinearResampler: OpenResampler = (
  options: ResamplerOptions,
): Promise<Resampler> =>
  options.fromHz < 1_000
    ? Promise.reject(new RangeError("Cannot resample"))
    : Promise.resolve(new LinearResampler(options));

class LinearResampler implements Resampler {
  ratio = 1;
  readonly #channels: number;
  readonly #step: number;
  /** Samples not used up; the next output lies `#at` frames after the first. */
  #samples = new Float32Array(0);
  #at = 0;

  constructor({ channels, fromHz, toHz }: ResamplerOptions) {
    this.#channels = channels;
    this.#step = fromHz / toHz;
  }

  get delayFrames(): number {
    return this.#samples.length / this.#channels - this.#at;
  }

  process(input: Float32Array): Float32Array {
    const channels = this.#channels;
    const samples = Float32Array.from([...this.#samples, ...input]);
    const frames = samples.length / channels;
    const made: number[] = [];
    let at = this.#at;
    for (; at <= frames - 1; at += this.#step * this.ratio) {
      const before = Math.floor(at);
      const after = Math.min(before + 1, frames - 1);
      for (let channel = 0; channel < channels; channel++) {
        const a = samples[before * channels + channel];
        const b = samples[after * channels + channel];
        made.push(a + (b - a) * (at - before));
      }
    }
    const used = Math.min(Math.floor(at), frames);
    this.#samples = samples.slice(used * channels);
    this.#at = at - used;
    return Float32Array.from(made);
  }

  reset(): void {
    this.#samples = new Float32Array(0);
    this.#at = 0;
  }
}
