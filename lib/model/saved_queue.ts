/**
 * Restores queues that were kept over a restart.
 *
 * @module
 */

import type { SavedQueue, SongBatch } from "../ports/group_store.ts";
import { QueuedSongs } from "./queued_songs.ts";

/**
 * A queue whose parts fit together, from a file of the right types: each entry
 * has a song and a place of its own, the one that plays is among them, and an
 * order without shuffle has each of them once.
 *
 * @example
 * ```ts
 * import { restoreQueue } from "./saved_queue.ts";
 * import assert from "node:assert/strict";
 *
 * const { entries, playing, nextEntry } = restoreQueue({
 *   entries: [7, 7, 9],
 *   unshuffled: null,
 *   batches: [{ entries: [7], songs: ["a.wav"] }],
 *   playing: 9,
 *   seconds: 1,
 *   nextEntry: 3,
 *   revision: 0,
 *   repeat: "off",
 * });
 * assert.deepEqual([entries, playing, nextEntry], [[7], null, 8]);
 * ```
 */
export function restoreQueue(saved: SavedQueue): SavedQueue {
  const batches = inOrder(saved.batches);
  const songs = new QueuedSongs(batches);
  const entries = distinct(saved.entries, (it) => songs.get(it) !== undefined);
  const all = new Set(entries);
  const unshuffled = saved.unshuffled &&
    distinct(saved.unshuffled, (it) => all.has(it));
  const playing = all.has(saved.playing ?? 0) ? saved.playing : null;
  const last = batches.at(-1)?.entries.at(-1) ?? 0;
  return {
    ...saved,
    entries,
    unshuffled: unshuffled?.length === all.size ? unshuffled : null,
    batches,
    playing,
    seconds: playing !== null && saved.seconds > 0 ? saved.seconds : 0,
    nextEntry: Math.max(1, saved.nextEntry, last + 1),
  };
}

/** The batches that are sound, each behind the one before. */
function inOrder(batches: readonly SongBatch[]): SongBatch[] {
  const sound = batches.filter(({ entries, songs }) =>
    entries.length > 0 && entries.length === songs.length &&
    entries.every((it, i) =>
      Number.isSafeInteger(it) && it > (i > 0 ? entries[i - 1] : 0)
    )
  );
  sound.sort((a, b) => a.entries[0] - b.entries[0]);
  let last = 0;
  return sound.filter(({ entries }) => {
    const isBehind = entries[0] > last;
    if (isBehind) last = entries.at(-1)!;
    return isBehind;
  });
}

/** The same list, if nothing has to be left out. */
function distinct(
  entries: readonly number[],
  is: (entry: number) => boolean,
): readonly number[] {
  const kept = new Set<number>();
  for (const it of entries) if (is(it)) kept.add(it);
  return kept.size === entries.length ? entries : [...kept];
}
