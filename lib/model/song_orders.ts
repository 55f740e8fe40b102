/**
 * The orders of a list of songs, and the cursors of its pages.
 *
 * @module
 */

import type { SongSort } from "../ports/library.ts";
import { albumOf, placeInAlbum, placeOfAlbum } from "./albums.ts";
import { foldedNameOf, type Row, rowOf, type Tagged } from "./catalog_rows.ts";
import { cursorFields, wrongCursor } from "./cursor.ts";
import { foldedKey, foldTag } from "./natural_order.ts";
import { MAX_NAME_BYTES } from "./song_name.ts";
import type { SortKey } from "./sort_key.ts";
import { MAX_TAG_TEXT, titleOf } from "./tags.ts";

/** The sort key of each order. */
const ORDERS: Record<SongSort, (row: Row<Tagged>) => SortKey> = {
  natural: byName,
  title(row) {
    const { name, tags } = row.song;
    const title = foldTag(tags?.title ?? titleOf(name));
    return [foldedKey(title), ...byName(row)];
  },
  added: (row) => [-(row.song.added ?? 0), ...byName(row)],
  album(row) {
    const album = albumOf(row.song);
    return album === null
      ? [1, "", "", "", ...placeInAlbum(row)]
      : [0, ...placeOfAlbum(album.id), ...placeInAlbum(row)];
  },
};

/** The sort key of a song in an order. */
export function placeOf(sort: SongSort, row: Row<Tagged>): SortKey {
  return ORDERS[sort](row);
}

/** By natural name. It is folded already, and folding takes long. */
function byName(row: Row<Tagged>): SortKey {
  return [foldedKey(foldedNameOf(row)), row.song.name];
}

/**
 * A text for the position after a song, valid even after the song is removed: its
 * name if the order depends on names only.
 */
export function songCursor(sort: SongSort | undefined, song: Tagged): string {
  const { name, added, tags } = song;
  if (sort === undefined || sort === "natural") return name;
  const { title, album, albumArtist, disc, track } = tags ?? {};
  return JSON.stringify([name, added, title, album, albumArtist, disc, track]);
}

/**
 * A row with the fields of a cursor's song that determine its position.
 *
 * @throws {OndacastError} `not-found`, if the order has no such cursors.
 */
export function rowOfCursor(sort: SongSort, cursor: string): Row<Tagged> {
  if (sort === "natural") return rowOf({ name: asLongAsName(cursor) });
  const fields = cursorFields(cursor);
  const [name, added, title, album, albumArtist, disc, track] = fields;
  if (typeof name !== "string") throw wrongCursor("a page in that order");
  return rowOf({
    name: asLongAsName(name),
    added: number(added),
    tags: {
      title: text(title),
      album: text(album),
      albumArtist: text(albumArtist),
      disc: number(disc),
      track: number(track),
    },
  });
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
