/**
 * A song as a row of the index: its columns, and both conversions.
 *
 * @module
 */

import { HEADER_REVISION } from "../../audio/wav.ts";
import { FORMS_REVISION, formsOf, formsText } from "../../model/song_table.ts";
import type { SongDecoding } from "../codecs/decoder_jobs.ts";
import { DECODER_REVISION } from "../codecs/decoder_revision.ts";
import { decodedParts, type KnownSong } from "./known_song.ts";

/** The columns beside `name`; those that an older database lacks are added. */
export const COLUMNS = {
  bytes: "INTEGER",
  etag: "TEXT",
  stamp: "TEXT",
  probe: "TEXT",
  sha256: "TEXT",
  format: "TEXT",
  problem: "TEXT",
  problemText: "TEXT",
  revision: "INTEGER",
  goneMs: "INTEGER",
  tags: "TEXT",
  tagsStamp: "TEXT",
  hasArt: "INTEGER",
  added: "INTEGER",
  decoding: "TEXT",
  fileSha256: "TEXT",
  forms: "TEXT",
} as const;

/** All columns, in the order of a row that is written. */
export const COLUMN_NAMES = ["name", ...Object.keys(COLUMNS)];
/** The same without the forms, which the catalogue has. */
export const READ_NAMES = COLUMN_NAMES.slice(0, -1);
/** The place of `goneMs` in a row. */
export const GONE = COLUMN_NAMES.indexOf("goneMs");

export type Value = string | number | null;
type Row = Record<"name" | keyof typeof COLUMNS, Value>;

/** The values of a song's row, in the order of {@linkcode COLUMN_NAMES}. */
export function rowOf(song: KnownSong): Value[] {
  const row: Row = {
    name: song.name,
    bytes: song.bytes,
    etag: song.etag,
    stamp: song.stamp,
    probe: song.probe ?? null,
    sha256: song.sha256 ?? null,
    format: song.format && JSON.stringify(song.format),
    problem: song.problem ?? null,
    problemText: song.problemText ?? null,
    revision: revisionOf(song),
    goneMs: null,
    tags: song.tags === undefined ? null : JSON.stringify(song.tags),
    tagsStamp: song.tagsStamp ?? null,
    hasArt: song.hasArt ? 1 : null,
    added: song.added ?? null,
    decoding: song.decoding ? JSON.stringify(song.decoding) : null,
    fileSha256: song.file?.sha256 ?? null,
    forms: formsText(formsOf(song)),
  };
  return COLUMN_NAMES.map((column) => row[column as keyof Row]);
}

/** Converts a row; undefined if it is damaged. */
export function knownSong(row: Value[]): KnownSong | undefined {
  // In the order of READ_NAMES.
  const [name, bytes, etag, stamp, probe, sha256, ...rest] = row;
  const [format, problem, problemText, revision, _goneMs, ...more] = rest;
  const [tags, tagsStamp, hasArt, added, decoding, fileSha256] = more;
  try {
    const song: Writable<KnownSong> = {
      name: String(name),
      bytes: Number(bytes),
      etag: String(etag),
      stamp: String(stamp),
      format: format === null ? null : JSON.parse(String(format)),
    };
    if (probe !== null) song.probe = String(probe);
    if (sha256 !== null) song.sha256 = String(sha256);
    if (problem !== null) song.problem = String(problem);
    if (problemText !== null) song.problemText = String(problemText);
    if (tagsStamp !== null) song.tagsStamp = String(tagsStamp);
    if (tags !== null) song.tags = JSON.parse(String(tags));
    if (hasArt !== null) song.hasArt = true;
    if (added !== null) song.added = Number(added);
    if (decoding !== null) {
      const ofFile = fileSha256 === null ? undefined : String(fileSha256);
      const parts = JSON.parse(String(decoding)) as SongDecoding;
      Object.assign(song, decodedParts(parts, song.stamp, ofFile));
    }
    if (revision !== revisionOf(song)) song.isOutdated = true;
    return song;
  } catch {
    return undefined;
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Of the code that a row depends on: a WAV does not depend on decoders. */
function revisionOf(
  { format, decoding }: Pick<KnownSong, "format" | "decoding">,
): number {
  const isWav = format !== null && decoding === undefined;
  return HEADER_REVISION + 1_000_000 * FORMS_REVISION +
    (isWav ? 0 : 1000 * DECODER_REVISION);
}
