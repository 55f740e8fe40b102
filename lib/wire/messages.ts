/**
 * Every message of the protocol, declared once: a row names its type, and the
 * fields with their checks; the TypeScript types are derived from the rows.
 * Messages travel as JSON in frames of type 1, beside the data.
 *
 * Unknown fields are dropped, a field of the wrong type or beyond its bounds
 * makes the message a `bad-message`. What only the model can judge (whether a
 * song exists, whether its name is allowed) is not judged here.
 *
 * @module
 */

import * as v from "valibot";
import { CONTAINER_BITS, type Encoding } from "../audio/format.ts";
import { isOfCharacters } from "./characters.ts";

/** The version of the protocol, in `hello` and `welcome`. */
export const PROTOCOL_VERSION = 1;
/** Most rows in one answer to `list` or `online`. */
export const MAX_ROWS = 1000;
/** Devices in `welcome`. */
export const WELCOME_ROWS = 100;

const text = v.string();
/** The most characters of a token and of other short texts, in code points. */
export const MAX_TEXT = 1024;
const shortText = textOf(0, MAX_TEXT);
const flag = v.boolean();
const count = whole(0, Number.MAX_SAFE_INTEGER);
/** JSON can say 1e999, which is read as Infinity and could not be sent on. */
const number = numberThat(Number.isFinite, "a finite number");
const seconds = numberThat(
  (value) => value >= 0 && value < Infinity,
  "a time from 0 on",
);
const rows = whole(1, MAX_ROWS);
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i));
const features = v.pipe(v.array(shortText), v.maxLength(64));
const device = textOf(1, 64);
const receivers = v.pipe(
  v.array(shortText),
  v.minLength(1),
  v.maxLength(MAX_ROWS),
);
const encodings = Object.keys(CONTAINER_BITS) as Encoding[];
const format = v.pipe(
  v.object({
    encoding: v.picklist(encodings),
    rate: whole(1, Number.MAX_SAFE_INTEGER),
    channels: whole(1, 64),
    bits: number,
    validBits: v.optional(count),
    channelMask: v.optional(whole(0, 2 ** 32 - 1)),
    dataOffset: count,
    dataBytes: v.nullable(count),
  }),
  v.check(({ encoding, bits }) => bits === CONTAINER_BITS[encoding]),
);

const activity = v.object({
  doing: v.picklist(["idle", "waiting", "playing", "paused"]),
  song: v.optional(text),
  position: v.optional(seconds),
  volume: v.optional(number),
  underruns: v.optional(count),
  problem: v.optional(text),
});

const onlineClient = v.object({
  key: text,
  id: text,
  name: text,
  receiving: flag,
  state: activity,
});

const refused = v.array(v.object({ to: text, code: text, message: text }));

const action = v.picklist(["pause", "resume", "stop", "seek", "volume"]);

/** The messages that a client sends: type → fields. */
export const TO_SERVER = {
  hello: v.object({
    version: number,
    name: text,
    device,
    window: count,
    features: v.optional(features),
    token: v.optional(shortText),
    receive: v.optional(flag),
  }),
  list: v.object({
    match: v.optional(shortText),
    after: v.optional(text),
    limit: v.optional(rows),
    // Orders of a later version are passed over, as unknown fields are.
    sort: v.fallback(v.optional(v.literal("natural")), undefined),
  }),
  play: v.object({
    song: text,
    from: v.optional(seconds),
    offset: v.optional(count),
    etag: v.optional(shortText),
  }),
  stop: v.object({ stream: v.optional(count) }),
  grant: v.object({ bytes: count }),
  upload: v.object({
    song: text,
    bytes: v.optional(count),
    sha256: v.optional(sha256),
    replace: v.optional(flag),
  }),
  end: v.object({ bytes: count, sha256 }),
  receive: v.object({ on: flag }),
  cast: v.object({ song: text, to: receivers, from: v.optional(seconds) }),
  control: v.object({
    to: v.union([shortText, receivers]),
    action,
    value: v.optional(number),
  }),
  state: v.object({
    stream: count,
    position: seconds,
    playing: flag,
    volume: numberFrom(0, 100),
    underruns: count,
    problem: v.optional(shortText),
  }),
  online: v.object({
    after: v.optional(text),
    limit: v.optional(rows),
    watch: v.optional(flag),
  }),
  ping: v.object({ time: v.optional(number) }),
  pong: v.object({ time: v.optional(number) }),
  bye: v.object({}),
};

