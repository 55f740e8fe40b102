/**
 * The queue of a group: its songs in playing order, and the one that plays. The
 * group's {@linkcode Timeline} says when they sound.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Repeat, SavedQueue } from "../ports/group_store.ts";
import type { Page, Texts } from "../ports/library.ts";
import type { QueueBounds } from "./queue_bounds.ts";
import type { QueueEntry } from "./queue_entry.ts";
import { QueueList } from "./queue_list.ts";
import { type Place, playableBefore, playableFrom } from "./queue_order.ts";
import { restoreQueue } from "./saved_queue.ts";
import { SilentRound } from "./silent_round.ts";

/**
 * Why an entry is left: it has sounded to its end, or a listener skips it, which
 * leaves it even if it repeats.
 */
export type Leaving = "end" | "skip";

/** What plays after a step; `silent` is a whole round without a second of sound. */
export type Step = { plays: QueueEntry } | { stopped: "end" | "silent" };

/** `previous` returns to the start of a song that has played for longer. */
const RESTART_SECONDS = 3;

/** With repeat one, a round is so many times the entry, if that has any sound. */
const TIMES_ONE = 32;

/**
 * A queue without a clock or randomness of its own. Each method takes a few
 * milliseconds at most for a hundred thousand entries.
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
 * assert.deepEqual(queue.entries, [1, 3, 2]);
 * const plays = { entry: 3, song: "c.wav" };
 * assert.deepEqual(queue.leave("skip"), { plays });
 * ```
 */
export class Queue {
  readonly #list: QueueList;
  #playing: QueueEntry | null = null;
  #seconds = 0;
  readonly #round = new SilentRound();
  repeat: Repeat = "off";

  /**
   * @param saved A queue to restore. What does not fit together is left out.
   * @throws {OndacastError} `too-large` if it exceeds the bounds.
   */
  constructor(bounds: QueueBounds, saved?: SavedQueue) {
    this.#list = new QueueList(bounds);
    if (!saved) return;
    const restored = restoreQueue(saved);
    this.#list.restore(restored);
    this.#play(restored.playing);
    this.#seconds = restored.seconds;
    this.repeat = restored.repeat;
  }

  /** The numbers of all entries in playing order; replaced at each change. */
  get entries(): readonly number[] {
    return this.#list.numbers;
  }

  /** An entry by its number; undefined if it is not in the queue. */
  get(entry: number): QueueEntry | undefined {
    return this.entries.includes(entry) ? this.#list.entry(entry) : undefined;
  }

  /**
   * Up to `limit` entries in playing order.
   *
   * @param after The entry before them; undefined: they are the first.
   * @throws {OndacastError} As {@linkcode remove}.
   */
  page(after: number | undefined, limit: number): Page<QueueEntry> {
    return this.#list.page(after, limit);
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
    return this.#list.revision;
  }

  get shuffle(): boolean {
    return this.#list.isShuffled;
  }

  /** Everything that the constructor restores, without copying the entries. */
  save(): SavedQueue {
    return {
      ...this.#list.save(),
      playing: this.#playing?.entry ?? null,
      seconds: this.#seconds,
      repeat: this.repeat,
    };
  }

  /** Releases the queue's share of the bounds. */
  forget(): void {
    this.#play(null);
    this.clear();
  }

  /**
   * Adds songs. With `now` the song at `index` plays first.
   *
   * @param songs Not to be changed afterwards.
   * @returns The first new entry; null if there are no songs.
   * @throws {OndacastError} `too-large`, or `not-found` for an index beyond the
   * songs; the queue is unchanged then.
   */
  add(songs: Texts, place: Place, index = 0): QueueEntry | null {
    const isThere = Number.isInteger(index) && index >= 0 &&
      index < songs.length;
    if (place === "now" && songs.length > 0 && !isThere) {
      throw new OndacastError(
        "not-found",
        `Cannot begin with song ${index}: there are ${songs.length}`,
      );
    }
    const playing = this.#playing?.entry ?? null;
    const added = this.#list.add(songs, place, playing);
    if (place === "now") this.#play(added[index] ?? null);
    return added.length > 0 ? this.#list.entry(added[0]) : null;
  }

