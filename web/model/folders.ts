/**
 * The folders of the songs, as a tree.
 *
 * @module
 */

import type { SongRow } from "../../lib/wire/messages.ts";
import { folderOf } from "./words.ts";

/** A folder; its path has no slash at the end, and is empty for the root. */
export interface Folder {
  path: string;
  /** By name. */
  folders: Folder[];
  /** Those right in it, in the order of the list. */
  songs: SongRow[];
  /** Songs in it and below. */
  total: number;
}

/**
 * All folders of a list of songs, by path; the root is always there.
 *
 * @param songs In the order in which folders and songs are to stand.
 * @param before The folders of the songs before these, which is added to.
 */
export function foldersOf(
  songs: readonly SongRow[],
  before: ReadonlyMap<string, Folder> = new Map(),
): ReadonlyMap<string, Folder> {
  const folders = before as Map<string, Folder>;
  const at = (path: string): Folder => {
    const known = folders.get(path);
    if (known) return known;
    const folder = { path, folders: [], songs: [], total: 0 };
    folders.set(path, folder);
    if (path !== "") at(folderOf(path)).folders.push(folder);
    return folder;
  };
  at("");
  for (const song of songs) {
    let path = folderOf(song.name);
    at(path).songs.push(song);
    while (true) {
      at(path).total++;
      if (path === "") break;
      path = folderOf(path);
    }
  }
  return folders;
}
