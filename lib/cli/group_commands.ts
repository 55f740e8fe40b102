/**
 * `ondacast groups`, `group`, `ungroup` and `move`: which devices play together.
 *
 * @module
 */

import { listGroups } from "../client/group_list.ts";
import { expectFeature } from "../client/server_features.ts";
import type { ClientContext } from "./client_context.ts";
import { groupLines } from "./group_text.ts";
import { failIfRefused } from "./receivers.ts";
import { findRooms, groupOf, namesOf, oneGroup, type Rooms } from "./rooms.ts";

/** Lists the groups, and what each plays. */
export async function groupsCommand(context: ClientContext): Promise<void> {
  const session = await context.link.session();
  const groups = await context.unlessInterrupted(listGroups(session));
  if (context.options.json) return context.printJson(groups);
  for (const line of groupLines(groups, 0, context.columns)) context.say(line);
  if (groups.length === 0) {
    context.say(
      "no device waits for songs; `ondacast receive --name Kitchen` makes this one do so",
    );
  }
}

/** Makes devices play together. */
export async function groupCommand(
  context: ClientContext,
  words: string[],
  { as: name }: { as?: string },
): Promise<void> {
  const { session, rooms } = await find(context, words);
  const { devices, refused } = await context.unlessInterrupted(
    session.request({ type: "group", devices: rooms.to, name }),
  );
  report(context, "grouped", devices, refused);
  context.say(
    `${namesOf(rooms.groups, devices)}: ${
      devices.length > 1 ? "one group" : "plays alone"
    }${name === undefined ? "" : `, called ${name}`}`,
  );
  failIfRefused("group", refused, rooms.to.length);
}

/** Makes devices play alone again. */
export async function ungroupCommand(
  context: ClientContext,
  words: string[],
): Promise<void> {
  const { session, rooms } = await find(context, words);
  const { devices, refused } = await context.unlessInterrupted(
    session.request({ type: "ungroup", devices: rooms.to }),
  );
  report(context, "ungrouped", devices, refused);
  const wasAlone = (key: string) =>
    groupOf(rooms.groups, key)?.devices.length === 1;
  const { groups } = rooms;
  const left = devices.filter((key) => !wasAlone(key));
  const alone = devices.filter(wasAlone);
  if (left.length > 0) {
    context.say(`${namesOf(groups, left)}: out of the group`);
  }
  if (alone.length > 0) {
    context.say(`${namesOf(groups, alone)}: alone as before`);
  }
  failIfRefused("ungroup", refused, rooms.to.length);
}

/** Lets what plays go on at other devices. */
export async function moveCommand(
  context: ClientContext,
  { from, to }: { from?: string[]; to: string[] },
): Promise<void> {
  const { session, rooms } = await find(context, to);
  const playing = from ? null : onlyPlaying(rooms);
  const group = playing ??
    oneGroup(
      await findRooms(context, session, from, {
        option: "--from",
        isWhole: true,
      }),
    );
  const { devices, refused } = await context.unlessInterrupted(
    session.request({ type: "move", group: group.group, to: rooms.to }),
  );
  report(context, "moved", devices, refused);
  const names = namesOf(rooms.groups, devices);
  context.say(`${group.title ?? `the queue of ${group.name}`} → ${names}`);
  failIfRefused("move", refused, rooms.to.length);
}

/** The only group that does anything. */
function onlyPlaying({ groups }: Rooms) {
  const active = groups.filter(({ state }) => state !== "stopped");
  return active.length === 1 ? active[0] : null;
}

/** @throws {OndacastError} `too-old`, if the server has no groups. */
async function find(context: ClientContext, words: string[]) {
  const session = await context.link.session();
  const has = expectFeature(session, "groups", "group devices");
  await context.unlessInterrupted(has);
  const rooms = await findRooms(context, session, words, { isWhole: true });
  return { session, rooms };
}

function report(
  context: ClientContext,
  event: string,
  to: readonly string[],
  refused: unknown,
): void {
  if (context.options.json) context.printJson({ event, to, refused });
}
