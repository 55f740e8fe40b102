/**
 * The row of a group, as clients see it.
 *
 * @module
 */

import { bytesToSeconds } from "../../audio/format.ts";
import { titleOf } from "../../model/tags.ts";
import type { ToClient } from "../../wire/messages.ts";
import type { Device } from "./device.ts";
import type { Group } from "./group.ts";
import type { PlayState } from "./playback_listener.ts";
import type { GroupWorld } from "./world.ts";

/** A row of `groups`. */
export type GroupRow = NonNullable<ToClient<"groups">["groups"]>[number];

/** Devices whose names are the name of their group. */
const MOST_NAMES = 3;

export function groupRow(
  group: Group,
  { songs, nowUs }: Pick<GroupWorld, "songs" | "nowUs">,
): GroupRow {
  const { queue, playback, by, was } = group;
  const { state, problem } = playback;
  const { seconds, atUs } = playback.position(nowUs());
  const { playing } = queue;
  const song = playing ? songs.find(playing.song) : undefined;
  const name = song?.name ?? playing?.song;
  const { artist, title } = song?.tags ?? {};
  const format = song?.format;
  return {
    group: group.id,
    name: nameOf(group),
    devices: group.devices.map((it) => deviceRow(it, state)),
    state,
    entry: playing?.entry ?? null,
    song: name ?? null,
    title: name === undefined ? null : title ?? titleOf(name),
    ...(artist !== undefined && { artist }),
    ...((song?.hasArt || song?.hasCover) && { art: true }),
    position: Math.round(seconds * 1000) / 1000,
    positionAt: Math.round(atUs),
    seconds: format?.dataBytes == null
      ? null
      : bytesToSeconds(format, format.dataBytes),
    songs: queue.entries.length,
    revision: queue.revision,
    repeat: queue.repeat,
    shuffle: queue.shuffle,
    volume: group.volume.percent,
    ...(problem !== undefined && { problem }),
    ...(by !== undefined && { by }),
    ...(was !== undefined && { was }),
  };
}

function deviceRow(
  device: Device,
  state: PlayState,
): GroupRow["devices"][number] {
  const { key, name, kind, volume, muted, delayMs, link, problem } = device;
  // What has stopped has no line to be off.
  const step = link && state !== "stopped" ? device.step : undefined;
  return {
    ...{ key, name, volume, muted, delay: delayMs },
    ...(kind !== undefined && { kind }),
    ...(link === null && { away: true }),
    ...(step && { step }),
    ...(problem !== undefined && { problem }),
  };
}

/** The name that a person chose, else those of its devices. */
export function nameOf({ name, devices }: Group): string {
  if (name !== "") return name;
  const names = devices.map((it) => it.name);
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return more > 0 ? `${shown} + ${more}` : shown;
}
