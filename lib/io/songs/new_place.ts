/**
 * The place of a song that is to be stored. Nothing is made in the folder
 * before the song is whole, and nothing that is there is written over without
 * leave.
 *
 * @module
 */

import { join } from "@std/path/join";
import { OndacastError } from "../../errors.ts";
import { nameKey } from "../../model/song_name.ts";
import type { PathGuard } from "../disk/path_guard.ts";

/** Throws, where what has the song's name may not be replaced. */
export type AllowReplace = () => void;

/** A place for a song that is to be stored. */
export class NewPlace {
  /** The real path of the nearest folder that is there: where it is written first. */
  readonly folder: string;
  readonly #guard: PathGuard;
  /** The name of the song. */
  readonly name: string;
  /** Folders that are to be made below, and the song's file. */
  readonly #missing: readonly string[];

  private constructor(
    fence: PathGuard,
    name: string,
    folder: string,
    missing: readonly string[],
  ) {
    this.#guard = fence;
    this.name = name;
    this.folder = folder;
    this.#missing = missing;
  }

  /**
   * Finds the place of a song behind a fence, one folder after the other, so
   * that no link on the way leads outside.
   *
   * @throws {OndacastError} `bad-name`; `exists`, if a part of it is a file.
   */
  static async find(fence: PathGuard, name: string): Promise<NewPlace> {
    const parts = name.split("/");
    let folder = fence.root;
    let depth = 0;
    while (depth < parts.length - 1) {
      const below = join(folder, parts[depth]);
      if (await lookAt(below) === null) break;
      folder = await enter(fence, below, name);
      depth++;
    }
    return new NewPlace(fence, name, folder, parts.slice(depth));
  }

  /** Refuses a path that leads out of the song folder by now. */
  async check(path: string): Promise<void> {
    await this.#guard.real(path, this.name);
  }

  /**
   * Moves a file of the folder to the song's place, for good.
   *
   * @returns The song's name: of what it replaced, where that differs by case
   * or normal form.
   * @throws {OndacastError} `exists`, and what `allow` throws.
   */
  async take(temporary: string, allow: AllowReplace): Promise<string> {
    await this.check(temporary);
    const made: string[] = [];
    try {
      let folder = this.folder;
      for (const part of this.#missing.slice(0, -1)) {
        const below = join(folder, part);
        if (await makeFolder(below)) made.push(below);
        folder = await enter(this.#guard, below, this.name);
      }
      const file = await this.#put(temporary, folder, allow);
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
  ): Promise<string> {
    const file = this.#missing.at(-1)!;
    const there = await sameName(folder, file);
    if (there === null) {
      if (await moveToNew(temporary, join(folder, file))) return file;
      return await this.#put(temporary, folder, allow); // It came just now.
    }
    if (there.isDirectory) {
      throw new OndacastError(
        "exists",
        `Cannot store ${this.name}: there is a folder of that name`,
      );
    }
    allow();
    await Deno.rename(temporary, join(folder, there.name));
    return there.name;
  }
}

/** The real path of a folder behind the fence. */
async function enter(
  fence: PathGuard,
  path: string,
  name: string,
): Promise<string> {
  const real = await fence.real(path, name);
  if ((await Deno.stat(real)).isDirectory) return real;
  throw new OndacastError(
    "exists",
    `Cannot store ${name}: a part of it is a file`,
  );
}

/** What has a name in a folder, be it by case or normal form; the very name first. */
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
 * Moves a file to a name that nothing has; false: something has it. Where the
 * file system has no hard links, an empty file holds the place first.
 */
async function moveToNew(from: string, to: string): Promise<boolean> {
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
    await Deno.rename(from, to);
    return true;
  }
  await Deno.remove(from);
  return true;
}

/** Makes a folder; false: there is something of that name. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await Deno.mkdir(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** What lies at a path itself, be it a link; null: nothing. */
async function lookAt(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function removeEmpty(folders: string[]): Promise<void> {
  for (const folder of folders.toReversed()) {
    try {
      await Deno.remove(folder);
    } catch {
      return; // Somebody has put something there.
    }
  }
}

/** Makes a rename last through a power failure, where the system can. */
async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Windows syncs folders by itself, and lets nobody open them.
  }
}
