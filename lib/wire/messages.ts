/**
 * Every message of the protocol, declared once: a row holds its type, its
 * fields with their checks and, of a request, the type of the answer. The
 * TypeScript types of both sides are derived from the rows. Messages travel as
 * JSON in frames of type 1, beside the data.
 *
 * Unknown fields are dropped; a field of the wrong type or beyond its bounds
 * makes the message a `bad-message`. What depends on the server's state, such as
 * whether a song exists, is checked by the handlers.
 *
 * @module
 */

import * as v from "valibot";
import {
  count,
  finite,
  MAX_TEXT,
  numberFrom,
  seconds,
  shortText,
  textOf,
  whole,
} from "./fields.ts";
import {
  ACTION,
  CLIENT_ACTION,
  CLIENT_VALUE,
  CONTROL_FIELDS,
  CONTROL_VALUE,
  GROUP_ACTION,
  GROUP_START_FIELDS,
  GROUP_TO_CLIENT,
  GROUP_TO_SERVER,
  REFUSED,
  STEP,
} from "./group_messages.ts";
import {
  LIBRARY_TO_CLIENT,
  LIBRARY_TO_SERVER,
  LIST_FIELDS,
  MAX_ROWS,
  TAG_FIELDS,
} from "./library_messages.ts";
import {
  message,
  type NEXT,
  type NextOf,
  page,
  request,
  type Table,
} from "./message_row.ts";
import {
  PEER,
  PEER_ANSWER,
  PEER_TO_CLIENT,
  PEER_TO_SERVER,
} from "./peer_messages.ts";
import { FORMAT, LIVE_FORMAT, ONLINE_CLIENT } from "./rows.ts";

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
const rows = whole(1, MAX_ROWS);
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i));
const features = v.pipe(v.array(shortText), v.maxLength(64));
const device = textOf(1, 64);
const receivers = v.pipe(
  v.array(shortText),
  v.minLength(1),
  v.maxLength(MAX_ROWS),
);

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

/** The messages that a client sends. */
export const TO_SERVER = {
  hello: request("welcome", {
    version: number,
    name: text,
    device,
    window: count,
    features: v.optional(features),
    token: v.optional(shortText),
    receive: v.optional(flag),
    peer: v.optional(PEER),
  }),
  ...PEER_TO_SERVER,
  ...LIBRARY_TO_SERVER,
  ...GROUP_TO_SERVER,
  list: request("songs", LIST_FIELDS),
  play: request("start", {
    song: text,
    from: v.optional(seconds),
    offset: v.optional(count),
    bytes: v.optional(count),
    etag: v.optional(shortText),
  }),
  stop: request("stopped", { stream: v.optional(count) }),
  grant: message({ bytes: count }),
  // Its `stored`, which carries the same `re`, follows once all data has come.
  upload: request("ready", {
    song: text,
    bytes: v.optional(count),
    sha256: v.optional(sha256),
    replace: v.optional(flag),
  }),
  live: {
    ...request("ready", { name: text, format: LIVE_FORMAT }),
    feature: "live" as const,
  },
  end: message({ bytes: count, sha256 }),
  receive: request("receiving", { on: flag }),
  cast: request("casting", {
    song: text,
    to: receivers,
    from: v.optional(seconds),
    together: v.optional(flag),
  }),
  control: request("controlled", {
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
  online: request("online", {
    after: v.optional(text),
    limit: v.optional(rows),
    watch: v.optional(flag),
  }),
  ping: request("pong", { time: v.optional(number) }),
  pong: message({ time: v.optional(number) }),
  bye: message({}),
};

/** The messages that a server sends. */
export const TO_CLIENT = {
  welcome: message({
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
    alsoCertificates: v.optional(v.array(text)),
    cluster: v.optional(text),
  }),
  ...PEER_TO_CLIENT,
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
export type RequestType = {
  [K in ToServer["type"]]: typeof TO_SERVER[K] extends { answer: string } ? K
    : never;
}[ToServer["type"]];
/** The message that answers a request of a type. */
export type AnswerTo<K extends RequestType> = ToClient<
  typeof TO_SERVER[K]["answer"]
>;
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
