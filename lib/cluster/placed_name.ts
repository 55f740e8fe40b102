/**
 * Names and etags of songs that are the same on all servers.
 *
 * @module
 */

import type { SongEntry } from "../ports/song_entry.ts";

/** `NODE:name` in its parts; null: it names no server. */
export function splitPlace(name: string): [place: string | null, rest: string] {
  const at = name.indexOf(":");
  if (at <= 0) return [null, name];
  return [name.slice(0, at), name.slice(at + 1)];
}

/** What an etag says of the file, without how that is decoded. */
export function fileOfEtag(etag: string): string {
  return etag.split(".", 1)[0];
}

/** The etag of the same bytes on all servers: the content, and how it is decoded. */
export function sharedEtag(etag: string, content: string): string {
  const dot = etag.indexOf(".");
  return dot < 0 ? content : content + etag.slice(dot);
}

/** Whether two songs are the same bytes. */
export function isSame(a: SongEntry | undefined, b: SongEntry): boolean {
  return a?.content !== undefined && a.content === b.content &&
    a.etag === b.etag && a.bytes === b.bytes;
}
