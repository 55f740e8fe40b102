/**
 * The orders of a list of albums, and the cursors by which it goes on.
 *
 * @module
 */

import type { AlbumFacts, AlbumSort } from "../ports/library.ts";
import { placeOfAlbum } from "./album_of.ts";
import { cursorFields, LONGEST_IN_CURSOR, wrongCursor } from "./cursor.ts";
import { foldedKey, foldTag } from "./natural_order.ts";
import { joinKeys, type SortKey } from "./sort_key.ts";

/** What the place of an album depends on. */
export interface PlacedAlbum {
  readonly id: string;
  readonly facts: Pick<AlbumFacts, "artist" | "added" | "year">;
}

/** What comes before the title, in each order. */
const ORDERS: Record<
  AlbumSort,
  (facts: PlacedAlbum["facts"]) => (SortKey | number)[]
> = {
  album: () => [],
  artist: ({ artist, year = 0 }) => [foldedKey(foldTag(artist)), year],
  year: ({ year = Infinity }) => [year],
  added: ({ added }) => [-added],
};

/** The place of an album in an order. */
export function placeAmongAlbums(
  sort: AlbumSort,
  { id, facts }: PlacedAlbum,
): SortKey {
  return joinKeys(...ORDERS[sort](facts), placeOfAlbum(id));
}

/** A text that stands for the place behind an album, also once it is gone. */
export function albumCursor({ id, facts }: PlacedAlbum): string {
  return JSON.stringify([id, facts.added, facts.artist, facts.year]);
}

/** @throws {OndacastError} `not-found`, if it is not a cursor of an album. */
export function albumOfCursor(cursor: string): PlacedAlbum {
  const [id, added, artist, year] = cursorFields(cursor);
  if (typeof id !== "string") throw wrongCursor("a page of albums");
  return {
    id: id.slice(0, LONGEST_IN_CURSOR),
    facts: {
      added: typeof added === "number" ? added : 0,
      artist: typeof artist === "string"
        ? artist.slice(0, LONGEST_IN_CURSOR)
        : "",
      year: typeof year === "number" ? year : undefined,
    },
  };
}
