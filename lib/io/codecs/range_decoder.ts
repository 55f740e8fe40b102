/**
 * Decodes any range of a song to exactly its bytes of PCM. The decoder begins
 * anew for each range, a fixed number of sample frames before it, so that the
 * bytes depend on the song and the range alone.
 *
 * @module
 */

import type { ReadableFile } from "../../audio/readable_file.ts";
import { OndacastError } from "../../errors.ts";
import {
  type DecodableSong,
  type DecodedLayout,
  RangeBuffer,
} from "./decodable_song.ts";
import { openSong } from "./open_song.ts";

/** PCM of a range. */
export interface DecodedRange {
  /** Interleaved, little-endian; silent where the song is damaged or over. */
  readonly pcm: Uint8Array<ArrayBuffer>;
  /** Sample frames that are silent since they could not be decoded. */
  readonly damagedFrames: number;
}

/** Decodes ranges of one song, in any order. */
export class RangeDecoder {
  readonly #song: DecodableSong;

  /**
   * Opens the song, which reads the headers of all its frames where it has no
   * index.
   *
   * @param probe What `probeSong()` found in this file.
   * @throws {OndacastError} `changed` if the file has another layout by now;
   * `not-wav`, `unsupported` or `internal` if it cannot be opened.
   */
  constructor(file: ReadableFile, probe: DecodedLayout) {
    this.#song = openSong(file, "whole");
    const { codec, encoding, rate, channels } = this.#song.layout;
    if (
      codec !== probe.codec || encoding !== probe.encoding ||
      rate !== probe.rate || channels !== probe.channels
    ) {
      throw new OndacastError(
        "changed",
        "Cannot decode the song: its file is another one now",
      );
    }
  }

  /** Sample frames that are heard, as counted when the song was opened. */
  get sampleFrames(): number {
    return this.#song.sampleFrames;
  }

  /**
   * Decodes a range of what is heard.
   *
   * @param from The first sample frame, counted from the first that is heard.
   * @param to The sample frame behind the last one; the PCM is made at once, so
   * a range should be a few seconds.
   * @throws {OndacastError} `internal` if the file cannot be read.
   */
  decode(from: number, to: number): DecodedRange {
    const range = new RangeBuffer(this.#song.layout, from, to);
    this.#song.decode(range);
    return { pcm: range.pcm, damagedFrames: range.missingFrames };
  }
}
