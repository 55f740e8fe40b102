/**
 * The queue of a group: its songs in playing order, and the one that plays. The
 * group's {@linkcode Timeline} says when they sound.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { QueueBounds } from "./queue_bounds.ts";
import { findEntries } from "./find_entries.ts";
import type { QueueEntry, Repeat } from "./queue_entry.ts";
import {
  isPlayable,
  movedBefore,
  type Place,
  playableBefore,
  playableFrom,
  PUT,
} from "./queue_order.ts";
import { restoreQueue, type SavedQueue } from "./saved_queue.ts";
import { SilentRound } from "./silent_round.ts";
import { shuffled } from "./shuffled.ts";

/**
 * Why an entry is left: it has sounded to its end, or a listener skips it, which
 * leaves it even if it repeats.
 */
export type Leaving = "end" | "skip";

/** What plays after a step; `silent` is a whole round without a second of sound. */
export type Step = { plays: QueueEntry } | { stopped: "end" | "silent" };

/** `previous` returns to the start of a song that has played for longer. */
const RESTART_SECONDS = 3;

/**
 * A queue without a clock or randomness of its own.
 *
 * @example
 * ```ts
 * import { Queue } from "./queue.ts";
 * import { QueueBounds } from "./queue_bounds.ts";
 * import assert from "node:assert/strict";
 *
 * const queue = new Queue(new QueueBounds());
 * queue.add(["a.wav", "b.wav"], "now");
 * queue.add(["c.wav"], "next");
 * assert.deepEqual(queue.entries.map(({ song }) => song), [
 *   "a.wav",
 *   "c.wav",
 *   "b.wav",
 * ]);
 * assert.deepEqual(queue.leave("skip"), { plays: queue.entries[1] });
 * ```
 */
export class Queue {
  readonly #bounds: QueueBounds;
  #entries: QueueEntry[] = [];
  /** The entries without shuffle; null while it is off. */
  #unshuffled: QueueEntry[] | null = null;
  #playing: QueueEntry | null = null;
  #seconds = 0;
  #nextEntry = 1;
  #revision = 0;
  readonly #round = new SilentRound();
  repeat: Repeat = "off";

  /**
   * @param saved A queue to restore. What does not fit together is left out.
   * @throws {OndacastError} `too-large` if it exceeds the bounds.
   */
  constructor(bounds: QueueBounds, saved?: SavedQueue) {
    this.#bounds = bounds;
    if (!saved) return;
    const restored = restoreQueue(saved);
    bounds.change(0, restored.entries.length);
    this.#entries = restored.entries;
    this.#unshuffled = restored.unshuffled;
    this.#playing = restored.playing;
    this.#seconds = restored.seconds;
    this.#nextEntry = restored.nextEntry;
    this.#revision = restored.revision;
    this.repeat = restored.repeat;
  }

  /** In playing order. */
  get entries(): readonly QueueEntry[] {
    return this.#entries;
  }

  /** The entry that plays, is paused, or would play; null when none is left. */
  get playing(): QueueEntry | null {
    return this.#playing;
  }

  /** The last known position in the entry that plays. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Changes with the entries and their order. */
  get revision(): number {
    return this.#revision;
  }

  get shuffle(): boolean {
    return this.#unshuffled !== null;
  }

  /** Everything that the constructor restores, without copying the entries. */
  save(): SavedQueue {
    return {
      entries: this.#entries,
      unshuffled: this.#unshuffled?.map(({ entry }) => entry) ?? null,
      playing: this.#playing?.entry ?? null,
      seconds: this.#seconds,
      nextEntry: this.#nextEntry,
      revision: this.#revision,
      repeat: this.repeat,
    };
  }

  /** Releases the queue's share of the bounds. */
  forget(): void {
    this.#set([], null);
    this.#play(null);
  }

