/**
 * `ondacast cast`: a song of the server on other clients.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import {
  type GroupRow,
  listEntries,
  listGroups,
} from "../client/group_list.ts";
import { expectFeature, knows } from "../client/server_features.ts";
import type { AnswerTo } from "../wire/messages.ts";
import {
  castEnded,
  type CastReceiver,
  type CastResult,
  hasYetToBegin,
  watchCast,
} from "./cast_watch.ts";
import type { ClientContext } from "./client_context.ts";
import { withSongs } from "./named_songs.ts";
import { failIfRefused, type Refused } from "./receivers.ts";
import { findRooms, groupOf, groupsOf, type Rooms } from "./rooms.ts";
import { selected } from "./songs_to_play.ts";
import { counted } from "./text.ts";

/** The options of `cast`. */
export interface CastOptions {
  to?: string[];
  from?: number;
  upload?: boolean;
  /** After what plays, or at the queue's end; by default in its place. */
  next?: boolean;
  end?: boolean;
  /** Each device by itself. */
  apart?: boolean;
  shuffle?: boolean;
  /** Returns at once, without waiting for what the players report. */
  unwatched?: boolean;
  repeat?: "all" | "one";
}

/** Plays songs of the server on other clients. */
export async function castCommand(
  context: ClientContext,
  typed: readonly string[],
  options: CastOptions,
): Promise<void> {
  const session = await context.link.session();
  const hasGroups = await context.unlessInterrupted(
    knows(session, "groups"),
  );
  if (hasGroups) return await castQueue(context, typed, options);
  const { next, end, shuffle, repeat } = options;
  if (next || end || shuffle || repeat) {
    await context.unlessInterrupted(
      expectFeature(session, "groups", "queue songs"),
    );
  }
  await castEach(context, typed, options);
}

/** Has the server play all songs, one after the other. */
async function castQueue(
  context: ClientContext,
  typed: readonly string[],
  options: CastOptions,
): Promise<void> {
  const session = await context.link.session();
  const rooms = await findRooms(context, session, options.to);
  if (options.apart) await separate(context, session, rooms);
  const words = options.apart ? rooms.to : [rooms.to];
  const { from, shuffle, repeat } = options;
  const place = options.next ? "next" : options.end ? "end" : "now";
  const request = {
    ...{ type: "queue", place } as const,
    ...(from !== undefined && { from }),
    ...(shuffle && { shuffle }),
    ...(repeat && { repeat }),
  };
  const all = words.map((to) => ({ ...request, to }));
  const { songs, answer } = await withSongs(
    ...[context, typed, options] as const,
    (songs) =>
      Promise.all(all.map((one) => session.request({ ...one, songs }))),
  );
  const isWatched = place === "now" && !options.unwatched;
  await reportCast(context, session, rooms, songs, answer, {
    ...{ place, from, isWatched },
  });
}

/** Takes devices out of their groups, so that each plays by itself. */
async function separate(
  context: ClientContext,
  session: ClientSession,
  { groups, to }: Rooms,
): Promise<void> {
  const together = to.filter((key) =>
    (groupOf(groups, key)?.devices.length ?? 0) > 1
  );
  if (together.length === 0) return;
  await context.unlessInterrupted(
    session.request({ type: "ungroup", devices: together }),
  );
}

/** Says what plays where, and watches that it does. */
async function reportCast(
  context: ClientContext,
  session: ClientSession,
  rooms: Rooms,
  songs: readonly string[],
  queued: readonly AnswerTo<"queue">[],
  { place, from = 0, isWatched }: {
    place: keyof typeof PLACES;
    from?: number;
    isWatched: boolean;
  },
): Promise<void> {
  const refused = queued.flatMap((it) => it.refused);
  const groups = await context.unlessInterrupted(listGroups(session));
  const keys = groups.flatMap(({ devices }) => devices.map(({ key }) => key))
    .filter((key) => rooms.to.includes(key));
  const [{ songs: count, group }] = queued;
  const what = songs.join(", ");
  if (context.options.json) {
    context.printJson({
      ...{ event: "start", song: what, to: keys, refused, group },
      songs: count,
    });
  }
  const shown = count === 1 ? what : counted(count, "song");
  context.say(`${shown} ${PLACES[place]}→ ${whereText(groups, keys)}`);
  const wanted = rooms.to.length + songs.length;
  if (!isWatched) return failIfRefused(`queue ${what}`, refused, wanted);
  const listComing = async () =>
    (await listGroups(session)).flatMap((row) =>
      hasYetToBegin(row, from) ? row.devices.map(({ key }) => key) : []
    );
  const watched = await context.unlessInterrupted(
    watchCast(session, keys, context.clock, listComing),
  );
  const result = await context.unlessInterrupted(
    withoutStopped(session, watched, keys),
  );
  report(context, shown, result);
  const failures = [...refused, ...result.failed];
  failIfRefused(`play ${what}`, failures, rooms.to.length);
}

