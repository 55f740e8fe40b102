/**
 * Interfaces through which the client reaches its cache and its players.
 * `io/cache/` and `io/sinks/` implement them.
 *
 * @module
 */

import type { PcmFormat, SongFormat } from "../audio/format.ts";

/** A song in the client's cache. */
export interface CachedSong {
  readonly server: string;
  readonly song: string;
  readonly etag: string;
  /** Length of the whole file. */
  readonly bytes: number;
  readonly format: SongFormat;
  /** False for an incomplete download, which can be resumed but not played. */
  readonly whole: boolean;
  /** Bytes on the disk. */
  readonly storedBytes: number;
}

/** Random access to a cached song. */
export interface CachedBytes {
  /** Fills the buffer from an offset. @returns Bytes read: fewer at the end. */
  read(into: Uint8Array, offsetBytes: number): Promise<number>;
}

/** A download into the cache. */
export interface CacheWriter extends CachedBytes {
  /** Bytes stored so far, including those of earlier downloads that it resumes. */
  readonly storedBytes: number;
  /** Appends. @throws {OndacastError} `no-space`, `output-failed`. */
  write(piece: Uint8Array): Promise<void>;
  /**
   * Completes the download, if its length and hash are right.
   *
   * @param sha256 The hash from the server, if known.
   * @throws {OndacastError} `bad-hash`, and deletes the stored bytes; `no-space`,
   * `output-failed`, and keeps them.
   */
  publish(sha256: string | undefined): Promise<CachedSong>;
  /** Stops the download. If it is not published, it can be resumed. */
  close(): Promise<void>;
  /** Stops the download, and deletes the stored bytes. */
  discard(): Promise<void>;
}

/** A song that can be stored as a whole. */
export interface SongToStore {
  song: string;
  etag: string;
  bytes: number;
  format: SongFormat;
}

/** Songs of servers on the client's disk. */
export interface SongCache {
  /** A server's song by its name in any case, with or without its ending. */
  find(server: string, song: string): Promise<CachedSong | null>;
  list(): Promise<CachedSong[]>;
  /** Verifies the bytes of a complete song by its hash. */
  check(song: CachedSong): Promise<boolean>;
  /** Opens a complete song. @throws {OndacastError} `changed`, if it was modified. */
  openWhole(song: CachedSong): Promise<CachedBytes & { close(): void }>;
  /** Starts or resumes a download; null if the song cannot be stored now. */
  store(server: string, song: SongToStore): Promise<CacheWriter | null>;
  /** @returns False if it is being stored, or was removed already. */
  remove(song: CachedSong): Promise<boolean>;
}

/** `exact`: well enough to be corrected by; `approximate`: by an estimate only. */
export type StepGrade = "exact" | "approximate";

/** A position of a player. */
export interface HeardAt {
  /** Sample frames written to the sink, in all, that had been heard; a fraction. */
  readonly frames: number;
  /** Milliseconds of the monotonic clock. Later positions follow at the rate. */
  readonly atMs: number;
  /**
   * By how much the device's clock is faster than the monotonic one, as a ratio;
   * null: not known yet.
   */
  readonly drift: number | null;
}

/** A destination for PCM, such as a player or a file. */
export interface AudioSink {
  readonly format: PcmFormat;
  /** Shown to users, such as `ffplay` or `file out.wav`. */
  readonly label: string;
  /** Whether to write no faster than real time, because someone listens. */
  readonly realTime: boolean;
  /** How far to write ahead of playback; 0.2 s by default. */
  readonly leadSeconds?: number;
  /** How well {@linkcode AudioSink.heard} is known; left out where it is not. */
  readonly grade?: StepGrade;
  /**
   * How much of what was written had been heard at a time of the monotonic clock
   * (`Clock.now()`), as the player reports; null: not known yet.
   */
  heard?(): HeardAt | null;
  /** Rejects when the player exits or fails, also between writes. */
  readonly failed: Promise<never>;
  /**
   * Writes PCM, and resolves when more can be written.
   *
   * @throws {OndacastError} `player-failed` or `output-failed`.
   */
  write(pcm: Uint8Array): Promise<void>;
  /** Discards PCM that was not played yet, if supported. */
  drop?(): void;
  /**
   * Ends the current recording because another stream takes over. A sink that
   * stores PCM appends no more to it.
   */
  cut?(): void;
  /**
   * Applies a gain to all PCM not played yet. Without it, the gain is applied to
   * PCM before it is written.
   *
   * @param gain 0 to 16; 1 leaves every bit unchanged.
   */
  setGain?(gain: number): void;
  /** Closes the sink once all PCM has been played or stored. */
  end(): Promise<void>;
  /** Closes the sink immediately, and kills its process, if any. */
  abort(): Promise<void>;
}

/**
 * Opens a sink.
 *
 * @param free Resolves when the sink before has ended; left out: there is none. What takes time may begin
 * earlier, but the device is not touched; if it rejects, so does this.
 */
export type OpenSink = (
  format: PcmFormat,
  free?: Promise<void>,
) => Promise<AudioSink>;

/** PCM that is being made, such as that of a microphone. */
export interface LiveSource {
  readonly format: PcmFormat;
  /**
   * Reads at least one byte, and no longer than until there is one; null at the
   * end.
   *
   * @throws {OndacastError} `source-failed`.
   */
  read(into: Uint8Array): Promise<number | null>;
  /** Frees it; a read that waits for more ends with null. Idempotent. */
  close(): Promise<void>;
}
