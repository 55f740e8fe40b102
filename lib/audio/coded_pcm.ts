/**
 * Tells whether what a WAV file calls PCM is another coding, which would be
 * heard as noise: bursts of IEC 61937, made for a digital cable, DTS as it lies
 * on CDs, and bare frames of others. It is asked before a song is taken for one.
 *
 * @module
 */

import { codingInFrames, isAnother } from "./coded_frames.ts";
import type { PcmFormat } from "./format.ts";
import { unsupported } from "./wav_fmt.ts";

/**
 * Bytes of PCM that are enough to tell; fewer may be. The longest distance of
 * two bursts is 61,440.
 */
export const CODED_LOOK_BYTES = 64 * 1024;

/** What begins each piece of a coding, and the distances that pieces have. */
interface Coding {
  name: string;
  /** In bytes. */
  distances: readonly number[];
}

/**
 * Bursts by the low five bits of their data type (IEC 61937-2, table 2, and the
 * parts for each coding): so many sample frames of 4 bytes apart.
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
/** The preamble of a burst, in words of either order. */
const PREAMBLES = [
  { bytes: [0x72, 0xF8, 0x1F, 0x4E], typeAt: 4 },
  { bytes: [0xF8, 0x72, 0x4E, 0x1F], typeAt: 5 },
];

/**
 * How frames of DTS begin, in words of 16 bits and of 14, in either order (ETSI
 * TS 102 114): the sync word, and a byte behind it, of
 * which some bits are always set.
 */
const DTS_SYNCS = [
  { bytes: [0x7F, 0xFE, 0x80, 0x01], setAt: 4, set: 0xFC },
  { bytes: [0xFE, 0x7F, 0x01, 0x80], setAt: 5, set: 0xFC },
  { bytes: [0x1F, 0xFF, 0xE8, 0x00, 0x07], setAt: 5, set: 0xF0 },
  { bytes: [0xFF, 0x1F, 0x00, 0xE8], setAt: 4, set: 0xF0 },
];
/** The shortest frame, in bytes. */
const LEAST_DTS_BYTES = 96;

/**
 * The coding that lies in PCM; null: none is seen.
 *
 * @param pcm Its first bytes, at best {@linkcode CODED_LOOK_BYTES}.
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

/** Whether it is PCM of the kind that codings are put into. */
export function mayHoldCoding({ encoding, channels }: PcmFormat): boolean {
  return encoding === "s16le" && channels % 2 === 0;
}

/**
 * Checks that PCM is any.
 *
 * @param pcm Its first bytes.
 * @param offset Byte of the file at which it begins, for the error.
 * @throws {UnsupportedWavError} if it is another coding.
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
 * Silence that a coding is looked for behind, in bytes: what was recorded off a
 * cable begins before the player does.
 */
export const MOST_SILENCE_BYTES = 1024 * 1024;

/** Bytes of silence that PCM begins with. */
export function silentBytes(pcm: Uint8Array): number {
  const sound = pcm.findIndex((byte) => byte !== 0);
  return sound === -1 ? pcm.length : sound;
}

/** Bytes of a stream that are looked at: enough for what is usual. */
const STREAM_LOOK_BYTES = 16 * 1024;

/** Looks at the begin of PCM that streams by, in any split, behind its silence. */
export class CodingLook {
  readonly #format: PcmFormat;
  readonly #offset: number;
  #begin: Uint8Array | null;
  #bytes = 0;
  #silentBytes = 0;

  /** @param offset Byte of the stream at which the PCM begins. */
  constructor(format: PcmFormat, offset: number) {
    this.#format = format;
    this.#offset = offset;
    this.#begin = mayHoldCoding(format)
      ? new Uint8Array(STREAM_LOOK_BYTES)
      : null;
  }

  /** Sees the next PCM. @throws {UnsupportedWavError} if it is none. */
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
    // What is kept begins with a whole word, of which the first byte may be 0.
    if (silent < pcm.length) this.#bytes = this.#silentBytes % 2;
    return pcm.subarray(silent);
  }
}

/** Whether there are three frames of one length in a row. */
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

/** Where so many bytes lie. */
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
