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
  let year: number | undefined;
  let seconds = 0;
  let added = 0;
  let art = false;
  for (const row of rows) {
    year ??= table.year(row);
    seconds += table.seconds(row);
    added = Math.max(added, table.added(row));
    art ||= table.hasArt(row);
  }
  const [album, artist] = [titleOf(table, rows[0]), artistOf(table, rows)];
  return {
    ...{ album, artist, seconds, art, added },
    ...(year !== undefined && { year }),
  };
}

/** What searches look at: the folded title and artist of an album. */
export function albumText(table: SongTable, rows: Uint32Array): string {
  const id = table.albums.texts[table.album(rows[0])];
  return `${foldedTitleOf(id)}\n${foldTag(artistOf(table, rows))}`;
}

function artistOf(table: SongTable, rows: Uint32Array): string {
  const { texts } = table.shared;
  /** Spellings of the first artist. */
  const same = new Set<number>();
  let artist = 0;
  let isVarious = false;
  for (const row of rows) {
    const albumArtist = table.number(row, "albumArtist");
    if (albumArtist !== 0) return texts[albumArtist];
    const own = table.number(row, "artist");
    artist ||= own;
    if (isVarious || own === artist || own === 0 || same.has(own)) continue;
    isVarious = foldTag(texts[own]) !== foldTag(texts[artist]);
    same.add(own);
  }
  return isVarious ? VARIOUS_ARTISTS : texts[artist];
}

/** The title of a song's album, as the song spells it. */
function titleOf(table: SongTable, row: number): string {
  const text = (number: number) => table.shared.texts[number] || undefined;
  const album = text(table.number(row, "albumTitle"));
  const albumArtist = text(table.number(row, "albumArtist"));
  const tags = { album, albumArtist };
  return albumOf({ name: table.names.at(row), tags })?.title ?? "";
}
