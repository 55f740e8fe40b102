/**
 * The WAV as which a decoded song is sent: a header, and PCM whose length is known
 * before any of it is decoded. It belongs between the decoders and the pages.
 *
 * @module
 */

import type { WavContent } from "./container.ts";
import {
  bytesPerSecond,
  CONTAINER_BITS,
  type Encoding,
  type PcmFormat,
  sampleFrameBytes,
} from "./format.ts";
import { RefusedSongError } from "./refused_song.ts";
import { CODECS } from "./samples.ts";
import { channelMask } from "./speakers.ts";
import { songFormat, WavHeaderReader } from "./wav.ts";
import { FORMAT_TAGS, isInteger } from "./wav_fmt.ts";
import { wavHeader } from "./wav_writer.ts";

/** The output of a decoder. */
export interface DecodedPcm {
  readonly encoding: Encoding;
  /** Sample frames per second. */
  readonly rate: number;
  readonly channels: number;
  /** As in WAVE_FORMAT_EXTENSIBLE; absent if the file has none. */
  readonly channelMask?: number;
  /** Significant bits of a sample, the upper ones. */
  readonly validBits: number;
  readonly sampleFrames: number;
}

export interface Rendition extends WavContent {
  readonly header: Uint8Array;
}

/** Limits of a song that is decoded. */
const MOST = {
  seconds: 100 * 3600,
  bytes: 64 * 2 ** 30,
  rateHz: 768_000,
  channels: 8,
} as const;

/**
 * A segment: the unit of decoding. The first sound after a seek waits for one, so
 * those are short whose decoder needs nothing of what comes before.
 */
const SEGMENT = {
  seconds: 3,
  secondsOf: { flac: 1, alac: 1, pcm: 1 } as Readonly<Record<string, number>>,
  mostBytes: 4 << 20,
} as const;

/**
 * Lays a song out as a WAV. The header has 44 bytes for 8 and 16 full bits in one
 * or two channels, else 68 with a `WAVEFORMATEXTENSIBLE`, and 36 more as RF64
 * beyond 4 GiB. The PCM is not padded.
 *
 * @throws {RefusedSongError} If it is longer than 100 h or 64 GiB, or
 * has more than 768 kHz or 8 channels.
 *
 * @example
 * ```ts
 * import { renditionOf } from "./rendition.ts";
 * import assert from "node:assert/strict";
 *
 * const song = { rate: 44100, channels: 2, sampleFrames: 100 } as const;
 * const cd = renditionOf({ ...song, encoding: "s16le", validBits: 16 });
 * assert.equal(cd.bytes, 44 + 400);
 * const studio = renditionOf({ ...song, encoding: "s24le", validBits: 20 });
 * assert.equal(studio.bytes, 68 + 600);
 * assert.equal(studio.format.validBits, 20);
 * ```
 */
export function renditionOf(pcm: DecodedPcm): Rendition {
  const { encoding, rate, channels, validBits, sampleFrames } = pcm;
  const bits = CONTAINER_BITS[encoding];
  const format: PcmFormat = { encoding, rate, channels, bits };
  const dataBytes = sampleFrames * sampleFrameBytes(format);
  checkSize(format, dataBytes);
  const isPlain = channels <= 2 && bits <= 16 && validBits === bits &&
    isInteger(FORMAT_TAGS[encoding]);
  const declared = isPlain
    ? format
    : { ...format, validBits, channelMask: channelMask(pcm) };
  const header = wavHeader(declared, dataBytes, { fact: false });
  const bytes = header.length + dataBytes;
  const read = new WavHeaderReader(bytes).push(header);
  return { header, bytes, format: songFormat(read!, bytes) };
}

/** Sample frames of each segment but the last. */
export function segmentFrames(format: PcmFormat, codec: string): number {
  const most = Math.floor(SEGMENT.mostBytes / sampleFrameBytes(format));
  const seconds = SEGMENT.secondsOf[codec] ?? SEGMENT.seconds;
  return Math.min(seconds * format.rate, most);
}

/** A sample of silence: the middle of the range, which is not 0 for all encodings. */
export function silentByte(encoding: Encoding): number {
  return CODECS[encoding].silence;
}

function checkSize(format: PcmFormat, dataBytes: number): void {
  const { rate, channels } = format;
  const seconds = dataBytes / bytesPerSecond(format);
  const beyond = [
    rate > MOST.rateHz && `${rate} Hz, expected at most ${MOST.rateHz}`,
    channels > MOST.channels &&
    `${channels} channels, expected at most ${MOST.channels}`,
    seconds > MOST.seconds && "more than 100 hours",
    dataBytes > MOST.bytes && "more than 64 GiB of PCM",
  ].find((it) => it !== false);
  if (beyond === undefined) return;
  throw new RefusedSongError(`Cannot decode the song: ${beyond}`);
}
