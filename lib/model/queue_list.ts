/**
 * The entries of a queue in playing order, with their songs. The
 * {@linkcode Queue} says which of them plays.
 *
 * @module
 */

import type { SavedQueue } from "../ports/group_store.ts";
import type { Page, Texts } from "../ports/library.ts";
import { findEntries } from "./find_entries.ts";
import { pageOf } from "./page_of.ts";
import type { NumberSet } from "./number_set.ts";
import type { QueueBounds } from "./queue_bounds.ts";
import type { QueueEntry } from "./queue_entry.ts";
import { movedBefore, type Place, PUT } from "./queue_order.ts";
import { QueuedSongs } from "./queued_songs.ts";
import { shuffled } from "./shuffled.ts";

/** The part of a saved queue that is kept here. */
export type SavedList = Pick<
  SavedQueue,
  "entries" | "unshuffled" | "batches" | "nextEntry" | "revision"
>;

/**
 * Entries in playing order. Lists of numbers are replaced at each change, never
 * changed, so that a copy costs nothing.
 *
 * Where a method takes an entry, it throws `stale` if that has been removed, and
 * `not-found` if it never was there; nothing is changed then.
 */
export class QueueList {
  readonly #bounds: QueueBounds;
  #entries: readonly number[] = [];
  #unshuffled: readonly number[] | null = null;
  #songs = new QueuedSongs();
  readonly #problems = new Map<number, string>();
  #nextEntry = 1;
  #revision = 0;

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  /**
   * Takes up what was saved, which must fit together.
   *
   * @throws {OndacastError} `too-large`.
   */
  restore(saved: SavedList): void {
    const { entries, unshuffled, batches, nextEntry, revision } = saved;
    this.#set(entries, unshuffled, new QueuedSongs(batches));
    this.#nextEntry = nextEntry;
    this.#revision = revision;
  }

  save(): SavedList {
    return {
      entries: this.#entries,
      unshuffled: this.#unshuffled,
      batches: this.#songs.batches,
      nextEntry: this.#nextEntry,
      revision: this.#revision,
    };
  }

  /** The numbers of all entries. */
  get numbers(): readonly number[] {
    return this.#entries;
  }

  get revision(): number {
    return this.#revision;
  }

  get isShuffled(): boolean {
    return this.#unshuffled !== null;
  }

  /** An entry that is in the list. */
  entry(number: number): QueueEntry {
    const song = this.#songs.get(number)!;
    const problem = this.#problems.get(number);
    return { entry: number, song, ...(problem !== undefined && { problem }) };
  }

  isPlayable(number: number): boolean {
    return !this.#problems.has(number);
  }

  /** The index of an entry. */
  find(number: number): number {
    const index = this.#entries.indexOf(number);
    if (index < 0) this.findAll([number]);
    return index;
  }

  /** Entries in the order given, without duplicates. */
  findAll(numbers: readonly number[]): NumberSet {
    return findEntries(this.#entries, numbers, this.#nextEntry);
  }

  /** Up to `limit` entries, behind the entry `after`. */
  page(after: number | undefined, limit: number): Page<QueueEntry> {
    const first = after === undefined ? 0 : this.find(after) + 1;
    const page = pageOf(this.#entries, first, limit);
    return { ...page, rows: page.rows.map((it) => this.entry(it)) };
  }

  setProblem(number: number, problem?: string): void {
    this.find(number);
    if (problem === undefined) this.#problems.delete(number);
    else this.#problems.set(number, problem);
  }

  /**
   * Adds songs beside the entry that plays.
   *
   * @param songs Not to be changed afterwards.
   * @returns Their numbers.
   * @throws {OndacastError} `too-large`; the list is unchanged then.
   */
  add(
    songs: Texts,
    place: Place,
    playing: number | null,
  ): readonly number[] {
    const first = this.#nextEntry;
    const added: number[] = [];
    for (let i = 0; i < songs.length; i++) added.push(first + i);
    const insert = (into: readonly number[]) =>
      PUT[place](into, added, playing);
    const isNow = place === "now";
    this.#set(
      insert(this.#entries),
      isNow ? null : this.#unshuffled && insert(this.#unshuffled),
      (isNow ? new QueuedSongs() : this.#songs).add(added, songs),
    );
    this.#nextEntry += added.length;
    return added;
  }

  /** Removes all entries for which `is` returns false. */
  keep(is: (number: number) => boolean): void {
    this.#set(this.#entries.filter(is), this.#unshuffled?.filter(is) ?? null);
  }

  /**
   * Moves entries to the place before another one; without one to the end. While
   * the list is shuffled, this concerns the shuffled order alone.
   */
  move(moved: NumberSet, before?: number): void {
    if (before !== undefined) this.find(before);
    const order = movedBefore(this.#entries, moved, before ?? null);
    this.#set(order, this.#unshuffled);
  }

  /** Shuffles the entries from an index on. */
  shuffle(from: number, random: () => number): void {
    this.#set(shuffled(this.#entries, random, from), this.#entries);
  }

  /** Puts an entry in front of all others, in random order. */
  shuffleBehind(first: number, random: () => number): void {
    const others = this.#entries.filter((it) => it !== first);
    this.#set([first].concat(shuffled(others, random)), this.#entries);
  }

  /** Restores the order of a list that is shuffled. */
  unshuffle(): void {
    if (this.#unshuffled) this.#set(this.#unshuffled, null);
  }

  #set(
    entries: readonly number[],
    unshuffled: readonly number[] | null,
    songs: QueuedSongs = this.#songs,
  ): void {
    this.#bounds.change(this.#entries.length, entries.length);
    this.#entries = entries;
    this.#unshuffled = unshuffled;
    this.#songs = songs.keep(entries);
    this.#revision++;
    if (this.#problems.size > entries.length) this.#forgetProblems();
  }

  #forgetProblems(): void {
    const left = new Set(this.#entries);
    for (const it of this.#problems.keys()) {
      if (!left.has(it)) this.#problems.delete(it);
    }
  }
}
