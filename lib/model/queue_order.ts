/**
 * Where entries of a queue are put, and which of them can be played next.
 *
 * @module
 */

import type { QueueEntry } from "./queue_entry.ts";

/** Where songs are added. `now` replaces the whole queue. */
export type Place = "now" | "next" | "end";

type Put = (
  into: readonly QueueEntry[],
  added: readonly QueueEntry[],
  playing: QueueEntry | null,
) => QueueEntry[];

/** Puts new entries into an order, beside the one that plays. */
export const PUT: Record<Place, Put> = {
  now: (_, added) => [...added],
  next(into, added, playing) {
    const at = playing ? into.indexOf(playing) + 1 : 0;
    return [...into.slice(0, at), ...added, ...into.slice(at)];
  },
  end: (into, added) => [...into, ...added],
};

/**
 * The order with some entries moved to the place before another; without one to
 * the end. The other may be among them.
 */
export function movedBefore(
  entries: readonly QueueEntry[],
  moved: ReadonlyMap<number, QueueEntry>,
  target: QueueEntry | null,
): QueueEntry[] {
  const at = target ? entries.indexOf(target) : entries.length;
  const isKept = (it: QueueEntry) => !moved.has(it.entry);
  return entries.slice(0, at).filter(isKept)
    .concat([...moved.values()], entries.slice(at).filter(isKept));
}

export function isPlayable({ problem }: QueueEntry): boolean {
  return problem === undefined;
}

/**
 * The first playable entry from an index on.
 *
 * @param wraps Whether the first entry follows the last one.
 * @param removed Entries that do not count, by number.
 */
export function playableFrom(
  entries: readonly QueueEntry[],
  wraps: boolean,
  from: number,
  removed: ReadonlyMap<number, QueueEntry> = NONE,
): QueueEntry | null {
  const counts = (it: QueueEntry) => isPlayable(it) && !removed.has(it.entry);
  const found = entries.slice(from).find(counts);
  return found ?? (wraps ? entries.find(counts) : null) ?? null;
}

/** The last playable entry before an index; null as well before -1. */
export function playableBefore(
  entries: readonly QueueEntry[],
  wraps: boolean,
  index: number,
): QueueEntry | null {
  if (index < 0) return null;
  const found = entries.slice(0, index).findLast(isPlayable);
  return found ?? (wraps ? entries.findLast(isPlayable) : null) ?? null;
}

const NONE: ReadonlyMap<number, QueueEntry> = new Map();
