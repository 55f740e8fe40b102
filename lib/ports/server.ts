/**
 * Interfaces through which the server reaches its songs. `io/songs/`
 * implements them with files.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";

/** Yields to the event loop during long work. */
export interface Turns {
  /**
   * Call this after each small step of the work.
   *
   * @param steps The number of steps; one takes far less than a millisecond.
   * @returns A promise to await before continuing; null to continue.
   */
  next(steps?: number): Promise<void> | null;
}

/** How much louder a song should play, in decibels (ReplayGain 2.0). */
export interface SongGain {
  /** By itself. */
  track?: number;
  /** Among the songs of its album. */
  album?: number;
  /** Its highest sample; 1 is full scale. */
  peak?: number;
}

/**
 * What a song's file says of it. Texts have at most 256 characters and none that
 * could mislead; several values are joined by `; `.
 */
export interface SongTags {
  readonly title?: string;
  readonly artist?: string;
  readonly album?: string;
  readonly albumArtist?: string;
  readonly track?: number;
  readonly disc?: number;
  readonly year?: number;
  readonly genre?: string;
  readonly gain?: SongGain;
}

/** A song in the catalogue. */
export interface SongEntry {
  /** The path below the song folder, separated by `/`, with its ending. */
  readonly name: string;
  /** Length of the whole WAV that is sent. */
  readonly bytes: number;
  /** The file as it is stored, where that is not what is sent. */
  readonly file?: StoredFile;
  /** Opaque; changes with the content. */
  readonly etag: string;
  /** Null if it cannot be played; `problem` gives the reason. */
  readonly format: SongFormat | null;
  /** The error code of the reason why it cannot be played. */
  readonly problem?: string;
  /** The reason as a sentence. */
  readonly problemText?: string;
  /** Of what is sent, hexadecimal; set once it has been hashed. */
  sha256?: string;
  /** The codec that its file is decoded with, such as `flac`; absent: none. */
  readonly codec?: string;
  readonly tags?: SongTags;
  /** When it was first seen, in seconds since 1970. */
  readonly added?: number;
  /** Whether its file holds a picture. */
  readonly hasArt?: boolean;
}

/** A file of a song that is decoded. */
export interface StoredFile {
  readonly bytes: number;
  sha256?: string;
}

/** Notified when a resource is invalidated. */
export interface InvalidationListener {
  /** Called once, after {@linkcode Invalidation.throwIfInvalid} starts to throw. */
  invalidated(): void;
}

/** The validity of a resource that thousands may share. */
export interface Invalidation {
  readonly happened: boolean;
  /** @throws The reason, once invalidated. */
  throwIfInvalid(): void;
  add(listener: InvalidationListener): void;
  delete(listener: InvalidationListener): void;
}

/** One listener's handle to an open song. */
export interface OpenSong {
  readonly entry: SongEntry;
  /** Invalidated, with an {@linkcode OndacastError}, if the file changes or vanishes. */
  readonly gone: Invalidation;
  /** Whether the latest read took long, so that reading ahead helps. */
  readonly isSlow: boolean;
  /**
   * Fills the buffer with bytes of the WAV from an offset.
   *
   * @throws {OndacastError} `changed`, if the content is no longer available.
   */
  read(into: Uint8Array, offsetBytes: number): Promise<void>;
  /** Releases the handle. */
  close(): void;
}

/** A song's file as it is stored, open for one reader. */
export interface OpenFile {
  readonly bytes: number;
  /** Changes whenever the file is written to; letters, digits and `-`. */
  readonly etag: string;
  /**
   * Fills the buffer from an offset. Not concurrently.
   *
   * @throws {OndacastError} `changed`, if the file is no longer the one that was
   * opened.
   */
  read(into: Uint8Array, offsetBytes: number): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** How to store a song. */
export interface StoreOptions {
  /** The announced length. */
  bytes?: number;
  /** Whether to replace an existing song of that name. */
  replace: boolean;
  /** Throws if replacing is not allowed; called at the start and before storing. */
  mayReplace?(): void;
}

/** An upload in progress, which is not listed yet. */
export interface SongWriter {
  /**
   * Appends bytes.
   *
   * @throws {OndacastError} `no-space`, `too-large`.
   */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Checks the written bytes and adds the song to the folder atomically.
   *
   * @throws {OndacastError} `bad-hash`, `not-wav`, `unsupported`, `exists`,
   * `no-space`; call {@linkcode abandon} then.
   */
  store(expected: { bytes: number; sha256: string }): Promise<SongEntry>;
  /** Deletes the written bytes. */
  abandon(): Promise<void>;
}

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
}

/** A page of songs. */
export interface SongPage<T = SongEntry> {
  rows: T[];
  /** Whether more songs follow. */
  more: boolean;
}

/** Songs or albums that were found. */
export interface Found<T = SongEntry> extends SongPage<T> {
  /** What it has cost: a step searches a text of up to 64 characters for one word. */
  compared: number;
}

/** A page of a list whose length is known. */
export interface Listed<T> extends Found<T> {
  /** All that match. */
  total: number;
}

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
  /** Its folded title and artist, which searches look at. */
  readonly text: string;
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

/** The songs of a selection, and the cost of finding them; see {@linkcode Found}. */
export interface Selected<T = SongEntry> {
  songs: T[];
  compared: number;
}

/** The songs of a server. */
export interface SongStore {
  /**
   * Finds a song by its exact name, else by its name in any case and normal
   * form, with or without its ending.
   *
   * @throws {OndacastError} `ambiguous`, if several songs match.
   */
  find(name: string): SongEntry | undefined;
  /** Up to `limit` songs by name, starting behind the name `after`. */
  page(query: Pick<SongQuery, "after" | "limit">): SongPage;
  /**
   * Searches and sorts songs, in pieces of a few milliseconds.
   *
   * @param isOver Whether the result is no longer needed.
   * @throws {OndacastError} `not-found`, if `after` is not a cursor of the order.
   */
  search(query: SongQuery, isOver?: () => boolean): Promise<Found>;
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
   * The songs of a selection, such as `album:Goldberg`.
   *
   * @throws {OndacastError} `not-found`, `ambiguous`, `too-large`.
   */
  select(selection: string, isOver?: () => boolean): Promise<Selected>;
  /** All playlists by natural name: few. */
  playlists(): Promise<Listed<PlaylistEntry>>;
  /**
   * Opens the current content of a song. The handle has another entry with
   * another etag if the file has changed since the song was found.
   *
   * @param isIdle Whether nobody waits for its reads, so that others go first.
   * @throws {OndacastError} `not-found`, `changed`, if the song is missing.
   */
  open(entry: SongEntry, isIdle?: boolean): Promise<OpenSong>;
  /**
   * Opens the file of a song as it is stored.
   *
   * @throws {OndacastError} `not-found`, `changed`, `bad-name`.
   */
  openFile(entry: SongEntry): Promise<OpenFile>;
  /**
   * Starts an upload.
   *
   * @throws {OndacastError} `bad-name`, `exists`, `too-large`, `no-space`.
   */
  create(name: string, options: StoreOptions): Promise<SongWriter>;
  /** Requests the content's hash, which is computed once, in the background. */
  wantHash(entry: SongEntry): void;
}
