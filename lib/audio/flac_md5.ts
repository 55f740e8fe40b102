/**
 * The form of PCM over which FLAC computes its MD5 (RFC 9639, section 8.2): as in a
 * WAV if all bits are valid, otherwise signed and in the lower bits.
 *
 * @module
 */

import { CONTAINER_BITS, type Encoding } from "./format.ts";

/**
 * Converts PCM to the bytes covered by the MD5 in STREAMINFO.
 *
 * @param pcm Whole samples as decoded; not modified.
 * @returns The same array if the bytes are equal.
 *
 * @example 12 bits in the upper bits of 16
 * ```ts
 * import { flacMd5Bytes } from "./flac_md5.ts";
 * import assert from "node:assert/strict";
 *
 * const format = { encoding: "s16le", validBits: 12 } as const;
 * const bytes = flacMd5Bytes(new Uint8Array([0x30, 0xf2]), format);
 * assert.deepEqual([...bytes], [0x23, 0xff]);
 * ```
 */
export function flacMd5Bytes(
  pcm: Uint8Array,
  { encoding, validBits }: { encoding: Encoding; validBits: number },
): Uint8Array {
  if (encoding === "u8") return pcm.map((byte) => byte ^ 0x80);
  const bits = CONTAINER_BITS[encoding];
  if (validBits === bits) return pcm;
  const width = bits / 8;
  const lowered = new Uint8Array(pcm.length);
  for (let at = 0; at + width <= pcm.length; at += width) {
    let sample = 0;
    for (let i = 0; i < width; i++) {
      sample |= pcm[at + i] << 8 * (4 - width + i);
    }
    sample >>= 32 - validBits;
    for (let i = 0; i < width; i++) lowered[at + i] = sample >> 8 * i;
  }
  return lowered;
}
