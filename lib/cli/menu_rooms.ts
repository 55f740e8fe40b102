/**
 * What the menu offers at groups of devices: a group is chosen, and then what is
 * done to it.
 *
 * @module
 */

import { type GroupRow, listGroups } from "../client/group_list.ts";
import { errorText, OndacastError } from "../errors.ts";
import type { ClientContext } from "./client_context.ts";
import { controlCommand } from "./control_commands.ts";
import {
  groupCommand,
  groupsCommand,
  moveCommand,
  ungroupCommand,
} from "./group_commands.ts";
import { groupLines } from "./group_text.ts";
import { amount, percent, songTime } from "./options.ts";
import { askLine, asksByKeys, chooseRow } from "./prompts.ts";
import { queueAddCommand, queueCommand } from "./queue_commands.ts";

/** An action on a group, as a row of the menu. */
interface GroupAction {
  title: string;
  /** Whether it is offered. */
  is(group: GroupRow): boolean;
  /** Asked for first; absent: nothing is. */
  question?: string;
  /** @param words The answer. */
  run(
    context: ClientContext,
    group: GroupRow,
    words: string,
  ): Promise<void>;
}

const DEVICES = "Which devices? Names, separated by commas:";

const ACTIONS: readonly GroupAction[] = [
  {
    title: "Pause",
    is: ({ state }) => state === "playing",
    run: (context, group) => controlCommand(context, "pause", toAll(group)),
  },
  {
    title: "Play on",
    is: ({ state, songs }) => state !== "playing" && songs > 0,
    run: (context, group) => controlCommand(context, "resume", toAll(group)),
  },
  {
    title: "Next song",
    is: ({ songs }) => songs > 1,
    run: (context, group) => controlCommand(context, "next", toAll(group)),
  },
  {
    title: "Previous song, or the start of this one",
    is: hasSongs,
    run: (context, group) => controlCommand(context, "previous", toAll(group)),
  },
  {
    title: "Go to another time",
    is: ({ state }) => state !== "stopped",
    question: "To which time? 90, 1:30, +10 or -10:",
    run: (context, group, words) =>
      controlCommand(context, "seek", {
        ...toAll(group),
        amount: parsed(amount(songTime), words),
      }),
  },
  {
    title: "Volume",
    is: () => true,
    question: "How loud? 0 to 100, +10 or -10:",
    run: (context, group, words) =>
      controlCommand(context, "volume", {
        ...toAll(group),
        amount: parsed(amount(percent), words),
      }),
  },
  {
    title: "Show the queue",
    is: hasSongs,
    run: (context, group) => queueCommand(context, toAll(group)),
  },
  {
    title: "Add songs",
    is: () => true,
    question: "Which song, album:, artist: or playlist:NAME?",
    run: (context, group, words) =>
      queueAddCommand(context, [words], toAll(group)),
  },
  {
    title: "Shuffle what follows",
    is: ({ shuffle, songs }) => !shuffle && songs > 1,
    run: (context, group) =>
      controlCommand(context, "shuffle", { ...toAll(group), value: true }),
  },
  {
    title: "Play in order again",
    is: ({ shuffle }) => shuffle,
    run: (context, group) =>
      controlCommand(context, "shuffle", { ...toAll(group), value: false }),
  },
  {
    title: "Play together with other devices",
    is: () => true,
    question: DEVICES,
    run: (context, group, words) =>
      groupCommand(context, [...toAll(group).to, ...listed(words)], {}),
  },
  {
    title: "Go on at other devices",
    is: hasSongs,
    question: DEVICES,
    run: (context, group, words) =>
      moveCommand(context, { from: toAll(group).to, to: listed(words) }),
  },
  {
    title: "Let each device play alone",
    is: ({ devices }) => devices.length > 1,
    run: (context, group) => ungroupCommand(context, toAll(group).to),
  },
  {
    title: "Stop",
    is: ({ state }) => state !== "stopped",
    run: (context, group) => controlCommand(context, "stop", toAll(group)),
  },
];

/**
 * Lets the user act on a group: repeatedly in a terminal, once over a pipe.
 *
 * @throws {OndacastError} `too-old`, if the server has no groups; `usage`.
 */
export async function roomsMenu(context: ClientContext): Promise<void> {
  let device: string | undefined;
  do {
    const session = await context.link.session();
    const groups = await context.unlessInterrupted(listGroups(session));
    if (groups.length === 0) return await groupsCommand(context);
    // It may have another id by now.
    const group =
      groups.find(({ devices }) => devices.some(({ key }) => key === device)) ??
        await chooseGroup(context, groups);
    if (group === null || !await act(context, group)) return;
    [{ key: device }] = group.devices;
  } while (asksByKeys(context));
}

async function chooseGroup(
  context: ClientContext,
  groups: readonly GroupRow[],
): Promise<GroupRow | null> {
  const rows = groups.map((group) => groupLines([group])[0]);
  return await choose(context, "Which devices?", rows, groups);
}

/** @returns False if the user chose nothing. */
async function act(context: ClientContext, group: GroupRow): Promise<boolean> {
  const actions = ACTIONS.filter((it) => it.is(group));
  const rows = actions.map(({ title }) => title);
  const action = await choose(context, groupLines([group])[0], rows, actions);
  if (action === null) return false;
  const words = action.question === undefined
    ? ""
    : await context.unlessInterrupted(askLine(context, action.question));
  if (words === null || (words === "" && action.question)) return false;
  await action.run(context, group, words);
  return true;
}

async function choose<T>(
  context: ClientContext,
  title: string,
  rows: readonly string[],
  of: readonly T[],
): Promise<T | null> {
  const answer = await context.unlessInterrupted(
    chooseRow(context, title, rows),
  );
  if (answer === null) return null;
  if ("row" in answer) return of[answer.row];
  const wanted = answer.words.toLowerCase();
  const row = rows.findIndex((it) => it.toLowerCase() === wanted);
  if (row >= 0) return of[row];
  throw new OndacastError(
    "usage",
    `There is no choice "${answer.words}": expected 1 to ${rows.length}`,
  );
}

function hasSongs({ songs }: GroupRow): boolean {
  return songs > 0;
}

function toAll({ devices }: GroupRow): { to: string[] } {
  return { to: devices.map(({ key }) => key) };
}

function listed(words: string): string[] {
  return words.split(",").map((word) => word.trim()).filter(Boolean);
}

/** @throws {OndacastError} `usage`. */
function parsed<T>(read: (text: string) => T, words: string): T {
  try {
    return read(words);
  } catch (error) {
    throw new OndacastError("usage", errorText(error), { cause: error });
  }
}
