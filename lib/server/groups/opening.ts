/**
 * Opens the song that will take the place of what plays. Only the latest command
 * counts.
 *
 * @module
 */

import { toOndacastError } from "../../errors.ts";
import type { Queue, Step } from "../../model/queue.ts";
import type { QueueEntry } from "../../model/queue_entry.ts";
import { catchUp, type Due } from "./catch_up.ts";
import { openSong } from "./open_song.ts";
import type { SharedSong } from "./shared_song.ts";
import type { GroupWorld } from "./world.ts";

/** An entry with its open song. */
export interface OpenEntry {
  readonly entry: QueueEntry;
  readonly song: SharedSong;
}

/** What an opening belongs to. */
export interface OpeningOf {
  readonly queue: Queue;
  /** Another entry is being opened. */
  tried(): void;
  /** @param seconds Where the song is to begin. */
  opened(open: OpenEntry, seconds: number): void;
  /** @param failure Why the last song that was tried cannot be played, or null. */
  ended(step: Step, failure: unknown): void;
}

export class Opening {
  readonly #world: GroupWorld;
  readonly #of: OpeningOf;
  #latest: { entry: number; seconds: number } | null = null;

  constructor(world: GroupWorld, of: OpeningOf) {
    this.#world = world;
    this.#of = of;
  }

  /** What is being opened, and its place; null: nothing is. */
  get latest(): { readonly entry: number; readonly seconds: number } | null {
    return this.#latest;
  }

  /** Ignores the song that is being opened. */
  cancel(): void {
    this.#latest = null;
  }

  /**
   * Opens what a step of the queue has led to. Entries that cannot be played are
   * passed over.
   *
   * @returns Why nothing plays, if a song has failed; else null.
   */
  async open(step: Step, seconds: number): Promise<unknown> {
    let failure: unknown = null;
    while ("plays" in step) {
      const { plays: entry } = step;
      const latest = this.#latest = { entry: entry.entry, seconds };
      this.#of.tried();
      try {
        const song = await openSong(this.#world.songs, entry.song, seconds);
        if (this.#latest !== latest) {
          song?.release();
          return null;
        }
        if (song) {
          this.#opened({ entry, song }, seconds);
          return null;
        }
      } catch (thrown) {
        if (this.#latest !== latest) return null;
        failure = thrown;
        this.#of.queue.setProblem(entry.entry, toOndacastError(thrown).code);
      }
      await this.#world.pause();
      if (this.#latest !== latest) return null;
      step = this.#of.queue.leave("end");
      seconds = 0;
    }
    this.#of.ended(step, failure);
    return failure;
  }

  /**
   * Opens the entry that is due in a queue that has played on meanwhile.
   *
   * @param place Of the entry that the queue plays.
   * @param adopt Called with what is due, unless another command counts by then;
   * null: the queue is over.
   */
  async catchUp(
    place: Due,
    adopt: (due: (OpenEntry & Due) | null) => void,
  ): Promise<void> {
    const latest = this.#latest = { entry: 0, seconds: place.seconds };
    const isOver = () => this.#latest !== latest;
    const due = await catchUp(this.#of.queue, this.#world, place, isOver);
    if (isOver()) return due?.song.release();
    this.#latest = null;
    adopt(due);
  }

  #opened(open: OpenEntry, seconds: number): void {
    this.#latest = null;
    this.#of.opened(open, seconds);
  }
}
