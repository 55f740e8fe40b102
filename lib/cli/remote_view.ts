/**
 * Keys that control what other devices play, and a view of it.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { type GroupRow, listGroups } from "../client/group_list.ts";
import { toOndacastError } from "../errors.ts";
import { Keyboard } from "../io/console/keyboard.ts";
import type { Line } from "../io/console/styled.ts";
import { Screen } from "../io/console/terminal.ts";
import type { ToServer } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { errorLine } from "./error_line.ts";
import { every } from "./every.ts";
import { groupLines } from "./group_text.ts";
import { groupOf } from "./rooms.ts";
import { shown } from "./shown.ts";
import { wrapped } from "./text.ts";

const DRAW_MS = 1_000;
const SEEK_SECONDS = 10;
const VOLUME_STEP = 5;
const HINTS = [
  ...["space pause", "←/→ 10 s", "↑/↓ volume", "n next", "p previous"],
  ...["s stop", "q back"],
];
const ENDS = ["q", "escape", "interrupt", "end", "enter"];

type Control = Pick<
  ToServer<"control">,
  "action" | "value" | "relative" | "group" | "entry"
>;

/** What a key does to a group; null: nothing. */
export function controlOfKey(key: string, group: GroupRow): Control | null {
  const { entry } = group;
  const ofEntry = entry === null ? {} : { entry };
  const seek = (value: number): Control => ({
    ...{ action: "seek", value, relative: true },
  });
  const volume = (value: number): Control => ({
    ...{ action: "volume", value, relative: true },
    ...(group.devices.length > 1 && { group: true }),
  });
  const controls: Record<string, () => Control> = {
    space: () => ({ action: group.state === "playing" ? "pause" : "resume" }),
    left: () => seek(-SEEK_SECONDS),
    right: () => seek(SEEK_SECONDS),
    up: () => volume(VOLUME_STEP),
    down: () => volume(-VOLUME_STEP),
    n: () => ({ action: "next", ...ofEntry }),
    p: () => ({ action: "previous", ...ofEntry }),
    s: () => ({ action: "stop" }),
  };
  return Object.hasOwn(controls, key) ? controls[key]() : null;
}

/**
 * Shows the group of a device, and has keys control it until the user goes back.
 *
 * @param device The key of one of its devices.
 */
export async function controlByKeys(
  context: ClientContext,
  session: ClientSession,
  device: string,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  const watching = new AbortController();
  using screen = new Screen();
  let group: GroupRow | undefined;
  let problem: string | null = null;
  let shownAtMs = 0;
  const draw = () => {
    if (group === undefined || watching.signal.aborted) return;
    const passed = (context.clock.now() - shownAtMs) / 1000;
    const { columns } = screen;
    const dim = (text: string): Line => [{ style: "dim", text }];
    screen.show([
      ...groupLines([group], passed, columns),
      ...(problem === null ? [] : wrapped([problem], columns - 1)),
      ...wrapped(HINTS, columns - 1).map(dim),
    ]);
  };
  const refresh = async (watch?: boolean) => {
    group = groupOf(await listGroups(session, watch), device);
    shownAtMs = context.clock.now();
    if (group === undefined) over.resolve(); // The device has left.
    draw();
  };
  const press = async (key: string) => {
    const control = group && controlOfKey(key, group);
    if (!group || !control) return;
    try {
      const to = group.devices.map(({ key }) => key);
      await session.request({ type: "control", to, ...control });
      problem = null;
    } catch (error) {
      problem = shown(errorLine(toOndacastError(error)));
    }
    draw();
  };
  using _keyboard = new Keyboard((key) => {
    if (ENDS.includes(key)) over.resolve();
    else press(key);
  });
  session.listen({
    groups: () => refresh().catch(over.reject),
    closed: (error) => over.reject(error),
  }, watching.signal);
  every(DRAW_MS, context.clock, watching.signal, draw);
  try {
    refresh(true).catch(over.reject);
    await context.unlessInterrupted(over.promise);
  } finally {
    watching.abort();
    // A server that hangs must not hold back the user.
    session.request({ type: "groups", limit: 1, watch: false }).catch(() => {});
  }
}
