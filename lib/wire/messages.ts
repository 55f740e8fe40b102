/**
 * Every message of the protocol, declared once: a row holds its type and its
 * fields with their checks. Those of a server are in {@link ./to_client.ts} and
 * {@link ./to_peer.ts}, those of a client in {@link ./to_server.ts}, and the
 * TypeScript types, which are here, are derived from the rows. Messages travel as JSON in frames of type 1, beside the data.
 *
 * Unknown fields are dropped; a field of the wrong type or beyond its bounds
 * makes the message a `bad-message`. What depends on the server's state, such as
 * whether a song exists, is checked by the handlers.
 *
 * @module
 */

import * as v from "valibot";
import { MAX_TEXT } from "./fields.ts";
import { type ACTION, CLIENT_ACTION } from "./group_messages.ts";
import { MAX_ROWS } from "./library_messages.ts";
import type { NEXT, NextOf, Table } from "./message_row.ts";
import type { TO_PEER } from "./to_peer.ts";
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
  Record<keyof typeof TO_SERVER, keyof typeof TO_PEER>
>;

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
/** Any message of a server, to whomever, or the one of a type. */
export type ToClient<
  K extends keyof typeof TO_PEER = keyof typeof TO_PEER,
> = Extract<AnyMessage<typeof TO_PEER>, { type: K }>;

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
    [K in ToClient["type"]]: typeof TO_PEER[K] extends { rows: string } ? K
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

/**
 * Whether a message of a server is declared in a table. A newer server may send
 * others.
 */
export function isDeclared(
  table: Table,
  { type, fields }: { type: string; fields: Record<string, unknown> },
): boolean {
  if (!Object.hasOwn(table, type)) return false;
  // An unknown action must not end the connection of a receiver.
  return type !== "control" || typeof fields.action !== "string" ||
    v.is(CLIENT_ACTION, fields.action);
}
