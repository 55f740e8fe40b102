/**
 * The `fmt ` chunk of a WAV file: parsing it, and the format tag of each
 * encoding. Reading and writing headers, at both ends of the walk, share it.
 *
 * @module
 */

import { NotWavError, UnsupportedWavError } from "../errors.ts";
import { CONTAINER_BITS, type Encoding, type PcmFormat } from "./format.ts";

/** Most bytes of a `fmt ` chunk that matter: those of an extensible one. */
export const EXTENSIBLE_BYTES = 40;
/** Fewest bytes of a `fmt ` chunk: a `WAVEFORMAT`, without a bit depth. */
export const LEAST_FMT_BYTES = 14;

/**
 * Parses the body of a `fmt ` chunk of at least 14 bytes; bytes from 40 on are
 * ignored. If a plain one has a bit depth below its container size, that is the
 * number of valid bits.
 *
 * @param offset Offset of the body from the start of the file, for errors.
 * @throws {NotWavError} if its values contradict each other.
 * @throws {UnsupportedWavError} if the format is not supported.
 *
 * @example Reads what `wavHeader()` writes
 * ```ts
 * import { readFmt } from "./wav_fmt.ts";
 * import { wavHeader } from "./wav_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const header = wavHeader(cd, null);
 * assert.deepEqual(readFmt(new DataView(header.buffer, 20, 16), 20), cd);
 * ```
 */
export function readFmt(fmt: DataView, offset: number): PcmFormat {
  const extensible = fmt.getUint16(0, true) === EXTENSIBLE_TAG;
  const tag = extensible ? guidTag(fmt, offset) : fmt.getUint16(0, true);
  const name = TAG_NAMES[tag] ?? "unknown coding";
  const encodings = ENCODINGS.filter((it) => FORMAT_TAGS[it] === tag);
  if (encodings.length === 0) {
    const found = `${name} (format tag 0x${hex(tag, 4)})`;
    throw unsupported(found, "PCM, float, A-law or mu-law", offset);
  }
  const channels = fmt.getUint16(2, true);
  const rate = fmt.getUint32(4, true);
  const statedBits = fmt.byteLength < 16 ? 0 : fmt.getUint16(14, true);
  checkField("channels", channels, MAX_CHANNELS, offset + 2);
  checkField("Hz", rate, MAX_RATE_HZ, offset + 4);
  if (!extensible && isScaledFloat(fmt)) {
    throw unsupported("16.8 float of Cool Edit", "PCM", offset + 14);
  }
  const bits = containerBits(
    tag,
    fmt.getUint16(12, true) / channels,
    statedBits,
  );
  if (bits % 8 !== 0 || bits === 0) {
    throw notWav(
      `${statedBits} bits`,
      "1 to 64, or a block align",
      offset + 14,
    );
  }
  const encoding = encodings.find((it) => CONTAINER_BITS[it] === bits);
  if (!encoding) {
    throw unsupported(`${bits}-bit ${name}`, encodings.join(", "), offset + 14);
  }
  const validBits = extensible && fmt.getUint16(18, true) || statedBits;
  const channelMask = extensible ? fmt.getUint32(20, true) : 0;
  return {
    ...{ encoding, rate, channels, bits },
    // All bits of floats and G.711 codes are valid, whatever the file claims.
    ...(isInteger(tag) && validBits > 0 && validBits < bits && { validBits }),
    ...(channelMask > 0 && { channelMask }),
  };
}

/**
 * Bits of a stored sample. Many writers get the block align wrong, so the bit
 * depth counts, as in FFmpeg. The block align counts if the bit depth is 0 or not
 * a multiple of 8, and for the common case of 24 bits in 32.
 */
function containerBits(
  tag: number,
  blockBytes: number,
  statedBits: number,
): number {
  if (tag === FORMAT_TAGS.alaw || tag === FORMAT_TAGS.mulaw) return 8;
  const blockBits = 8 * blockBytes;
  if (statedBits === 0) return blockBits;
  const wholeBits = 8 * Math.ceil(statedBits / 8);
  const isWider = Number.isInteger(blockBytes) && blockBits > wholeBits &&
    (statedBits % 8 !== 0 || statedBits === 24 && blockBits === 32);
  return isInteger(tag) && isWider ? blockBits : wholeBits;
}

/**
 * Whether samples are 32-bit floats with full scale at 2^15 under the tag of
 * integers, as Cool Edit wrote them, with its own extension of the chunk.
 */
function isScaledFloat(fmt: DataView): boolean {
  return fmt.byteLength >= 20 && isInteger(fmt.getUint16(0, true)) &&
    fmt.getUint16(14, true) === 32 && fmt.getUint16(16, true) === 2 &&
    fmt.getUint16(18, true) === 1;
}

