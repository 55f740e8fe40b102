/**
 * All albums and artists of a catalogue, made of its columns.
 *
 * @module
 */

import type { AlbumSort, ArtistEntry } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { Album, albumText, factsOf } from "./album.ts";
import { placeOfAlbum } from "./album_of.ts";
import { placeAmongAlbums } from "./album_orders.ts";
import type { Numbering } from "./numbering.ts";
import { FORM_STEPS, type SongTable } from "./song_table.ts";
import { sortInTurns } from "./sort_in_turns.ts";
import { sortByKey, type SortKey } from "./sort_key.ts";

/** The number of the album of songs without one. */
const LOOSE = 0;
/** Songs of an album that are sorted at once. */
const FEW = 256;

/** Albums by number, in orders. */
export type AlbumOrders = ReadonlyMap<AlbumSort, Uint32Array>;

/** The albums and artists of certain songs. */
export class AlbumsAndArtists {
  /** All songs by album, those without one last. */
  readonly rows: Uint32Array;
  /** The albums that have songs, by title. */
  readonly albums: Uint32Array;
  /** The artists that have songs, by name. */
  readonly artists: Uint32Array;
  readonly #names: Numbering;
  /** By the number of an album: where its songs begin in `rows`, and how many. */
  readonly #starts: Uint32Array;
  readonly #counts: Uint32Array;
  /** By the number of an artist. */
  readonly #ofArtists: ArtistCounts;
  readonly #texts: string[] = [];
  readonly #sorted: Map<AlbumSort, Promise<Uint32Array>>;