  /**
   * Removes entries. If the one that plays is among them, the next one takes its
   * place, so compare {@linkcode playing}.
   *
   * @throws {OndacastError} `stale` or `not-found` if one is not in the queue,
   * which is unchanged then.
   */
  remove(entries: readonly number[]): void {
    const removed = this.#list.findAll(entries);
    const isKept = (it: number) => !removed.has(it);
    const playing = this.#playing?.entry ?? null;
    const successor = playing === null || isKept(playing)
      ? playing
      : this.#playableFrom(this.#index(), isKept);
    this.#list.keep(isKept);
    if (successor !== playing) this.#play(successor);
  }

  /** Removes everything but the entry that plays. */
  clear(): void {
    const playing = this.#playing?.entry;
    this.#list.keep((it) => it === playing);
  }

  /**
   * Moves entries, in the order given, to the place before another one; without
   * one to the end. While shuffle is on, this concerns the shuffled order alone.
   *
   * @throws {OndacastError} As {@linkcode remove}.
   */
  move(entries: readonly number[], before?: number): void {
    this.#list.move(this.#list.findAll(entries), before);
  }

  /**
   * Shuffles what follows the entry that plays, or restores the order.
   *
   * @param random Returns numbers from 0 to below 1.
   */
  setShuffle(on: boolean, random: () => number): void {
    if (on === this.shuffle) return;
    if (on) this.#list.shuffle(this.#index() + 1, random);
    else this.#list.unshuffle();
  }

  /**
   * Shuffles a queue that has just begun: none of its songs is before the one that
   * plays.
   */
  shuffleAll(random: () => number): void {
    if (this.#playing) this.#list.shuffleBehind(this.#playing.entry, random);
  }

  /** Notes a position, to be saved. */
  mark(seconds: number): void {
    if (this.#playing) this.#seconds = seconds;
  }

  /** Marks an entry as unplayable, or as playable again. */
  setProblem(entry: number, problem?: string): void {
    this.#list.setProblem(entry, problem);
    if (this.#playing?.entry === entry) this.#playing = this.#list.entry(entry);
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
    const { entry } = after;
    const isAgain = this.repeat === "one" && leaving === "end" &&
      this.#list.isPlayable(entry);
    const next = isAgain
      ? entry
      : this.#playableFrom(this.entries.indexOf(entry) + 1);
    return next === null ? null : this.#list.entry(next);
  }

  /**
   * Goes on to the next entry.
   *
   * @param heardSeconds How much of the entry sounded, if it has ended.
   */
  leave(leaving: Leaving, heardSeconds = 0): Step {
    const next = this.following(leaving);
    const isSilent = leaving === "end" &&
      this.#round.ends(heardSeconds, this.#roundOf(heardSeconds));
    this.#play(isSilent ? null : next?.entry ?? null);
    if (next) return isSilent ? { stopped: "silent" } : { plays: next };
    const isUnplayable = this.entries.length > 0 &&
      !this.entries.some((it) => this.#list.isPlayable(it));
    return { stopped: isUnplayable ? "silent" : "end" };
  }

  /** Entries of a round. A short sound that is repeated is wanted. */
  #roundOf(heardSeconds: number): number {
    if (this.repeat !== "one") return this.entries.length;
    return heardSeconds > 0 ? TIMES_ONE : 1;
  }

  /** Goes to the song's start, or to the entry before if it has just begun. */
  previous(seconds: number): Step {
    const before = seconds > RESTART_SECONDS ? null : playableBefore(
      this.entries,
      this.#wraps,
      this.#index(),
      (it) => this.#list.isPlayable(it),
    );
    this.#play(before ?? this.#playing?.entry ?? null);
    return this.#playing ? { plays: this.#playing } : { stopped: "end" };
  }

  /**
   * Goes to an entry, or to the first one after it that can be played.
   *
   * @throws {OndacastError} As {@linkcode remove}.
   */
  jump(entry: number, seconds = 0): Step {
    this.#play(this.#playableFrom(this.#list.find(entry)));
    if (!this.#playing) return { stopped: "silent" };
    if (this.#playing.entry === entry) this.#seconds = seconds;
    return { plays: this.#playing };
  }

  get #wraps(): boolean {
    return this.repeat === "all";
  }

  #index(): number {
    return this.#playing ? this.entries.indexOf(this.#playing.entry) : -1;
  }

  #playableFrom(
    index: number,
    counts: (entry: number) => boolean = () => true,
  ): number | null {
    const is = (it: number) => this.#list.isPlayable(it) && counts(it);
    return playableFrom(this.entries, this.#wraps, index, is);
  }

  #play(entry: number | null): void {
    this.#playing = entry === null ? null : this.#list.entry(entry);
    this.#seconds = 0;
  }
}
