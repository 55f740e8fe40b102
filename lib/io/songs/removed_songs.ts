/**
 * Keeps the songs that clients have removed, in a hidden folder inside the
 * song folder, until they are restored or expire.
 *
 * @module
 */

import { basename } from "@std/path/basename";
import { dirname } from "@std/path/dirname";
import { join } from "@std/path/join";
import { OndacastError } from "../../errors.ts";
import { safeJson } from "../../safe_text.ts";
import type { SongFolder } from "./song_folder.ts";

/** The folder of removed songs; hidden, so that none of them is listed. */
const REMOVED = ".removed";
/** Most removed songs of one name. */
const MOST_OF_NAME = 1000;

export class RemovedSongs {
  readonly #folder: SongFolder;

  constructor(folder: SongFolder) {
    this.#folder = folder;
  }

  /**
   * Moves a song's file away. Of several with one name, later ones are numbered.
   *
   * @throws {OndacastError} `unsupported`, if it is a link; `bad-name`.
   */
  async keep(name: string): Promise<void> {
    if ((await Deno.lstat(this.#folder.plainPath(name))).isSymlink) {
      throw new OndacastError(
        "unsupported",
        `Cannot remove ${safeJson(name)}: it is a link to a file`,
      );
    }
    const path = await this.#folder.path(name);
    for (let number = 1; number <= MOST_OF_NAME; number++) {
      const place = await this.#folder.place(
        `${REMOVED}/${name}${number === 1 ? "" : `~${number}`}`,
        "exactly",
      );
      try {
        await place.receive(path, throwTaken);
        return;
      } catch (error) {
        if (!(error instanceof Taken)) throw error;
      }
    }
    throw new OndacastError(
      "no-space",
      `Cannot remove ${
        safeJson(name)
      }: ${MOST_OF_NAME} songs of that name are kept already`,
    );
  }

  /**
   * Moves the song of a name that was removed last back to its place.
   *
   * @throws {OndacastError} `not-found`, `exists`, `bad-name`.
   */
  async restore(name: string): Promise<void> {
    const path = await this.#latest(name);
    if (path === null) {
      throw new OndacastError(
        "not-found",
        `Cannot restore ${safeJson(name)}: no song of that name was removed`,
      );
    }
    const place = await this.#folder.place(name, "exactly");
    await place.receive(path, () => {
      throw new OndacastError(
        "exists",
        `Cannot restore ${safeJson(name)}: there is a song of that name`,
      );
    });
    await this.#removeEmpty(dirname(path));
  }

  /**
   * Deletes songs that were removed long ago. Systems that do not report the time
   * of a file's last move keep them.
   */
  async expire(keepMs: number, nowMs: number): Promise<void> {
    const folder = join(this.#folder.root, REMOVED);
    // A link may lead to files that were never removed.
    if (await isFolder(folder)) await this.#expireIn(folder, nowMs - keepMs);
  }

  async #expireIn(folder: string, beforeMs: number): Promise<void> {
    for (const { name, isDirectory } of await entriesOf(folder)) {
      const path = join(folder, name);
      if (isDirectory) {
        await this.#expireIn(path, beforeMs);
        continue;
      }
      const movedMs = (await Deno.lstat(path)).ctime?.getTime() ?? Infinity;
      if (movedMs < beforeMs) await Deno.remove(path);
    }
    await this.#removeEmpty(folder);
  }

  /** The path of the removed file of a name with the highest number. */
  async #latest(name: string): Promise<string | null> {
    const path = this.#folder.plainPath(`${REMOVED}/${name}`);
    const file = basename(path);
    let latest = 0;
    for (const entry of await entriesOf(dirname(path))) {
      const rest = entry.isFile && entry.name.startsWith(file)
        ? /^(?:~([2-9]|[1-9]\d{1,3}))?$/.exec(entry.name.slice(file.length))
        : null;
      if (rest) latest = Math.max(latest, Number(rest[1] ?? 1));
    }
    if (latest === 0) return null;
    return latest === 1 ? path : `${path}~${latest}`;
  }

  /** Removes a folder of removed songs, and those above it, while they are empty. */
  async #removeEmpty(folder: string): Promise<void> {
    const { root } = this.#folder;
    for (let path = folder; path !== root; path = dirname(path)) {
      try {
        await Deno.remove(path);
      } catch {
        return;
      }
    }
  }
}

class Taken extends Error {}

function throwTaken(): never {
  throw new Taken();
}

/** Whether it is a folder, and not a link to one. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The entries of a folder; none if it does not exist. */
async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
