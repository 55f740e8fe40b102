/**
 * Interfaces through which the server reaches its songs. `io/songs/`
 * implements them with files.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";

/** Lets everybody else have a turn in the middle of long work. */
export interface Turns {
  /**
   * To be called after each small step of the work.
   *
   * @param steps How many steps that was; one is far below a millisecond.
   * @returns A promise to wait for before going on; null: go on.
   */
  next(steps?: number): Promise<void> | null;
}

/** A song of the folder, as the catalogue knows it. */
export interface SongEntry {
  /** The path below the folder, `/` between its parts, with its ending. */
  readonly name: string;
  /** Length of the whole file. */
  readonly bytes: number;
  /** Opaque; another one as soon as the content changes. */
  readonly etag: string;
  /** Null where it cannot be played; `problem` says why. */
  readonly format: SongFormat | null;
  /** The error code of what makes it unplayable. */
  readonly problem?: string;
  /** The same in a sentence. */
  readonly problemText?: string;
  /** Hexadecimal; set once the content was hashed. */
  sha256?: string;
}

/** Who is told that something is gone. */
export interface InvalidationListener {
  /** Called once; {@linkcode Invalidation.throwIfInvalid} throws by then. */
  handleInvalidation(): void;
}

/** Whether something is gone that thousands may use. */
export interface Invalidation {
  readonly happened: boolean;
  /** @throws The reason, once it is gone. */
  throwIfInvalid(): void;
  /** From now on the listener is told. */
  add(listener: InvalidationListener): void;
  /** The listener is told no longer. */
  delete(listener: InvalidationListener): void;
}

/** A song opened for reading, shared by all who play that content. */
export interface OpenSong {
  readonly entry: SongEntry;
  /** Whether the content is gone or changed; an {@linkcode OndacastError} is the reason. */
  readonly gone: Invalidation;
  /** Whether the latest read took long, so that the next is better begun early. */
  readonly isSlow: boolean;
  /**
   * Fills the buffer with the file's bytes from an offset.
   *
   * @throws {OndacastError} `changed`, if they are no longer there.
   */
  read(into: Uint8Array, offsetBytes: number): Promise<void>;
  /** To be called once by each who opened it. */
  close(): void;
}

/** What a song that is to be stored must be. */
export interface StoreOptions {
  /** The length that was announced, in bytes. */
  bytes?: number;
  /** Whether it is to take the place of a song of that name. */
  replace: boolean;
  /** Throws, if it may not; asked at the begin, and again when it is stored. */
  mayReplace?(): void;
}

/** A song on its way into the folder, not seen by anyone yet. */
export interface SongWriter {
  /**
   * Appends bytes.
   *
   * @throws {OndacastError} `no-space`, `too-large`.
   */
  write(bytes: Uint8Array): Promise<void>;
  /**
   * Checks what was written and puts it into the folder in one step.
   *
   * @throws {OndacastError} `bad-hash`, `not-wav`, `unsupported`, `exists`,
   * `no-space`; nothing is left of it then.
   */
  store(expected: { bytes: number; sha256: string }): Promise<SongEntry>;
  /** Forgets it. */
  abandon(): Promise<void>;
}

/** Which songs of a list are wanted. */
export interface SongQuery {
  /** Only those whose names have all its words, whatever their case and accents. */
  match?: string;
  /** Only those behind this name in the order that is wanted. */
  after?: string;
  /** At most so many. */
  limit?: number;
  /** How they are sorted; by UTF-16 code units if left out. */
  sort?: "natural";
}

/** A page of songs. */
export interface SongPage<T = SongEntry> {
  rows: T[];
  /** Whether there are more behind them. */
  more: boolean;
}

/** The songs that a server has. */
export interface SongStore {
  /**
   * A song by its exact name, else by its name in any case and normal form,
   * with or without its ending.
   *
   * @throws {OndacastError} `ambiguous`, if several songs have that name.
   */
  find(name: string): SongEntry | undefined;
  /** Songs by name. */
  page(query: Pick<SongQuery, "after" | "limit">): SongPage;
  /**
   * Songs that are searched for or sorted, in pieces of a few milliseconds.
   *
   * @param isOver Whether nobody waits for it any more.
   * @returns The page, and how many names were compared for it.
   */
  search(
    query: SongQuery,
    isOver?: () => boolean,
  ): Promise<SongPage & { compared: number }>;
  /**
   * Opens a song as it is now: its `entry` is another one, with another etag,
   * if the file has changed since the song was found.
   *
   * @throws {OndacastError} `not-found` or `changed`, if it is no longer there.
   */
  open(entry: SongEntry): Promise<OpenSong>;
  /**
   * Begins to store a song.
   *
   * @throws {OndacastError} `bad-name`, `exists`, `too-large`, `no-space`.
   */
  create(name: string, options: StoreOptions): Promise<SongWriter>;
  /** Has the content hashed before long, once, if it is not yet. */
  wantHash(entry: SongEntry): void;
}