/** The format tag at the start of an extensible format's GUID. */
function guidTag(fmt: DataView, offset: number): number {
  if (fmt.byteLength < EXTENSIBLE_BYTES) {
    const expected = `${EXTENSIBLE_BYTES} for an extensible one`;
    throw notWav(`"fmt " of ${fmt.byteLength} bytes`, expected, offset - 4);
  }
  const guid = new Uint8Array(fmt.buffer, fmt.byteOffset + 24, 16);
  const family = String.fromCharCode(...guid.subarray(4));
  if (family === TAG_GUID || family === AMBISONIC_GUID) {
    return fmt.getUint32(24, true);
  }
  const bytes = Array.from(guid, (byte) => hex(byte, 2)).join("");
  const found = `${
    GUID_NAMES[bytes] ?? "unknown"
  } sub-format of bytes ${bytes}`;
  throw unsupported(found, "the GUID of a format tag", offset + 24);
}

/** Most channels supported. */
export const MAX_CHANNELS = 64;
/** Highest sample rate supported. */
export const MAX_RATE_HZ = 768_000;
/** The `wFormatTag` of an extensible format, whose GUID has the actual tag. */
export const EXTENSIBLE_TAG = 0xFFFE;
/** The bytes behind the tag of xxxxxxxx-0000-0010-8000-00AA00389B71. */
export const TAG_GUID = "\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71";
/** The same of xxxxxxxx-0721-11D3-8644-C8C1CA000000: ambisonic B-format. */
const AMBISONIC_GUID = "\x21\x07\xD3\x11\x86\x44\xC8\xC1\xCA\0\0\0";
/** Codecs with their own GUID, from FFmpeg's riff.c. */
const GUID_NAMES: Readonly<Record<string, string>> = {
  "2c806de046dbcf11b4d100805f6cbbea": "AC-3",
  "2b806de046dbcf11b4d100805f6cbbea": "MPEG",
  "af87fba7022dfb42a4d405cd93843bdd": "E-AC-3",
  "bfaa23e958cb7144a119fffa01e4ce62": "ATRAC3+",
};

/** The `wFormatTag` of each encoding (RFC 2361, appendix A). */
// deno-fmt-ignore
export const FORMAT_TAGS: Readonly<Record<Encoding, number>> = {
  u8: 1, s16le: 1, s24le: 1, s32le: 1, f32le: 3, f64le: 3, alaw: 6, mulaw: 7,
};
const ENCODINGS = Object.keys(FORMAT_TAGS) as Encoding[];
// Names of these and other tags, from the same appendix and FFmpeg's riff.c.
// deno-fmt-ignore
const TAG_NAMES: Readonly<Record<number, string>> = {
  0x0001: "PCM", 0x0002: "MS ADPCM", 0x0003: "float", 0x0006: "A-law",
  0x0007: "mu-law", 0x0008: "DTS", 0x000A: "WMA Voice", 0x0010: "OKI ADPCM",
  0x0011: "IMA ADPCM", 0x0014: "G.723 ADPCM", 0x0017: "Dialogic OKI ADPCM",
  0x0020: "Yamaha ADPCM", 0x0022: "TrueSpeech", 0x0031: "GSM 6.10",
  0x0040: "G.721 ADPCM", 0x0042: "G.723.1", 0x0045: "G.726 ADPCM",
  0x0050: "MPEG", 0x0055: "MP3", 0x0057: "AMR", 0x0058: "AMR-WB",
  0x0061: "Duck DK4 ADPCM", 0x0062: "Duck DK3 ADPCM", 0x0064: "G.726 ADPCM",
  0x0069: "IMA ADPCM", 0x0075: "VoxWare", 0x0083: "G.729",
  0x0092: "Dolby AC-3 over S/PDIF", 0x00FF: "AAC", 0x0160: "WMA 1",
  0x0161: "WMA 2", 0x0162: "WMA Pro", 0x0163: "WMA Lossless",
  0x0164: "WMA over S/PDIF", 0x0200: "Creative ADPCM", 0x0270: "ATRAC3",
  0x1600: "AAC", 0x1602: "AAC", 0x1610: "AAC", 0x2000: "AC-3", 0x2001: "DTS",
  0x2048: "Sonic", 0x566F: "Vorbis", 0x674F: "Vorbis", 0x6750: "Vorbis",
  0x6751: "Vorbis", 0x676F: "Vorbis", 0x6770: "Vorbis", 0x6771: "Vorbis",
  0x704F: "Opus", 0x7A21: "AMR", 0xA106: "AAC", 0xA109: "Speex",
  0xF1AC: "FLAC",
};

/** Whether a tag means integer PCM, which may have fewer valid bits. */
export function isInteger(tag: number): boolean {
  return tag === FORMAT_TAGS.s16le;
}

function checkField(unit: string, value: number, most: number, at: number) {
  if (value === 0) throw notWav(`0 ${unit}`, `1 to ${most}`, at);
  if (value > most) throw unsupported(`${value} ${unit}`, `1 to ${most}`, at);
}

/** Makes the error for a file that is malformed at an offset. */
export function notWav(
  found: string,
  expected: string,
  offset: number,
): NotWavError {
  const message = `Cannot read WAV: ${found}, expected ${expected}`;
  return new NotWavError(message, offset);
}

/** Makes the error for a file that is unsupported because of an offset's value. */
export function unsupported(
  found: string,
  expected: string,
  offset: number,
): UnsupportedWavError {
  const message = `Cannot play WAV: ${found}, expected ${expected}`;
  return new UnsupportedWavError(message, offset);
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
