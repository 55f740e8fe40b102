/**
 * Views of the songs of a catalogue: in several orders, by album and by artist.
 * Each view is computed at its first use, and updated with the catalogue from then
 * on.
 *
 * @module
 */

import type {
  AlbumQuery,
  ArtistQuery,
  Found,
  Listed,
  SongQuery,
  SongSort,
} from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { albumOfCursor, placeAmongAlbums } from "./album_orders.ts";
import type { Album } from "./albums.ts";
import { firstIndex } from "./binary_search.ts";
import type { Row, Tagged } from "./catalog_rows.ts";
import { LONGEST_IN_CURSOR } from "./cursor.ts";
import {
  AlbumsAndArtists,
  type Artist,
  artistKey,
  placeOfArtist,
} from "./albums_and_artists.ts";
import { Derived } from "./row_changes.ts";
import { placeOf, rowOfCursor } from "./song_orders.ts";
import {
  findRows,
  hasWords,
  isRowOf,
  searchWords,
  type Steps,
} from "./song_search.ts";
import { changeSorted, compareKeys } from "./sort_key.ts";

export class Library<T extends Tagged> {
  readonly #sorted = new Map<SongSort, Derived<T, readonly Row<T>[]>>();
  readonly #albumsAndArtists = new Derived<T, AlbumsAndArtists<T>>(
    new AlbumsAndArtists(),
    (groups, change, turns) => groups.change(change, turns),
  );

  /** Songs that match a query, in its order. See `Catalog.search()`. */
  async songs(
    rows: readonly Row<T>[],
    query: SongQuery,
    turns: Turns,
    isOver: () => boolean,
  ): Promise<Found<T>> {
    const { after, limit = Infinity, sort } = query;
    const sorted = sort === undefined
      ? rows
      : await this.rowsBy(sort, rows, turns);
    const album = query.album === undefined
      ? undefined
      : (await this.albumsAndArtists(rows, turns)).byKey.get(query.album) ??
        null;
    if (album === null) return { rows: [], more: false, compared: 1 };
    const first = after === undefined
      ? 0
      : firstIndex(sorted, isBehind<T>(sort, after));
    return await findRows(
      sorted,
      { first, limit, is: isRowOf(query, album) },
      ({ song }) => song,
      turns,
      isOver,
    );
  }

  async albums(
    rows: readonly Row<T>[],
    { match = "", artist, after, limit = Infinity, sort = "album" }: AlbumQuery,
    turns: Turns,
    isOver: () => boolean,
  ): Promise<Listed<Album<T>>> {
    const groups = await this.albumsAndArtists(rows, turns);
    const albums = await groups.albumsBy(sort, turns);
    const words = searchWords(match);
    const wanted = artist === undefined ? undefined : artistKey(artist);
    const place = after === undefined
      ? null
      : placeAmongAlbums(sort, albumOfCursor(after));
    return await listed(albums, {
      isBehind: (album) =>
        place === null || compareKeys(placeAmongAlbums(sort, album), place) > 0,
      is: ({ artists, facts }, steps) =>
        (wanted === undefined || artists.has(wanted)) &&
        hasWords(facts.text, words, steps),
      ...{ limit, turns, isOver },
    });
  }

  async artists(
    rows: readonly Row<T>[],
    { match = "", after, limit = Infinity }: ArtistQuery,
    turns: Turns,
    isOver: () => boolean,
  ): Promise<Listed<Artist>> {
    const { artists } = await this.albumsAndArtists(rows, turns);
    const words = searchWords(match);
    const place = after === undefined
      ? null
      : placeOfArtist(after.slice(0, LONGEST_IN_CURSOR));
    return await listed(artists, {
      isBehind: ({ key }) =>
        place === null || compareKeys(placeOfArtist(key), place) > 0,
      is: ({ key }, steps) => hasWords(key, words, steps),
      ...{ limit, turns, isOver },
    });
  }

  albumsAndArtists(
    rows: readonly Row<T>[],
    turns: Turns,
  ): Promise<AlbumsAndArtists<T>> {
    return this.#albumsAndArtists.for(rows, turns);
  }

  /** All rows in an order. */
  async rowsBy(
    sort: SongSort,
    rows: readonly Row<T>[],
    turns: Turns,
  ): Promise<readonly Row<T>[]> {
    if (sort === "album") {
      return (await this.albumsAndArtists(rows, turns)).rows;
    }
    let sorted = this.#sorted.get(sort);
    if (sorted === undefined) {
      const place = (row: Row<T>) => placeOf(sort, row);
      sorted = new Derived<T, readonly Row<T>[]>(
        [],
        (before, { added, removed }, turns) =>
          changeSorted(before, added, removed, place, turns),
      );
      this.#sorted.set(sort, sorted);
    }
    return await sorted.for(rows, turns);
  }
}

function isBehind<T extends Tagged>(
  sort: SongSort | undefined,
  after: string,
): (row: Row<T>) => boolean {
  if (sort === undefined) return ({ song }) => song.name > after;
  const place = placeOf(sort, rowOfCursor(sort, after));
  return (row) => compareKeys(placeOf(sort, row), place) > 0;
}

/** The matching items of a sorted list after a position. */
async function listed<I>(
  sorted: readonly I[],
  { isBehind, is, limit, turns, isOver }: {
    isBehind(item: I): boolean;
    /** Tests an item, and counts the steps. */
    is(item: I, steps: Steps): boolean;
    limit: number;
    turns: Turns;
    isOver(): boolean;
  },
): Promise<Listed<I>> {
  const first = firstIndex(sorted, isBehind);
  const rows: I[] = [];
  let total = 0;
  let more = false;
  let compared = 0;
  const steps = { count: 0 };
  for (const [i, item] of sorted.entries()) {
    steps.count = ITEM_STEPS;
    const isFound = is(item, steps);
    compared += steps.count;
    const pause = turns.next(steps.count);
    if (pause) await pause;
    if (isOver()) break;
    if (!isFound) continue;
    total++;
    if (i < first) continue;
    if (rows.length < limit) rows.push(item);
    else more = true;
  }
  return { rows, more, total, compared };
}

/** Steps of comparing one album or artist. */
const ITEM_STEPS = 2;
