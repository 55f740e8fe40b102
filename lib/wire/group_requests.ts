/**
 * The messages of a client about groups. See {@link ./group_messages.ts}.
 *
 * @module
 */

import * as v from "valibot";
import { count, finite, seconds, shortText, textOf, whole } from "./fields.ts";
import {
  DEVICE_ACTIONS,
  GROUP_DEVICE_ACTIONS,
  REPEAT,
} from "./group_messages.ts";
import { MAX_ROWS } from "./library_messages.ts";
import { message } from "./message_row.ts";

/** The most selections in one `queue`, and devices in one message. */
const MAX_WORDS = 1000;
/** The most entries that one `edit` names. */
const MAX_EDITED = 10_000;

const text = v.string();
const flag = v.boolean();
const rows = v.optional(whole(1, MAX_ROWS));
const words = v.pipe(
  v.array(shortText),
  v.minLength(1),
  v.maxLength(MAX_WORDS),
);
const devices = v.union([shortText, words]);
const entries = v.pipe(
  v.array(count),
  v.minLength(1),
  v.maxLength(MAX_EDITED),
);

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

/** The value of a `control` to a server. */
export const CONTROL_VALUE = v.union(
  [finite, flag, REPEAT],
  "expected a number, true, false, off, all or one",
);

/** Fields of a `control` to a server that the first version lacks. */
export const CONTROL_FIELDS = {
  /** Whether volume, mute and delay are the group's, and not a device's. */
  group: v.optional(flag),
  /** Whether the value of seek and volume is added. */
  relative: v.optional(flag),
  /** The entry that is meant to play. */
  entry: v.optional(count),
};

/** All of them, by type. */
export const GROUP_TO_SERVER = {
  queue: message({
    to: devices,
    songs: words,
    place: v.optional(v.picklist(["now", "next", "end"])),
    index: v.optional(count),
    from: v.optional(seconds),
    shuffle: v.optional(flag),
    repeat: v.optional(REPEAT),
  }, "groups"),
  group: message({ devices, name: v.optional(textOf(1, 64)) }, "groups"),
  ungroup: message({ devices }, "groups"),
  move: message({ group: shortText, to: devices }, "groups"),
  groups: message({
    after: v.optional(text),
    limit: rows,
    watch: v.optional(flag),
  }, "groups"),
  entries: message({
    group: shortText,
    after: v.optional(count),
    limit: rows,
  }, "groups"),
  edit: message({
    group: shortText,
    revision: v.optional(count),
    action: v.picklist(["remove", "move", "clear"]),
    entries: v.optional(entries),
    before: v.optional(count),
  }, "groups"),
  // Asks for what follows a welcome: the streams and the line that are due.
  rejoin: message({}, "groups"),
} as const;
