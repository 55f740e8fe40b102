/**
 * Keeps the playlists of the song folder in memory, within limits.
 *
 * @module
 */

import { type Entries, Playlists } from "../../model/playlists.ts";
import { MAX_PLAYLIST_BYTES, readPlaylist } from "../../model/playlist.ts";
import { fileBytes } from "../disk/file_bytes.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { bareStamp, isFresh, stampOf } from "./file_stamp.ts";
import type { Skipped } from "./folder_walk.ts";
import type { SongFolder } from "./song_folder.ts";

/** Most playlists, and characters of the names in all of them. */
const MOST_PLAYLISTS = 1000;
const MOST_CHARACTERS = 8 * 2 ** 20;

interface Known {
  stamp: string;
  entries: Entries;
}

export class PlaylistFiles {
  readonly #folder: SongFolder;
  readonly #skipped: Skipped;
  #known = new Map<string, Known>();
  #playlists = new Playlists(new Map());

  constructor(folder: SongFolder, skipped: Skipped) {
    this.#folder = folder;
    this.#skipped = skipped;
  }

  /** The playlists of the latest scan. */
  get current(): Playlists {
    return this.#playlists;
  }

  /**
   * Reads new and changed playlists.
   *
   * @param names The playlists that a scan has found.
   */
  async update(names: readonly string[]): Promise<void> {
    const known = new Map<string, Known>();
    const sorted = names.toSorted().slice(0, MOST_PLAYLISTS);
    let characters = 0;
    for (const name of sorted) {
      const playlist = await this.#read(name);
      if (playlist === null) continue;
      for (const entry of playlist.entries) characters += entry?.length ?? 0;
      if (characters > MOST_CHARACTERS) {
        this.#skipped(name, "the playlists have too many entries in all");
        break;
      }
      known.set(name, playlist);
    }
    if (sorted.length < names.length) {
      const reason = `there are more than ${MOST_PLAYLISTS} playlists`;
      this.#skipped("the rest", reason);
    }
    if (isSame(known, this.#known)) return;
    this.#known = known;
    this.#playlists = new Playlists(
      new Map(Array.from(known, ([name, { entries }]) => [name, entries])),
    );
  }

  /** Null if it cannot be read or is too large. */
  async #read(name: string): Promise<Known | null> {
    try {
      const before = this.#known.get(name);
      if (before && !isFresh(before.stamp)) {
        const info = await Deno.stat(await this.#folder.path(name));
        if (stampOf(info) === before.stamp) return before;
      }
      using file = await this.#folder.open(name);
      const info = file.statSync();
      const stamp = stampOf(info);
      if (info.size > MAX_PLAYLIST_BYTES) {
        const most = `${MAX_PLAYLIST_BYTES} bytes`;
        this.#skipped(name, `it is longer than ${most}`);
        return null;
      }
      const bytes = new Uint8Array(info.size);
      const read = await fileBytes(file, info.size).read(bytes, 0);
      const entries = readPlaylist(bytes.subarray(0, read), name);
      return { stamp, entries };
    } catch (error) {
      this.#skipped(name, describeFileError(error));
      return null;
    }
  }
}

function isSame(a: Map<string, Known>, b: Map<string, Known>): boolean {
  return a.size === b.size && [...a].every(([name, { stamp }]) => {
    const other = b.get(name)?.stamp;
    return other !== undefined && !isFresh(stamp) &&
      bareStamp(other) === bareStamp(stamp);
  });
}
