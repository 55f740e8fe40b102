/**
 * All albums and artists of a catalogue, kept up to date with its songs.
 *
 * @module
 */

import type { AlbumSort, ArtistEntry } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { placeAmongAlbums } from "./album_orders.ts";
import { Album, albumOf, artistsOf } from "./albums.ts";
import { foldSteps, type Row, type Tagged } from "./catalog_rows.ts";
import { foldedKey, foldTag } from "./natural_order.ts";
import type { RowChange } from "./row_changes.ts";
import { changeSorted, sortByKey, type SortKey } from "./sort_key.ts";

/** An artist whose songs are counted. */
export interface Artist extends ArtistEntry {
  songs: number;
  albums: number;
}

/** The folded name of an artist. */
export function artistKey(artist: string): string {
  return foldTag(artist);
}

/** The sort key of an artist. */
export function placeOfArtist(key: string): SortKey {
  return [foldedKey(key), key];
}

/** Most artists that are listed; songs of further ones can still be searched. */
const MOST_ARTISTS = 200_000;
/** The id of the group of songs without an album. */
const LOOSE = "";

export class AlbumsAndArtists<T extends Tagged> {
  /** By title. */
  albums: readonly Album<T>[] = [];
  readonly byKey = new Map<string, Album<T>>();
  /** By name. */
  artists: readonly Artist[] = [];
  /** All songs by album, those without one last. */
  rows: readonly Row<T>[] = [];
  readonly #byId = new Map<string, Album<T>>();
  readonly #artists = new Map<string, Artist>();
  readonly #sorted = new Map<AlbumSort, Promise<readonly Album<T>[]>>();
  readonly #loose = new Album<T>(LOOSE);

  /** All albums in an order. */
  albumsBy(sort: AlbumSort, turns: Turns): Promise<readonly Album<T>[]> {
    if (sort === "album") return Promise.resolve(this.albums);
    const known = this.#sorted.get(sort);
    if (known !== undefined) return known;
    const place = (album: Album<T>) => placeAmongAlbums(sort, album);
    const sorted = sortByKey(this.albums, place, turns);
    this.#sorted.set(sort, sorted);
    return sorted;
  }

  /** Applies changes of the catalogue, in small steps. */
  async change(
    { added, removed }: RowChange<T>,
    turns: Turns,
  ): Promise<this> {
    this.#sorted.clear();
    const touched = new Map<Album<T>, Row<T>[]>();
    const artists = new ArtistChange(this.#artists);
    for (const row of removed) {
      const album = row.album as Album<T>;
      if (!touched.has(album)) touched.set(album, []);
      artists.count(album, row.song, -1);
      const pause = turns.next(foldSteps(row));
      if (pause) await pause;
    }
    for (const row of added) {
      const album = this.#albumOf(row.song);
      row.album = album;
      const more = touched.get(album);
      if (more) more.push(row);
      else touched.set(album, [row]);
      artists.count(album, row.song, 1);
      const pause = turns.next(2 * foldSteps(row));
      if (pause) await pause;
    }
    await this.#changeAlbums(touched, removed, turns);
    this.artists = await changeSorted(
      this.artists,
      artists.added,
      artists.removed,
      ({ key }) => placeOfArtist(key),
      turns,
    );
    this.rows = await this.#inAlbumOrder(turns);
    return this;
  }

  async #changeAlbums(
    touched: ReadonlyMap<Album<T>, Row<T>[]>,
    removed: ReadonlySet<Row<T>>,
    turns: Turns,
  ): Promise<void> {
    const addedAlbums: Album<T>[] = [];
    const removedAlbums = new Set<Album<T>>();
    for (const [album, rows] of touched) {
      const wasEmpty = album.rows.length === 0;
      await album.change(rows, removed, turns);
      if (album === this.#loose) continue;
      if (album.rows.length === 0) {
        removedAlbums.add(album);
        this.#byId.delete(album.id);
        this.byKey.delete(album.key);
      } else if (wasEmpty) addedAlbums.push(album);
    }
    this.albums = await changeSorted(
      this.albums,
      addedAlbums,
      removedAlbums,
      (album) => placeAmongAlbums("album", album),
      turns,
    );
  }

  async #inAlbumOrder(turns: Turns): Promise<Row<T>[]> {
    const rows: Row<T>[] = [];
    for (const album of [...this.albums, this.#loose]) {
      for (const row of album.rows) {
        rows.push(row);
        const pause = turns.next();
        if (pause) await pause;
      }
    }
    return rows;
  }

  #albumOf(song: Tagged): Album<T> {
    const id = albumOf(song)?.id;
    if (id === undefined) return this.#loose;
    let album = this.#byId.get(id);
    if (album === undefined) {
      album = new Album<T>(id);
      this.#byId.set(id, album);
      this.byKey.set(album.key, album);
    }
    return album;
  }
}

/** Counts the songs of artists, and collects added and removed artists. */
class ArtistChange {
  readonly #artists: Map<string, Artist>;
  readonly #added = new Set<Artist>();
  readonly removed = new Set<Artist>();

  constructor(artists: Map<string, Artist>) {
    this.#artists = artists;
  }

  get added(): Artist[] {
    return [...this.#added];
  }

  /** @param by 1 for an added song, -1 for a removed one. */
  count<T extends Tagged>(album: Album<T>, song: Tagged, by: 1 | -1): void {
    const counted = new Set<string>();
    for (const name of artistsOf(song)) {
      const key = artistKey(name);
      if (counted.has(key)) continue;
      counted.add(key);
      this.#count(album, key, name, by);
    }
  }

  #count<T extends Tagged>(
    album: Album<T>,
    key: string,
    name: string,
    by: 1 | -1,
  ): void {
    const artist = this.#artist(key, name);
    if (artist === null) return;
    const before = album.artists.get(key) ?? 0;
    artist.songs += by;
    if (album.id !== LOOSE) {
      artist.albums += Number(before + by > 0) - Number(before > 0);
    }
    if (before + by > 0) album.artists.set(key, before + by);
    else album.artists.delete(key);
    if (artist.songs > 0) return;
    this.#artists.delete(key);
    if (!this.#added.delete(artist)) this.removed.add(artist);
  }

  #artist(key: string, name: string): Artist | null {
    const known = this.#artists.get(key);
    if (known !== undefined) return known;
    if (this.#artists.size >= MOST_ARTISTS) return null;
    const artist: Artist = { key, artist: name, songs: 0, albums: 0 };
    this.#artists.set(key, artist);
    this.#added.add(artist);
    return artist;
  }
}