/**
 * The result of a cast without the receivers whose songs the server could not play:
 * the receivers cannot report these, since they were never sent anything.
 */
async function withoutStopped(
  session: ClientSession,
  result: CastResult,
  keys: readonly string[],
): Promise<CastResult> {
  const stopped = new Map<string, Omit<Refused, "to">>();
  const groups = groupsOf({ groups: await listGroups(session), to: [...keys] });
  for (const { group, state, problem, devices } of groups) {
    if (state !== "stopped" || problem === undefined) continue;
    const { entries } = await listEntries(session, group);
    const code = entries.find((it) => it.problem)?.problem ?? "unsupported";
    for (const { key } of devices) stopped.set(key, { code, message: problem });
  }
  const isHeard = ({ key }: CastReceiver) => !stopped.has(key);
  const failed = [...result.playing, ...result.silent].flatMap(
    ({ key, name }) => {
      const reason = stopped.get(key);
      return reason ? [{ to: name, ...reason }] : [];
    },
  );
  return {
    playing: result.playing.filter(isHeard),
    silent: result.silent.filter(isHeard),
    failed: [...result.failed, ...failed],
  };
}

const PLACES = { now: "", next: "next ", end: "at the end " };

/** Devices by group: `Kitchen, Living room (in step); Bath`. */
function whereText(
  groups: readonly GroupRow[],
  keys: readonly string[],
): string {
  return groups.flatMap(({ devices }) => {
    const names = devices.filter(({ key }) => keys.includes(key))
      .map(({ name }) => name);
    if (names.length === 0) return [];
    return [names.join(", ") + (devices.length > 1 ? " (in step)" : "")];
  }).join("; ");
}

/**
 * Casts to a server without queues: each of several songs after the previous one
 * has ended, to the clients on which nothing else was started.
 */
async function castEach(
  context: ClientContext,
  typed: readonly string[],
  options: CastOptions,
): Promise<void> {
  const songs = await selected(context, typed);
  const session = await context.link.session();
  const rooms = await findRooms(context, session, options.to);
  let { to } = rooms;
  let { from } = options;
  for (const [i, song] of songs.entries()) {
    const { answer: keys } = await withSongs(
      ...[context, [song], options] as const,
      ([name]) => cast(context, name, { to, from }),
    );
    if (i === songs.length - 1) return;
    to = await context.unlessInterrupted(
      castEnded(session, keys, context.clock),
    );
    if (to.length === 0) {
      return context.say(
        "no receiver plays them any more: the rest is skipped",
      );
    }
    from = undefined;
  }
}

/** @returns The keys of the receivers. */
async function cast(
  context: ClientContext,
  song: string,
  { to = [], from }: CastOptions,
): Promise<string[]> {
  const session = await context.link.session();
  const casting = await context.unlessInterrupted(session.request({
    type: "cast",
    song,
    to,
    ...(from !== undefined && { from }),
  }));
  const { to: keys, refused } = casting;
  if (context.options.json) {
    context.printJson({ event: "start", song, to: keys, refused });
  } else {
    const clients = keys.length === 1 ? "client" : "clients";
    context.say(`casting ${song} to ${keys.length} ${clients}`);
  }
  const result = await context.unlessInterrupted(
    watchCast(session, keys, context.clock),
  );
  report(context, song, result);
  failIfRefused(`play ${song}`, [...refused, ...result.failed], to.length);
  return keys;
}

function report(
  context: ClientContext,
  song: string,
  { playing, silent, failed }: CastResult,
): void {
  if (context.options.json) {
    if (playing.length > 0) {
      const to = playing.map(({ key }) => key);
      context.printJson({ event: "playing", song, to });
    }
    for (const one of failed) context.printJson({ event: "error", ...one });
    return;
  }
  if (playing.length > 0) context.say(`playing on ${names(playing)}`);
  if (silent.length > 0) context.say(`no report yet from ${names(silent)}`);
}

function names(receivers: CastReceiver[]): string {
  return receivers.map(({ name }) => name).join(", ");
}
