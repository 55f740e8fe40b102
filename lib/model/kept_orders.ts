/**
 * The orders of all songs and albums, as a start finds them made. To sort a large
 * library takes far longer than to load it.
 *
 * @module
 */

import type { AlbumSort } from "../ports/library.ts";
import type { AlbumOrders } from "./albums_and_artists.ts";
import { FORMS_REVISION, type SongTable } from "./song_table.ts";
import type { KeptSort } from "./song_orders.ts";

/** Changes with any sort key. */
export const ORDERS_REVISION = 1000 * FORMS_REVISION + 1;

export const SONG_SORTS: readonly KeptSort[] = ["natural", "title", "added"];
export const ALBUM_SORTS: readonly AlbumSort[] = [
  ...["album", "artist", "year", "added"] as const,
];

export type OrderName = `songs ${KeptSort}` | `albums ${AlbumSort}`;

/** All orders that are kept. */
export const ORDER_NAMES: readonly OrderName[] = [
  ...SONG_SORTS.map((sort) => `songs ${sort}` as const),
  ...ALBUM_SORTS.map((sort) => `albums ${sort}` as const),
];

/**
 * Songs by number, from 0, in the order of their names by UTF-16 code units. An
 * album is represented by its first song.
 */
export type KeptOrders = ReadonlyMap<string, Uint32Array>;

/**
 * Whether a list has each number below a count once.
 *
 * @example
 * ```ts
 * import { isPermutation } from "./kept_orders.ts";
 * import assert from "node:assert/strict";
 *
 * assert.ok(isPermutation(Uint32Array.of(2, 0, 1), 3));
 * assert.ok(!isPermutation(Uint32Array.of(2, 0, 2), 3));
 * ```
 */
export function isPermutation(order: Uint32Array, count: number): boolean {
  if (order.length !== count) return false;
  const seen = new Uint8Array(count);
  // By index: an iterator takes many times as long at a start.
  for (let i = 0; i < count; i++) {
    const number = order[i];
    if (number >= count || seen[number] === 1) return false;
    seen[number] = 1;
  }
  return true;
}

/**
 * The orders of albums, by their numbers in a table.
 *
 * @param songs The number of songs, which are all rows of the table.
 * @returns Undefined if an order is missing, or is not one of all albums.
 */
export function albumOrdersOf(
  table: SongTable,
  songs: number,
  orders: KeptOrders,
): AlbumOrders | undefined {
  const known = new Map<AlbumSort, Uint32Array>();
  for (const sort of ALBUM_SORTS) {
    const order = orders.get(`albums ${sort}`);
    if (!order?.every((song) => song < songs)) return undefined;
    const albums = order.map((song) => table.album(song));
    // Number 0 is no album.
    const fromZero = albums.map((album) => album - 1);
    if (!isPermutation(fromZero, table.albums.texts.length - 1)) {
      return undefined;
    }
    known.set(sort, albums);
  }
  return known;
}
