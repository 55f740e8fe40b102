/**
 * Views of the rows of a catalogue: in several orders, by album and by artist.
 * Each view is computed at its first use unless a start takes it over, and updated
 * with the catalogue from then on.
 *
 * @module
 */

import type {
  AlbumQuery,
  ArtistEntry,
  ArtistQuery,
  Listed,
  SongQuery,
  SongSort,
} from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { albumOfCursor, placeAmongAlbums } from "./album_orders.ts";
import type { Album } from "./album.ts";
import { firstIndex } from "./binary_search.ts";
import { LONGEST_IN_CURSOR } from "./cursor.ts";
import { type AlbumOrders, AlbumsAndArtists } from "./albums_and_artists.ts";
import {
  ALBUM_SORTS,
  albumOrdersOf,
  isPermutation,
  type KeptOrders,
  type OrderName,
  SONG_SORTS,
} from "./kept_orders.ts";
import { artistKey, Numbering, placeOfArtist } from "./numbering.ts";
import { findRows, type FoundRows } from "./find_rows.ts";
import { ITEM_STEPS, listed } from "./listed.ts";
import { Derived } from "./row_changes.ts";
import {
  type KeptSort,
  ORDERS,
  placeOf,
  placeOfCursor,
} from "./song_orders.ts";
import { hasWords, isRowOf, searchWords } from "./song_search.ts";
import type { SongTable } from "./song_table.ts";
import { changeSorted, sortByKey } from "./sort_key.ts";
import { encodeText } from "./text_arena.ts";

const NO_ROWS: Uint32Array = new Uint32Array();

export class Library {
  readonly #table: SongTable;
  readonly #sorted = new Map<KeptSort, Derived<Uint32Array>>();
  readonly #names: Numbering;
  /** Orders of the albums of certain rows, in natural order. */
  #known: { of: Uint32Array; albums: AlbumOrders } | null = null;
  #albumsAndArtists:
    | { of: Uint32Array; made: Promise<AlbumsAndArtists> }
    | null = null;

  constructor(table: SongTable) {
    this.#table = table;
    this.#names = new Numbering(table);
  }

  /** Rows that match a query, in its order. See `Catalog.search()`. */
  async songs(
    rows: Uint32Array,
    query: SongQuery,
    turns: Turns,
    isOver: () => boolean,
  ): Promise<FoundRows> {
    const { after, limit = Infinity, sort } = query;
    const table = this.#table;
    const sorted = sort === undefined
      ? rows
      : await this.rowsBy(sort, rows, turns);
    const album = query.album === undefined
      ? undefined
      : await (await this.albumsAndArtists(rows, turns)).find(
        query.album,
        turns,
      ) ?? null;
    if (album === null) return { rows: [], more: false, compared: 1 };
    const first = after === undefined
      ? 0
      : firstIndex(sorted, isBehind(table, sort, after));
    const is = isRowOf(table, query, album);
    const sought = { first, limit, is, size: table.size };
    return await findRows(sorted, sought, turns, isOver);
  }

