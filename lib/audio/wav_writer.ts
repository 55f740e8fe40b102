/**
 * Writes the header of a WAV file: what stands in front of PCM in a player's
 * pipe and in a file, at the end of the walk "file -> blocks -> frames -> TCP
 * -> frames -> PCM -> player". The `fmt ` chunk is read here too, so that its
 * layout stands in one place.
 *
 * @module
 */

import { NotWavError, UnsupportedWavError } from "../errors.ts";
import {
  bytesPerSecond,
  CONTAINER_BITS,
  type Encoding,
  type PcmFormat,
  sampleFrameBytes,
} from "./format.ts";

/** Most bytes of a `fmt ` chunk that mean something: an extensible one's. */
export const EXTENSIBLE_BYTES = 40;
/** A 32-bit size that is told elsewhere (`ds64`), or nowhere. */
export const SIZE_UNKNOWN = 0xFFFFFFFF;
/**
 * 32-bit sizes from here on are what streaming writers say for "unknown": the
 * greatest one, less some header. Real ones as great are written as 64 bits.
 */
export const LEAST_HUGE_SIZE = 0xFFFFF000;

/** A FourCC or other bytes as a Latin-1 string, or a little-endian number. */
type Field = string | readonly [bytes: 2 | 4 | 8, value: number];

/**
 * The header of a WAV file, little-endian; the PCM follows, and a zero byte
 * where that is of odd length. With at most two channels and no `validBits`
 * its `fmt ` chunk is the plain one ("Multimedia Programming Interface and
 * Data Specifications 1.0", IBM and Microsoft, 1991, section "WAVE Format"),
 * so it has 44 bytes for integers and 58, with a `fact` chunk, for others.
 * Else it is a `WAVEFORMATEXTENSIBLE` (Microsoft, mmreg.h). Sizes that 32 bits
 * do not hold make it an RF64 (EBU Tech 3306).
 *
 * @param dataBytes Bytes of PCM, 0 to 2^52; null: as many as come, told by
 * sizes of 0xFFFFFFFF as FFmpeg writes them into a pipe.
 * @throws {RangeError} if the size or a value of the format is out of range.
 *
 * @example A second of CD audio
 * ```ts
 * import { wavHeader } from "./wav_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const header = wavHeader(cd, 176400);
 * assert.equal(header.length, 44);
 * assert.equal(new DataView(header.buffer).getUint32(40, true), 176400);
 * ```
 */
export function wavHeader(
  format: PcmFormat,
  dataBytes: number | null,
): Uint8Array<ArrayBuffer> {
  checkFormat(format);
  if (dataBytes !== null) checkRange("data size", dataBytes, 0, 2 ** 52);

  const frames = (dataBytes ?? Infinity) / sampleFrameBytes(format);
  const chunks = chunk("fmt ", fmtFields(format));
  // All but integers have one ("New Multimedia Data Types and Data Techniques
  // 3.0", Microsoft, 1994, section "Fact Chunk").
  if (!isInteger(FORMAT_TAGS[format.encoding])) {
    const told = Math.min(Math.floor(frames), SIZE_UNKNOWN);
    chunks.push(...chunk("fact", [u32(told)]));
  }
  const unknown = u32(SIZE_UNKNOWN);
  const open = ["RIFF", unknown, "WAVE", ...chunks, "data", unknown];
  if (dataBytes === null) return pack(open);

  const riffBytes = size(open) - 8 + dataBytes + dataBytes % 2;
  if (riffBytes < LEAST_HUGE_SIZE) {
    const [riff, data] = [u32(riffBytes), u32(dataBytes)];
    return pack(["RIFF", riff, "WAVE", ...chunks, "data", data]);
  }
  // Then the sizes stand in a chunk of their own, with an empty table of others.
  const sizes = [riffBytes + 36, dataBytes, Math.floor(frames)].map(u64);
  const ds64 = chunk("ds64", [...sizes, u32(0)]);
  return pack(["RF64", unknown, "WAVE", ...ds64, ...chunks, "data", unknown]);
}

