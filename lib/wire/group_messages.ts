/**
 * The messages about groups: devices that play one queue in step. They belong to
 * the feature `groups`.
 *
 * @module
 */

import * as v from "valibot";
import {
  count,
  finite,
  numberFrom,
  seconds,
  shortText,
  textOf,
  whole,
} from "./fields.ts";
import { MAX_ROWS } from "./library_messages.ts";
import { message, page, request } from "./message_row.ts";

/** The most selections in one `queue`, and devices in one message. */
const MAX_WORDS = 1000;
/** The most entries that one `edit` names. */
const MAX_EDITED = 10_000;
/** The bounds of a device's delay, in milliseconds. */
export const MAX_DELAY_MS = 2000;

const text = v.string();
const flag = v.boolean();
const rows = v.optional(whole(1, MAX_ROWS));
const words = v.pipe(
  v.array(shortText),
  v.minLength(1),
  v.maxLength(MAX_WORDS),
);
const devices = v.union([shortText, words]);
const repeat = v.picklist(["off", "all", "one"]);
const entries = v.pipe(
  v.array(count),
  v.minLength(1),
  v.maxLength(MAX_EDITED),
);

/** A failure for one of several devices or songs. */
export const REFUSED = v.array(
  v.object({ to: text, code: text, message: text }),
);

/** What a receiver of any version can be asked for. */
const DEVICE_ACTIONS = ["pause", "resume", "stop", "seek", "volume"] as const;
/** What only receivers with the feature are sent. */
const GROUP_DEVICE_ACTIONS = ["mute", "delay"] as const;

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
/** The actions of a `control` to a server. */
export const GROUP_ACTION = v.picklist([
  ...DEVICE_ACTIONS,
  ...GROUP_DEVICE_ACTIONS,
  "next",
  "previous",
  "jump",
  "repeat",
  "shuffle",
]);

/** The value of a `control` to a client; its type depends on the action. */
export const CLIENT_VALUE = v.union([finite, flag]);
/** The value of a `control` to a server. */
export const CONTROL_VALUE = v.union([finite, flag, repeat]);

/** Fields of a `control` to a server that the first version lacks. */
export const CONTROL_FIELDS = {
  /** Whether volume, mute and delay are the group's, and not a device's. */
  group: v.optional(flag),
  /** Whether the value of seek and volume is added. */
  relative: v.optional(flag),
  /** The entry that is meant to play. */
  entry: v.optional(count),
};

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
  repeat,
  shuffle: flag,
  volume: finite,
  problem: v.optional(text),
  by: v.optional(text),
  was: v.optional(text),
  node: v.optional(text),
});

/** The messages that a client sends. */
export const GROUP_TO_SERVER = {
  queue: {
    ...request("queued", {
      to: devices,
      songs: words,
      place: v.optional(v.picklist(["now", "next", "end"])),
      index: v.optional(count),
      from: v.optional(seconds),
      shuffle: v.optional(flag),
      repeat: v.optional(repeat),
    }),
    feature: "groups",
  },
  group: {
    ...request("grouped", { devices, name: v.optional(textOf(1, 64)) }),
    feature: "groups",
  },
  ungroup: { ...request("grouped", { devices }), feature: "groups" },
  move: {
    ...request("grouped", { group: shortText, to: devices }),
    feature: "groups",
  },
  groups: {
    ...request("groups", {
      after: v.optional(text),
      limit: rows,
      watch: v.optional(flag),
    }),
    feature: "groups",
  },
  entries: {
    ...request("entries", {
      group: shortText,
      after: v.optional(count),
      limit: rows,
    }),
    feature: "groups",
  },
  edit: {
    ...request("edited", {
      group: shortText,
      revision: v.optional(count),
      action: v.picklist(["remove", "move", "clear"]),
      entries: v.optional(entries),
      before: v.optional(count),
    }),
    feature: "groups",
  },
  // Asks for what follows a welcome: the streams and the line that are due.
  rejoin: { ...message({}), feature: "groups" },
} as const;

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
  edited: message({ revision: count }),
  line: message({
    stream: count,
    frame: count,
    at: v.nullable(finite),
    since: v.optional(finite),
  }),
};