  async albums(
    rows: Uint32Array,
    { match = "", artist, after, limit = Infinity, sort = "album" }: AlbumQuery,
    turns: Turns,
    isOver: () => boolean,
  ): Promise<Listed<Album>> {
    const groups = await this.albumsAndArtists(rows, turns);
    const albums = await groups.albumsBy(sort, turns);
    const words = searchWords(match);
    const wanted = artist === undefined
      ? undefined
      : this.#names.artists.find(artistKey(artist));
    const place = after === undefined
      ? null
      : placeAmongAlbums(sort, albumOfCursor(after));
    const found = await listed(albums, {
      isBehind: (album) =>
        place === null || groups.placeOf(sort, album) > place,
      is: (album, steps) => {
        const songs = groups.rowsOf(album);
        if (wanted === undefined && words.length === 0) return true;
        steps.count += songs.length;
        return (wanted === undefined ||
          songs.some((row) => this.#names.hasArtist(row, wanted))) &&
          hasWords(groups.textOf(album), words, steps);
      },
      ...{ limit, turns, isOver },
    });
    const page: Album[] = [];
    for (const album of found.rows) {
      page.push(groups.album(album));
      const pause = turns.next(ITEM_STEPS + page.at(-1)!.rows.length);
      if (pause) await pause;
    }
    return { ...found, rows: page };
  }

  async artists(
    rows: Uint32Array,
    { match = "", after, limit = Infinity }: ArtistQuery,
    turns: Turns,
    isOver: () => boolean,
  ): Promise<Listed<ArtistEntry>> {
    const groups = await this.albumsAndArtists(rows, turns);
    const { texts } = this.#names.artists;
    const words = searchWords(match);
    const place = after === undefined
      ? null
      : placeOfArtist(after.slice(0, LONGEST_IN_CURSOR));
    const found = await listed(groups.artists, {
      isBehind: (artist) =>
        place === null || placeOfArtist(texts[artist]) > place,
      is: (artist, steps) => hasWords(texts[artist], words, steps),
      ...{ limit, turns, isOver },
    });
    return { ...found, rows: found.rows.map((one) => groups.artist(one)) };
  }

  /** Made anew after each change, which is quicker than to follow it. */
  async albumsAndArtists(
    rows: Uint32Array,
    turns: Turns,
  ): Promise<AlbumsAndArtists> {
    const natural = await this.rowsBy("natural", rows, turns);
    if (this.#albumsAndArtists?.of !== natural) {
      const before = this.#albumsAndArtists?.made.catch(() => {});
      const made = Promise.resolve(before)
        .then(() => {
          const albums = this.#known?.of === natural
            ? this.#known.albums
            : undefined;
          this.#known = null;
          return AlbumsAndArtists.of(this.#names, natural, turns, albums);
        });
      this.#albumsAndArtists = { of: natural, made };
    }
    return await this.#albumsAndArtists.made;
  }

  /** All rows in an order. */
  async rowsBy(
    sort: SongSort,
    rows: Uint32Array,
    turns: Turns,
  ): Promise<Uint32Array> {
    if (sort === "album") {
      return (await this.albumsAndArtists(rows, turns)).rows;
    }
    return await this.#sortedBy(sort).for(rows, turns);
  }

  /**
   * Takes over orders that {@linkcode orders} made of the same songs, before
   * anything is asked for.
   *
   * @param rows All rows of the table, by name.
   * @returns Whether all are there and fit; those that do are used.
   */
  take(rows: Uint32Array, orders: KeptOrders): boolean {
    const all = SONG_SORTS.map((sort) => {
      const order = orders.get(`songs ${sort}`);
      if (!order || !isPermutation(order, rows.length)) return false;
      this.#sortedBy(sort).take(order, rows);
      return true;
    });
    const natural = orders.get("songs natural");
    const albums = albumOrdersOf(this.#table, rows.length, orders);
    if (!natural || !albums || all.includes(false)) return false;
    this.#names.takeAlbumOrder(albums.get("album")!);
    this.#known = { of: natural, albums };
    return true;
  }

  /** All orders, made one after the other. */
  async *orders(
    rows: Uint32Array,
    turns: Turns,
  ): AsyncGenerator<[OrderName, Uint32Array]> {
    const places = new Uint32Array(this.#table.size);
    for (let place = 0; place < rows.length; place++) {
      places[rows[place]] = place;
      const pause = turns.next();
      if (pause) await pause;
    }
    for (const sort of SONG_SORTS) {
      const order = await this.rowsBy(sort, rows, turns);
      yield [`songs ${sort}`, order.map((row) => places[row])];
    }
    const groups = await this.albumsAndArtists(rows, turns);
    for (const sort of ALBUM_SORTS) {
      const albums = await groups.albumsBy(sort, turns);
      const first = albums.map((album) => places[groups.rowsOf(album)[0]]);
      yield [`albums ${sort}`, first];
    }
  }

  #sortedBy(sort: KeptSort): Derived<Uint32Array> {
    let sorted = this.#sorted.get(sort);
    if (sorted === undefined) {
      sorted = this.#derived(sort);
      this.#sorted.set(sort, sorted);
    }
    return sorted;
  }

  #derived(sort: KeptSort): Derived<Uint32Array> {
    const table = this.#table;
    const { within, keyOf } = ORDERS[sort];
    return new Derived(
      table.names,
      NO_ROWS,
      async (before, change, rows, turns) => {
        if (change.added.length <= before.length) {
          const { added, removed } = change;
          const place = (row: number) => placeOf(sort, table, row);
          return await changeSorted(before, added, removed, place, turns);
        }
        const equal = within === null
          ? rows
          : await this.rowsBy(within, rows, turns);
        return await sortByKey(equal, (row) => keyOf(table, row), turns);
      },
    );
  }
}

function isBehind(
  table: SongTable,
  sort: SongSort | undefined,
  after: string,
): (row: number) => boolean {
  if (sort === undefined) {
    const name = encodeText(after);
    return (row) => table.names.compareTo(row, name) > 0;
  }
  const place = placeOfCursor(sort, after);
  return (row) => placeOf(sort, table, row) > place;
}
