/**
 * Interfaces through which the client reaches its cache and its players.
 * `io/cache/` and `io/sinks/` implement them.
 *
 * @module
 */

import type { PcmFormat, SongFormat } from "../audio/format.ts";

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
