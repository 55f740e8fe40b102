/**
 * The songs of a group's takes: the one whose entry the queue plays, and those
 * that follow it without a gap.
 *
 * @module
 */

import type { Take } from "../../model/course.ts";
import type { QueueEntry } from "../../model/queue_entry.ts";
import type { NewTake, Timeline } from "../../model/timeline.ts";
import type { SharedSong } from "./shared_song.ts";

/** A take, its entry and its open song. */
export interface SongTake {
  readonly id: number;
  readonly entry: QueueEntry;
  readonly song: SharedSong;
  readonly fromFrame: number;
}

/** What a song is on the line. */
export function newTake(
  { entry }: QueueEntry,
  song: SharedSong,
  fromFrame: number,
): NewTake {
  const rateHz = song.format.rate;
  return { entry, rateHz, fromFrame, endFrame: song.frames };
}

/** How long a take lasts, in seconds; a live song: 0. */
export function takeSeconds({ song, fromFrame }: SongTake): number {
  const { frames, format } = song;
  return frames === null ? 0 : (frames - fromFrame) / format.rate;
}

/** Where a take is, and when; it moves on from there. */
export function placeOf(
  { id, song, fromFrame }: SongTake,
  timeline: Timeline,
  nowUs: number,
): { seconds: number; atUs: number } {
  const place = timeline.positionAt(nowUs);
  const isThere = place?.take.id === id;
  const waits = !isThere || place.kind === "waiting";
  return {
    seconds: (isThere ? place.frame : fromFrame) / song.format.rate,
    atUs: (waits ? timeline.startsAtUs(id) : null) ?? nowUs,
  };
}

/** Holds the songs while any device may have to be sent them. */
export class TakeRow {
  #takes: SongTake[] = [];
  /** The index of the take that counts as playing. */
  #at = 0;

  /** The take whose entry the queue plays; null: none. */
  get current(): SongTake | null {
    return this.#takes[this.#at] ?? null;
  }

  /** The take after it. */
  get next(): SongTake | null {
    return this.#takes[this.#at + 1] ?? null;
  }

  /** The current take, and all after it. */
  get coming(): readonly SongTake[] {
    return this.#takes.slice(this.#at);
  }

  get(id: number): SongTake | undefined {
    return this.#takes.find((it) => it.id === id);
  }

  /** Begins anew. */
  set(take: SongTake): void {
    this.clear();
    this.#takes = [take];
  }

  push(take: SongTake): void {
    this.#takes.push(take);
  }

  /** The next take counts as playing. */
  advance(): void {
    this.#at++;
  }

  /** Drops what follows a take. */
  cut(after: number): void {
    const at = this.#takes.findIndex(({ id }) => id === after);
    for (const { song } of this.#takes.splice(at + 1)) song.release();
  }

  /** Forgets what has sounded. */
  prune(row: readonly Take[]): void {
    while (this.#at > 0 && this.#takes[0].id < (row[0]?.id ?? Infinity)) {
      this.#takes.shift()!.song.release();
      this.#at--;
    }
  }

  clear(): void {
    for (const { song } of this.#takes) song.release();
    this.#takes = [];
    this.#at = 0;
  }
}
