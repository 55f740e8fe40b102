/**
 * The songs of a queue by the numbers of their entries. A hundred thousand are
 * added at once, and most edits concern their order alone, so they are kept in
 * batches as they were added.
 *
 * @module
 */

import type { SongBatch } from "../ports/group_store.ts";
import type { Texts } from "../ports/library.ts";
import { firstIndex } from "./binary_search.ts";

/** Songs of removed entries that are kept beside as many as are needed. */
const SPARE = 1000;
/**
 * Batches of up to so many songs are merged: each is written on its own, and a
 * hundred thousand songs that were added one by one would be as many.
 */
const MERGED = 1024;

/**
 * Songs by entry; never changed.
 *
 * @example
 * ```ts
 * import { QueuedSongs } from "./queued_songs.ts";
 * import assert from "node:assert/strict";
 *
 * const songs = new QueuedSongs().add([1, 2], ["a.wav", "b.wav"]);
 * assert.equal(songs.get(2), "b.wav");
 * assert.equal(songs.get(3), undefined);
 * ```
 */
export class QueuedSongs {
  readonly batches: readonly SongBatch[];
  readonly #size: number;

  /** @param batches Each behind the one before. */
  constructor(batches: readonly SongBatch[] = []) {
    this.batches = batches;
    this.#size = batches.reduce((sum, { entries }) => sum + entries.length, 0);
  }

  /** The song of an entry; undefined if there has been none, or it is forgotten. */
  get(entry: number): string | undefined {
    const behind = firstIndex(this.batches, (it) => it.entries[0] > entry);
    if (behind === 0) return undefined;
    const { entries, songs } = this.batches[behind - 1];
    const direct = entry - entries[0];
    if (entries[direct] === entry) return songs.at(direct);
    const at = firstIndex(entries, (it) => it >= entry);
    return entries[at] === entry ? songs.at(at) : undefined;
  }

  /** With more songs, whose entries are above all before. */
  add(entries: readonly number[], songs: Texts): QueuedSongs {
    if (entries.length === 0) return this;
    const batches = this.batches.slice();
    let added: SongBatch = { entries, songs };
    // A batch is merged with one of its own size or more, so that a song is copied
    // ten times at most.
    for (let last = batches.at(-1); last; last = batches.at(-1)) {
      const { length } = last.entries;
      const isSmaller = length <= added.entries.length;
      if (!isSmaller || length + added.entries.length > MERGED) break;
      batches.pop();
      added = {
        entries: [...last.entries, ...added.entries],
        songs: [...last.songs, ...added.songs],
      };
    }
    return new QueuedSongs([...batches, added]);
  }

  /** Without songs of other entries, once they outnumber those that are needed. */
  keep(needed: readonly number[]): QueuedSongs {
    if (needed.length === 0) return new QueuedSongs();
    if (this.#size <= 2 * needed.length + SPARE) return this;
    const entries = Array.from(Float64Array.from(needed).sort());
    const songs = entries.map((entry) => this.get(entry)!);
    return new QueuedSongs([{ entries, songs }]);
  }
}
