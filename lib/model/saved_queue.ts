/**
 * A queue as it is kept over a restart.
 *
 * @module
 */

import type { QueueEntry, Repeat } from "./queue_entry.ts";

export interface SavedQueue {
  /** In playing order. */
  entries: readonly QueueEntry[];
  /** The numbers of all entries in the order without shuffle; null if it is off. */
  unshuffled: number[] | null;
  playing: number | null;
  /** The position in the entry that plays. */
  seconds: number;
  nextEntry: number;
  revision: number;
  repeat: Repeat;
}

/** A queue whose parts fit together. */
export interface RestoredQueue
  extends Omit<SavedQueue, "entries" | "unshuffled" | "playing"> {
  entries: QueueEntry[];
  unshuffled: QueueEntry[] | null;
  playing: QueueEntry | null;
}

/**
 * Restores a queue from a file of the right types, whose parts need not fit
 * together: of two entries with one number the first counts, an entry that plays
 * must be in the queue, and an order must have each entry once.
 *
 * @example
 * ```ts
 * import { restoreQueue } from "./saved_queue.ts";
 * import assert from "node:assert/strict";
 *
 * const { playing, nextEntry } = restoreQueue({
 *   entries: [{ entry: 7, song: "a.wav" }],
 *   unshuffled: null,
 *   playing: 8,
 *   seconds: 1,
 *   nextEntry: 3,
 *   revision: 0,
 *   repeat: "off",
 * });
 * assert.deepEqual([playing, nextEntry], [null, 8]);
 * ```
 */
export function restoreQueue(saved: SavedQueue): RestoredQueue {
  const byNumber = new Map<number, QueueEntry>();
  let nextEntry = Math.max(1, saved.nextEntry);
  for (const it of saved.entries) {
    if (!isEntryNumber(it.entry) || byNumber.has(it.entry)) continue;
    byNumber.set(it.entry, { ...it });
    nextEntry = Math.max(nextEntry, it.entry + 1);
  }
  const playing = byNumber.get(saved.playing ?? 0) ?? null;
  const order = new Set(saved.unshuffled);
  const isWhole = order.size === byNumber.size &&
    order.values().every((it) => byNumber.has(it));
  return {
    entries: [...byNumber.values()],
    unshuffled: saved.unshuffled && isWhole
      ? Array.from(order, (it) => byNumber.get(it)!)
      : null,
    playing,
    seconds: playing && saved.seconds > 0 ? saved.seconds : 0,
    nextEntry,
    revision: saved.revision,
    repeat: saved.repeat,
  };
}

function isEntryNumber(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
