/**
 * The place where a song is to be stored. Folders are created only once the song
 * is complete, and existing files are replaced only with permission.
 *
 * @module
 */

import { join } from "@std/path/join";
import { OndacastError } from "../../errors.ts";
import { nameKey } from "../../model/song_name.ts";
import type { PathGuard } from "../disk/path_guard.ts";

/** Throws if an existing song may not be replaced. */
export type AllowReplace = () => void;

export class NewPlace {
  /** The real path of the nearest existing folder, where the song is written first. */
  readonly folder: string;
  readonly #guard: PathGuard;
  /** The song's name. */
  readonly name: string;
  /** The folders to create below it, and the song's file. */
  readonly #missing: readonly string[];

  private constructor(
    guard: PathGuard,
    name: string,
    folder: string,
    missing: readonly string[],
  ) {
    this.#guard = guard;
    this.name = name;
    this.folder = folder;
    this.#missing = missing;
  }

  /**
   * Finds the place of a song, checking each folder on the way for links that
   * lead outside.
   *
   * @param spelled How folders are found: `exactly`, or by a name that is `portable`,
   * also in another case or normal form, because many systems cannot hold both.
   * @throws {OndacastError} `bad-name`; `exists`, if a folder on the way is a file.
   */
  static async find(
    guard: PathGuard,
    name: string,
    spelled: "exactly" | "portable",
  ): Promise<NewPlace> {
    const parts = name.split("/");
    let folder = guard.root;
    let depth = 0;
    while (depth < parts.length - 1) {
      const there = await ENTRY[spelled](folder, parts[depth]);
      if (there === null) break;
      parts[depth] = there;
      folder = await enter(guard, join(folder, there), name);
      depth++;
    }
    return new NewPlace(guard, parts.join("/"), folder, parts.slice(depth));
  }

  /** @throws {OndacastError} `bad-name`, if a path now leads outside the folder. */
  async check(path: string): Promise<void> {
    await this.#guard.real(path, this.name);
  }

  /**
   * Moves a file to this place, durably.
   *
   * @param moved Called with its new path, while the former one still leads there
   * where the file system allows that.
   * @returns The song's name, with folders as they are spelled there; if it replaced
   * another in case or normal form, the name of that.
   * @throws {OndacastError} `exists`, and what `allow` throws.
   */
  async receive(
    temporary: string,
    allow: AllowReplace,
    moved: (path: string) => void = () => {},
  ): Promise<string> {
    await this.check(temporary);
    const made: string[] = [];
    try {
      let folder = this.folder;
      for (const part of this.#missing.slice(0, -1)) {
        const below = join(folder, part);
        if (await makeFolder(below)) made.push(below);
        folder = await enter(this.#guard, below, this.name);
      }
      const file = await this.#put(temporary, folder, allow, moved);
      for (const path of [folder, ...made, this.folder]) await syncFolder(path);
      return [...this.name.split("/").slice(0, -1), file].join("/");
    } catch (error) {
      await removeEmpty(made);
      throw error;
    }
  }

  async #put(
    temporary: string,
    folder: string,
    allow: AllowReplace,
    moved: (path: string) => void,
  ): Promise<string> {
    const file = this.#missing.at(-1)!;
    const there = await sameName(folder, file);
    if (there === null) {
      if (await moveToNew(temporary, join(folder, file), moved)) return file;
      return await this.#put(temporary, folder, allow, moved); // Created just now.
    }
    const path = join(folder, there.name);
    if (path === temporary) { // It gets another spelling of its name.
      const spelled = join(folder, file);
      moved(spelled);
      await Deno.rename(path, spelled);
      return file;
    }
    if (there.isDirectory) {
      throw new OndacastError(
        "exists",
        `Cannot store ${this.name}: there is a folder of that name`,
      );
    }
    allow();
    await Deno.rename(temporary, path);
    return there.name;
  }
}

/** Finds the entry of a folder that a part of a name stands for. */
const ENTRY = {
  exactly: async (folder: string, part: string) =>
    await isThere(join(folder, part)) ? part : null,
  portable: async (folder: string, part: string) =>
    (await sameName(folder, part))?.name ?? null,
};

/** The real path of a folder, checked by the guard. */
async function enter(
  guard: PathGuard,
  path: string,
  name: string,
): Promise<string> {
  const real = await guard.real(path, name);
  if ((await Deno.stat(real)).isDirectory) return real;
  throw new OndacastError(
    "exists",
    `Cannot store ${name}: a folder in its path is a file`,
  );
}

/** The entry with a name in any case and normal form; preferably the exact name. */
async function sameName(
  folder: string,
  file: string,
): Promise<Deno.DirEntry | null> {
  const key = nameKey(file);
  let found: Deno.DirEntry | null = null;
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name === file) return entry;
    if (nameKey(entry.name) === key) found = entry;
  }
  return found;
}

/**
 * Moves a file to an unused name. On file systems without hard links, an empty
 * file reserves the name.
 *
 * @returns False if the name is in use.
 */
async function moveToNew(
  from: string,
  to: string,
  moved: (path: string) => void,
): Promise<boolean> {
  try {
    await Deno.link(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    try {
      (await Deno.open(to, { createNew: true, write: true })).close();
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    }
    moved(to);
    await Deno.rename(from, to);
    return true;
  }
  moved(to);
  await Deno.remove(from);
  return true;
}

/** Makes a folder. @returns False if the name is in use. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await Deno.mkdir(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** Whether there is anything, a link that leads nowhere included. */
async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function removeEmpty(folders: string[]): Promise<void> {
  for (const folder of folders.toReversed()) {
    try {
      await Deno.remove(folder);
    } catch {
      return; // Something was added to it.
    }
  }
}

/** Makes a rename survive a power failure, where the system supports it. */
async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Windows cannot open folders, and needs no sync.
  }
}
