/**
 * Finds the devices and groups that a person names: in any case, by a beginning,
 * or all of them.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { type GroupRow, listGroups } from "../client/group_list.ts";
import { listOnline } from "../client/online_list.ts";
import { knows } from "../client/server_features.ts";
import { OndacastError } from "../errors.ts";
import { type Choice, choose } from "../model/choose.ts";
import type { ClientContext } from "./client_context.ts";

/** A device of a group. */
export type DeviceRow = GroupRow["devices"][number];

/** What the words of `--to` mean. */
export interface Rooms {
  /** For the server: keys, and words that it is left to judge. */
  readonly to: string[];
  /** All groups of the server; empty if it has none. */
  readonly groups: readonly GroupRow[];
}

/** What {@linkcode findRooms} is about. */
export interface Wanted {
  /** The option that names devices, for the error. */
  option?: string;
  /**
   * Whether a device that is not there is an error. Otherwise a command acts on the
   * others, and the server refuses this one: a room may be switched off.
   */
  isWhole?: boolean;
}

/** The word that means all devices. */
const ALL = "all";
/** The most names in an error. */
const MOST_NAMED = 8;

/**
 * Finds the devices of the words, or those of the only group. A misspelt word is an
 * error before anything is done to the other devices.
 *
 * @throws {OndacastError} `usage`, if there are no words and several groups, or
 * none; `ambiguous`; `not-found`, with the nearest names.
 */
export async function findRooms(
  context: Pick<ClientContext, "unlessInterrupted">,
  session: Pick<ClientSession, "request" | "welcome">,
  words: readonly string[] | undefined,
  { option = "--to (or ONDACAST_TO)", isWhole = false }: Wanted = {},
): Promise<Rooms> {
  const hasGroups = await context.unlessInterrupted(
    knows(session, "groups"),
  );
  if (!hasGroups) return { to: [...words ?? noWords()], groups: [] };
  const groups = await context.unlessInterrupted(listGroups(session));
  const { to, unknown } = chosen(groups, words ?? onlyGroup(groups, option));
  if (unknown.size === 0) return { to, groups };
  const online = await context.unlessInterrupted(listOnline(session));
  const keys = new Map(online.map(({ id, key }) => [id, key]));
  const known = new Set(online.flatMap(({ key, id, name }) => [key, id, name]));
  for (const [word, nearest] of unknown) {
    if (known.has(word) || !isWhole && nearest.length === 0) continue;
    throw new OndacastError(
      "not-found",
      `Cannot find the device "${word}"${
        nearest.length > 0 ? `; nearest: ${nearest.join(", ")}` : ""
      }`,
    );
  }
  return { to: to.map((word) => keys.get(word) ?? word), groups };
}

/**
 * The keys that words mean among groups. Words that match nothing stay among them,
 * since they may be addresses.
 *
 * @returns Also the names nearest to each word that matches nothing.
 * @throws {OndacastError} `ambiguous`.
 *
 * @example
 * ```ts
 * import { chosen } from "./rooms.ts";
 * import assert from "node:assert/strict";
 *
 * const device = (key: string, name: string) => ({ key, name });
 * const groups = [{
 *   group: "g",
 *   name: "Downstairs",
 *   devices: [device("k", "Kitchen"), device("l", "Living room")],
 * }, { group: "b", name: "Bath", devices: [device("b", "Bath")] }];
 * assert.deepEqual(chosen(groups, ["living"]).to, ["l"]);
 * assert.deepEqual(chosen(groups, ["DOWNSTAIRS"]).to, ["k", "l"]);
 * assert.deepEqual(chosen(groups, ["all"]).to, ["k", "l", "b"]);
 * assert.deepEqual(chosen(groups, ["kichen"]).unknown.get("kichen"), ["Kitchen"]);
 * ```
 */
export function chosen(
  groups: readonly Nameable[],
  words: readonly string[],
): { to: string[]; unknown: Map<string, readonly string[]> } {
  const devices = meant(groups.flatMap((it) => it.devices));
  const several = groups.filter((it) => it.devices.length > 1);
  const to = new Set<string>();
  const unknown = new Map<string, readonly string[]>();
  const addAll = (found: readonly { key: string }[]) =>
    found.forEach((it) => to.add(it.key));
  for (const word of words) {
    const exact = devices.filter(({ key }) => key === word);
    const own = groups.filter(({ group }) => group === word);
    // Before any name: nobody who calls a device "all" or "Allison" may narrow it.
    if (word.toLowerCase() === ALL) addAll(present(devices));
    else if (exact.length > 0) addAll(exact);
    else if (own.length > 0) addAll(own.flatMap((it) => it.devices));
    else {
      const choice = choose(devices, word);
      const group = choose(several, word);
      if (choice.kind === "one") to.add(choice.song.key);
      else if (choice.kind === "many") to.add(sameName(word, choice.songs));
      else if (group.kind === "one") addAll(group.song.devices);
      else {
        to.add(word);
        unknown.set(word, nearestNames(choice, group));
      }
    }
  }
  return { to: [...to], unknown };
}

