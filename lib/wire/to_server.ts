/**
 * The messages that a client sends, which only servers check. See
 * {@link ./messages.ts}.
 *
 * @module
 */

import * as v from "valibot";
import {
  count,
  finite,
  kind,
  numberFrom,
  seconds,
  sha256,
  shortText,
  textOf,
  whole,
} from "./fields.ts";
import { STEP } from "./group_messages.ts";
import {
  CONTROL_FIELDS,
  CONTROL_VALUE,
  GROUP_ACTION,
  GROUP_TO_SERVER,
} from "./group_requests.ts";
import { MAX_ROWS } from "./library_messages.ts";
import { LIBRARY_TO_SERVER, LIST_FIELDS } from "./library_requests.ts";
import { LOAN_TO_SERVER } from "./loan_requests.ts";
import { message } from "./message_row.ts";
import { HEX, PEER } from "./peer_messages.ts";
import { LIVE_FORMAT } from "./live_format.ts";

const text = v.string();
const flag = v.boolean();
const number = finite;
const rows = whole(1, MAX_ROWS);
const features = v.pipe(v.array(shortText), v.maxLength(64));
const device = textOf(1, 64);
const receivers = v.pipe(
  v.array(shortText),
  v.minLength(1),
  v.maxLength(MAX_ROWS),
);

/** All of them, by type. */
export const TO_SERVER = {
  hello: message({
    version: number,
    name: text,
    device,
    window: count,
    features: v.optional(features),
    token: v.optional(shortText),
    receive: v.optional(flag),
    kind: v.optional(kind),
    peer: v.optional(PEER),
  }),
  prove: message({ proof: HEX }),
  places: message({}),
  ...LOAN_TO_SERVER,
  ...LIBRARY_TO_SERVER,
  ...GROUP_TO_SERVER,
  list: message(LIST_FIELDS),
  play: message({
    song: text,
    from: v.optional(seconds),
    offset: v.optional(count),
    bytes: v.optional(count),
    etag: v.optional(shortText),
    /** The entry of its queue that a device plays, and needs again from a place. */
    entry: v.optional(count),
    /** What another server requests in the place of the WAV. */
    as: v.optional(v.picklist(["file", "picture", "live"])),
    /** The most pixels of the longer side of a picture. */
    size: v.optional(whole(1, 1_024)),
  }),
  stop: message({ stream: v.optional(count) }),
  grant: message({ bytes: count }),
  // Its `stored`, which carries the same `re`, follows once all data has come.
  upload: message({
    song: text,
    bytes: v.optional(count),
    sha256: v.optional(sha256),
    replace: v.optional(flag),
  }),
  live: message({ name: text, format: LIVE_FORMAT }, "live"),
  end: message({ bytes: count, sha256 }),
  receive: message({ on: flag }),
  cast: message({
    song: text,
    to: receivers,
    from: v.optional(seconds),
    together: v.optional(flag),
  }),
  control: message({
    to: v.union([shortText, receivers]),
    action: GROUP_ACTION,
    value: v.optional(CONTROL_VALUE),
    ...CONTROL_FIELDS,
  }),
  state: message({
    stream: count,
    position: seconds,
    playing: flag,
    volume: numberFrom(0, 100),
    underruns: count,
    problem: v.optional(shortText),
    step: v.optional(STEP),
  }),
  online: message({
    after: v.optional(text),
    limit: v.optional(rows),
    watch: v.optional(flag),
  }),
  ping: message({ time: v.optional(number) }),
  pong: message({ time: v.optional(number) }),
  bye: message({}),
};
