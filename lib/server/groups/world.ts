/**
 * What groups need of the server.
 *
 * @module
 */

import type { OpenSong } from "../../ports/server.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import type { GroupStore } from "../../ports/group_store.ts";

/** The songs of the server, as groups play them. */
export interface GroupSongs {
  /** The song of exactly this name, or that had it before. */
  find(name: string): SongEntry | undefined;
  /**
   * Opens a song.
   *
   * @throws {OndacastError} `not-found`, or the problem that keeps it from being
   * played.
   */
  open(name: string): Promise<OpenSong>;
  /** Resolves when the first bytes to send from a sample frame are in memory. */
  load(song: OpenSong, fromFrame: number): Promise<void>;
}

export interface GroupWorld {
  readonly songs: GroupSongs;
  readonly store: GroupStore;
  /** The server's monotonic clock, in microseconds. */
  nowUs(): number;
  /** Milliseconds since 1970, by which a line goes on after a restart. */
  wallMs(): number;
  /** Yields to the event loop. */
  pause(): Promise<void>;
  /** From 0 to below 1. */
  random(): number;
  /** An opaque id that no other group has. */
  newId(): string;
}
