/**
 * The metadata and frame headers of FLAC (RFC 9639, sections 8 and 9.1), as far as
 * needed to find a song's length and to start decoding at any frame.
 *
 * @module
 */

import {
  FileCursor,
  latin1,
  type ReadableFile,
  readAt,
  viewOf,
} from "./readable_file.ts";
import type { SongBounds } from "./song_bounds.ts";

/** STREAMINFO, and the place of the first frame. */
export interface FlacInfo {
  readonly rate: number;
  readonly channels: number;
  readonly bits: number;
  readonly minBlock: number;
  readonly maxBlock: number;
  /** Sample frames; null: unknown. */
  readonly sampleFrames: number | null;
  /** Of the PCM, in hexadecimal digits; null: unknown. */
  readonly md5: string | null;
  /** The block itself, without header. */
  readonly bytes: readonly number[];
  /** Offset of the first byte after the metadata. */
  readonly framesAt: number;
}

/** A frame, as described by its header. */
export interface FlacFrame {
  readonly at: number;
  /** Its first sample frame, and the one after its last. */
  readonly from: number;
  readonly to: number;
}

const STREAMINFO_BYTES = 34;
const MAX_BLOCKS = 1_024;
/** Most bytes of a frame header. */
const MAX_HEADER = 16;
/** Bytes searched for a header at once. */
const STEP = 32 * 1024;
/** Most bytes of a frame, rarely reached even by 65,535 samples of 8 channels. */
const MAX_FRAME = 2 * 1024 * 1024;
/** Bytes of the smallest frame, minus one. */
const MIN_FRAME = 8;

/** Reads the metadata; null: it is not FLAC. */
export function flacInfo(
  file: ReadableFile,
  bounds: SongBounds,
): FlacInfo | null {
  const head = readAt(file, bounds.from, 8 + STREAMINFO_BYTES);
  if (head.length < 8 + STREAMINFO_BYTES || latin1(head, 0, 4) !== "fLaC") {
    return null;
  }
  if ((head[4] & 0x7f) !== 0) return null;
  const bytes = Uint8Array.from(head.subarray(8));
  const view = viewOf(bytes);
  const high = view.getUint32(10);
  const total = (view.getUint8(13) & 15) * 2 ** 32 + view.getUint32(14);
  const md5 = Array.from(
    bytes.subarray(18),
    (it) => it.toString(16).padStart(2, "0"),
  ).join("");
  return {
    rate: high >>> 12,
    channels: (high >>> 9 & 7) + 1,
    bits: (high >>> 4 & 31) + 1,
    minBlock: view.getUint16(0),
    maxBlock: view.getUint16(2),
    sampleFrames: total === 0 ? null : total,
    md5: /^0+$/.test(md5) ? null : md5,
    bytes: [...bytes],
    framesAt: endOfMetadata(file, bounds.from + 4),
  };
}

function endOfMetadata(file: ReadableFile, from: number): number {
  let at = from;
  for (let i = 0; i < MAX_BLOCKS; i++) {
    const header = readAt(file, at, 4);
    if (header.length < 4) break;
    at += 4 + (header[1] << 16 | header[2] << 8 | header[3]);
    if ((header[0] & 0x80) !== 0) break;
  }
  return Math.min(at, file.bytes);
}

/** The bytes that a decoder needs before frames: signature and STREAMINFO without a length. */
export function flacHead(info: FlacInfo): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(8 + STREAMINFO_BYTES);
  head.set([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, STREAMINFO_BYTES]);
  head.set(info.bytes, 8);
  // Frame sizes and the number of samples may be wrong; 0 means unknown.
  head.fill(0, 8 + 4, 8 + 10);
  head[8 + 13] &= 0xf0;
  head.fill(0, 8 + 14);
  return head;
}

/**
 * Finds the frame that contains a sample frame, by bisection.
 *
 * @returns null: no frame is at or before it.
 */
