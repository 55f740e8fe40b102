/**
 * The handlers of messages that choose what devices play, and together with which
 * others.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { MOST } from "../model/queue_bounds.ts";
import { checkDeviceName } from "../model/song_name.ts";
import type { Texts } from "../ports/library.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import type { Caller } from "./caller.ts";
import {
  checkMayCommand,
  checkReached,
  devicesOf,
  type Reached,
  type Refusal,
  refusal,
} from "./cast.ts";
import { COST, editCost, searchCost } from "./cost.ts";
import { findSong } from "./find_song.ts";
import type { Device } from "./groups/device.ts";
import type { Group } from "./groups/group.ts";
import { findDevices } from "./groups/targets.ts";

/** What is queued. */
interface Queued {
  songs: Texts;
  place?: "now" | "next" | "end";
  index?: number;
  from?: number;
  shuffle?: boolean;
  repeat?: "off" | "all" | "one";
}

/** Answers `queue`. */
export async function queueSongs(
  caller: Caller,
  message: ToServer<"queue">,
): Promise<Answer<"queue">> {
  const { hub: { groups }, rateLimit } = caller;
  rateLimit.spend(COST.edit);
  const { songs, refused } = await select(caller, message.songs);
  const words = typeof message.to === "string" ? [message.to] : message.to;
  const found = await devicesOf(caller, words);
  refused.push(...found.refused);
  const devices = commanded(caller, found.devices, refused);
  checkReached(devices.length, refused);
  const queued: Queued = { ...message, songs };
  const together = devices.filter(({ link }) => link?.isInStep !== false);
  const apart = devices.filter((it) => !together.includes(it));
  const isNow = (message.place ?? "now") === "now";
  const all = apart.map((device) => groups.group(device));
  if (together.length === 1) all.unshift(groups.group(together[0]));
  if (together.length > 1) all.unshift(groups.unite(together, isNow));
  const entries = all.map((group) => play(caller, group, queued));
  await groups.saved();
  const [group] = all;
  const { id, queue: { revision } } = group;
  const [{ entry }] = entries;
  return { group: id, entry, songs: songs.length, revision, refused };
}

/** Queues songs in a group; the first of them. */
function play(
  caller: Caller,
  group: Group,
  queued: Queued,
): { entry: number | null; begun: Promise<unknown> } {
  const { hub: { groups }, rateLimit, key } = caller;
  const isNow = (queued.place ?? "now") === "now";
  if (isNow) rateLimit.spend(COST.stream * group.devices.length);
  const { songs } = queued;
  rateLimit.spend(editCost(songs.length, group.queue.entries.length));
  groups.keep(group);
  const entry = group.enqueue(queued);
  if (isNow) group.by = key;
  const { playing } = group.queue;
  const begun = isNow && playing
    ? group.playback.begin({ plays: playing }, queued.from)
    : Promise.resolve(null);
  groups.changed(group);
  return { entry: entry?.entry ?? null, begun };
}

/** Answers `cast`: one song at once. */
export async function castSong(
  caller: Caller,
  { song: name, to: words, from, together = true }: ToServer<"cast">,
): Promise<Reached> {
  const { hub: { groups, songs, counters } } = caller;
  const song = findSong(songs, name).name;
  const { devices: found, refused } = await devicesOf(caller, words);
  const devices = commanded(caller, found, refused);
  checkReached(devices.length, refused);
  const isTogether = (device: Device) =>
    caller.isInStep && together && device.link?.isInStep !== false;
  const united = devices.filter(isTogether);
  const all = devices.filter((it) => !united.includes(it)).map((device) => {
    groups.leave(device);
    return groups.group(device);
  });
  if (united.length === 1) all.push(groups.group(united[0]));
  if (united.length > 1) all.push(groups.unite(united, true));
  const to: string[] = [];
  const begun = all.map((group) => ({
    group,
    ...play(caller, group, { songs: [song], from }),
  }));
  for (const { group, begun: failure } of begun) {
    const failed = await failure ??
      (group.present.length === 0 ? gone(group.devices[0]) : null);
    if (failed) refused.push(refusal(group.devices[0].name, failed));
    else to.push(...group.devices.map(({ key }) => key));
  }
  checkReached(to.length, refused);
  counters.casts += to.length;
  return {
    to: to.filter((key) => devices.some((it) => it.key === key)),
    refused,
  };
}

function gone({ name }: Device): OndacastError {
  return new OndacastError("not-found", `Cannot cast to ${name}: it has left`);
}

