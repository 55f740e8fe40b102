/**
 * Writes CAF headers, in front of PCM piped to ffplay.
 *
 * @module
 */

import { type Encoding, type PcmFormat, sampleFrameBytes } from "./format.ts";

/** `mFormatFlags` of linear PCM: floating point, and little-endian. */
const FLAGS: Partial<Record<Encoding, number>> = {
  ...{ s16le: 2, s24le: 2, s32le: 2, f32le: 3, f64le: 3 },
};
const HEADER_BYTES = 68;

/**
 * Makes the header of a CAF file of unknown length: the file header, the chunk
 * `desc` with the format, and the head of the chunk `data`, big-endian. The PCM
 * goes behind it. It does not say which speakers channels have.
 *
 * FFmpeg reads 64 KiB of a WAV of integers before it plays it, because they may be
 * SPDIF (wavdec.c, `set_spdif`), and 4 KiB of a CAF.
 *
 * @returns Null if its samples are neither signed integers nor floating point.
 *
 * Source: Apple Core Audio Format Specification 1.0, "CAF File Header", "Audio
 * Description Chunk" and "Audio Data Chunk".
 *
 * @example CD audio
 * ```ts
 * import { cafHeader } from "./caf_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const header = cafHeader(cd)!;
 * assert.equal(header.length, 68);
 * assert.equal(new DataView(header.buffer).getFloat64(20), 44100);
 * ```
 */
export function cafHeader(format: PcmFormat): Uint8Array<ArrayBuffer> | null {
  const flags = FLAGS[format.encoding];
  if (flags === undefined) return null;
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  const put = (at: number, text: string) =>
    header.set(new TextEncoder().encode(text), at);
  put(0, "caff");
  view.setUint16(4, 1); // The version.
  put(8, "desc");
  view.setBigInt64(12, 32n);
  view.setFloat64(20, format.rate);
  put(28, "lpcm");
  view.setUint32(32, flags);
  view.setUint32(36, sampleFrameBytes(format));
  view.setUint32(40, 1); // Sample frames of a packet.
  view.setUint32(44, format.channels);
  view.setUint32(48, format.bits);
  put(52, "data");
  view.setBigInt64(56, -1n); // Up to the end.
  return header; // The last four bytes count edits: none.
}