function fmtFields(format: PcmFormat): Field[] {
  const { encoding, rate, channels, bits, validBits } = format;
  const tag = FORMAT_TAGS[encoding];
  const extensible = validBits !== undefined || channels > 2;
  const plain: Field[] = [
    u16(extensible ? EXTENSIBLE_TAG : tag),
    u16(channels),
    u32(rate),
    u32(bytesPerSecond(format)),
    u16(sampleFrameBytes(format)),
    u16(bits),
  ];
  if (!extensible) return isInteger(tag) ? plain : [...plain, u16(0)];
  const mask = u32(SPEAKERS[channels] ?? 0);
  const extension = [u16(validBits ?? bits), mask, u32(tag), TAG_GUID];
  return [...plain, u16(size(extension)), ...extension];
}

/**
 * Reads the body of a `fmt ` chunk: at least 16 bytes, of which 40 matter, as
 * {@linkcode wavHeader} writes them. Where a plain one tells fewer bits than
 * its containers have, those are the valid bits.
 *
 * @param offset Byte of the file at which the body begins, for errors.
 * @throws {NotWavError} if its values are at odds.
 * @throws {UnsupportedWavError} if it tells of what is not played.
 *
 * @example What was written
 * ```ts
 * import { readFmt, wavHeader } from "./wav_writer.ts";
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
  const frameBytes = fmt.getUint16(12, true);
  const told = fmt.getUint16(14, true);
  checkField("channels", channels, MAX_CHANNELS, offset + 2);
  checkField("Hz", rate, MAX_RATE_HZ, offset + 4);
  checkField("bits", told, 64, offset + 14);

  const toldBytes = Math.ceil(told / 8);
  const bits = 8 * (frameBytes === 0 ? toldBytes : frameBytes / channels);
  if (bits % 8 !== 0 || told > bits || told < bits && !isInteger(tag)) {
    const expected = `${channels} x ${toldBytes} for ${told} bits`;
    throw notWav(`block align ${frameBytes}`, expected, offset + 12);
  }
  const validBits = extensible ? fmt.getUint16(18, true) || bits : told;
  if (validBits > bits) {
    throw notWav(`${validBits} valid bits`, `at most ${bits}`, offset + 18);
  }
  const encoding = encodings.find((it) => CONTAINER_BITS[it] === bits);
  if (!encoding) {
    throw unsupported(`${bits}-bit ${name}`, encodings.join(", "), offset + 14);
  }
  const format = { encoding, rate, channels, bits };
  // Of a float or a code of G.711 every bit counts, whatever is said.
  return validBits < bits && isInteger(tag) ? { ...format, validBits } : format;
}

/** The tag that an extensible format's GUID begins with. */
function guidTag(fmt: DataView, offset: number): number {
  if (fmt.byteLength < EXTENSIBLE_BYTES) {
    const expected = `${EXTENSIBLE_BYTES} for an extensible one`;
    throw notWav(`"fmt " of ${fmt.byteLength} bytes`, expected, offset - 4);
  }
  const guid = new Uint8Array(fmt.buffer, fmt.byteOffset + 24, 16);
  const family = String.fromCharCode(...guid.subarray(4));
  if (family === TAG_GUID) return fmt.getUint32(24, true);
  const name = family === AMBISONIC_GUID ? "ambisonic B-format" : "unknown";
  const found = `${name} sub-format of bytes ${
    Array.from(guid, (byte) => hex(byte, 2)).join("")
  }`;
  throw unsupported(found, "the GUID of a format tag", offset + 24);
}

const MAX_CHANNELS = 64;
const MAX_RATE_HZ = 768_000;
/** The `wFormatTag` which says that the real one begins a GUID further on. */
const EXTENSIBLE_TAG = 0xFFFE;
/** Behind a tag, xxxxxxxx-0000-0010-8000-00AA00389B71 as it lies in bytes. */
const TAG_GUID = "\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71";
/** And xxxxxxxx-0721-11D3-8644-C8C1CA000000. */
const AMBISONIC_GUID = "\x21\x07\xD3\x11\x86\x44\xC8\xC1\xCA\0\0\0";

