/**
 * Every message of the protocol, declared once: a row holds its type and its
 * fields with their checks. Here are those of a server, those of a client are in
 * {@link ./to_server.ts}, and the TypeScript types of both are derived from the
 * rows. Messages travel as JSON in frames of type 1, beside the data.
 *
 * Unknown fields are dropped; a field of the wrong type or beyond its bounds
 * makes the message a `bad-message`. What depends on the server's state, such as
 * whether a song exists, is checked by the handlers.
 *
 * @module
 */

import * as v from "valibot";
import { count, finite, MAX_TEXT, seconds, sha256 } from "./fields.ts";
import {
  ACTION,
  CLIENT_ACTION,
  CLIENT_VALUE,
  GROUP_START_FIELDS,
  GROUP_TO_CLIENT,
  REFUSED,
} from "./group_messages.ts";
import { LIBRARY_TO_CLIENT, MAX_ROWS, TAG_FIELDS } from "./library_messages.ts";
import { LOAN_TO_CLIENT } from "./loan_messages.ts";
import {
  message,
  type NEXT,
  type NextOf,
  page,
  type Table,
} from "./message_row.ts";
import { PEER_ANSWER, PEER_TO_CLIENT } from "./peer_messages.ts";
import { FORMAT, ONLINE_CLIENT } from "./rows.ts";
import type { TO_SERVER } from "./to_server.ts";

export { MAX_ROWS, MAX_TEXT };

/** The version of the protocol, in `hello` and `welcome`. */
export const PROTOCOL_VERSION = 1;
/** The most clients listed in `welcome`. */
export const WELCOME_ROWS = 100;

/** The `stream` of a `state` while no stream is heard. */
export const NO_STREAM = 0;
/** A song that stands still this close to its end is over, in seconds. */
export const END_SECONDS = 0.5;

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

/**
 * The type of the answer to each request. It is apart from {@linkcode TO_SERVER},
 * because clients need no checks of what they send: the page does without.
 */
export const ANSWERS = {
  hello: "welcome",
  prove: "proved",
  places: "places",
  borrow: "borrowed",
  albums: "albums",
  artists: "artists",
  playlists: "playlists",
  remove: "removed",
  restore: "restored",
  rename: "renamed",
  queue: "queued",
  group: "grouped",
  ungroup: "grouped",
  move: "grouped",
  groups: "groups",
  entries: "entries",
  edit: "edited",
  list: "songs",
  play: "start",
  stop: "stopped",
  upload: "ready",
  live: "ready",
  receive: "receiving",
  cast: "casting",
  control: "controlled",
  online: "online",
  ping: "pong",
} as const satisfies Partial<
  Record<keyof typeof TO_SERVER, keyof typeof TO_CLIENT>
>;

/** The messages that a server sends. */
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
    peer: v.optional(PEER_ANSWER),
    also: v.optional(v.array(text)),
    /** What this client may do to songs; absent: the server does not say. */
    may: v.optional(v.array(text)),
    alsoCertificates: v.optional(v.array(text)),
    cluster: v.optional(text),
  }),
  ...PEER_TO_CLIENT,
  ...LOAN_TO_CLIENT,
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

/** The id of a request, chosen by its sender; the answer carries it as `re`. */
export type RequestId = string | number;

type Message<T extends Table, K extends keyof T & string> =
  & { type: K; id?: RequestId; re?: RequestId }
  & v.InferOutput<T[K]["fields"]>;
/** Any message of a table. */
export type AnyMessage<T extends Table> = {
  [K in keyof T & string]: Message<T, K>;
}[keyof T & string];

/** Any message of a client, or the one of a type. */
export type ToServer<
  K extends keyof typeof TO_SERVER = keyof typeof TO_SERVER,
> = Extract<AnyMessage<typeof TO_SERVER>, { type: K }>;
/** Any message of a server, or the one of a type. */
export type ToClient<
  K extends keyof typeof TO_CLIENT = keyof typeof TO_CLIENT,
> = Extract<AnyMessage<typeof TO_CLIENT>, { type: K }>;

/** The types of the messages that are answered. */
export type RequestType = keyof typeof ANSWERS;
/** The message that answers a request of a type. */
export type AnswerTo<K extends RequestType> = ToClient<typeof ANSWERS[K]>;
/** Its fields; of an answer in pages, also what makes its cursor. */
export type Answer<K extends RequestType> =
  & Omit<AnswerTo<K>, "type" | "id" | "re">
  & { [NEXT]?: NextOf };
/** An answer whose rows may be more than one message holds. */
export type Page = ToClient<
  {
    [K in ToClient["type"]]: typeof TO_CLIENT[K] extends { rows: string } ? K
      : never;
  }[ToClient["type"]]
>;

/** A row of `songs`. */
export type SongRow = ToClient<"songs">["songs"][number];
/** A row of `online`. */
export type OnlineClient = ToClient<"online">["clients"][number];
/** The activity of a client, as others see it. */
export type Activity = OnlineClient["state"];

/** The actions that a receiver can be asked for. */
export type ControlAction = v.InferOutput<typeof ACTION>;

/** Whether a message is an answer in pages. */
export function isPage(message: ToClient): message is Page {
  return "rows" in TO_CLIENT[message.type];
}

/**
 * Whether a message to a client is declared here. A newer server may send
 * others.
 */
export function isKnownToClient(
  { type, fields }: { type: string; fields: Record<string, unknown> },
): boolean {
  if (!Object.hasOwn(TO_CLIENT, type)) return false;
  // An unknown action must not end the connection of a receiver.
  return type !== "control" || typeof fields.action !== "string" ||
    v.is(CLIENT_ACTION, fields.action);
}
