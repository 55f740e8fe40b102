/**
 * Groups and queues as text.
 *
 * @module
 */

import type { EntryRow, GroupRow, QueueList } from "../client/group_list.ts";
import { songProblem } from "../model/song_problem.ts";
import { clockTime, counted, table } from "./text.ts";

type Step = NonNullable<GroupRow["devices"][number]["step"]>;

/**
 * How far a device is from the line of its group.
 *
 * @example
 * ```ts
 * import { stepText } from "./group_text.ts";
 * import assert from "node:assert/strict";
 *
 * const step = { errorUs: -130, grade: "exact", rttUs: 900, leadMs: 350 } as const;
 * assert.equal(stepText(step), "0.1 ms early");
 * assert.equal(stepText({ ...step, grade: "approximate" }), "about in step");
 * ```
 */
export function stepText({ errorUs, grade }: Step): string {
  if (grade === "approximate") return "about in step";
  const ms = Math.abs(errorUs) / 1000;
  if (ms < 0.05) return "in step";
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms ${errorUs < 0 ? "early" : "late"}`;
}

/**
 * Groups as lines: what each plays, and the devices of those of several.
 *
 * @param passedSeconds Since the rows were sent.
 */
export function groupLines(
  groups: readonly GroupRow[],
  passedSeconds = 0,
  columns?: number,
): string[] {
  const cells = groups.flatMap((group) => [
    [group.name, playingText(group, passedSeconds), queueText(group)],
    ...(group.devices.length > 1
      ? group.devices.map((device) => [`  ${device.name}`, deviceText(device)])
      : []),
  ]);
  return table(cells, columns);
}

function playingText(group: GroupRow, passedSeconds: number): string {
  const { state, title, position, seconds, problem, devices } = group;
  const [{ volume, muted, away }] = devices;
  const alone = devices.length === 1;
  const by = state === "playing" ? passedSeconds : 0;
  const at = Math.min(position + by, seconds ?? Infinity);
  return [
    title === null || state === "stopped" ? state : `${state} ${title}`,
    ...(title === null || state === "stopped" ? [] : [
      `at ${clockTime(at)}${
        seconds === null ? "" : ` of ${clockTime(seconds)}`
      }`,
    ]),
    ...(alone && muted ? ["(muted)"] : []),
    ...(alone && !muted && volume < 100
      ? [`(volume ${Math.round(volume)})`]
      : []),
    ...(alone && away ? ["(away)"] : []),
    ...(problem ? [`- ${problem}`] : []),
  ].join(" ");
}

function queueText({ songs, repeat, shuffle }: GroupRow): string {
  return [
    ...(songs > 1 ? [counted(songs, "song")] : []),
    ...(shuffle ? ["shuffled"] : []),
    ...(repeat === "off" ? [] : [`repeat ${repeat}`]),
  ].join(", ");
}

function deviceText(device: GroupRow["devices"][number]): string {
  const { volume, muted, delay, away, step, problem } = device;
  return [
    muted ? "muted" : `volume ${Math.round(volume)}`,
    ...(delay === 0 ? [] : [`delay ${delay} ms`]),
    ...(away ? ["away"] : step ? [stepText(step)] : []),
    ...(problem ? [problem] : []),
  ].join(", ");
}

/** A queue as numbered lines; the entry that plays is marked. */
export function queueLines(
  { entries, playing }: QueueList,
  columns?: number,
): string[] {
  const cells = entries.map((entry, i) => [
    `${entry.entry === playing ? ">" : " "} ${i + 1}`,
    entryText(entry),
    entry.seconds === null ? "" : clockTime(entry.seconds),
    entry.problem === undefined ? "" : songProblem(entry),
  ]);
  return table(cells, columns);
}

/** An entry by its title and artist. */
export function entryText({ title, artist }: EntryRow): string {
  return artist === undefined ? title : `${title} - ${artist}`;
}
