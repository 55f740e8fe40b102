/**
 * The messages of a client about songs, albums and artists. See
 * {@link ./library_messages.ts}.
 *
 * @module
 */

import * as v from "valibot";
import { shortText, whole } from "./fields.ts";
import { MAX_ROWS } from "./library_messages.ts";
import { message } from "./message_row.ts";

const text = v.string();
const rows = v.optional(whole(1, MAX_ROWS));
const name = v.optional(shortText);

/** An order; those of a later version are passed over, as unknown fields are. */
function order<const O extends string[]>(orders: O) {
  return v.fallback(v.optional(v.picklist(orders)), undefined);
}

/** What songs a `list` is of, and in which order. */
export const LIST_FIELDS = {
  match: name,
  after: v.optional(text),
  limit: rows,
  album: name,
  artist: name,
  genre: name,
  folder: v.optional(text),
  selection: v.optional(text),
  sort: order(["natural", "album", "added", "title"]),
};

/** All of them, by type. */
export const LIBRARY_TO_SERVER = {
  albums: message({
    match: name,
    artist: name,
    after: v.optional(text),
    limit: rows,
    sort: order(["album", "artist", "year", "added"]),
  }, "tags"),
  artists: message({
    match: name,
    after: v.optional(text),
    limit: rows,
  }, "tags"),
  playlists: message({}, "tags"),
  remove: message({ song: text, etag: shortText }, "tags"),
  restore: message({ song: text }, "tags"),
  rename: message({ song: text, name: text }, "rename"),
} as const;
