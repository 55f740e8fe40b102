/**
 * A song of the folder, as the catalogue and the index contain it.
 *
 * @module
 */

import type { SongEntry } from "../../ports/song_entry.ts";
import type { SongDecoding } from "../codecs/decoder_jobs.ts";
import { sizeOf } from "./file_stamp.ts";

/** A song with the properties that identify its content. */
export interface KnownSong extends SongEntry {
  readonly bytes: number;
  /** `stampOf()` the file when its content was last verified. */
  stamp: string;
  /** `probeOf()` the content; absent until computed. */
  probe?: string;
  /** How its file is decoded; absent: it is sent as it is stored. */
  decoding?: SongDecoding;
  /** Whether another revision of the program examined it. */
  isOutdated?: true;
  /** `stampOf()` the file when its tags were read, if later than `stamp`. */
  tagsStamp?: string;
}

/** What a song is kept by: names and contents change. */
export function keyOf(
  { etag, name }: Pick<KnownSong, "etag" | "name">,
): string {
  return `${etag} ${name}`;
}

/** The properties of a song that is decoded. */
export function decodedParts(
  decoding: SongDecoding,
  stamp: string,
  sha256: string | undefined,
): Pick<KnownSong, "codec" | "decoding" | "file" | "isEstimated"> {
  const file = {
    bytes: sizeOf(stamp),
    ...(sha256 !== undefined && { sha256 }),
  };
  const { codec, isEstimated } = decoding;
  return { codec, decoding, file, ...(isEstimated && { isEstimated }) };
}
