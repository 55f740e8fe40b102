/**
 * Detects compressed audio in a WAV file labelled PCM, which would play as noise:
 * IEC 61937 bursts, meant for S/PDIF, DTS as on CDs, and raw frames of other
 * codecs. It runs before a song is accepted.
 *
 * @module
 */

import { codingInFrames, isAnother } from "./coded_frames.ts";
import type { PcmFormat } from "./format.ts";
import { unsupported } from "./wav_fmt.ts";

/**
 * Bytes of PCM that suffice to detect any codec. Bursts are up to 61,440 bytes
 * apart.
 */
export const CODED_LOOK_BYTES = 64 * 1024;

/** A codec in bursts, and the distances between them. */
interface Coding {
  name: string;
  /** In bytes. */
  distances: readonly number[];
}

/**
 * Bursts by the low five bits of their data type (IEC 61937-2, table 2, and the
 * part on each codec, which gives distances in sample frames of 4 bytes).
 */
const BURSTS: Readonly<Record<number, Coding>> = {
  1: { name: "AC-3", distances: [6144] },
  4: { name: "MP1", distances: [1536] },
  5: { name: "MP2 or MP3", distances: [4608] },
  6: { name: "MPEG-2", distances: [4608] },
  7: { name: "AAC", distances: [4096] },
  8: { name: "MPEG-2", distances: [3072] },
  9: { name: "MPEG-2", distances: [9216, 4608] },
  11: { name: "DTS", distances: [2048] },
  12: { name: "DTS", distances: [4096] },
  13: { name: "DTS", distances: [8192] },
  14: { name: "ATRAC", distances: [2048] },
  17: { name: "DTS-HD", distances: [2048, 4096, 8192, 16384, 32768] },
  21: { name: "E-AC-3", distances: [24576] },
  22: { name: "TrueHD", distances: [61440] },
};
/** The preamble of a burst, in either byte order. */
const PREAMBLES = [
  { bytes: [0x72, 0xF8, 0x1F, 0x4E], typeAt: 4 },
  { bytes: [0xF8, 0x72, 0x4E, 0x1F], typeAt: 5 },
];

/**
 * The start of a DTS frame, in 16-bit and 14-bit words and either byte order
 * (ETSI TS 102 114): the sync word, and a later byte of which some bits are always
 * set.
 */
const DTS_SYNCS = [
  { bytes: [0x7F, 0xFE, 0x80, 0x01], setAt: 4, set: 0xFC },
  { bytes: [0xFE, 0x7F, 0x01, 0x80], setAt: 5, set: 0xFC },
  { bytes: [0x1F, 0xFF, 0xE8, 0x00, 0x07], setAt: 5, set: 0xF0 },
  { bytes: [0xFF, 0x1F, 0x00, 0xE8], setAt: 4, set: 0xF0 },
];
/** Bytes of the shortest DTS frame. */
const LEAST_DTS_BYTES = 96;

/**
 * The codec of compressed audio in the data; null if none is found.
 *
 * @param pcm The first bytes, ideally {@linkcode CODED_LOOK_BYTES}.
 *
 * @example Two bursts
 * ```ts
 * import { codingInPcm } from "./coded_pcm.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 48000, channels: 2, bits: 16 } as const;
 * const pcm = new Uint8Array(6152);
 * for (const at of [0, 6144]) pcm.set([0x72, 0xF8, 0x1F, 0x4E, 1], at);
 * assert.equal(codingInPcm(cd, pcm), "AC-3 for S/PDIF (IEC 61937)");
 * assert.equal(codingInPcm(cd, pcm.subarray(1000)), null);
 * ```
 */
export function codingInPcm(format: PcmFormat, pcm: Uint8Array): string | null {
  if (!mayHoldCoding(format)) return null;
  for (const { bytes, typeAt } of PREAMBLES) {
    for (const at of placesOf(bytes, pcm)) {
      const burst = BURSTS[pcm[at + typeAt] & 0x1F];
      const isBurst = (place: number) =>
        isAt(bytes, pcm, place) && pcm[place + typeAt] === pcm[at + typeAt];
      if (burst?.distances.some((distance) => isBurst(at + distance))) {
        return `${burst.name} for S/PDIF (IEC 61937)`;
      }
    }
  }
  return hasDts(pcm) ? "DTS" : codingInFrames(pcm);
}

