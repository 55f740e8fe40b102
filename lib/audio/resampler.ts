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
   * 1.0001 consumes 100 ppm faster. It is 0.99 to 1.01, holds from the next call
   * on, and moves no sample, so that a small change is not heard.
   */
  ratio: number;
  /**
   * Sample frames of input, with a fraction, between the next sample frame of
   * output and the next of input, at the present ratio. The first output is silence before the first
   * sample.
   */
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
}

export interface ResamplerOptions {
  /** 1 to 32. */
  readonly channels: number;
  readonly fromHz: number;
  readonly toHz: number;
}

export type OpenResampler = (options: ResamplerOptions) => Promise<Resampler>;

/** The interface of `codecs/resampler/`. */
interface Exports {
  memory: WebAssembly.Memory;
  open(channels: number, fromHz: number, toHz: number): number;
  input(): number;
  output(): number;
  resample(frames: number, relative: number): number;
  reset(): void;
}

/** The most sample frames of a call. */
const MAX_FRAMES = 1024;

/**
 * A resampler in WebAssembly.
 *
 * @param module `resampler.bin`, compiled.
 * @throws {RangeError} For channels or rates that it cannot convert.
 */
export function resamplerOf(
  module: WebAssembly.Module,
  options: ResamplerOptions,
): Resampler {
  return new WasmResampler(module, options);
}

class WasmResampler implements Resampler {
  ratio = 1;
  readonly #wasm: Exports;
  readonly #channels: number;
  readonly #nominal: number;
  readonly #firstBehind: number;
  /** Sample frames of input after the latest of output. */
  #behindFrames: number;
  #output = new Float32Array(0);

  constructor(module: WebAssembly.Module, options: ResamplerOptions) {
    const { channels, fromHz, toHz } = options;
    const wasm = new WebAssembly.Instance(module).exports as unknown as Exports;
    const behind = channels >= 1 && channels <= 32
      ? wasm.open(channels, fromHz, toHz)
      : -1;
    if (behind < 0) {
      throw new RangeError(
        `Cannot resample ${channels} channels from ${fromHz} to ${toHz} Hz`,
      );
    }
    this.#wasm = wasm;
    this.#channels = channels;
    this.#nominal = fromHz / toHz;
    this.#firstBehind = behind;
    this.#behindFrames = behind;
  }

  get delayFrames(): number {
    return this.#behindFrames - this.#nominal * this.ratio;
  }

  process(input: Float32Array): Float32Array {
    let length = 0;
    const most = MAX_FRAMES * this.#channels;
    for (let at = 0; at < input.length; at += most) {
      const made = this.#resample(input.subarray(at, at + most));
      if (length + made.length > this.#output.length) {
        const wider = new Float32Array(2 * (length + made.length));
        wider.set(this.#output.subarray(0, length));
        this.#output = wider;
      }
      this.#output.set(made, length);
      length += made.length;
    }
    return this.#output.subarray(0, length);
  }

  #resample(input: Float32Array): Float32Array {
    const wasm = this.#wasm;
    const frames = input.length / this.#channels;
    new Float32Array(wasm.memory.buffer, wasm.input(), input.length)
      .set(input);
    const made = wasm.resample(frames, 1 / this.ratio);
    if (made < 0) {
      throw new RangeError(
        `Cannot resample by ${this.ratio}: expected 0.99 to 1.01`,
      );
    }
    this.#behindFrames += frames - made * this.#nominal * this.ratio;
    return new Float32Array(
      wasm.memory.buffer,
      wasm.output(),
      made * this.#channels,
    );
  }

  reset(): void {
    this.#wasm.reset();
    this.#behindFrames = this.#firstBehind;
  }
}