/** The messages that a server sends: type → fields. */
export const TO_CLIENT = {
  welcome: v.object({
    version: number,
    you: text,
    key: text,
    server: text,
    clock: text,
    features: v.array(text),
    services: v.array(v.object({ key: text, title: text, type: text })),
    online: v.array(onlineClient),
    total: count,
  }),
  songs: v.object({
    songs: v.array(v.object({
      name: text,
      bytes: count,
      seconds: v.nullable(seconds),
      etag: text,
      sha256: v.optional(sha256),
      format: v.nullable(format),
      problem: v.optional(text),
    })),
    more: flag,
  }),
  online: v.object({
    clients: v.array(onlineClient),
    more: flag,
    total: count,
  }),
  start: v.object({
    stream: count,
    song: text,
    etag: v.nullable(text),
    offset: count,
    bytes: v.nullable(count),
    format,
    from: seconds,
    sha256: v.optional(sha256),
    by: v.optional(text),
    at: v.optional(number),
  }),
  end: v.object({ stream: count, sha256: v.optional(sha256) }),
  stopped: v.object({
    stream: count,
    reason: text,
    code: v.optional(text),
  }),
  ready: v.object({ window: count }),
  stored: v.object({ song: text, etag: text }),
  casting: v.object({
    to: v.array(text),
    refused,
  }),
  receiving: v.object({ on: flag }),
  controlled: v.object({
    to: v.optional(v.array(text)),
    refused: v.optional(refused),
  }),
  control: v.object({
    action,
    value: v.optional(number),
    stream: v.optional(count),
    by: v.optional(text),
  }),
  grant: v.object({ bytes: count }),
  ping: v.object({ time: v.optional(number) }),
  pong: v.object({
    time: v.optional(number),
    received: v.optional(number),
    sent: v.optional(number),
  }),
  error: v.object({ code: text, message: text, fatal: v.optional(flag) }),
};

/** What a request is called by its sender; its answer carries it as `re`. */
export type RequestId = string | number;

/** Type → fields, of one direction. */
export type Table = Record<string, v.GenericSchema>;
type Row<T extends Table, K extends keyof T & string> =
  & { type: K; id?: RequestId; re?: RequestId }
  & v.InferOutput<T[K]>;
/** Any message of a table. */
export type AnyRow<T extends Table> = { [K in keyof T & string]: Row<T, K> }[
  & keyof T
  & string
];

/** Any message of a client, or the one of a type. */
export type ToServer<
  K extends keyof typeof TO_SERVER = keyof typeof TO_SERVER,
> = Extract<AnyRow<typeof TO_SERVER>, { type: K }>;
/** Any message of a server, or the one of a type. */
export type ToClient<
  K extends keyof typeof TO_CLIENT = keyof typeof TO_CLIENT,
> = Extract<AnyRow<typeof TO_CLIENT>, { type: K }>;

/** A row of `songs`. */
export type SongRow = ToClient<"songs">["songs"][number];
/** A row of `online`. */
export type OnlineClient = ToClient<"online">["clients"][number];
/** What a client is doing, as others see it. */
export type Activity = OnlineClient["state"];

/** What can be asked of a receiver. */
export type ControlAction = ToServer<"control">["action"];

/** Whether a message to a client is one of this page, and not of a newer server. */
export function isKnownToClient(
  { type, fields }: { type: string; fields: Record<string, unknown> },
): boolean {
  if (!Object.hasOwn(TO_CLIENT, type)) return false;
  // Whoever receives stays, whatever actions others learn.
  return type !== "control" || typeof fields.action !== "string" ||
    v.is(action, fields.action);
}

/** A text of so many characters, which are code points (Unicode). */
function textOf(least: number, most: number) {
  return v.custom<string>(
    (value) => typeof value === "string" && isOfCharacters(value, least, most),
    `expected a text of ${least} to ${most} characters`,
  );
}

/** A number in one check: a pipe of several takes longer, and there are thousands in a list of songs. */
function numberThat(is: (value: number) => boolean, expected: string) {
  return v.custom<number>(
    (value) => typeof value === "number" && is(value),
    `expected ${expected}`,
  );
}

function numberFrom(least: number, most: number) {
  return numberThat(
    (value) => value >= least && value <= most,
    `a number from ${least} to ${most}`,
  );
}

function whole(least: number, most: number) {
  return numberThat(
    (value) => Number.isInteger(value) && value >= least && value <= most,
    `a whole number from ${least} to ${most}`,
  );
}
