/**
 * Examines a song other than a WAV: its format, its audible part, and its tags.
 *
 * @module
 */

import { ReadAhead } from "../../audio/read_ahead.ts";
import type { ReadableFile } from "../../audio/readable_file.ts";
import { OndacastError } from "../../errors.ts";
import type { DecodedLayout, Effort } from "./decodable_song.ts";
import { withLostCharacters } from "./lost_characters.ts";
import { openSong } from "./open_song.ts";
import { SongDecoder } from "./song_decoder.ts";

/** Properties of a song; plain data, which may be stored or passed to a worker. */
export interface SongProbe extends DecodedLayout {
  /** Audible sample frames: without delay and padding, within the edit list. */
  readonly sampleFrames: number;
  /** Whether `sampleFrames` is an estimate from the beginning of the file. */
  readonly isEstimated: boolean;
  /** The first audible sample frame, counted from the start of the decoded stream. */
  readonly firstFrame: number;
  /** Of the whole PCM as defined by FLAC, in hexadecimal digits; absent: unknown. */
  readonly md5?: string;
  /**
   * The audible sample frames including further audio with another layout, which only
   * ffmpeg joins, at the rate of the song; absent: none follows.
   */
  readonly joinedFrames?: number;
  /** Pairs such as `["title", "Canon"]`, at most 256, those of ID3v1 last. */
  readonly tags: readonly (readonly [key: string, value: string])[];
  /** Whether a picture is embedded that can be made smaller. */
  readonly hasArt: boolean;
}

export type SongTags = Pick<SongProbe, "tags" | "hasArt">;

/**
 * Examines a song.
 *
 * @param effort `ends`: reads little more than its beginning and its end, and
 * estimates a length that cannot be found there.
 * @throws {OndacastError} `not-wav` if it is not a song, `unsupported` if it cannot
 * be decoded here, `internal` if its file cannot be read.
 */
export function probeSong(
  file: ReadableFile,
  effort: Effort = "whole",
): SongProbe {
  const ahead = new ReadAhead(file);
  const song = openSong(ahead, effort);
  const { sampleFrames, isEstimated, firstFrame, md5, joinedFrames } = song;
  return {
    ...song.layout,
    ...{ sampleFrames, isEstimated, firstFrame },
    ...(md5 !== undefined && { md5 }),
    ...(joinedFrames !== undefined && { joinedFrames }),
    ...songTags(ahead),
  };
}

/** The picture in a song's file; empty: it has none. */
export function embeddedPicture(file: ReadableFile): Uint8Array {
  using decoder = SongDecoder.open(new ReadAhead(file));
  return decoder.art() ?? new Uint8Array(0);
}

/** The tags of a file, WAV included; none if it cannot be parsed. */
export function songTags(file: ReadableFile): SongTags {
  try {
    using decoder = SongDecoder.open(file);
    const tags = withLostCharacters(decoder.tags(), file);
    return { tags, hasArt: decoder.hasArt };
  } catch (error) {
    if (error instanceof OndacastError && error.code === "internal") {
      throw error;
    }
    return { tags: [], hasArt: false };
  }
}
