/**
 * What is done to PCM itself: silence, loudness and gain, for every encoding
 * alike. It stands between the frames and the player on the walk "file ->
 * blocks -> frames -> TCP -> frames -> PCM -> player".
 *
 * @module
 */

import {
  type PcmFormat,
  sampleFrameBytes,
  wholeSampleFrames,
} from "./format.ts";
import { CODECS } from "./samples.ts";

/**
 * So many bytes of silence. A-law has no zero, so its silence is the smallest
 * level there is, 8 of 32768.
 *
 * @throws {RangeError} if that many bytes cannot be had.
 *
 * @example Unsigned samples rest in the middle
 * ```ts
 * import { silence } from "./pcm.ts";
 * import assert from "node:assert/strict";
 *
 * const phone = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
 * assert.deepEqual(silence(phone, 2), Uint8Array.of(0x80, 0x80));
 * ```
 */
export function silence(
  format: PcmFormat,
  bytes: number,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes).fill(CODECS[format.encoding].silence);
}

/**
 * The level of the loudest sample of interleaved PCM, of any channel: 0 for
 * none, 1 for full scale and for floats beyond it. NaN counts as 0, and so
 * does what follows the last whole sample frame.
 *
 * @example Half of full scale
 * ```ts
 * import { peakLevel } from "./pcm.ts";
 * import assert from "node:assert/strict";
 *
 * const mono = { encoding: "s16le", rate: 48000, channels: 1, bits: 16 } as const;
 * assert.equal(peakLevel(mono, Uint8Array.of(0x00, 0x10, 0x00, 0xC0)), 0.5);
 * ```
 */
export function peakLevel(format: PcmFormat, bytes: Uint8Array): number {
  const { read, full } = CODECS[format.encoding];
  let peak = 0;
  eachSample(format, bytes, (view, at) => {
    const magnitude = Math.abs(read(view, at));
    if (magnitude > peak) peak = magnitude;
  });
  return Math.min(1, peak / full);
}

/**
 * Makes interleaved PCM quieter, in place: every sample times the gain, rounded
 * to the nearest (A-law and mu-law: as ITU-T G.711 encodes it). At 1 no byte is touched, at 0 all are
 * silence; whatever follows the last whole sample frame is left as it is.
 *
 * @param gain 0 to 1, so that nothing can clip.
 * @throws {RangeError} if the gain is not 0 to 1.
 *
 * @example
 * ```ts
 * import { applyGain } from "./pcm.ts";
 * import assert from "node:assert/strict";
 *
 * const mono = { encoding: "s16le", rate: 48000, channels: 1, bits: 16 } as const;
 * const bytes = Uint8Array.of(0x00, 0x10, 0x00, 0xC0);
 * applyGain(mono, bytes, 0.5);
 * assert.deepEqual(bytes, Uint8Array.of(0x00, 0x08, 0x00, 0xE0));
 * ```
 */
export function applyGain(
  format: PcmFormat,
  bytes: Uint8Array,
  gain: number,
): void {
  if (!(gain >= 0 && gain <= 1)) {
    throw new RangeError(`Cannot apply gain: ${gain}, expected 0 to 1`);
  }
  if (gain === 1) return;
  const { read, write, silence } = CODECS[format.encoding];
  if (gain === 0) {
    // Not by multiplying: an infinite float times 0 would be NaN.
    bytes.fill(silence, 0, wholeSampleFrames(format, bytes.length));
    return;
  }
  eachSample(
    format,
    bytes,
    (view, at) => write(view, at, read(view, at) * gain),
  );
}

/**
 * Interleaved PCM as floats, each channel by itself: what audio devices and
 * browsers reckon with. 1 is full scale. Samples of up to 24 bits keep every
 * bit; larger ones are rounded to the nearest float.
 *
 * @param bytes Whole sample frames.
 *
 * @example
 * ```ts
 * import { toFloats } from "./pcm.ts";
 * import assert from "node:assert/strict";
 *
 * const stereo = { encoding: "s16le", rate: 48000, channels: 2, bits: 16 } as const;
 * const [left, right] = toFloats(stereo, Uint8Array.of(0x00, 0x40, 0x00, 0x80));
 * assert.deepEqual([...left, ...right], [0.5, -1]);
 * ```
 */
export function toFloats(
  format: PcmFormat,
  bytes: Uint8Array,
): Float32Array<ArrayBuffer>[] {
  const { read, full } = CODECS[format.encoding];
  const { channels } = format;
  const frames = wholeSampleFrames(format, bytes.length) /
    sampleFrameBytes(format);
  const planes = Array.from(
    { length: channels },
    () => new Float32Array(frames),
  );
  let sample = 0;
  eachSample(format, bytes, (view, at) => {
    const frame = Math.floor(sample / channels);
    planes[sample % channels][frame] = read(view, at) / full;
    sample++;
  });
  return planes;
}

function eachSample(
  format: PcmFormat,
  bytes: Uint8Array,
  visit: (view: DataView, at: number) => void,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = wholeSampleFrames(format, bytes.length);
  const step = format.bits / 8;
  for (let at = 0; at < end; at += step) visit(view, at);
}
