/**
 * `ondacast queue`: what a group of devices plays next.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import {
  type EntryRow,
  type GroupRow,
  listEntries,
  type QueueList,
} from "../client/group_list.ts";
import { expectFeature } from "../client/server_features.ts";
import { OndacastError } from "../errors.ts";
import type { ToServer } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { entryText, queueLines } from "./group_text.ts";
import { withSongs } from "./named_songs.ts";
import { failIfRefused } from "./receivers.ts";
import { findRooms, namesOf, oneGroup } from "./rooms.ts";
import { counted } from "./text.ts";

/** The options of all commands on a queue. */
export interface QueueOptions {
  to?: string[];
}

/** A group, and the connection to its server. */
interface Found {
  session: ClientSession;
  group: GroupRow;
}

/** Lists the queue of a group. */
export async function queueCommand(
  context: ClientContext,
  { to }: QueueOptions,
): Promise<void> {
  const { session, group } = await find(context, to, "show a queue");
  const queue = await context.unlessInterrupted(
    listEntries(session, group.group),
  );
  if (context.options.json) {
    return context.printJson(queue.entries.map((entry) => ({
      ...entry,
      playing: entry.entry === queue.playing,
    })));
  }
  const { length } = queue.entries;
  context.say(
    length === 0
      ? `${group.name}: nothing is queued`
      : `${group.name}: ${group.state}, ${counted(length, "song")}`,
  );
  for (const line of queueLines(queue, context.columns)) context.say(line);
}

/** Adds songs to a queue: at its end, or as what comes next. */
export async function queueAddCommand(
  context: ClientContext,
  songs: string[],
  { to, next }: QueueOptions & { next?: boolean },
): Promise<void> {
  const session = await context.link.session();
  await context.unlessInterrupted(
    expectFeature(session, "groups", "queue songs"),
  );
  const rooms = await findRooms(context, session, to);
  const { answer: queued } = await withSongs(
    ...[context, songs, {}] as const,
    (songs) =>
      session.request({
        type: "queue",
        to: rooms.to,
        songs,
        place: next ? "next" : "end",
      }),
  );
  if (context.options.json) context.printJson({ event: "queued", ...queued });
  const { refused } = queued;
  const keys = rooms.to.filter((it) => !refused.some(({ to }) => to === it));
  context.say(
    `${counted(queued.songs, "song")} ${next ? "next" : "at the end"} → ${
      namesOf(rooms.groups, keys)
    }`,
  );
  failIfRefused("queue", refused, songs.length + rooms.to.length);
}

/** Removes entries, by their numbers in the list. */
export async function queueRemoveCommand(
  context: ClientContext,
  numbers: string[],
  { to }: QueueOptions,
): Promise<void> {
  const { session, group, queue } = await findQueue(context, to);
  const entries = entriesAt(queue, numbers);
  await edit(context, session, group, queue, {
    action: "remove",
    entries: entries.map(({ entry }) => entry),
  });
  context.say(`${group.name}: removed ${described(entries)}`);
}

/** Moves entries to the place before another, or to the end. */
export async function queueMoveCommand(
  context: ClientContext,
  numbers: string[],
  { to, before }: QueueOptions & { before?: string },
): Promise<void> {
  const { session, group, queue } = await findQueue(context, to);
  const entries = entriesAt(queue, numbers);
  const target = before === undefined ? [] : entriesAt(queue, [before]);
  await edit(context, session, group, queue, {
    action: "move",
    entries: entries.map(({ entry }) => entry),
    ...(target.length > 0 && { before: target[0].entry }),
  });
  const where = target.length > 0
    ? `before ${entryText(target[0])}`
    : "to the end";
  context.say(`${group.name}: moved ${described(entries)} ${where}`);
}

/** Removes all but what plays. */
export async function queueClearCommand(
  context: ClientContext,
  { to }: QueueOptions,
): Promise<void> {
  const { session, group } = await find(context, to, "edit a queue");
  const { revision } = await context.unlessInterrupted(
    session.request({ type: "edit", group: group.group, action: "clear" }),
  );
  if (context.options.json) context.printJson({ event: "edited", revision });
  context.say(
    `${group.name}: cleared${group.title ? `, but for ${group.title}` : ""}`,
  );
}

/**
 * The entry at a number of the list, for `jump`.
 *
 * @throws {OndacastError} `usage`.
 */
export async function entryAt(
  session: ClientSession,
  group: GroupRow,
  number: string,
): Promise<EntryRow> {
  return entriesAt(await listEntries(session, group.group), [number])[0];
}

/** Finds the one group of the words, and its queue. */
async function findQueue(
  context: ClientContext,
  to: string[] | undefined,
): Promise<Found & { queue: QueueList }> {
  const found = await find(context, to, "edit a queue");
  const { session, group: { group } } = found;
  const queue = await context.unlessInterrupted(listEntries(session, group));
  return { ...found, queue };
}

/** Finds the one group of the words. */
async function find(
  context: ClientContext,
  to: string[] | undefined,
  what: string,
): Promise<Found> {
  const session = await context.link.session();
  await context.unlessInterrupted(expectFeature(session, "groups", what));
  const rooms = await findRooms(context, session, to, { isWhole: true });
  return { session, group: oneGroup(rooms) };
}

async function edit(
  context: ClientContext,
  session: ClientSession,
  { group }: GroupRow,
  { revision }: QueueList,
  change: Pick<ToServer<"edit">, "action" | "entries" | "before">,
): Promise<void> {
  const edited = await context.unlessInterrupted(
    session.request({ type: "edit", group, revision, ...change }),
  );
  if (!context.options.json) return;
  context.printJson({ event: "edited", revision: edited.revision });
}

/**
 * The entries at numbers of a list, and at ranges of them.
 *
 * @throws {OndacastError} `usage`.
 *
 * @example
 * ```ts
 * import { entriesAt } from "./queue_commands.ts";
 * import assert from "node:assert/strict";
 *
 * const entry = (entry: number) => ({
 *   entry,
 *   song: "a.wav",
 *   title: "a",
 *   seconds: 1,
 * });
 * const entries = [entry(7), entry(9), entry(4)];
 * assert.deepEqual(entriesAt({ entries }, ["3", "1-2"]), [
 *   entry(4),
 *   entry(7),
 *   entry(9),
 * ]);
 * assert.throws(() => entriesAt({ entries }, ["4"]), { code: "usage" });
 * assert.throws(() => entriesAt({ entries: [] }, ["1"]), /nothing is queued$/);
 * ```
 */
export function entriesAt(
  { entries }: Pick<QueueList, "entries">,
  numbers: readonly string[],
): EntryRow[] {
  const found = new Set<EntryRow>();
  for (const text of numbers) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? first);
    if (!match || first < 1 || last < first || last > entries.length) {
      const reason = entries.length === 0
        ? "nothing is queued"
        : `expected a number from 1 to ${entries.length}, as \`ondacast queue\` shows them, or a range such as 2-4`;
      throw new OndacastError(
        "usage",
        `Cannot find "${text}" in the queue: ${reason}`,
      );
    }
    for (const entry of entries.slice(first - 1, last)) found.add(entry);
  }
  return [...found];
}

function described(entries: readonly EntryRow[]): string {
  return entries.length === 1
    ? entryText(entries[0])
    : counted(entries.length, "song");
}
