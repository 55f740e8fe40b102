/**
 * Plain PCM in AIFF and CAF files, which differs from that of WAV at most in its
 * byte order, so that no decoder is needed.
 *
 * @module
 */

import { CONTAINER_BITS, type Encoding } from "./format.ts";
import { latin1, type ReadableFile, readAt, viewOf } from "./readable_file.ts";

export interface PlainPcm {
  readonly encoding: Encoding;
  readonly isBigEndian: boolean;
  /** Whether 8-bit samples are signed, unlike those of WAV. */
  readonly isSigned8: boolean;
  readonly rate: number;
  readonly channels: number;
  readonly validBits: number;
  /** Its offset in the file. */
  readonly at: number;
  /** Sample frames that the file contains. */
  readonly sampleFrames: number;
}

/** PCM in a file; `coded`: another encoding in the same container. */
export type PlainOrCoded = PlainPcm | "coded" | null;

interface Chunk {
  readonly type: string;
  readonly from: number;
  /** Its declared length, which may exceed the file. */
  readonly bytes: number;
}

const MAX_CHUNKS = 10_000;

/** Chunks of AIFF (32-bit lengths, even offsets) or CAF (64-bit lengths). */
function* chunksOf(
  file: ReadableFile,
  from: number,
  isCaf: boolean,
): Generator<Chunk> {
  const headerBytes = isCaf ? 12 : 8;
  let at = from;
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const header = readAt(file, at, headerBytes);
    if (header.length < headerBytes) return;
    const view = viewOf(header);
    const high = isCaf ? view.getInt32(4) : 0;
    const low = view.getUint32(isCaf ? 8 : 4);
    const body = at + headerBytes;
    // The last chunk of a CAF may be of unknown length.
    const bytes = high < 0 ? file.bytes - body : high * 2 ** 32 + low;
    yield { type: latin1(header, 0, 4), from: body, bytes };
    at = body + bytes + (isCaf ? 0 : bytes % 2);
  }
}

/** Storage of one sample type in AIFF-C. */
interface SampleType {
  readonly encoding: Encoding | "by bits";
  readonly isBigEndian: boolean;
}

// "Audio Interchange File Format AIFF-C", Apple, 1991, and QuickTime's own types.
const AIFF_TYPES: Readonly<Record<string, SampleType>> = {
  NONE: { encoding: "by bits", isBigEndian: true },
  twos: { encoding: "by bits", isBigEndian: true },
  in24: { encoding: "s24le", isBigEndian: true },
  in32: { encoding: "s32le", isBigEndian: true },
  sowt: { encoding: "by bits", isBigEndian: false },
  fl32: { encoding: "f32le", isBigEndian: true },
  FL32: { encoding: "f32le", isBigEndian: true },
  fl64: { encoding: "f64le", isBigEndian: true },
  FL64: { encoding: "f64le", isBigEndian: true },
  alaw: { encoding: "alaw", isBigEndian: false },
  ALAW: { encoding: "alaw", isBigEndian: false },
  ulaw: { encoding: "mulaw", isBigEndian: false },
  ULAW: { encoding: "mulaw", isBigEndian: false },
};

const BY_BYTES: readonly Encoding[] = ["u8", "s16le", "s24le", "s32le"];

/** Reads an AIFF or AIFF-C; null: it is malformed. */
export function aiffPcm(file: ReadableFile): PlainOrCoded {
  const isCompressed = latin1(readAt(file, 8, 4)) === "AIFC";
  let common: DataView | null = null;
  let sound: Chunk | null = null;
  for (const chunk of chunksOf(file, 12, false)) {
    if (chunk.type === "COMM") common ??= viewOf(readAt(file, chunk.from, 22));
    if (chunk.type === "SSND") sound ??= chunk;
    if (common && sound) break;
  }
  if (!common || !sound || common.byteLength < 18) return null;
  const bits = common.getUint16(6);
  const name = isCompressed && common.byteLength >= 22
    ? latin1(new Uint8Array(common.buffer, common.byteOffset + 18, 4))
    : "NONE";
  const type = AIFF_TYPES[name];
  const width = Math.ceil(bits / 8);
  const encoding = type?.encoding === "by bits"
    ? BY_BYTES[width - 1]
    : type?.encoding;
  if (!encoding) return "coded";
  const isWhole = type.encoding === "by bits";
  const offset = readAt(file, sound.from, 4);
  if (offset.length < 4) return null;
  return located(file, {
    encoding,
    isBigEndian: type.isBigEndian,
    isSigned8: true,
    rate: extended(common, 8),
    channels: common.getUint16(0),
    validBits: isWhole ? bits : CONTAINER_BITS[encoding],
    at: sound.from + 8 + viewOf(offset).getUint32(0),
    end: sound.from + sound.bytes,
    declared: common.getUint32(2),
  });
}

