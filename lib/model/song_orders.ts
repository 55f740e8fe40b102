/**
 * The orders of a list of songs, and the cursors of its pages.
 *
 * @module
 */

import type { SongSort } from "../ports/library.ts";
import { placeOfAlbum } from "./album_of.ts";
import { cursorFields, wrongCursor } from "./cursor.ts";
import { foldedKey } from "./natural_order.ts";
import { MAX_NAME_BYTES } from "./song_name.ts";
import { formsOf, SongTable, type Tagged } from "./song_table.ts";
import { joinKeys, type SortKey } from "./sort_key.ts";
import { MAX_TAG_TEXT } from "./tags.ts";

/** The orders that are kept; that by album is a part of the groups. */
export type KeptSort = Exclude<SongSort, "album">;

/** An order: by a key, and by another order where keys are equal. */
interface Order {
  /** Null: by name. */
  readonly within: KeptSort | null;
  keyOf(table: SongTable, row: number): SortKey;
}

export const ORDERS: Readonly<Record<KeptSort, Order>> = {
  natural: {
    within: null,
    keyOf: (table, row) => foldedKey(table.foldedName(row)),
  },
  title: {
    within: "natural",
    keyOf: (table, row) => foldedKey(table.foldedTitle(row)),
  },
  added: {
    within: "natural",
    keyOf: (table, row) => joinKeys(-table.added(row)),
  },
};

/** The whole sort key of a song in an order. */
export function placeOf(
  sort: SongSort | null,
  table: SongTable,
  row: number,
): SortKey {
  if (sort === null) return table.names.at(row);
  if (sort === "album") return placeByAlbum(table, row);
  const { keyOf, within } = ORDERS[sort];
  return joinKeys(keyOf(table, row), placeOf(within, table, row));
}

function placeByAlbum(table: SongTable, row: number): SortKey {
  const album = table.album(row);
  const inAlbum = joinKeys(
    table.disc(row) ?? 0,
    table.track(row) ?? Infinity,
    placeOf("natural", table, row),
  );
  return album === 0
    ? joinKeys(1, inAlbum)
    : joinKeys(0, placeOfAlbum(table.albums.texts[album]), inAlbum);
}

/**
 * A text for the position after a song, valid even after the song is removed: its
 * name if the order depends on names only.
 */
export function songCursor(
  sort: SongSort | undefined,
  song: Tagged,
): string {
  const { name, added, tags } = song;
  if (sort === undefined || sort === "natural") return name;
  const { title, album, albumArtist, disc, track } = tags ?? {};
  return JSON.stringify([name, added, title, album, albumArtist, disc, track]);
}

/**
 * The sort key of a cursor's song, made of the fields that it has of it.
 *
 * @throws {OndacastError} `not-found`, if the order has no such cursors.
 */
export function placeOfCursor(sort: SongSort, cursor: string): SortKey {
  const table = new SongTable();
  return placeOf(sort, table, table.add(formsOf(songOf(sort, cursor))));
}

function songOf(sort: SongSort, cursor: string): Tagged {
  if (sort === "natural") return { name: asLongAsName(cursor) };
  const fields = cursorFields(cursor);
  const [name, added, title, album, albumArtist, disc, track] = fields;
  if (typeof name !== "string") throw wrongCursor("a page in that order");
  return {
    name: asLongAsName(name),
    added: number(added),
    tags: {
      title: text(title),
      album: text(album),
      albumArtist: text(albumArtist),
      disc: number(disc),
      track: number(track),
    },
  };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string"
    ? value.slice(0, 2 * MAX_TAG_TEXT)
    : undefined;
}

const LONGEST_NAME = new Uint8Array(MAX_NAME_BYTES);

/**
 * Cuts a text to the length of the longest song name. Folding 64 KiB would block
 * the event loop for too long.
 */
function asLongAsName(text: string): string {
  return text.slice(0, new TextEncoder().encodeInto(text, LONGEST_NAME).read);
}
