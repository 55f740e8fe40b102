/**
 * Examines a song that is no WAV: its format, what of it is heard, and what it
 * says of itself. It stands before the decoding of ranges, which relies on what
 * is found here.
 *
 * @module
 */

import type { Encoding } from "../../audio/format.ts";
import type { ReadableFile } from "../../audio/readable_file.ts";
import { type Codec, SongDecoder } from "./song_decoder.ts";

/** What is known of a song; plain data, which may be passed to a worker. */
export interface SongProbe {
  readonly codec: Codec;
  /** How its PCM is stored, values in the upper bits. */
  readonly encoding: Encoding;
  /** Sample frames per second. */
  readonly rate: number;
  readonly channels: number;
  /** As in WAVE_FORMAT_EXTENSIBLE; absent where the file does not say. */
  readonly channelMask?: number;
  /** Significant bits of a sample, the upper ones. */
  readonly validBits: number;
  /** Sample frames that are heard: without delay and padding, within the edit list. */
  readonly sampleFrames: number;
  /** Whether `sampleFrames` may differ from the length of what is decoded. */
  readonly isEstimated: boolean;
  /** The sample frame of the decoded stream with which what is heard begins. */
  readonly firstFrame: number;
  /** Pairs such as `["title", "Canon"]`, as in the file, at most 256. */
  readonly tags: readonly (readonly [key: string, value: string])[];
  /** Whether a picture is embedded. */
  readonly hasArt: boolean;
}

/**
 * Examines a song.
 *
 * @throws {OndacastError} `not-wav` if it is no song, `unsupported` if it cannot
 * be decoded here, `internal` if its file cannot be read.
 */
export function probeSong(file: ReadableFile): SongProbe {
  const decoder = SongDecoder.open(file);
  const { delay, padding: _, sampleFrames, ...format } = decoder.format;
  const preSkip = format.codec === "opus" ? delay : 0;
  return {
    ...format,
    sampleFrames: Math.max(0, (sampleFrames ?? 0) - preSkip),
    isEstimated: sampleFrames === null,
    firstFrame: 0,
    tags: decoder.tags(),
    hasArt: decoder.art() !== null,
  };
}