// The `wFormatTag` of each encoding, and names of others (RFC 2361, appendix A).
// deno-fmt-ignore
const FORMAT_TAGS: Readonly<Record<Encoding, number>> = {
  u8: 1, s16le: 1, s24le: 1, s32le: 1, f32le: 3, f64le: 3, alaw: 6, mulaw: 7,
};
const ENCODINGS = Object.keys(FORMAT_TAGS) as Encoding[];
// deno-fmt-ignore
const TAG_NAMES: Readonly<Record<number, string>> = {
  0x0001: "PCM", 0x0002: "MS ADPCM", 0x0003: "float", 0x0006: "A-law",
  0x0007: "mu-law", 0x0010: "OKI ADPCM", 0x0011: "IMA ADPCM",
  0x0014: "G.723 ADPCM", 0x0031: "GSM 6.10", 0x0040: "G.721 ADPCM",
  0x0050: "MPEG", 0x0055: "MP3", 0x0064: "G.726 ADPCM",
  0x0092: "Dolby AC-3 over S/PDIF", 0x00FF: "AAC", 0x0160: "WMA 1",
  0x0161: "WMA 2", 0x0162: "WMA Pro", 0x0163: "WMA Lossless", 0x2000: "AC-3",
  0x2001: "DTS", 0x674F: "Vorbis", 0xF1AC: "FLAC",
};

/** Channel masks by count: the channels and order of RFC 9639, section 9.1.3. */
// deno-fmt-ignore
const SPEAKERS: Readonly<Record<number, number>> = {
  1: 0x004, 2: 0x003, 3: 0x007, 4: 0x033, 5: 0x037, 6: 0x03F, 7: 0x70F, 8: 0x63F,
};

function isInteger(tag: number): boolean {
  return tag === FORMAT_TAGS.s16le;
}

function checkFormat(format: PcmFormat): void {
  const { encoding, rate, channels, bits, validBits } = format;
  const container = CONTAINER_BITS[encoding];
  checkRange("rate", rate, 1, MAX_RATE_HZ);
  checkRange("channels", channels, 1, MAX_CHANNELS);
  checkRange(`bits of ${encoding}`, bits, container, container);
  checkRange("valid bits", validBits ?? bits, 1, bits);
}

function checkRange(what: string, value: number, from: number, to: number) {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  const expected = from === to ? `${to}` : `${from} to ${to}`;
  throw new RangeError(
    `Cannot write WAV ${what}: ${value}, expected ${expected}`,
  );
}

function checkField(unit: string, value: number, most: number, at: number) {
  if (value === 0) throw notWav(`0 ${unit}`, `1 to ${most}`, at);
  if (value > most) throw unsupported(`${value} ${unit}`, `1 to ${most}`, at);
}

/** The error of a file that is ill-formed at that byte. */
export function notWav(
  found: string,
  expected: string,
  offset: number,
): NotWavError {
  const message = `Cannot read WAV: ${found}, expected ${expected}`;
  return new NotWavError(message, offset);
}

/** The error of a file that is not played for what is at that byte. */
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

const u16 = (value: number): Field => [2, value];
const u32 = (value: number): Field => [4, value];
const u64 = (value: number): Field => [8, value];

function chunk(id: string, fields: Field[]): Field[] {
  return [id, u32(size(fields)), ...fields];
}

function size(fields: Field[]): number {
  return pack(fields).length;
}

function pack(fields: Field[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    fields.flatMap((field) =>
      typeof field === "string"
        ? Array.from(field, (char) => char.charCodeAt(0))
        : littleEndian(...field)
    ),
  );
}

function littleEndian(bytes: number, value: number): number[] {
  const byte = (_: unknown, i: number) => Math.floor(value / 256 ** i) % 256;
  return Array.from({ length: bytes }, byte);
}
