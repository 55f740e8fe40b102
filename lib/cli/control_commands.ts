/**
 * Commands that control what devices play: `pause`, `next`, `volume` and others.
 * They act on the whole group of a device, but for its volume, mute and delay.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { type GroupRow, listGroups } from "../client/group_list.ts";
import { expectFeature, knows } from "../client/server_features.ts";
import { OndacastError } from "../errors.ts";
import { isDeviceAction } from "../wire/group_messages.ts";
import type { ToServer } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { type ControlOptions, doneText } from "./control_text.ts";
import { controlReceivers } from "./control_receivers.ts";
import { entryAt } from "./queue_commands.ts";
import { failIfRefused } from "./receivers.ts";
import { findRooms, groupsOf, namesOf, oneGroup, type Rooms } from "./rooms.ts";

type Action = ToServer<"control">["action"];

/** Actions whose entry is the one that plays, so that two presses skip one song. */
const OF_ENTRY: readonly Action[] = ["next", "previous"];

/** Actions on single devices; others act on whole groups. */
const OF_DEVICES: readonly Action[] = ["volume", "mute", "delay"];

/** Sends a control to devices, and fails if any of them refused it. */
export async function controlCommand(
  context: ClientContext,
  action: Action,
  options: ControlOptions,
): Promise<void> {
  const session = await context.link.session();
  const rooms = await findRooms(context, session, options.to);
  if (!await context.unlessInterrupted(knows(session, "groups"))) {
    if (isDeviceAction(action)) {
      const there = { ...options, ...rooms };
      return await controlReceivers(context, action, there);
    }
    await expectFeature(session, "groups", `use ${action}`);
  }
  expectPlaying(action, options, rooms);
  const control = await context.unlessInterrupted(
    controlOf(session, action, rooms, options),
  );
  const { to = [], refused = [] } = await context.unlessInterrupted(
    session.request(control),
  );
  const isRelative = options.amount?.relative ?? false;
  const groups = isRelative
    ? await context.unlessInterrupted(listGroups(session))
    : rooms.groups;
  const values = isRelative
    ? to.map((key) => valueNow(groups, action, key) ?? 0)
    : [];
  if (context.options.json) {
    context.printJson({
      ...{ event: action, to, refused },
      ...(values.length > 0 && { values }),
    });
  }
  if (to.length > 0) {
    const acted = OF_DEVICES.includes(action)
      ? to
      : groupsOf({ groups, to }).flatMap(({ devices }) =>
        devices.map(({ key }) => key)
      );
    context.say(
      `${namesOf(groups, acted)}: ${doneText(action, options, values)}`,
    );
  }
  const what = action === "volume" ? "set the volume" : action;
  failIfRefused(what, refused, to.length + refused.length);
}

/** @throws {OndacastError} `stale`, if nothing plays whose place could change. */
function expectPlaying(
  action: Action,
  { amount }: ControlOptions,
  rooms: Rooms,
): void {
  const groups = groupsOf(rooms);
  const isIdle = groups.length > 0 &&
    groups.every(({ state }) => state === "stopped");
  if (action !== "seek" || !amount?.relative || !isIdle) return;
  const names = groups.map(({ name }) => name).join(", ");
  throw new OndacastError(
    "stale",
    `Cannot seek relatively on "${names}": it is not playing`,
  );
}

async function controlOf(
  session: ClientSession,
  action: Action,
  rooms: Rooms,
  { amount, value, number }: ControlOptions,
): Promise<Omit<ToServer<"control">, "id" | "re">> {
  const [group, ...others] = groupsOf(rooms);
  const isOne = group !== undefined && others.length === 0;
  const isWhole = isOne && group.devices.length > 1 &&
    group.devices.every(({ key }) => rooms.to.includes(key));
  const entry = OF_ENTRY.includes(action) && isOne ? group.entry : null;
  const jump = number === undefined
    ? undefined
    : (await entryAt(session, oneGroup(rooms), number)).entry;
  const given = amount?.value ?? value ?? jump;
  return {
    type: "control",
    action,
    to: rooms.to,
    ...(given !== undefined && { value: given }),
    ...(amount?.relative && { relative: true }),
    // The volume of a group keeps the ratios of its devices.
    ...(action === "volume" && isWhole && { group: true }),
    ...(entry !== null && { entry }),
  };
}

function valueNow(
  groups: readonly GroupRow[],
  action: Action,
  key: string,
): number | undefined {
  for (const { devices, position } of groups) {
    const device = devices.find((it) => it.key === key);
    if (device) return action === "seek" ? position : device.volume;
  }
}