  /**
   * Adds songs. With `now` the song at `index` plays first.
   *
   * @returns The first new entry; null if there are no songs.
   * @throws {OndacastError} `too-large`, or `not-found` for an index beyond the
   * songs; the queue is unchanged then.
   */
  add(songs: readonly string[], place: Place, index = 0): QueueEntry | null {
    if (place === "now" && songs.length > 0 && !(index in songs)) {
      throw new OndacastError(
        "not-found",
        `Cannot begin with song ${index}: there are ${songs.length}`,
      );
    }
    const first = this.#nextEntry;
    const added = songs.map((song, i) => ({ entry: first + i, song }));
    const put = PUT[place];
    const insert = (into: QueueEntry[]) => put(into, added, this.#playing);
    this.#set(
      insert(this.#entries),
      this.#unshuffled && insert(this.#unshuffled),
    );
    this.#nextEntry += added.length;
    if (place === "now") {
      this.#unshuffled = null;
      this.#play(added[index] ?? null);
    }
    return added[0] ?? null;
  }

  /**
   * Removes entries. If the one that plays is among them, the next one takes its
   * place, so compare {@linkcode playing}.
   *
   * @throws {OndacastError} `stale` or `not-found` if one is not in the queue,
   * which is unchanged then.
   */
  remove(entries: readonly number[]): void {
    const removed = this.#all(entries);
    const successor = this.#playing && removed.has(this.#playing.entry)
      ? playableFrom(this.#entries, this.#wraps, this.#index(), removed)
      : this.#playing;
    const keep = (from: QueueEntry[]) =>
      from.filter((it) => !removed.has(it.entry));
    this.#set(keep(this.#entries), this.#unshuffled && keep(this.#unshuffled));
    if (successor !== this.#playing) this.#play(successor);
  }

  /** Removes everything but the entry that plays. */
  clear(): void {
    const left = this.#playing ? [this.#playing] : [];
    this.#set(left, this.#unshuffled && [...left]);
  }

  /**
   * Moves entries, in the order given, to the place before another one; without
   * one to the end. While shuffle is on, this concerns the shuffled order alone.
   *
   * @throws {OndacastError} As {@linkcode remove}.
   */
  move(entries: readonly number[], before?: number): void {
    const moved = this.#all(entries);
    const target = before === undefined ? null : this.#find(before);
    const order = movedBefore(this.#entries, moved, target);
    this.#set(order, this.#unshuffled);
  }

  /**
   * Shuffles what follows the entry that plays, or restores the order.
   *
   * @param random Returns numbers from 0 to below 1.
   */
  setShuffle(on: boolean, random: () => number): void {
    if (on === this.shuffle) return;
    if (!on) return this.#set(this.#unshuffled!, null);
    const from = this.#index() + 1;
    const order = this.#entries.slice(0, from)
      .concat(shuffled(this.#entries.slice(from), random));
    this.#set(order, this.#entries);
  }

  /** Notes a position, to be saved. */
  mark(seconds: number): void {
    if (this.#playing) this.#seconds = seconds;
  }

  /** Marks an entry as unplayable, or as playable again. */
  setProblem(entry: number, problem?: string): void {
    const found = this.#find(entry);
    if (problem === undefined) delete found.problem;
    else found.problem = problem;
  }

  /**
   * Checks that an entry still plays, so that only the first of two listeners who
   * skip it has an effect.
   *
   * @throws {OndacastError} `stale` if another one plays.
   */
  expect(entry: number): void {
    if (this.#playing?.entry === entry) return;
    throw new OndacastError(
      "stale",
      `Cannot control entry ${entry}: it is not playing any more`,
    );
  }

  /** The entry after one, by default the one that plays; null after the last. */
  following(
    leaving: Leaving = "end",
    after: QueueEntry | null = this.#playing,
  ): QueueEntry | null {
    if (!after) return null;
    if (this.repeat === "one" && leaving === "end" && isPlayable(after)) {
      return after;
    }
    return playableFrom(
      this.#entries,
      this.#wraps,
      this.#entries.indexOf(after) + 1,
    );
  }

  /**
   * Goes on to the next entry.
   *
   * @param heardSeconds How much of the entry sounded, if it has ended.
   */
  leave(leaving: Leaving, heardSeconds = 0): Step {
    const next = this.following(leaving);
    const isSilent = leaving === "end" &&
      this.#round.ends(
        heardSeconds,
        this.repeat === "one" ? 1 : this.#entries.length,
      );
    this.#play(isSilent ? null : next);
    if (next) return isSilent ? { stopped: "silent" } : { plays: next };
    const isUnplayable = this.#entries.length > 0 &&
      !this.#entries.some(isPlayable);
    return { stopped: isUnplayable ? "silent" : "end" };
  }

  /** Goes to the song's start, or to the entry before if it has just begun. */
  previous(seconds: number): Step {
    const before = seconds > RESTART_SECONDS
      ? null
      : playableBefore(this.#entries, this.#wraps, this.#index());
    const plays = before ?? this.#playing;
    this.#play(plays);
    return plays ? { plays } : { stopped: "end" };
  }

  /**
   * Goes to an entry, or to the first one after it that can be played.
   *
   * @throws {OndacastError} As {@linkcode remove}.
   */
  jump(entry: number, seconds = 0): Step {
    const at = this.#entries.indexOf(this.#find(entry));
    const plays = playableFrom(this.#entries, this.#wraps, at);
    this.#play(plays);
    if (!plays) return { stopped: "silent" };
    if (plays.entry === entry) this.#seconds = seconds;
    return { plays };
  }

  get #wraps(): boolean {
    return this.repeat === "all";
  }

  #index(): number {
    return this.#playing ? this.#entries.indexOf(this.#playing) : -1;
  }

  #play(entry: QueueEntry | null): void {
    this.#playing = entry;
    this.#seconds = 0;
  }

  #set(entries: QueueEntry[], unshuffled: QueueEntry[] | null): void {
    this.#bounds.change(this.#entries.length, entries.length);
    this.#entries = entries;
    this.#unshuffled = unshuffled;
    this.#revision++;
  }

  #find(entry: number): QueueEntry {
    return this.#all([entry]).get(entry)!;
  }

  #all(numbers: readonly number[]): Map<number, QueueEntry> {
    return findEntries(this.#entries, numbers, this.#nextEntry);
  }
}
