/**
 * The methods of Snapcast's control API, a row for each. They act as the messages
 * of a session do, with the rights of the same caller.
 *
 * @module
 */

import * as v from "valibot";
import { checkDeviceName } from "../../model/song_name.ts";
import { checkMayCommand } from "../../server/cast.ts";
import { COST, rowsCost } from "../../server/cost.ts";
import type { Device } from "../../server/groups/device.ts";
import type { Group } from "../../server/groups/group.ts";
import { MOST_DEVICES } from "../../server/groups/groups.ts";
import { moveGroup } from "../../server/queue_requests.ts";
import { numberFrom, textOf } from "../../wire/fields.ts";
import { MAX_DELAY_MS } from "../../wire/group_messages.ts";
import {
  badParams,
  type Called,
  checked,
  control,
  controlGroup,
  keyOf,
} from "./control_call.ts";
import { NoMethod } from "./json_rpc.ts";
import { COMMANDS, PROPERTIES } from "./stream_control.ts";

/** A row of the table. */
interface Method<P> {
  params: v.GenericSchema<unknown, P>;
  call(called: Called, params: P): unknown;
}

function method<P>(
  params: v.GenericSchema<unknown, P>,
  call: Method<P>["call"],
): Method<unknown> {
  return { params, call } as Method<unknown>;
}

/** Some 256 characters and an instance. */
const id = textOf(1, 300);
const name = textOf(0, 64);
const flag = v.boolean();
const nothing = v.object({});
const one = v.object({ id });

const METHODS: Readonly<Record<string, Method<unknown>>> = {
  "Server.GetRPCVersion": method(
    nothing,
    () => ({ major: 2, minor: 0, patch: 0 }),
  ),
  "Server.GetStatus": method(nothing, wholeStatus),
  "Client.GetStatus": method(one, ({ world: { status } }, { id }) => ({
    client: status.client(status.device(id)),
  })),
  "Client.SetVolume": method(
    v.object({
      id,
      volume: v.object({
        percent: v.optional(numberFrom(0, 100)),
        muted: v.optional(flag),
      }),
    }),
    async (called, { id, volume: { percent, muted } }) => {
      const device = called.world.status.device(id);
      if (percent !== undefined) {
        await control(called, device, "volume", percent);
      }
      if (muted !== undefined) await control(called, device, "mute", muted);
      const volume = {
        muted: device.muted,
        percent: Math.round(device.volume),
      };
      return { volume };
    },
  ),
  "Client.SetLatency": method(
    v.object({ id, latency: numberFrom(-MAX_DELAY_MS, MAX_DELAY_MS) }),
    async (called, { id, latency }) => {
      const device = called.world.status.device(id);
      await control(called, device, "delay", latency);
      return { latency };
    },
  ),
  "Client.SetName": method(
    v.object({ id, name }),
    async ({ world, caller }, { id, name }) => {
      const device = world.status.device(id);
      checkMayCommand(caller, device);
      caller.rateLimit.spend(COST.edit);
      world.rename(device, name);
      const { groups } = caller.hub;
      groups.keepSettings(groups.group(device));
      await groups.saved();
      return { name };
    },
  ),
  "Group.GetStatus": method(one, ({ world: { status } }, { id }) => ({
    group: status.groupStatus(status.group(id)),
  })),
  "Group.SetMute": method(
    v.object({ id, mute: flag }),
    async (called, { id, mute }) => {
      await controlGroup(called, called.world.status.group(id), "mute", mute);
      return { mute };
    },
  ),
  "Group.SetName": method(
    v.object({ id, name }),
    async ({ world, caller }, { id, name }) => {
      const group = world.status.group(id);
      checkMayCommand(caller, group.devices[0]);
      caller.rateLimit.spend(COST.edit);
      if (name !== "") checkDeviceName(name, "group");
      group.name = name;
      const { groups } = caller.hub;
      groups.keepSettings(group);
      await groups.saved();
      return { name };
    },
  ),
  "Group.SetClients": method(
    v.object({
      id,
      clients: v.pipe(v.array(id), v.minLength(1), v.maxLength(MOST_DEVICES)),
    }),
    async (called, { id, clients }) => {
      const { status } = called.world;
      const group = status.group(id);
      await move(called, group, clients.map((it) => status.device(it)));
      return await wholeStatus(called);
    },
  ),
  // A stream is what another group plays: its devices are joined.
  "Group.SetStream": method(
    v.object({ id, stream_id: id }),
    async (called, { id, stream_id }) => {
      const { status } = called.world;
      const group = status.group(id);
      const other = status.group(stream_id);
      if (other === group) return { stream_id };
      const all = [...other.devices, ...group.devices];
      return { stream_id: await move(called, other, all) };
    },
  ),
  "Stream.Control": method(
    v.object({ id, command: textOf(1, 32), params: v.optional(v.unknown()) }),
    async (called, { id, command, params = {} }) => {
      const group = called.world.status.group(id);
      // The documentation has some with a capital, programs have none.
      const word = command[0].toLowerCase() + command.slice(1);
      const act = Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
      if (!act) throw badParams("command", `one of ${Object.keys(COMMANDS)}`);
      await act(called, group, params);
      return "ok";
    },
  ),
  "Stream.SetProperty": method(
    v.object({ id, property: textOf(1, 32), value: v.unknown() }),
    async (called, { id, property, value }) => {
      const group = called.world.status.group(id);
      const set = Object.hasOwn(PROPERTIES, property)
        ? PROPERTIES[property]
        : undefined;
      if (!set) {
        throw badParams("property", `one of ${Object.keys(PROPERTIES)}`);
      }
      await set(called, group, value);
      return "ok";
    },
  ),
};

/**
 * Calls a method.
 *
 * @throws {NoMethod}
 * @throws {OndacastError} `bad-message` for wrong parameters, or as the message of
 * a session that does the same.
 */
export async function callMethod(
  called: Called,
  name: string,
  params: unknown = {},
): Promise<unknown> {
  if (!Object.hasOwn(METHODS, name)) throw new NoMethod();
  const { params: schema, call } = METHODS[name];
  called.caller.rateLimit.spend(rowsCost(1));
  return await call(called, checked(schema, params));
}

/** @returns The id of the group that plays its queue then. */
async function move(
  { caller }: Called,
  group: Group,
  devices: readonly Device[],
): Promise<string> {
  const to = devices.map(({ key }) => key);
  const moved = { type: "move", group: keyOf(group), to } as const;
  return (await moveGroup(caller, moved)).group;
}

async function wholeStatus({ world, caller }: Called): Promise<unknown> {
  const { hub, rateLimit } = caller;
  rateLimit.spend(rowsCost(2 * hub.groups.devices.size));
  return await world.status.server();
}
