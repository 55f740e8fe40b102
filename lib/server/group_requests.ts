/**
 * The handlers of messages that list groups and the entries of their queues, and
 * that edit a queue.
 *
 * @module
 */

import { bytesToSeconds } from "../audio/format.ts";
import { OndacastError } from "../errors.ts";
import type { Queue } from "../model/queue.ts";
import type { QueueEntry } from "../model/queue_entry.ts";
import { titleOf } from "../model/tags.ts";
import { type Answer, MAX_ROWS, type ToServer } from "../wire/messages.ts";
import type { Caller } from "./caller.ts";
import { checkMayCommand } from "./cast.ts";
import { COST, editCost, rowsCost } from "./cost.ts";
import type { Group } from "./groups/group.ts";
import type { Hub } from "./hub.ts";

/** Steps of a row, whose song is read from the index. */
const READ_STEPS = 8;

/** Answers `groups`. */
export async function listGroups(
  caller: Caller,
  { after, limit = MAX_ROWS, watch }: ToServer<"groups">,
): Promise<Answer<"groups">> {
  const { hub, rateLimit } = caller;
  if (watch !== undefined) caller.watch("groups", watch);
  const { rows, ...page } = hub.groupList.page(after, limit);
  const groups = await eachInTurns(rows, hub, (row) => row());
  const devices = groups.reduce((sum, group) => sum + group.devices.length, 0);
  rateLimit.spend(rowsCost(rows.length + devices));
  return { groups, ...page };
}

/** Answers `entries`. */
export async function listEntries(
  { hub, rateLimit }: Caller,
  { group: word, after, limit = MAX_ROWS }: ToServer<"entries">,
): Promise<Answer<"entries">> {
  const { id, queue } = groupOf(hub, word);
  const { rows, ...page } = queue.page(after, limit);
  rateLimit.spend(rowsCost(rows.length) + editCost(0, queue.entries.length));
  const { revision, playing } = queue;
  return {
    ...{ group: id, revision, playing: playing?.entry ?? null, ...page },
    entries: await eachInTurns(rows, hub, (it) => entryRow(it, hub)),
  };
}

/** Answers `edit`, once the edit outlives a crash. */
export async function editQueue(
  caller: Caller,
  { group: word, revision, action, entries, before }: ToServer<"edit">,
): Promise<Answer<"edit">> {
  const { hub: { groups }, rateLimit } = caller;
  const group = groupOf(caller.hub, word);
  checkMayCommand(caller, group.devices[0]);
  const { queue } = group;
  rateLimit.spend(COST.edit + editCost(0, queue.entries.length));
  if (revision !== undefined && revision !== queue.revision) {
    throw new OndacastError(
      "stale",
      `Cannot edit the queue at revision ${revision}: it is at ${queue.revision}`,
    );
  }
  const edit = EDITS[action];
  if (edit.takesEntries !== (entries !== undefined)) {
    throw new OndacastError(
      "bad-message",
      `Cannot accept edit: field entries: expected ${
        edit.takesEntries ? "some" : "none"
      } to ${action}`,
    );
  }
  // What is due within the lead counts as playing.
  group.playback.advance();
  group.change((it) => edit.apply(it, entries ?? [], before));
  const edited = { revision: queue.revision };
  await groups.saved();
  return edited;
}

/** An edit of a queue. */
interface Edit {
  takesEntries: boolean;
  apply(queue: Queue, entries: readonly number[], before?: number): void;
}

const EDITS: Record<ToServer<"edit">["action"], Edit> = {
  remove: {
    takesEntries: true,
    apply: (queue, entries) => queue.remove(entries),
  },
  move: {
    takesEntries: true,
    apply: (queue, entries, before) => queue.move(entries, before),
  },
  clear: { takesEntries: false, apply: (queue) => queue.clear() },
};

/** @throws {OndacastError} `not-found`. */
function groupOf({ groups }: Hub, word: string): Group {
  return groups.named(word) ?? groups.get(word);
}

async function eachInTurns<T, R>(
  items: readonly T[],
  { turns }: Hub,
  rowOf: (item: T) => R,
): Promise<R[]> {
  const rows: R[] = [];
  for (const item of items) {
    rows.push(rowOf(item));
    const turn = turns.next(READ_STEPS, "request");
    if (turn) await turn;
  }
  return rows;
}

/** A row of `entries`. */
function entryRow(
  { entry, song: named, problem }: QueueEntry,
  hub: Hub,
): Answer<"entries">["entries"][number] {
  const song = hub.songName(named);
  const found = hub.songs.get(song);
  const { title, artist } = found?.tags ?? {};
  const format = found?.format;
  const trouble = problem ??
    (found ? format ? undefined : found.problem ?? "unsupported" : "not-found");
  return {
    ...{ entry, song, title: title ?? titleOf(song) },
    ...(artist !== undefined && { artist }),
    seconds: format?.dataBytes == null
      ? null
      : bytesToSeconds(format, format.dataBytes),
    ...(trouble !== undefined && { problem: trouble }),
  };
}