export function findFlacFrame(
  file: ReadableFile,
  bounds: SongBounds,
  info: FlacInfo,
  sampleFrame: number,
): FlacFrame | null {
  const cursor = new FileCursor(file, bounds.to, 2 * STEP);
  let low = frameFrom(cursor, info.framesAt, bounds.to, info);
  if (low === null || low.from > sampleFrame) return null;
  let high = bounds.to;
  while (low.to <= sampleFrame && high - low.at > 1) {
    const middle = Math.floor((low.at + high) / 2);
    const found = frameFrom(cursor, Math.max(middle, low.at + 1), high, info);
    if (found === null || found.from > sampleFrame) {
      // Near the end of the search, frames are examined one by one.
      if (middle <= low.at + 1) break;
      high = middle;
    } else if (found.from >= low.to) {
      low = found;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The last frames of the song, in order. */
export function lastFlacFrames(
  file: ReadableFile,
  bounds: SongBounds,
  info: FlacInfo,
): FlacFrame[] {
  for (let bytes = STEP; bytes <= MAX_FRAME; bytes *= 8) {
    const from = Math.max(info.framesAt, bounds.to - bytes);
    const cursor = new FileCursor(file, bounds.to, Math.max(bytes, STEP));
    const found: FlacFrame[] = [];
    let at = from;
    for (let it; (it = frameFrom(cursor, at, bounds.to, info));) {
      found.push(it);
      at = it.at + 1;
    }
    if (found.length > 1 || from === info.framesAt) return found;
  }
  return [];
}

/**
 * Possible ends of a frame by its checksum (section 9.3): a given byte if the
 * checksum matches there, otherwise each byte where it matches, which happens by
 * chance at one in 65,536.
 */
export function flacFrameEnds(
  file: ReadableFile,
  from: number,
  to: number,
): number[] {
  const bytes = readAt(file, from, Math.min(MAX_FRAME, to - from));
  const ends: number[] = [];
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) {
    crc = (crc << 8 ^ CRC16[crc >>> 8 ^ bytes[i]]) & 0xffff;
    if (crc === 0 && i >= MIN_FRAME) ends.push(from + i + 1);
  }
  return ends.at(-1) === to ? [to] : ends;
}

/** The first frame with a header in a range of bytes. */
function frameFrom(
  cursor: FileCursor,
  from: number,
  to: number,
  info: FlacInfo,
): FlacFrame | null {
  for (let start = from; start < to; start += STEP) {
    const length = Math.min(STEP + MAX_HEADER, cursor.end - start);
    const bytes = cursor.view(start, length);
    if (bytes === null) return null;
    const last = Math.min(STEP, to - start);
    for (let i = bytes.indexOf(0xff); i >= 0 && i < last;) {
      const frame = frameAt(bytes.subarray(i, i + MAX_HEADER), info);
      if (frame) return { at: start + i, ...frame };
      i = bytes.indexOf(0xff, i + 1);
    }
  }
  return null;
}

const RATES = [
  ...[0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000],
  ...[32_000, 44_100, 48_000, 96_000],
];
const BITS = [0, 8, 12, -1, 16, 20, 24, 32];

/** Parses a frame header; null: it cannot belong to this song. */
function frameAt(
  b: Uint8Array,
  info: FlacInfo,
): { from: number; to: number } | null {
  if (b.length < 6 || b[0] !== 0xff || (b[1] & 0xfe) !== 0xf8) return null;
  const blockCode = b[2] >> 4;
  const rateCode = b[2] & 15;
  const channels = b[3] >> 4;
  const bits = BITS[b[3] >> 1 & 7];
  if (blockCode === 0 || rateCode === 15 || (b[3] & 1) !== 0) return null;
  if (bits !== 0 && bits !== info.bits) return null;
  if (rateCode > 0 && rateCode < 12 && RATES[rateCode] !== info.rate) {
    return null;
  }
  if (channels > 10 || (channels > 7 ? 2 : channels + 1) !== info.channels) {
    return null;
  }
  const number = codedNumber(b);
  if (number === null) return null;
  let at = 4 + number.bytes;
  let block = BLOCKS[blockCode];
  if (blockCode === 6) block = b[at++] + 1;
  if (blockCode === 7) block = (b[at++] << 8 | b[at++]) + 1;
  at += [1, 2, 2][rateCode - 12] ?? 0;
  if (at >= b.length || crc8(b, at) !== b[at]) return null;
  // If all blocks have the same size, frames are numbered, otherwise sample frames.
  const isNumbered = (b[1] & 1) === 0;
  const size = info.minBlock === info.maxBlock ? info.minBlock : block;
  const from = isNumbered ? number.value * size : number.value;
  return block > 0 ? { from, to: from + block } : null;
}

const BLOCKS = [
  ...[0, 192, 576, 1152, 2304, 4608, 0, 0],
  ...[256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768],
];

/** A number of up to 36 bits, coded like a UTF-8 character (section 9.1.5). */
function codedNumber(
  b: Uint8Array,
): { value: number; bytes: number } | null {
  const bytes = Math.clz32(~(b[4] << 24));
  if (bytes === 0) return { value: b[4], bytes: 1 };
  if (bytes === 1 || bytes > 7 || 4 + bytes > b.length) return null;
  let value = b[4] & (0x7f >> bytes);
  for (let i = 1; i < bytes; i++) {
    if ((b[4 + i] & 0xc0) !== 0x80) return null;
    value = value * 64 + (b[4 + i] & 0x3f);
  }
  return { value, bytes };
}

function crc8(bytes: Uint8Array, length: number): number {
  let crc = 0;
  for (let i = 0; i < length; i++) crc = CRC8[crc ^ bytes[i]];
  return crc;
}

function crcTable(polynomial: number, bits: number): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, i) => {
    let crc = i << (bits - 8);
    for (let bit = 0; bit < 8; bit++) {
      crc = crc << 1 ^ (crc >> (bits - 1) & 1 ? polynomial : 0);
    }
    return crc & (1 << bits) - 1;
  });
}

const CRC8 = crcTable(0x07, 8);
const CRC16 = crcTable(0x8005, 16);
