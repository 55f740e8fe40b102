/**
 * Changes the sample rate of PCM by a ratio that may vary while it runs. It is
 * how a device stays in step with others: its player is never stopped or
 * skipped, but fed a little faster or slower.
 *
 * @module
 */

/** A stream of PCM on its way from one sample rate to another. */
export interface Resampler {
  /**
   * Input sample frames per output sample frame, relative to `fromHz / toHz`:
   * 1.0001 consumes 100 ppm faster. 0.99 to 1.01; it glides over some
   * milliseconds, so that no click is heard.
   */
  ratio: number;
  /** Sample frames of input that are read but not part of any output yet. */
  readonly delayFrames: number;
  /**
   * Resamples interleaved samples.
   *
   * @returns Interleaved samples: all that can be made so far. They are valid
   * until the next call.
   */
  process(input: Float32Array): Float32Array;
  /** Forgets what was read: the next input is another piece of audio. */
  reset(): void;
  /** Frees its memory. */
  close(): void;
}

export interface ResamplerOptions {
  /** 1 to 32. */
  readonly channels: number;
  readonly fromHz: number;
  readonly toHz: number;
}

export type OpenResampler = (options: ResamplerOptions) => Promise<Resampler>;
