/**
 * The files of a cache. Their names are random, so that a song may have any name,
 * and a file is never mistaken for the one that it replaces.
 *
 *     songs/index.db      the index of all songs
 *     songs/<file>.wav    a song, or the part of it that was downloaded
 *     songs/<file>.lock   locked while the song is being downloaded
 *
 * @module
 */

import { join } from "@std/path/join";
import { DEFAULT_ENDING } from "../../audio/file_kinds.ts";
import { FileLock } from "../disk/file_lock.ts";

/** The paths of a cache. */
export class CacheFiles {
  /** The real path of the cache. */
  readonly root: string;
  readonly songs: string;
  readonly index: string;

  private constructor(root: string) {
    this.root = root;
    this.songs = join(root, "songs");
    this.index = join(this.songs, "index.db");
  }

  /** Creates missing folders, accessible to this user only. */
  static async open(folder: string): Promise<CacheFiles> {
    await Deno.mkdir(join(folder, "songs"), { recursive: true, mode: 0o700 });
    return new CacheFiles(await Deno.realPath(folder));
  }

  song(file: string): string {
    return join(this.songs, file + DEFAULT_ENDING);
  }

  /** Locks a partial song; null if another program has locked it. */
  lock(file: string): FileLock | null {
    return FileLock.tryAcquire(join(this.songs, `${file}.lock`));
  }

  /** The size of a song's file; null if there is none, or a link in its place. */
  async size(file: string): Promise<number | null> {
    const info = await Deno.lstat(this.song(file)).catch(() => null);
    return info?.isFile ? info.size : null;
  }

  /** Removes a song's file; if that fails, the next start does. */
  async remove(file: string): Promise<void> {
    await Deno.remove(this.song(file)).catch(() => {});
  }

  /**
   * Removes the files and locks of songs that are not in the index.
   *
   * @param known Called after the folder was listed, because a song's row is
   * older than its file.
   */
  async removeOthers(known: () => { file: string }[]): Promise<void> {
    const names = await Array.fromAsync(Deno.readDir(this.songs));
    const files = new Set(known().map(({ file }) => file));
    for (const { name } of names) {
      const file = /^([0-9a-f]{32})\.\w+$/.exec(name)?.[1];
      if (file === undefined || files.has(file)) continue;
      await Deno.remove(join(this.songs, name)).catch(() => {});
    }
  }
}
