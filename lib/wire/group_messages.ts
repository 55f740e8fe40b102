/**
 * The messages about groups: devices that play one queue in step. They belong to
 * the feature `groups`.
 *
 * @module
 */

import * as v from "valibot";
import { count, finite, kind, numberFrom, seconds } from "./fields.ts";
import { message, page } from "./message_row.ts";

/** The bounds of a device's delay, in milliseconds. */
export const MAX_DELAY_MS = 2000;

const text = v.string();
const flag = v.boolean();

/** How a queue goes on after its last entry. */
export const REPEAT = v.picklist(["off", "all", "one"]);

/** A failure for one of several devices or songs. */
export const REFUSED = v.array(
  v.object({ to: text, code: text, message: text }),
);

/** What a receiver of any version can be asked for. */
export const DEVICE_ACTIONS = [
  "pause",
  "resume",
  "stop",
  "seek",
  "volume",
] as const;
/** What only receivers with the feature are sent. */
export const GROUP_DEVICE_ACTIONS = ["mute", "delay"] as const;

/** The actions of a `control` to a client without the feature. */
export const ACTION = v.picklist(DEVICE_ACTIONS);
/** Whether receivers of any version can be asked for an action. */
export function isDeviceAction(
  action: string,
): action is typeof DEVICE_ACTIONS[number] {
  return v.is(ACTION, action);
}

/** The actions of a `control` to a client with the feature. */
export const CLIENT_ACTION = v.picklist([
  ...DEVICE_ACTIONS,
  ...GROUP_DEVICE_ACTIONS,
]);
/** The value of a `control` to a client; its type depends on the action. */
export const CLIENT_VALUE: v.GenericSchema<number | boolean> = v.custom(
  (value) => typeof value === "boolean" || Number.isFinite(value),
  "expected a finite number, true or false",
);

/** How exactly a device follows its line. */
export const STEP = v.object({
  errorUs: finite,
  grade: v.picklist(["exact", "approximate"]),
  rttUs: finite,
  leadMs: numberFrom(0, 60_000),
});

/** Fields of a `start` that the first version lacks. */
export const GROUP_START_FIELDS = {
  group: v.optional(text),
  entry: v.optional(count),
  follows: v.optional(count),
};

const device = v.object({
  key: text,
  name: text,
  kind: v.optional(kind),
  volume: finite,
  muted: flag,
  delay: finite,
  away: v.optional(flag),
  step: v.optional(STEP),
  problem: v.optional(text),
});

/** A row of `groups`. */
export const GROUP_ROW = v.object({
  group: text,
  name: text,
  devices: v.array(device),
  state: v.picklist(["playing", "paused", "stopped"]),
  entry: v.nullable(count),
  song: v.nullable(text),
  title: v.nullable(text),
  artist: v.optional(text),
  art: v.optional(flag),
  position: seconds,
  positionAt: finite,
  seconds: v.nullable(seconds),
  songs: count,
  revision: count,
  repeat: REPEAT,
  shuffle: flag,
  volume: finite,
  problem: v.optional(text),
  by: v.optional(text),
  was: v.optional(text),
  node: v.optional(text),
});

/** The messages that a server sends. */
export const GROUP_TO_CLIENT = {
  queued: message({
    group: text,
    entry: v.nullable(count),
    songs: count,
    revision: count,
    refused: REFUSED,
  }),
  grouped: message({
    group: text,
    devices: v.array(text),
    refused: REFUSED,
  }),
  // An answer has `groups`, `more` and `total`; news have `changed` and `gone`.
  groups: page("groups", {
    groups: v.optional(v.array(GROUP_ROW)),
    more: v.optional(flag),
    total: v.optional(count),
    changed: v.optional(v.array(GROUP_ROW)),
    gone: v.optional(v.array(text)),
  }),
  entries: page("entries", {
    group: text,
    revision: count,
    entries: v.array(v.object({
      entry: count,
      song: text,
      title: text,
      artist: v.optional(text),
      seconds: v.nullable(seconds),
      problem: v.optional(text),
    })),
    playing: v.nullable(count),
    more: flag,
    total: count,
  }),
  edited: message({
    revision: count,
    /** Between servers: that of the group's owner, which has carried it out. */
    term: v.optional(count),
  }),
  line: message({
    stream: count,
    frame: count,
    at: v.nullable(finite),
    since: v.optional(finite),
  }),
};
