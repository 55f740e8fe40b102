/**
 * The interface through which the server keeps its groups over a restart.
 * `io/groups/` implements it with SQLite.
 *
 * @module
 */

import type { Texts } from "./library.ts";

/** What follows the last entry: nothing, the first entry, or each entry itself. */
export type Repeat = "off" | "all" | "one";

/** A receiving device. */
export interface SavedDevice {
  key: string;
  name: string;
  /** What it is, if it has said so. */
  kind?: string;
  /** 0 to 100. */
  volume: number;
  muted: boolean;
  delayMs: number;
  /** When it was seen last, in milliseconds since 1970. */
  seenMs: number;
}

/** Songs with the numbers of their entries; never changed. */
export interface SongBatch {
  /** Rising. */
  readonly entries: readonly number[];
  /** The song of each entry. */
  readonly songs: Texts;
}

/** A queue. Its lists are never changed, only replaced. */
export interface SavedQueue {
  /** The numbers of all entries in playing order. */
  entries: readonly number[];
  /** In the order without shuffle; null if it is off. */
  unshuffled: readonly number[] | null;
  /** The songs of all entries, and perhaps of some that were removed. */
  batches: readonly SongBatch[];
  playing: number | null;
  /** The position in the entry that plays. */
  seconds: number;
  nextEntry: number;
  revision: number;
  repeat: Repeat;
}

/** Where a group is in its queue. */
export interface SavedPlace {
  playing: number | null;
  seconds: number;
  /**
   * When that position sounded or will sound, in milliseconds since 1970, if it
   * plays.
   */
  atWallMs: number | null;
}

/** A group, or the queue of a device that is put aside while it is in another. */
export interface SavedGroup {
  id: string;
  name: string;
  /** Keys of its devices; of a queue that is put aside: none. */
  devices: readonly string[];
  state: "playing" | "paused" | "stopped";
  /** The key of the client that chose what plays. */
  by?: string;
  /** As in {@linkcode SavedPlace}. */
  atWallMs: number | null;
  queue: SavedQueue;
}

/** What changes together. */
export interface GroupChange {
  devices?: readonly SavedDevice[];
  groups?: readonly SavedGroup[];
  /** Ids of groups to forget. */
  goneGroups?: readonly string[];
  /** Keys of devices to forget. */
  goneDevices?: readonly string[];
}

/** Keeps groups and devices. */
export interface GroupStore {
  /** Everything that was saved. Call it once, before anything is saved. */
  load(): Promise<{ devices: SavedDevice[]; groups: SavedGroup[] }>;
  /**
   * Saves all of a change or nothing, after the ones before. Of queues only what
   * has changed is written, in pieces, so that others run meanwhile. Once it
   * resolves, the change outlives a crash.
   *
   * @throws {OndacastError} `no-space`, `internal`; what was saved stays, and the
   * next change of the same group or device includes what could not be written.
   */
  save(change: GroupChange): Promise<void>;
  /** Notes the place of a saved group; it may be lost in a crash within a second. */
  mark(id: string, place: SavedPlace): void;
  /** Writes what is left, and closes the store. */
  close(): Promise<void>;
}
