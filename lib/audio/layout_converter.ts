/**
 * Converts PCM to another rate, number of channels and encoding, piece by piece:
 * songs of several layouts become one stream that way.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { deviceMix } from "./device_mix.ts";
import { type PcmFormat, sameLayout, sampleFrameBytes } from "./format.ts";
import { fromFloats, interleave, toFloats } from "./pcm.ts";
import type { OpenResampler, Resampler } from "./resampler.ts";

/** Sample frames that flush the resampler's filter at once. */
const FLUSH_FRAMES = 256;

/** One piece of audio on its way to another layout. */
export interface LayoutConverter {
  /** Whole sample frames; the result is valid until the next call. */
  convert(pcm: Uint8Array): Uint8Array;
  /** What the filter still holds: the audio is over. */
  flush(): Uint8Array;
}

/** Leaves every bit as it is. */
const UNCHANGED: LayoutConverter = {
  convert: (pcm) => pcm,
  flush: () => new Uint8Array(0),
};

/**
 * Opens a converter. As many sample frames come out, flushed, as the audio lasts at
 * the other rate.
 *
 * @throws {RangeError} For rates that cannot be converted.
 *
 * @example Mono as stereo
 * ```ts
 * import { layoutConverter } from "./layout_converter.ts";
 * import assert from "node:assert/strict";
 *
 * const mono = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
 * const stereo = { ...mono, channels: 2 };
 * const neverOpened = () => Promise.reject(new Error());
 * const converter = await layoutConverter(mono, stereo, neverOpened);
 * assert.deepEqual(converter.convert(Uint8Array.of(7)), Uint8Array.of(7, 7));
 * ```
 */
export async function layoutConverter(
  from: PcmFormat,
  to: PcmFormat,
  openResampler: OpenResampler,
): Promise<LayoutConverter> {
  if (sameLayout(from, to)) return UNCHANGED;
  const { channels } = to;
  const resampler = from.rate === to.rate
    ? null
    : await openResampler({ channels, fromHz: from.rate, toHz: to.rate });
  return new Converter(from, to, resampler);
}

class Converter implements LayoutConverter {
  readonly #from: PcmFormat;
  readonly #to: PcmFormat;
  /** Null: the rate is the same. */
  readonly #resampler: Resampler | null;
  readonly #planes: (pcm: Uint8Array) => Float32Array[];
  /** Samples of the output from before the first of the input. */
  #early: number;
  #readFrames = 0;
  #madeFrames = 0;

  constructor(from: PcmFormat, to: PcmFormat, resampler: Resampler | null) {
    this.#from = from;
    this.#to = to;
    this.#resampler = resampler;
    this.#planes = from.channels === to.channels
      ? (pcm) => toFloats(from, pcm)
      : deviceMix(from, 2).planes;
    const delay = resampler?.delayFrames ?? 0;
    this.#early = Math.round(delay * to.rate / from.rate) * to.channels;
  }

  convert(pcm: Uint8Array): Uint8Array {
    this.#readFrames += pcm.length / sampleFrameBytes(this.#from);
    return this.#made(interleave(this.#planes(pcm), this.#to.channels));
  }

  flush(): Uint8Array {
    const { rate, channels } = this.#to;
    const due = Math.round(this.#readFrames * rate / this.#from.rate);
    const rest: Uint8Array[] = [];
    while (this.#madeFrames < due) {
      const before = this.#madeFrames;
      const made = this.#made(new Float32Array(FLUSH_FRAMES * channels));
      const frames = Math.min(this.#madeFrames, due) - before;
      rest.push(made.slice(0, frames * sampleFrameBytes(this.#to)));
    }
    return concat(rest);
  }

  #made(samples: Float32Array): Uint8Array {
    const { channels } = this.#to;
    const made = this.#resampler?.process(samples) ?? samples;
    const heard = made.subarray(Math.min(this.#early, made.length));
    this.#early -= made.length - heard.length;
    this.#madeFrames += heard.length / channels;
    return fromFloats(this.#to, heard);
  }
}
