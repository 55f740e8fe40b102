/**
 * Silence, peak level, gain and conversion to floats, for every encoding. It
 * stands between the frames and the player on the walk "file -> blocks ->
 * frames -> TCP -> frames -> PCM -> player".
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
 * Allocates silence. A-law has no zero, so its silence is its lowest level, 8 of
 * 32768.
 *
 * @throws {RangeError} if `bytes` cannot be allocated.
 *
 * @example The silence of unsigned samples is the middle of their range
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
 * The peak level over all channels of interleaved PCM: 0 for silence, 1 for full
 * scale and for floats beyond it. NaN counts as 0. Bytes behind the last whole
 * sample frame are ignored.
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
 * Multiplies every sample of interleaved PCM by a gain, in place, rounding to the
 * nearest value (A-law and mu-law: as ITU-T G.711 encodes it). A gain of 1
 * changes no byte; above it, samples are clipped at full scale. Bytes behind the
 * last whole sample frame are left unchanged.
 *
 * @param gain 0 to 16.
 * @throws {RangeError} if the gain is out of range.
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
  if (!(gain >= 0 && gain <= MAX_GAIN)) {
    throw new RangeError(
      `Cannot apply gain: ${gain}, expected 0 to ${MAX_GAIN}`,
    );
  }
  if (gain === 1) return;
  const { read, write, silence, full } = CODECS[format.encoding];
  if (gain === 0) {
    // Filled, not multiplied, because an infinite float times 0 is NaN.
    bytes.fill(silence, 0, wholeSampleFrames(format, bytes.length));
    return;
  }
  // Floats go beyond full scale, and are clipped where they become integers.
  const least = full === 1 ? Infinity : full;
  const most = full === 1 ? Infinity : full - 1;
  eachSample(
    format,
    bytes,
    (view, at) =>
      write(view, at, Math.max(-least, Math.min(most, read(view, at) * gain))),
  );
}

/** The largest gain: 24 dB. */
const MAX_GAIN = 16;

/**
 * Converts interleaved PCM to one array of floats per channel, as audio devices
 * and browsers expect. 1 is full scale. Samples of up to 24 bits are exact;
 * larger ones are rounded to the nearest float.
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

/**
 * Converts interleaved floats to PCM, where 1 is full scale. Samples beyond it are
 * clipped where they become integers.
 *
 * @example
 * ```ts
 * import { fromFloats } from "./pcm.ts";
 * import assert from "node:assert/strict";
 *
 * const stereo = { encoding: "s16le", rate: 48000, channels: 2, bits: 16 } as const;
 * const pcm = fromFloats(stereo, Float32Array.of(0.5, -1));
 * assert.deepEqual(pcm, Uint8Array.of(0x00, 0x40, 0x00, 0x80));
 * ```
 */
export function fromFloats(
  format: PcmFormat,
  samples: Float32Array,
): Uint8Array<ArrayBuffer> {
  const { write, full } = CODECS[format.encoding];
  const [least, most] = full === 1 ? [-Infinity, Infinity] : [-full, full - 1];
  const step = format.bits / 8;
  const bytes = new Uint8Array(samples.length * step);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i++) {
    const value = samples[i] * full;
    write(view, i * step, Math.max(least, Math.min(most, value)));
  }
  return bytes;
}

/**
 * Interleaves planes for a number of channels. One plane is heard on both of two,
 * two planes are one's mean, and further channels than there are planes are silent.
 *
 * @example
 * ```ts
 * import { interleave } from "./pcm.ts";
 * import assert from "node:assert/strict";
 *
 * const [left, right] = [Float32Array.of(0, 1), Float32Array.of(1, 0.5)];
 * assert.deepEqual([...interleave([left, right], 2)], [0, 1, 1, 0.5]);
 * assert.deepEqual([...interleave([left, right], 1)], [0.5, 0.75]);
 * ```
 */
export function interleave(
  planes: readonly Float32Array[],
  channels: number,
): Float32Array {
  const [left, right] = planes;
  const samples = new Float32Array(left.length * channels);
  if (channels === 1 && right) {
    return samples.map((_, i) => (left[i] + right[i]) / 2);
  }
  for (let channel = 0; channel < channels; channel++) {
    const plane = right ? planes[channel] : channel < 2 ? left : undefined;
    if (!plane) continue;
    for (let i = 0; i < plane.length; i++) {
      samples[i * channels + channel] = plane[i];
    }
  }
  return samples;
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
