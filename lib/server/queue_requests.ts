/**
 * The handlers of messages that choose what devices play, and together with which
 * others.
 *
 * @module
 */

import { checkDeviceName } from "../model/song_name.ts";
import type { Texts } from "../ports/library.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import type { Caller } from "./caller.ts";
import {
  checkMayCommand,
  checkReached,
  devicesOf,
  eachDevice,
  gone,
  type Reached,
  type Refusal,
  refusal,
} from "./cast.ts";
import { COST, editCost } from "./cost.ts";
import { findSong } from "./find_song.ts";
import type { Device } from "./groups/device.ts";
import type { Group } from "./groups/group.ts";
import { findDevices } from "./groups/targets.ts";
import { selectedSongs } from "./selected_songs.ts";

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
  const { songs, refused } = await selectedSongs(caller, message.songs);
  const words = typeof message.to === "string" ? [message.to] : message.to;
  const found = await devicesOf(caller, words);
  refused.push(...found.refused);
  const devices = commanded(caller, found.devices, refused);
  checkReached(devices.length, refused);
  const queued: Queued = { ...message, songs };
  const isInStep = ({ link }: Device) => link?.isInStep !== false;
  const begun = await playAt(caller, devices, refused, { queued, isInStep });
  checkReached(begun.length, refused);
  await groups.saved();
  const [{ group, entry }] = begun;
  const { id, queue: { revision } } = group;
  return { group: id, entry, songs: songs.length, revision, refused };
}

/** What a group was queued. */
interface Begun {
  group: Group;
  /** Those that it has then: they may leave it while its song is opened. */
  devices: readonly Device[];
  /** The first entry of it. */
  entry: number | null;
  /** Resolves to why nothing plays, if it fails; else null. */
  begun: Promise<unknown>;
}

/** Queues songs at devices: in one group at those that are in step, apart at others. */
async function playAt(
  caller: Caller,
  devices: readonly Device[],
  refused: Refusal[],
  { queued, isInStep }: {
    queued: Queued;
    isInStep: (device: Device) => boolean;
  },
): Promise<Begun[]> {
  const { hub: { groups } } = caller;
  const all: Begun[] = [];
  const together = devices.filter(isInStep);
  if (together.length > 0) {
    const group = together.length === 1
      ? groups.group(together[0])
      : groups.unite(together, isPlayedNow(queued));
    all.push(play(caller, group, queued));
  }
  const apart = devices.filter((it) => !isInStep(it));
  await eachDevice(caller, apart, refused, (device) => {
    groups.leave(device);
    all.push(play(caller, groups.group(device), queued));
  });
  return all;
}

function isPlayedNow({ place = "now" }: Queued): boolean {
  return place === "now";
}

/** Queues songs in a group. */
function play(caller: Caller, group: Group, queued: Queued): Begun {
  const { hub: { groups }, rateLimit, key } = caller;
  const isNow = isPlayedNow(queued);
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
  const { devices } = group;
  return { group, devices, entry: entry?.entry ?? null, begun };
}

/** Answers `cast`: one song at once. */
export async function castSong(
  caller: Caller,
  { song: name, to: words, from, together = true }: ToServer<"cast">,
): Promise<Reached> {
  const { hub: { songs, counters } } = caller;
  const song = findSong(songs, name).name;
  const { devices: found, refused } = await devicesOf(caller, words);
  const devices = commanded(caller, found, refused);
  checkReached(devices.length, refused);
  const isInStep = (device: Device) =>
    caller.isInStep && together && device.link?.isInStep !== false;
  const queued = { songs: [song], from };
  const all = await playAt(caller, devices, refused, { queued, isInStep });
  const to: string[] = [];
  for (const { devices, begun } of all) {
    const [first] = devices;
    const failed = await begun ??
      (devices.every(({ link }) => link === null) ? gone(first) : null);
    if (failed) refused.push(refusal(first.name, failed));
    else to.push(...devices.map(({ key }) => key));
  }
  checkReached(to.length, refused);
  counters.casts += to.length;
  return {
    to: to.filter((key) => devices.some((it) => it.key === key)),
    refused,
  };
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
  const { refused } = found;
  const devices = commanded(caller, found.devices, refused);
  const left: Device[] = [];
  const alone: Group[] = [];
  await eachDevice(caller, devices, refused, (device) => {
    groups.leave(device);
    left.push(device);
    alone.push(groups.group(device));
  });
  checkReached(left.length, refused);
  return await grouped(caller, alone[0], refused, left);
}

/** Answers `move`: a queue and its place go on at other devices. */
export async function moveGroup(
  caller: Caller,
  { group: word, to }: ToServer<"move">,
): Promise<Answer<"move">> {
  const { hub: { groups, presence }, rateLimit } = caller;
  rateLimit.spend(COST.edit);
  const find = () => {
    const group = groups.named(word) ??
      groups.group(findDevices(groups, presence, word)[0]);
    checkMayCommand(caller, group.devices[0]);
    return group;
  };
  find();
  const { devices, refused } = await inStep(caller, to, true);
  const group = find(); // It may have been dissolved meanwhile.
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
