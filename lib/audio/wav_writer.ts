/**
 * Writes WAV headers, in front of PCM piped to a player or stored in a file, at
 * the end of the walk "file -> blocks -> frames -> TCP -> frames -> PCM ->
 * player".
 *
 * @module
 */

import {
  bytesPerSecond,
  CONTAINER_BITS,
  type PcmFormat,
  sampleFrameBytes,
} from "./format.ts";
import {
  EXTENSIBLE_TAG,
  FORMAT_TAGS,
  isInteger,
  MAX_CHANNELS,
  MAX_RATE_HZ,
  TAG_GUID,
} from "./wav_fmt.ts";

/** A 32-bit size that is unknown, or stored in `ds64`. */
export const SIZE_UNKNOWN = 0xFFFFFFFF;
/**
 * 32-bit sizes from here on mean "unknown": streaming writers put the maximum
 * less a header. Actual sizes this large are written with 64 bits.
 */
export const LEAST_HUGE_SIZE = 0xFFFFF000;

/** Bytes as a Latin-1 string, or a little-endian number. */
type Field = string | readonly [bytes: 2 | 4 | 8, value: number];

/**
 * Makes a WAV header, little-endian. The PCM goes behind it, with a zero byte at
 * its end if its length is odd. With at most two channels, no `validBits` and no
 * `channelMask`, the `fmt ` chunk is a plain one ("Multimedia Programming
 * Interface and Data Specifications 1.0", IBM and Microsoft, 1991, section "WAVE
 * Format"), and the header has 44 bytes for integers and 58, with a `fact` chunk,
 * for other encodings. Otherwise it is a `WAVEFORMATEXTENSIBLE` (Microsoft,
 * mmreg.h). If a size exceeds 32 bits, the header is an RF64 (EBU Tech 3306).
 *
 * @param dataBytes Bytes of PCM, 0 to 2^52; null if unknown, which is written as
 * 0xFFFFFFFF, as FFmpeg does into a pipe.
 * @param fact Whether the `fact` chunk is written, which few readers need.
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
  { fact = true } = {},
): Uint8Array<ArrayBuffer> {
  checkFormat(format);
  if (dataBytes !== null) checkRange("data size", dataBytes, 0, 2 ** 52);

  const frames = (dataBytes ?? Infinity) / sampleFrameBytes(format);
  const chunks = chunk("fmt ", fmtFields(format));
  // Required for all but integers ("New Multimedia Data Types and Data
  // Techniques 3.0", Microsoft, 1994, section "Fact Chunk").
  if (fact && !isInteger(FORMAT_TAGS[format.encoding])) {
    const factFrames = Math.min(Math.floor(frames), SIZE_UNKNOWN);
    chunks.push(...chunk("fact", [u32(factFrames)]));
  }
  const unknown = u32(SIZE_UNKNOWN);
  const open = ["RIFF", unknown, "WAVE", ...chunks, "data", unknown];
  if (dataBytes === null) return pack(open);

  const riffBytes = size(open) - 8 + dataBytes + dataBytes % 2;
  if (riffBytes < LEAST_HUGE_SIZE) {
    const [riff, data] = [u32(riffBytes), u32(dataBytes)];
    return pack(["RIFF", riff, "WAVE", ...chunks, "data", data]);
  }
  // RF64 has the sizes in `ds64`, with an empty table of further ones.
  const sizes = [riffBytes + 36, dataBytes, Math.floor(frames)].map(u64);
  const ds64 = chunk("ds64", [...sizes, u32(0)]);
  return pack(["RF64", unknown, "WAVE", ...ds64, ...chunks, "data", unknown]);
}

function fmtFields(format: PcmFormat): Field[] {
  const { encoding, rate, channels, bits, validBits, channelMask } = format;
  const tag = FORMAT_TAGS[encoding];
  const extensible = channels > 2 || validBits !== undefined ||
    channelMask !== undefined;
  const plain: Field[] = [
    u16(extensible ? EXTENSIBLE_TAG : tag),
    u16(channels),
    u32(rate),
    u32(bytesPerSecond(format)),
    u16(sampleFrameBytes(format)),
    u16(bits),
  ];
  if (!extensible) return isInteger(tag) ? plain : [...plain, u16(0)];
  const mask = u32(channelMask ?? 0);
  const extension = [u16(validBits ?? bits), mask, u32(tag), TAG_GUID];
  return [...plain, u16(size(extension)), ...extension];
}

function checkFormat(format: PcmFormat): void {
  const { encoding, rate, channels, bits, validBits } = format;
  const container = CONTAINER_BITS[encoding];
  checkRange("rate", rate, 1, MAX_RATE_HZ);
  checkRange("channels", channels, 1, MAX_CHANNELS);
  checkRange(`bits of ${encoding}`, bits, container, container);
  checkRange("valid bits", validBits ?? bits, 1, bits);
  checkRange("channel mask", format.channelMask ?? 0, 0, 2 ** 32 - 1);
}

function checkRange(what: string, value: number, from: number, to: number) {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  const expected = from === to ? `${to}` : `${from} to ${to}`;
  throw new RangeError(
    `Cannot write WAV ${what}: ${value}, expected ${expected}`,
  );
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
