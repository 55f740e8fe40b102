/**
 * What the core needs of the world, as small interfaces. `io/` fulfils them
 * with sockets, files and processes; tests fulfil them in memory.
 *
 * @module
 */

import type { PcmFormat, SongFormat } from "./audio/format.ts";

/** Both directions of one connection, as bytes. */
export interface Transport {
  /** The other end as `ip:port`, an IPv6 address in brackets. */
  readonly peer: string;
  /** Whether a proxy says that it passes this on, so that `peer` is the proxy. */
  readonly isPassedOn?: boolean;
  /** When the peer last took bytes of a write, by {@linkcode Clock.now}. */
  readonly progressAtMs: number;
  /** Whether a write waits for the peer to take more. */
  readonly writing: boolean;
  /** Reads at least a byte into the buffer; null: the peer says no more. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes all of it. One call at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that no more will be written, and keeps reading possible. */
  closeWrite(): Promise<void>;
  /** Ends both directions at once. Any number of calls. */
  close(): void;
}

/** Opens connections, again and again to the same place. */
export interface Connector {
  /** The place as a person would write it, for messages. */
  readonly place: string;
  connect(signal?: AbortSignal): Promise<Transport>;
}

/** Time that never jumps. */
export interface Clock {
  /** Milliseconds since some start, with fractions. */
  now(): number;
  /**
   * Resolves after so long, or at once when aborted; never rejects. 0 is the
   * event loop's next turn: what else has come in is done before.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

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

/** A song of the client's cache. */
export interface CachedSong {
  readonly server: string;
  readonly song: string;
  readonly etag: string;
  /** Length of the whole file. */
  readonly bytes: number;
  readonly format: SongFormat;
  /** False: a half download, to be continued but not to be played. */
  readonly whole: boolean;
  /** Bytes on the disk. */
  readonly storedBytes: number;
}

/** Reading a song of the cache at any place. */
export interface CachedBytes {
  /** Fills the buffer from an offset as far as the song goes; so many bytes. */
  read(into: Uint8Array, offsetBytes: number): Promise<number>;
}

/** A song on its way into the cache. */
export interface CacheWriter extends CachedBytes {
  /** Bytes stored so far: those of an earlier download of the same content, too. */
  readonly storedBytes: number;
  /** Appends. @throws {OndacastError} `no-space`, `output-failed`. */
  write(piece: Uint8Array): Promise<void>;
  /**
   * Makes it a song of the cache, if its length and hash are right.
   *
   * @param sha256 The server's hash, where it has told it.
   * @throws {OndacastError} `bad-hash`: what was stored is gone. `no-space`,
   * `output-failed`: it is kept.
   */
  publish(sha256: string | undefined): Promise<CachedSong>;
  /** Ends it. What is not published is kept, to be continued. */
  close(): Promise<void>;
}

/** The client's songs on its own disk. */
export interface SongCache {
  /** A server's song by its name in any case, with or without its ending. */
  find(server: string, song: string): Promise<CachedSong | null>;
  /** All songs. */
  list(): Promise<CachedSong[]>;
  /** Whether a whole song is on the disk as it was stored, to the byte. */
  check(song: CachedSong): Promise<boolean>;
  /** @throws {OndacastError} `changed`, if it is not there as it was found. */
  openWhole(song: CachedSong): Promise<CachedBytes & { close(): void }>;
  /** Begins to store a song or goes on with it; null: it cannot be stored now. */
  store(
    server: string,
    song: { song: string; etag: string; bytes: number; format: SongFormat },
  ): Promise<CacheWriter | null>;
  remove(song: CachedSong): Promise<void>;
}

/** Bytes to be read from front to back, such as a file or stdin. */
export interface ByteSource {
  /** Reads at least a byte into the buffer; null: there is no more. */
  read(into: Uint8Array): Promise<number | null>;
}

/** A SHA-256 of bytes that come piece by piece. */
export interface StreamHash {
  update(bytes: Uint8Array): void;
  /** The digest of all of them, 64 hexadecimal digits. */
  hex(): string;
}

/** Begins a {@linkcode StreamHash}. */
export type NewHash = () => StreamHash;

/** Where PCM is played or written to. */
export interface AudioSink {
  readonly format: PcmFormat;
  /** A person's name for it: `ffplay`, `file out.wav`. */
  readonly label: string;
  /** Whether it is heard, so that it is written no faster than it plays. */
  readonly realTime: boolean;
  /** How far ahead of what is heard it is to be written to; left out: 0.2 s. */
  readonly leadSeconds?: number;
  /** Rejects once the player is gone, whoever is writing. */
  readonly failed: Promise<never>;
  /**
   * Takes PCM, and resolves when more can be taken.
   *
   * @throws {OndacastError} `player-failed` or `output-failed`.
   */
  write(pcm: Uint8Array): Promise<void>;
  /** Forgets what was not heard yet, where it can. */
  drop?(): void;
  /**
   * Says that what was written ends here, as something else takes its place.
   * A sink that keeps what it is given does not add to it any more.
   */
  cut?(): void;
  /**
   * Makes all quieter from what is heard next on, where it can; else the PCM
   * is made so before it is written.
   *
   * @param gain 0 to 1; at 1 not a bit is changed.
   */
  setGain?(gain: number): void;
  /** Resolves when all that was written has been heard or stored. */
  end(): Promise<void>;
  /** Ends it at once, and any process with it. */
  abort(): Promise<void>;
}

/** Opens a sink for PCM of a format. */
export type OpenSink = (format: PcmFormat) => Promise<AudioSink>;
