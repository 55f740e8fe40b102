/**
 * Reads playlists of the song folder: `.m3u` and `.m3u8`, lines of paths that are
 * relative to the playlist.
 *
 * @module
 */

import { songNameProblem } from "./song_name.ts";

/** The longest playlist, in bytes. */
export const MAX_PLAYLIST_BYTES = 2 ** 20;
/** Most entries of a playlist; further ones are ignored. */
export const MAX_ENTRIES = 10_000;

const ENDING = /\.m3u8?$/i;
const UTF8 = new TextDecoder("utf-8", { fatal: true });
const LATIN1 = new TextDecoder("latin1");

/** Whether a file is a playlist, by its name. */
export function isPlaylistName(name: string): boolean {
  return ENDING.test(name);
}

/**
 * Reads the names of a playlist's songs, in its order. An entry outside the song
 * folder, a URL, or an invalid name is null.
 *
 * @param name The playlist's path below the song folder.
 *
 * @example
 * ```ts
 * import { readPlaylist } from "./playlist.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "#EXTM3U\r\n1.wav\r\n..\\other\\2.wav\r\n/etc/passwd\r\n";
 * const bytes = new TextEncoder().encode(text);
 * assert.deepEqual(readPlaylist(bytes, "live/all.m3u"), [
 *   "live/1.wav",
 *   "other/2.wav",
 *   null,
 * ]);
 * ```
 */
export function readPlaylist(
  bytes: Uint8Array,
  name: string,
): (string | null)[] {
  const folder = name.split("/").slice(0, -1);
  const entries: (string | null)[] = [];
  const text = textOf(bytes.subarray(0, MAX_PLAYLIST_BYTES));
  for (const line of text.split(/[\r\n]+/)) {
    const path = line.trim();
    if (path === "" || path.startsWith("#")) continue;
    if (entries.length === MAX_ENTRIES) break;
    entries.push(nameOf(path, folder));
  }
  return entries;
}

function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes); // This removes a byte order mark.
  } catch {
    return LATIN1.decode(bytes);
  }
}

/** The name of the song at a path, which may have backslashes as on Windows. */
function nameOf(path: string, folder: readonly string[]): string | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|[\\/])/i.test(path)) return null;
  const parts = [...folder];
  for (const part of path.split(/[\\/]/)) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  const name = parts.join("/");
  return songNameProblem(name) === null ? name : null;
}