/** Answers `group`: devices become one. */
export async function groupDevices(
  caller: Caller,
  { devices: words, name }: ToServer<"group">,
): Promise<Answer<"group">> {
  const { hub: { groups }, rateLimit } = caller;
  rateLimit.spend(COST.edit);
  if (name !== undefined) checkDeviceName(name, "group");
  const { devices, refused } = await inStep(caller, words);
  const group = groups.unite(devices);
  groups.keep(group);
  if (name !== undefined) {
    group.name = name;
    groups.changed(group);
  }
  return await grouped(caller, group, refused);
}

/** Answers `ungroup`: each device gets its own queue back. */
export async function ungroupDevices(
  caller: Caller,
  { devices: words }: ToServer<"ungroup">,
): Promise<Answer<"ungroup">> {
  const { hub: { groups }, rateLimit } = caller;
  rateLimit.spend(COST.edit);
  const list = typeof words === "string" ? [words] : words;
  const found = await devicesOf(caller, list);
  const devices = commanded(caller, found.devices, found.refused);
  checkReached(devices.length, found.refused);
  for (const device of devices) groups.leave(device);
  return await grouped(
    caller,
    groups.group(devices[0]),
    found.refused,
    devices,
  );
}

/** Answers `move`: a queue and its place go on at other devices. */
export async function moveGroup(
  caller: Caller,
  { group: word, to }: ToServer<"move">,
): Promise<Answer<"move">> {
  const { hub: { groups, presence }, rateLimit } = caller;
  rateLimit.spend(COST.edit);
  const group = groups.named(word) ??
    groups.group(findDevices(groups, presence, word)[0]);
  checkMayCommand(caller, group.devices[0]);
  const { devices, refused } = await inStep(caller, to, true);
  groups.move(group, devices);
  return await grouped(caller, group, refused);
}

async function grouped(
  { hub: { groups } }: Caller,
  group: Group,
  refused: Refusal[],
  devices: readonly Device[] = group.devices,
): Promise<Answer<"group">> {
  await groups.saved();
  return { group: group.id, devices: devices.map(({ key }) => key), refused };
}

/** The devices that a client may command and that can play in step. */
async function inStep(
  caller: Caller,
  words: string | readonly string[],
  isMove = false,
): Promise<{ devices: Device[]; refused: Refusal[] }> {
  const list = typeof words === "string" ? [words] : words;
  const { devices: found, refused } = await devicesOf(caller, list);
  const allowed = commanded(caller, found, refused);
  const isAlone = isMove && allowed.length === 1;
  const devices = allowed.filter((device) => {
    if (isAlone || device.link?.isInStep !== false) return true;
    const message =
      `Cannot group ${device.name}: its program is too old to play in step`;
    refused.push({ to: device.name, code: "unsupported", message });
    return false;
  });
  checkReached(devices.length, refused);
  return { devices, refused };
}

/** The devices among them that the client may command. */
function commanded(
  caller: Caller,
  devices: readonly Device[],
  refused: Refusal[],
): Device[] {
  return devices.filter((device) => {
    try {
      checkMayCommand(caller, device);
      return true;
    } catch (thrown) {
      refused.push(refusal(device.name, thrown));
      return false;
    }
  });
}

/**
 * The songs of all selections, in order.
 *
 * @throws {OndacastError} If there are none; `too-large`.
 */
async function select(
  caller: Caller,
  selections: readonly string[],
): Promise<{ songs: Texts; refused: Refusal[] }> {
  const { hub, rateLimit } = caller;
  const found: Texts[] = [];
  const refused: Refusal[] = [];
  let count = 0;
  for (const selection of selections) {
    const songs = await selectOne(caller, selection, refused);
    found.push(songs);
    count += songs.length;
    if (count > MOST.entries) throw tooMany();
    // A thousand selections may each search all albums.
    if (rateLimit.waitMs === 0) continue;
    await hub.clock.sleep(rateLimit.waitMs);
    rateLimit.refill(hub.clock.now());
  }
  checkReached(count, refused);
  const [first] = found;
  const songs = found.length === 1 ? first : found.flatMap((it) => [...it]);
  return { songs, refused };
}

async function selectOne(
  caller: Caller,
  selection: string,
  refused: Refusal[],
): Promise<Texts> {
  const { library } = caller.hub.songs;
  try {
    const found = await library.select(selection, () => caller.isEnding);
    caller.rateLimit.spend(searchCost(found.compared, selection.length));
    return found.songs;
  } catch (thrown) {
    if (!(thrown instanceof OndacastError)) throw thrown;
    refused.push(refusal(selection, thrown));
    return [];
  }
}

function tooMany(): OndacastError {
  return new OndacastError(
    "too-large",
    `Cannot queue these songs: there are more than ${MOST.entries}`,
  );
}