  private constructor(
    names: Numbering,
    { rows, albums, starts, counts }: AlbumParts,
    ofArtists: ArtistCounts,
    sorted: AlbumOrders,
  ) {
    this.#names = names;
    this.rows = rows;
    this.albums = albums;
    this.artists = ofArtists.artists;
    this.#ofArtists = ofArtists;
    this.#starts = starts;
    this.#counts = counts;
    this.#sorted = new Map(
      Array.from(sorted, ([sort, albums]) => [sort, Promise.resolve(albums)]),
    );
  }

  /**
   * Groups songs, in small steps.
   *
   * @param natural The songs by natural name.
   * @param sorted Orders of their albums that are known.
   */
  static async of(
    names: Numbering,
    natural: Uint32Array,
    turns: Turns,
    sorted: AlbumOrders = new Map(),
  ): Promise<AlbumsAndArtists> {
    const parts = await byAlbum(names, natural, turns);
    const artists = await countArtists(names, parts.rows, turns);
    return new AlbumsAndArtists(names, parts, artists, sorted);
  }

  /** The songs of an album by disc, track and name. */
  rowsOf(album: number): Uint32Array {
    const start = this.#starts[album] ?? 0;
    return this.rows.subarray(start, start + (this.#counts[album] ?? 0));
  }

  album(album: number): Album {
    const id = this.#names.table.albums.texts[album];
    const rows = this.rowsOf(album);
    const facts = factsOf(this.#names.table, rows);
    return new Album(this.#names.keyOf(album), id, rows, facts);
  }

  /** What searches of albums look at. */
  textOf(album: number): string {
    const { table } = this.#names;
    return this.#texts[album] ??= albumText(table, this.rowsOf(album));
  }

  artist(artist: number): ArtistEntry {
    const { songs, albums } = this.#ofArtists;
    return {
      key: this.#names.artists.texts[artist],
      artist: this.#names.spelled[artist],
      songs: songs[artist],
      albums: albums[artist],
    };
  }

  /** The number of the album of a key; undefined if it has no song. */
  async find(key: string, turns: Turns): Promise<number | undefined> {
    const album = await this.#names.albumOf(key, turns);
    return album !== undefined && this.#counts[album] > 0 ? album : undefined;
  }

  /** All albums in an order. */
  albumsBy(sort: AlbumSort, turns: Turns): Promise<Uint32Array> {
    if (sort === "album") return Promise.resolve(this.albums);
    let sorted = this.#sorted.get(sort);
    if (sorted === undefined) {
      const keyOf = (album: number) => this.placeOf(sort, album);
      sorted = sortByKey(this.albums, keyOf, turns);
      this.#sorted.set(sort, sorted);
    }
    return sorted;
  }

  /** The sort key of an album. */
  placeOf(sort: AlbumSort, album: number): SortKey {
    const { table } = this.#names;
    const id = table.albums.texts[album];
    return sort === "album" ? placeOfAlbum(id) : placeAmongAlbums(sort, {
      id,
      facts: factsOf(table, this.rowsOf(album)),
    });
  }
}

interface AlbumParts {
  rows: Uint32Array;
  albums: Uint32Array;
  starts: Uint32Array;
  counts: Uint32Array;
}

async function byAlbum(
  names: Numbering,
  natural: Uint32Array,
  turns: Turns,
): Promise<AlbumParts> {
  const { table } = names;
  const order = await names.albumOrder(turns);
  // Albums that come meanwhile belong to later songs.
  const counts = new Uint32Array(table.albums.texts.length);
  for (const row of natural) {
    counts[table.album(row)]++;
    const pause = turns.next();
    if (pause) await pause;
  }
  const starts = new Uint32Array(counts.length);
  let start = 0;
  for (const album of order) {
    starts[album] = start;
    start += counts[album];
  }
  starts[LOOSE] = start;
  const rows = new Uint32Array(natural.length);
  const ends = starts.slice();
  for (const row of natural) {
    rows[ends[table.album(row)]++] = row;
    const pause = turns.next();
    if (pause) await pause;
  }
  const albums = order.filter((album) => counts[album] > 0);
  for (const album of [...albums, LOOSE]) {
    const of = rows.subarray(starts[album], ends[album]);
    await sortByTrack(table, of, turns);
  }
  return { rows, albums, starts, counts };
}

/** Sorts the songs of an album, which are in natural order. */
async function sortByTrack(
  table: SongTable,
  rows: Uint32Array,
  turns: Turns,
): Promise<void> {
  const compare = (a: number, b: number) =>
    (table.disc(a) ?? 0) - (table.disc(b) ?? 0) ||
    (table.track(a) ?? MOST) - (table.track(b) ?? MOST);
  const pause = turns.next(rows.length);
  if (pause) await pause;
  if (rows.every((row, i) => i === 0 || compare(rows[i - 1], row) <= 0)) return;
  rows.set(
    rows.length <= FEW
      ? rows.toSorted(compare)
      : await sortInTurns(rows, compare, turns),
  );
}

/** Above the number of any track. */
const MOST = 2 ** 31;

interface ArtistCounts {
  readonly artists: Uint32Array;
  readonly songs: Uint32Array;
  readonly albums: Uint32Array;
}

/** @param rows By album. */
async function countArtists(
  names: Numbering,
  rows: Uint32Array,
  turns: Turns,
): Promise<ArtistCounts> {
  const { table } = names;
  for (const row of rows) {
    const known = names.artists.texts.length;
    names.eachArtist(row, () => {});
    const isNew = names.artists.texts.length > known;
    const pause = turns.next(isNew ? FORM_STEPS : 1);
    if (pause) await pause;
  }
  const count = names.artists.texts.length;
  const [songs, albums, latest] = [0, 0, 0].map(() => new Uint32Array(count));
  for (const row of rows) {
    const album = table.album(row);
    names.eachArtist(row, (artist) => {
      songs[artist]++;
      if (album === LOOSE || latest[artist] === album) return;
      latest[artist] = album;
      albums[artist]++;
    });
    const pause = turns.next();
    if (pause) await pause;
  }
  const order = await names.artistOrder(turns);
  return { artists: order.filter((one) => songs[one] > 0), songs, albums };
}
