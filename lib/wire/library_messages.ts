/**
 * The messages about songs as people look for them: by tags, album and artist.
 * They belong to the feature `tags`.
 *
 * @module
 */

import * as v from "valibot";
import { count, finite, seconds } from "./fields.ts";
import { message, page } from "./message_row.ts";

/** The most rows in one answer to a request for a list. */
export const MAX_ROWS = 1000;

const text = v.string();
const flag = v.boolean();
/** Fields of a row of `songs` that the first version lacks. */
export const TAG_FIELDS = {
  file: v.optional(v.object({ bytes: count, sha256: v.optional(text) })),
  codec: v.optional(text),
  reason: v.optional(text),
  estimated: v.optional(flag),
  title: v.optional(text),
  artist: v.optional(text),
  album: v.optional(text),
  albumArtist: v.optional(text),
  track: v.optional(count),
  disc: v.optional(count),
  year: v.optional(count),
  genre: v.optional(text),
  added: v.optional(count),
  art: v.optional(flag),
  gain: v.optional(v.object({
    track: v.optional(finite),
    album: v.optional(finite),
    peak: v.optional(finite),
  })),
};

/** The messages that a server sends. */
export const LIBRARY_TO_CLIENT = {
  removed: message({ song: text }),
  restored: message({ song: text, etag: text }),
  renamed: message({ song: text, etag: text }),
  albums: page("albums", {
    albums: v.array(v.object({
      key: text,
      album: text,
      artist: text,
      year: v.optional(count),
      songs: count,
      seconds,
      art: flag,
      added: count,
    })),
    next: v.optional(text),
    total: count,
  }),
  artists: page("artists", {
    artists: v.array(v.object({ artist: text, albums: count, songs: count })),
    next: v.optional(text),
    total: count,
  }),
  playlists: page("playlists", {
    playlists: v.array(v.object({ name: text, songs: count, missing: count })),
  }),
};
