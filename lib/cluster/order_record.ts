/**
 * The record of a group's queue that is written last: what it plays, its devices,
 * and the names of the pages in which its songs and their order lie. It is signed.
 *
 * @module
 */

import * as v from "valibot";
import { count, finite, kind, numberFrom, textOf } from "../wire/fields.ts";
import { type ClusterSecret, isSameProof } from "./secret.ts";

/** The longest order, in bytes. */
export const MOST_ORDER_BYTES = 512 * 1024;
/** Pages of a queue of the longest names, and more. */
const MOST_PAGES = 8_192;
const MARK_DIGITS = 64;

const pages = v.pipe(v.array(textOf(1, 64)), v.maxLength(MOST_PAGES));
const ORDER = v.object({
  term: count,
  group: v.object({
    name: textOf(0, 64),
    state: v.picklist(["playing", "paused", "stopped"]),
    by: v.optional(textOf(1, 64)),
    atWallMs: v.nullable(finite),
    devices: v.pipe(v.array(textOf(1, 64)), v.maxLength(256)),
  }),
  queue: v.object({
    playing: v.nullable(count),
    seconds: finite,
    nextEntry: v.pipe(count, v.minValue(1)),
    revision: count,
    repeat: v.picklist(["off", "all", "one"]),
  }),
  devices: v.pipe(
    v.array(v.object({
      key: textOf(1, 64),
      name: textOf(1, 64),
      kind: v.optional(kind),
      volume: numberFrom(0, 100),
      muted: v.boolean(),
      delayMs: finite,
      seenMs: finite,
    })),
    v.maxLength(256),
  ),
  /** Names of pages. */
  songs: pages,
  entries: pages,
  unshuffled: v.nullable(pages),
});
/** What is kept of a group, but for what lies in pages. */
export type OrderRecord = v.InferOutput<typeof ORDER>;

/** Layout: 64 hexadecimal digits that sign what follows, which is JSON. */
export function encodeOrderRecord(
  id: string,
  order: OrderRecord,
  secret: ClusterSecret,
): Uint8Array {
  const text = JSON.stringify(order);
  const bytes = new TextEncoder().encode(mark(id, text, secret) + text);
  if (bytes.length <= MOST_ORDER_BYTES) return bytes;
  throw new RangeError(
    `Cannot keep a queue: its order has ${bytes.length} bytes, expected at most ${MOST_ORDER_BYTES}`,
  );
}

/** Null: it is not signed, or not as it should be. */
export function decodeOrderRecord(
  id: string,
  bytes: Uint8Array,
  secret: ClusterSecret,
): OrderRecord | null {
  if (bytes.length > MOST_ORDER_BYTES) return null;
  const text = new TextDecoder().decode(bytes);
  const json = text.slice(MARK_DIGITS);
  const isSigned = isSameProof(
    text.slice(0, MARK_DIGITS),
    mark(id, json, secret),
  );
  if (!isSigned) return null;
  try {
    return v.parse(ORDER, JSON.parse(json));
  } catch {
    return null;
  }
}

/** The names of all its pages. */
export function* pagesOfOrder(
  { songs, entries, unshuffled }: OrderRecord,
): Generator<string> {
  yield* songs;
  yield* entries;
  yield* unshuffled ?? [];
}

function mark(id: string, text: string, secret: ClusterSecret): string {
  return secret.sign(["queue", id, text]);
}
