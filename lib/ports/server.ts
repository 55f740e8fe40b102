/**
 * Interfaces through which the server reaches its songs. `io/songs/`
 * implements them with files.
 *
 * @module
 */

import type { SongLibrary } from "./library.ts";
import type { SongEntry } from "./song_entry.ts";

/** Yields to the event loop during long work. */
export interface Turns {
  /**
   * Call this after each small step of the work.
   *
   * @param steps The number of steps; one takes far less than a millisecond.
   * @param kind Requests wait for each other and for one piece of other work each.
   * @returns A promise to await before continuing; null to continue.
   */
  next(steps?: number, kind?: TurnKind): Promise<void> | null;
}

/**
 * `signal`: takes microseconds, and keeps music and clocks going; `request`: a short
 * one of a session, whose client waits; `background`: what nobody waits for; `work`:
 * all else.
 */
export type TurnKind = "signal" | "request" | "work" | "background";

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

/** Notified of a live song. */
export interface LiveListener {
  /** More of it has come, or its end. */
  grown(): void;
}

/** A song that is being made. Offsets count from its first byte, head included. */
export interface LiveFeed {
  /** Where what has come ends. */
  readonly edge: number;
  /** Where a listener begins that joins now; 0: at the head. */
  readonly joinOffset: number;
  /** The sample frame of it. */
  readonly joinFrame: number;
  /** A listener that is before this has fallen too far behind. */
  readonly oldestOffset: number;
  /** The first byte that can be read, before {@linkcode oldestOffset}. */
  readonly keptOffset: number;
  /** Whether nothing follows what has come. */
  readonly isComplete: boolean;
  /** Sample frames of the whole song; null: it goes on. */
  readonly frames: number | null;
  /**
   * By how much its frames come later than at its nominal rate, from a fixed time
   * on, in microseconds; null: not known yet.
   */
  lateUs(nowUs: number): number | null;
  /**
   * How much later than that some frames come again and again, in microseconds,
   * because it is sent in bursts.
   */
  unevenUs(nowUs: number): number;
  /** The waveform of its last 30 s: as many bytes as that of any song. */
  readonly peaks: Uint8Array<ArrayBuffer>;
  /** Bytes that have come, not to be written to. */
  slice(from: number, to: number): Uint8Array;
  add(listener: LiveListener): void;
  delete(listener: LiveListener): void;
}

/** One listener's handle to an open song. */
export interface OpenSong {
  readonly entry: SongEntry;
  /** Invalidated, with an {@linkcode OndacastError}, if the file changes or vanishes. */
  readonly gone: Invalidation;
  /** How it grows; absent: it is there as a whole. */
  readonly live?: LiveFeed;
  /** Whether the latest read took long, so that reading ahead helps. */
  readonly isSlow: boolean;
  /**
   * The end of the part with an offset that is decoded as a whole, so that reading
   * all of it costs no more; the offset itself, if nothing is decoded.
   */
  partEnd(offsetBytes: number): number;
  /**
   * Fills the buffer with bytes of the WAV from an offset.
   * @throws {OndacastError} `changed`, if the content is no longer available.
   * @throws {AbandonedError} After {@linkcode abandon}.
   */
  read(into: Uint8Array, offsetBytes: number): Promise<void>;
  /**
   * Makes the decoding of a range, that a read by another handle waits for, as
   * urgent as a read by this one.
   *
   * @param heardAt The first byte that is waited for.
   */
  hurry(fromBytes: number, toBytes: number, heardAt: number): void;
  /** Call it when nobody waits for a pending read, which may then fail. */
  abandon(): void;
  /** Releases the handle. */
  close(): void;
}

/** The use of an open song. */
export interface OpenOptions {
  /** The listener's address, of which few decodings wait at once. */
  address?: string;
  /** Whether no listener waits for its reads, so that others go first. */
  isIdle?: boolean;
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

/** The picture of a song. */
export interface SongPicture {
  /** Changes with the files that it may be in; letters, digits and `-`. */
  readonly etag: string;
  /**
   * Makes it smaller, or as small as it is: a JPEG.
   *
   * @param size The most pixels of the longer side.
   * @param address Of the client, of which few pictures wait at once.
   * @throws {OndacastError} `unsupported`, `changed`, `busy`.
   */
  shrunk(size: number, address?: string): Promise<Uint8Array<ArrayBuffer>>;
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

/** The songs of a server. */
export interface SongStore {
  /**
   * Finds a song by its exact name, else by its name in any case and normal
   * form, with or without its ending.
   *
   * @param etag The content that is meant, if another one has the name, too.
   * @throws {OndacastError} `ambiguous`, if several songs match.
   */
  find(name: string, etag?: string): SongEntry | undefined;
  /** The song with exactly this name. */
  get(name: string): SongEntry | undefined;
  /** All songs, as people look for them. */
  readonly library: SongLibrary;
  /**
   * Opens the current content of a song. The handle has another entry with
   * another etag if the file has changed since the song was found.
   *
   * @throws {OndacastError} `not-found`, `changed`, if the song is missing.
   */
  open(entry: SongEntry, options?: OpenOptions): Promise<OpenSong>;
  /**
   * Opens the file of a song as it is stored.
   *
   * @throws {OndacastError} `not-found`, `changed`, `bad-name`.
   */
  openFile(entry: SongEntry): Promise<OpenFile>;
  /**
   * The picture of a song: that in its file, else that of its folder.
   *
   * @returns Null: it has none.
   * @throws {OndacastError} `not-found`, `changed`, `bad-name`.
   */
  picture(entry: SongEntry): Promise<SongPicture | null>;
  /**
   * Starts an upload.
   *
   * @throws {OndacastError} `bad-name`, `exists`, `too-large`, `no-space`.
   */
  create(name: string, options: StoreOptions): Promise<SongWriter>;
  /**
   * Removes a song, which is kept for a while.
   *
   * @param etag Of the content that is meant.
   * @returns Its name.
   * @throws {OndacastError} `not-found`, `ambiguous`, `changed`, `read-only`.
   */
  remove(name: string, etag: string): Promise<string>;
  /**
   * Brings back the song of exactly this name that was removed last.
   *
   * @throws {OndacastError} `not-found`, `exists`, `read-only`.
   */
  restore(name: string): Promise<SongEntry>;
  /**
   * Gives a song another name, which may be in another folder. Its streams go on.
   *
   * @param to Without an ending, it keeps that of the song.
   * @throws {OndacastError} `not-found`, `ambiguous`, `bad-name`, `exists`,
   * `unsupported`, `read-only`.
   */
  rename(name: string, to: string): Promise<SongEntry>;
  /**
   * The present name of a song, by one that it had before it was renamed; the same
   * name if no song had it.
   */
  presentName(name: string): string;
  /** Requests the content's hash, which is computed once, in the background. */
  wantHash(entry: SongEntry): void;
}
