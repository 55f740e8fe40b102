/**
 * Selections of songs: the queries of lists, albums, artists and playlists, and
 * what they find.
 *
 * @module
 */

import type { SongEntry } from "./song_entry.ts";

/** The orders of a list of songs: by natural name, album, newest first, title. */
export type SongSort = "natural" | "album" | "added" | "title";

/** Selects songs of a list. Texts are compared regardless of case and accents. */
export interface SongQuery {
  /** Only songs whose names and tags contain all words. */
  match?: string;
  /** Only songs of the album with this key. */
  album?: string;
  /** Only songs of this artist, or of albums of it. */
  artist?: string;
  genre?: string;
  /** Only songs below this folder. */
  folder?: string;
  /**
   * Only songs behind this cursor of `songCursor()`, which is a name where the
   * order goes by names alone.
   */
  after?: string;
  /** Most songs to return. */
  limit?: number;
  /** The order; by UTF-16 code units of the names if undefined. */
  sort?: SongSort;
  /** Whether live songs are wanted, too. */
  live?: boolean;
}

/** A page of songs. */
export interface SongPage<T = SongEntry> {
  rows: T[];
  /** Whether more songs follow. */
  more: boolean;
}

/** A page of a list whose length is known. */
export interface Page<T> extends SongPage<T> {
  /** Rows in the whole list. */
  total: number;
}

/** Songs or albums that were found. */
export interface Found<T = SongEntry> extends SongPage<T> {
  /** What it has cost: a step searches a text of up to 64 characters for one word. */
  compared: number;
}

/** Albums, artists or playlists that were found; the list is of all that match. */
export interface Listed<T> extends Found<T>, Page<T> {}

/** An album in the catalogue. */
export interface AlbumEntry {
  /** Opaque; the same after a restart and on every server. */
  readonly key: string;
  /** What its songs have in common. */
  readonly id: string;
  readonly rows: { readonly length: number };
  readonly facts: AlbumFacts;
}

/** What is known of an album. */
export interface AlbumFacts {
  readonly album: string;
  readonly artist: string;
  readonly year?: number;
  readonly seconds: number;
  readonly art: boolean;
  /** When its latest song was first seen, in seconds since 1970. */
  readonly added: number;
}

/** An artist of songs or of albums. */
export interface ArtistEntry {
  /** The folded name. */
  readonly key: string;
  /** As a song's tags spell it. */
  readonly artist: string;
  readonly songs: number;
  readonly albums: number;
}

/** The orders of a list of albums: by title, artist and year, newest first. */
export type AlbumSort = "album" | "artist" | "year" | "added";

/** Selects albums. Texts are compared regardless of case and accents. */
export interface AlbumQuery {
  /** Only albums whose titles and artists contain all words. */
  match?: string;
  /** Only albums that this artist has a song of. */
  artist?: string;
  /** Only albums behind this cursor of `albumCursor()`. */
  after?: string;
  /** Most albums to return. */
  limit?: number;
  /** By title if undefined. */
  sort?: AlbumSort;
}

/** Selects artists, by name. */
export interface ArtistQuery {
  /** Only artists whose names contain all words. */
  match?: string;
  /** Only artists behind this one, by its folded name. */
  after?: string;
  /** Most artists to return. */
  limit?: number;
}

/** A playlist of the song folder. */
export interface PlaylistEntry {
  /** Its path below the song folder. */
  readonly name: string;
  /** Entries that are songs here, and entries that are not. */
  readonly songs: number;
  readonly missing: number;
}

/** Texts by their index, which are never changed: an array, or less memory. */
export interface Texts extends Iterable<string> {
  readonly length: number;
  /** Undefined behind the last one. */
  at(index: number): string | undefined;
  slice(start: number, end?: number): string[];
  /** The index of the first one that is equal; -1 if none is. */
  indexOf(text: string): number;
}

/** The names of selected songs, and the cost of finding them; see {@linkcode Found}. */
export interface Selected {
  readonly songs: Texts;
  readonly compared: number;
}

/** The songs of a server as people look for them: by words, order, album, artist. */
export interface SongLibrary {
  /**
   * Searches and sorts songs, in pieces of a few milliseconds.
   *
   * @param isOver Whether the result is no longer needed.
   * @throws {OndacastError} `not-found`, if `after` is not a cursor of the order.
   */
  search(query: SongQuery, isOver?: () => boolean): Promise<Found>;
  /** The names of the songs that {@linkcode search} finds, which take far less memory. */
  names(query: SongQuery): Promise<string[]>;
  /** Finds albums, as {@linkcode search} finds songs. */
  albums(
    query: AlbumQuery,
    isOver?: () => boolean,
  ): Promise<Listed<AlbumEntry>>;
  /** Finds artists, as {@linkcode search} finds songs. */
  artists(
    query: ArtistQuery,
    isOver?: () => boolean,
  ): Promise<Listed<ArtistEntry>>;
  /**
   * The names of the songs of a selection, such as `album:Goldberg`.
   *
   * @throws {OndacastError} `not-found`, `ambiguous`, `too-large`.
   */
  select(selection: string, isOver?: () => boolean): Promise<Selected>;
  /**
   * All playlists by natural name: few.
   *
   * @param isOwn Leaves out those that lie elsewhere.
   */
  playlists(isOwn?: boolean): Promise<Listed<PlaylistEntry>>;
}