// kCAFLinearPCMFormatFlags ("Apple Core Audio Format Specification 1.0").
const CAF_FLOAT = 1;
const CAF_LITTLE_ENDIAN = 2;

/** Reads a CAF; null: it is malformed. */
export function cafPcm(file: ReadableFile): PlainOrCoded {
  let about: DataView | null = null;
  let data: Chunk | null = null;
  for (const chunk of chunksOf(file, 8, true)) {
    if (chunk.type === "desc") about ??= viewOf(readAt(file, chunk.from, 32));
    if (chunk.type === "data") data ??= chunk;
    if (about && data) break;
  }
  if (!about || about.byteLength < 32) return null;
  const type = latin1(new Uint8Array(about.buffer, about.byteOffset + 8, 4));
  const bits = about.getUint32(28);
  const flags = about.getUint32(12);
  const channels = about.getUint32(24);
  const width = about.getUint32(16) / channels;
  const encoding = type === "lpcm"
    ? flags & CAF_FLOAT
      ? ({ 4: "f32le", 8: "f64le" } as const)[width]
      : BY_BYTES[width - 1]
    : ({ alaw: "alaw", ulaw: "mulaw" } as const)[type];
  if (!encoding) return "coded";
  if (!data) return null;
  return located(file, {
    encoding,
    isBigEndian: (flags & CAF_LITTLE_ENDIAN) === 0,
    isSigned8: true,
    rate: Math.round(about.getFloat64(0)),
    channels,
    validBits: type === "lpcm" ? bits : 8,
    // The edit count precedes the PCM.
    at: data.from + 4,
    end: data.from + data.bytes,
    declared: Infinity,
  });
}

/**
 * The audible part of a CAF with packets, by its packet table.
 *
 * @returns null: it has none.
 */
export function cafPackets(
  file: ReadableFile,
): { firstFrame: number; sampleFrames: number } | null {
  for (const chunk of chunksOf(file, 8, true)) {
    if (chunk.type !== "pakt") continue;
    const table = viewOf(readAt(file, chunk.from, 24));
    if (table.byteLength < 24) return null;
    const sampleFrames = table.getUint32(8) * 2 ** 32 + table.getUint32(12);
    return { firstFrame: table.getUint32(16), sampleFrames };
  }
  return null;
}

function located(
  file: ReadableFile,
  { end, declared, ...pcm }: Omit<PlainPcm, "sampleFrames"> & {
    end: number;
    declared: number;
  },
): PlainPcm | null {
  const frameBytes = pcm.channels * CONTAINER_BITS[pcm.encoding] / 8;
  const isSane = pcm.channels > 0 && pcm.rate > 0 && pcm.validBits > 0 &&
    pcm.validBits <= CONTAINER_BITS[pcm.encoding];
  if (!isSane) return null;
  const held = Math.max(0, Math.min(end, file.bytes) - pcm.at);
  const sampleFrames = Math.min(declared, Math.floor(held / frameBytes));
  return { ...pcm, sampleFrames };
}

/** An 80-bit float of IEEE 754, rounded down to a whole number. */
function extended(view: DataView, at: number): number {
  const exponent = (view.getUint16(at) & 0x7fff) - 16_383 - 31;
  const mantissa = view.getUint32(at + 2) + view.getUint32(at + 6) / 2 ** 32;
  return Math.round(mantissa * 2 ** exponent);
}

/** Converts PCM of a file to that of WAV, in place. */
export function toWavOrder(pcm: PlainPcm, bytes: Uint8Array): void {
  const width = CONTAINER_BITS[pcm.encoding] / 8;
  if (pcm.encoding === "u8" && pcm.isSigned8) {
    for (let i = 0; i < bytes.length; i++) bytes[i] ^= 0x80;
  }
  if (!pcm.isBigEndian || width === 1) return;
  for (let at = 0; at + width <= bytes.length; at += width) {
    for (let low = at, high = at + width - 1; low < high; low++, high--) {
      const byte = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = byte;
    }
  }
}
