/**
 * Decodes any range of a song to exactly its bytes of PCM. For each range a new
 * decoder starts a fixed number of sample frames earlier, so that the bytes depend
 * only on the song and the range.
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

export interface DecodedRange {
  /** Interleaved, little-endian; silent where the song is damaged or has ended. */
  readonly pcm: Uint8Array<ArrayBuffer>;
  /** Sample frames that are silent because they could not be decoded. */
  readonly damagedFrames: number;
}

/** Decodes ranges of one song, in any order. */
export class RangeDecoder implements Disposable {
  readonly #song: DecodableSong;

  /**
   * Opens the song, which reads the headers of all its frames if it has no index.
   *
   * @param probe The result of `probeSong()` for this file.
   * @throws {OndacastError} `changed` if the file's layout has changed;
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
        "Cannot decode the song: its file was replaced",
      );
    }
  }

  /** Audible sample frames, as counted when the song was opened. */
  get sampleFrames(): number {
    return this.#song.sampleFrames;
  }

  /**
   * Decodes a range of the audible part.
   *
   * @param from The first sample frame, counted from the first audible one.
   * @param to The sample frame after the last one; all PCM is made at once, so a
   * range should be a few seconds.
   * @throws {OndacastError} `internal` if the file cannot be read.
   */
  decode(from: number, to: number): DecodedRange {
    const range = new RangeBuffer(this.#song.layout, from, to);
    this.#song.decode(range);
    return { pcm: range.pcm, damagedFrames: range.missingFrames };
  }

  [Symbol.dispose](): void {
    this.#song[Symbol.dispose]();
  }
}
