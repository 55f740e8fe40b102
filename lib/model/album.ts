/**
 * An album with its songs, and what they have in common.
 *
 * @module
 */

import type { AlbumEntry, AlbumFacts } from "../ports/library.ts";
import { albumOf, foldedTitleOf } from "./album_of.ts";
import { foldTag } from "./natural_order.ts";
import type { SongTable } from "./song_table.ts";

/** The artist of an album with several artists and no album artist. */
export const VARIOUS_ARTISTS = "Various artists";

export class Album implements AlbumEntry {
  readonly key: string;
  readonly id: string;
  /** Its songs by disc, track and name. */
  readonly rows: Uint32Array;
  readonly facts: AlbumFacts;

  constructor(key: string, id: string, rows: Uint32Array, facts: AlbumFacts) {
    this.key = key;
    this.id = id;
    this.rows = rows;
    this.facts = facts;
  }
}

/** @param rows The songs of an album, in its order; at least one. */
export function factsOf(table: SongTable, rows: Uint32Array): AlbumFacts {
  const { texts } = table.shared;
  let artist = 0;
  let isVarious = false;
  /** Spellings of that artist. */
  const same = new Set<number>();
  let albumArtist = 0;
  let year: number | undefined;
  let seconds = 0;
  let added = 0;
  let art = false;
  for (const row of rows) {
    albumArtist ||= table.number(row, "albumArtist");
    year ??= table.year(row);
    const own = table.number(row, "artist");
    artist ||= own;
    if (!isVarious && own !== artist && own !== 0 && !same.has(own)) {
      isVarious = foldTag(texts[own]) !== foldTag(texts[artist]);
      same.add(own);
    }
    seconds += table.seconds(row);
    added = Math.max(added, table.added(row));
    art ||= table.hasArt(row);
  }
  const by = albumArtist !== 0
    ? texts[albumArtist]
    : isVarious
    ? VARIOUS_ARTISTS
    : texts[artist];
  return {
    ...{ album: titleOf(table, rows[0]), artist: by, seconds, art, added },
    ...(year !== undefined && { year }),
    text: `${foldedTitleOf(table.albums.texts[table.album(rows[0])])}\n${
      foldTag(by)
    }`,
  };
}

/** The title of a song's album, as the song spells it. */
function titleOf(table: SongTable, row: number): string {
  const text = (number: number) => table.shared.texts[number] || undefined;
  const album = text(table.number(row, "albumTitle"));
  const albumArtist = text(table.number(row, "albumArtist"));
  const tags = { album, albumArtist };
  return albumOf({ name: table.names.at(row), tags })?.title ?? "";
}