/** Whether compressed audio could be labelled as this format. */
export function mayHoldCoding({ encoding, channels }: PcmFormat): boolean {
  return encoding === "s16le" && channels % 2 === 0;
}

/**
 * Checks that data is PCM.
 *
 * @param pcm The first bytes.
 * @param offset Their offset from the start of the file, for the error.
 * @throws {UnsupportedWavError} if it is compressed audio.
 */
export function checkCoding(
  format: PcmFormat,
  pcm: Uint8Array,
  offset: number,
): void {
  const coding = codingInPcm(format, pcm);
  if (coding) throw unsupported(`${coding} in place of PCM`, "PCM", offset);
}

/**
 * Most leading silence to skip before looking for a codec, in bytes. A recording
 * from a cable often starts before the player does.
 */
export const MOST_SILENCE_BYTES = 1024 * 1024;

/** Counts leading zero bytes. */
export function silentBytes(pcm: Uint8Array): number {
  const sound = pcm.findIndex((byte) => byte !== 0);
  return sound === -1 ? pcm.length : sound;
}

/** Bytes of a stream to examine, enough for the common codecs. */
const STREAM_LOOK_BYTES = 16 * 1024;

/** Examines the start of streamed PCM, split in any way, behind leading silence. */
export class CodingLook {
  readonly #format: PcmFormat;
  readonly #offset: number;
  #begin: Uint8Array | null;
  #bytes = 0;
  #silentBytes = 0;

  /** @param offset Offset of the PCM from the start of the stream. */
  constructor(format: PcmFormat, offset: number) {
    this.#format = format;
    this.#offset = offset;
    this.#begin = mayHoldCoding(format)
      ? new Uint8Array(STREAM_LOOK_BYTES)
      : null;
  }

  /** Examines more PCM. @throws {UnsupportedWavError} if it is compressed audio. */
  see(pcm: Uint8Array): void {
    const begin = this.#begin;
    if (begin === null) return;
    if (this.#bytes === 0) pcm = this.#behindSilence(pcm);
    const piece = pcm.subarray(0, begin.length - this.#bytes);
    begin.set(piece, this.#bytes);
    this.#bytes += piece.length;
    if (this.#bytes < begin.length) return;
    this.#begin = null;
    checkCoding(this.#format, begin, this.#offset);
  }

  #behindSilence(pcm: Uint8Array): Uint8Array {
    const silent = silentBytes(pcm);
    this.#silentBytes += silent;
    // Kept bytes begin at a whole word, whose first byte may be 0.
    if (silent < pcm.length) this.#bytes = this.#silentBytes % 2;
    return pcm.subarray(silent);
  }
}

/** Whether there are three successive DTS frames of equal length. */
function hasDts(pcm: Uint8Array): boolean {
  return DTS_SYNCS.some(({ bytes, setAt, set }) => {
    const isFrame = (at: number) =>
      isAt(bytes, pcm, at) && (pcm[at + setAt] & set) === set;
    let before = -Infinity;
    for (const at of placesOf(bytes, pcm)) {
      if (!isFrame(at)) continue;
      const distance = at - before;
      if (
        distance >= LEAST_DTS_BYTES && isFrame(at + distance) &&
        isAnother(pcm, before, at) && isAnother(pcm, at, at + distance)
      ) return true;
      before = at;
    }
    return false;
  });
}

/** The offsets of all occurrences of `bytes`. */
function* placesOf(bytes: number[], pcm: Uint8Array): Generator<number> {
  let at = pcm.indexOf(bytes[0]);
  while (at !== -1) {
    if (isAt(bytes, pcm, at)) yield at;
    at = pcm.indexOf(bytes[0], at + 1);
  }
}

function isAt(bytes: number[], pcm: Uint8Array, at: number): boolean {
  return bytes.every((byte, i) => pcm[at + i] === byte);
}
