/**
 * The messages that a server sends to clients. What it sends to other servers
 * besides is in {@link ./to_peer.ts}, so that the page does without.
 *
 * @module
 */

import * as v from "valibot";
import { count, finite, seconds, sha256 } from "./fields.ts";
import {
  CLIENT_ACTION,
  CLIENT_VALUE,
  GROUP_START_FIELDS,
  GROUP_TO_CLIENT,
  REFUSED,
} from "./group_messages.ts";
import { LIBRARY_TO_CLIENT, TAG_FIELDS } from "./library_messages.ts";
import { message, page } from "./message_row.ts";
import { FORMAT, ONLINE_CLIENT } from "./rows.ts";

const text = v.string();
const flag = v.boolean();
const number = finite;
/** A row of `songs`. */
export const SONG_ROW = v.object({
  name: text,
  bytes: v.nullable(count),
  seconds: v.nullable(seconds),
  etag: v.nullable(text),
  sha256: v.optional(sha256),
  format: v.nullable(FORMAT),
  problem: v.optional(text),
  live: v.optional(flag),
  ...TAG_FIELDS,
  // The server that has it, and the SHA-256 of its file, where several are one.
  node: v.optional(text),
  content: v.optional(sha256),
});

/** All of them, by type. */
export const TO_CLIENT = {
  welcome: page("online", {
    version: number,
    you: text,
    key: text,
    server: text,
    serverId: v.optional(text),
    clock: text,
    features: v.array(text),
    services: v.array(v.object({ key: text, title: text, type: text })),
    online: v.array(ONLINE_CLIENT),
    total: count,
    also: v.optional(v.array(text)),
    /** What this client may do to songs; absent: the server does not say. */
    may: v.optional(v.array(text)),
    alsoCertificates: v.optional(v.array(text)),
    cluster: v.optional(text),
  }),
  places: message({
    places: v.array(v.object({
      node: text,
      address: text,
      state: v.picklist(["here", "alive", "dead", "refused"]),
      reason: v.optional(text),
      devices: count,
      songs: count,
    })),
    /** Whether the others can be heard of. */
    connected: flag,
  }),
  ...LIBRARY_TO_CLIENT,
  ...GROUP_TO_CLIENT,
  songs: page("songs", {
    songs: v.array(SONG_ROW),
    more: flag,
    next: v.optional(text),
  }),
  online: page("clients", {
    clients: v.array(ONLINE_CLIENT),
    more: flag,
    total: count,
  }),
  start: message({
    stream: count,
    song: text,
    etag: v.nullable(text),
    offset: count,
    bytes: v.nullable(count),
    format: FORMAT,
    from: seconds,
    sha256: v.optional(sha256),
    by: v.optional(text),
    at: v.optional(number),
    /** Where what has come of a live song ends; to another server. */
    edge: v.optional(count),
    ...GROUP_START_FIELDS,
  }),
  end: message({ stream: count, sha256: v.optional(sha256) }),
  stopped: message({
    stream: count,
    reason: text,
    code: v.optional(text),
  }),
  ready: message({ window: count }),
  stored: message({ song: text, etag: text }),
  casting: message({
    to: v.array(text),
    refused: REFUSED,
  }),
  receiving: message({ on: flag }),
  controlled: message({
    to: v.optional(v.array(text)),
    refused: v.optional(REFUSED),
  }),
  control: message({
    action: CLIENT_ACTION,
    value: v.optional(CLIENT_VALUE),
    stream: v.optional(count),
    by: v.optional(text),
  }),
  grant: message({ bytes: count }),
  ping: message({ time: v.optional(number) }),
  pong: message({
    time: v.optional(number),
    received: v.optional(number),
    sent: v.optional(number),
  }),
  error: message({ code: text, message: text, fatal: v.optional(flag) }),
};