/** What a person can name of a group. */
interface Nameable {
  group: string;
  name: string;
  devices: readonly NameableDevice[];
}

interface NameableDevice {
  key: string;
  name: string;
  away?: boolean;
}

/** Those that are here; if none is, the server refuses them all by name. */
function present<T extends NameableDevice>(
  devices: readonly T[],
): readonly T[] {
  const here = devices.filter(({ away }) => !away);
  return here.length > 0 ? here : devices;
}

/** Without those that are away while another one has their name. */
function meant<T extends NameableDevice>(devices: readonly T[]): T[] {
  const here = new Set(
    devices.filter(({ away }) => !away).map(({ name }) => name),
  );
  return devices.filter(({ away, name }) => !away || !here.has(name));
}

/**
 * The name of devices that all have the same one: the server lists their addresses.
 *
 * @throws {OndacastError} `ambiguous`, if they have not.
 */
function sameName(word: string, devices: readonly { name: string }[]): string {
  const [{ name }] = devices;
  if (devices.every((it) => it.name === name)) return name;
  const names = devices.slice(0, MOST_NAMED).map(({ name }) => name);
  throw new OndacastError(
    "ambiguous",
    `Cannot choose one device: "${word}" may be ${names.join(", ")}`,
  );
}

/** What a word that names nothing may have meant. */
function nearestNames(...choices: Choice<{ name: string }>[]): string[] {
  const near = choices.flatMap((it) =>
    it.kind === "none" ? it.nearest : it.kind === "many" ? it.songs : []
  );
  return [...new Set(near.map(({ name }) => name))].slice(0, MOST_NAMED);
}

function onlyGroup(groups: readonly GroupRow[], option: string): string[] {
  const [group] = groups;
  if (groups.length === 1) return group.devices.map(({ key }) => key);
  if (groups.length === 0) {
    throw new OndacastError(
      "usage",
      "No device waits for songs. Start one with `ondacast receive --name Kitchen`",
    );
  }
  const names = groups.slice(0, MOST_NAMED).map(({ name }) => name);
  throw new OndacastError(
    "usage",
    `Which device? Name it by ${option}: ${names.join(", ")}${
      groups.length > MOST_NAMED ? ", …" : ""
    }`,
  );
}

function noWords(): never {
  throw new OndacastError(
    "usage",
    "Which device? Name it by --to. `ondacast online` lists them",
  );
}

/** The group of a device. */
export function groupOf(
  groups: readonly GroupRow[],
  key: string,
): GroupRow | undefined {
  return groups.find(({ devices }) => devices.some((it) => it.key === key));
}

/** The groups of devices, each once. */
export function groupsOf(
  { groups, to }: Pick<Rooms, "groups" | "to">,
): GroupRow[] {
  return groups.filter(({ devices }) =>
    devices.some(({ key }) => to.includes(key))
  );
}

/** The names of devices, for people. */
export function namesOf(
  groups: readonly GroupRow[],
  keys: readonly string[],
): string {
  const names = new Map(
    groups.flatMap(({ devices }) =>
      devices.map(({ key, name }) => [key, name])
    ),
  );
  return keys.map((key) => names.get(key) ?? key).join(", ");
}

/**
 * The one group that a command is about.
 *
 * @throws {OndacastError} `usage`, if the words mean devices of several groups;
 * `ambiguous`, if several have a name; `not-found`.
 */
export function oneGroup(rooms: Rooms): GroupRow {
  const found = groupsOf(rooms);
  if (found.length === 1) return found[0];
  const what = rooms.to.join(", ");
  const names = rooms.groups.flatMap(({ devices }) => devices)
    .map(({ name }) => name);
  if (found.length === 0 && rooms.to.some((word) => names.includes(word))) {
    throw new OndacastError(
      "ambiguous",
      `Several devices are called ${what}: name one by its address`,
    );
  }
  throw new OndacastError(
    found.length > 1 ? "usage" : "not-found",
    found.length > 1
      ? `These devices play different queues: ${
        found.map(({ name }) => name).join("; ")
      }. Name one of them`
      : `Cannot find ${what}: no such device waits for songs`,
  );
}
