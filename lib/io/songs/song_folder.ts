/**
 * Maps names of songs to files in the song folder. No other module joins a name
 * to the folder. Paths are checked by the {@linkcode PathGuard}, except for those
 * of plain files that a walk just found.
 *
 * @module
 */

import { join } from "@std/path/join";
import { OndacastError } from "../../errors.ts";
import { checkSongName, portabilityProblem } from "../../model/song_name.ts";
import { PathGuard } from "../disk/path_guard.ts";
import {
  FolderWalk,
  type FoundSongs,
  type LookOptions,
} from "./folder_walk.ts";
import { NewPlace } from "./new_place.ts";
import { backgroundTurns } from "../clock/shared_turns.ts";

export class SongFolder {
  /** The folder's real path. */
  readonly root: string;
  readonly #guard: PathGuard;

  private constructor(root: string) {
    this.root = root;
    this.#guard = new PathGuard(root, "song folder");
  }

  /** @throws The system's error, if the folder is missing or unreadable. */
  static async open(folder: string): Promise<SongFolder> {
    const root = await Deno.realPath(folder);
    if ((await Deno.stat(root)).isDirectory) return new SongFolder(root);
    throw new Error("it is a file, not a folder");
  }

  /**
   * The real path of a song's file.
   *
   * @throws {OndacastError} `bad-name`, also if a link leads outside the folder.
   */
  path(name: string): Promise<string> {
    return this.#guard.real(this.#join(name), name);
  }

  /** Opens a song's file for reading. @throws {OndacastError} `bad-name`, `changed`. */
  open(name: string): Promise<Deno.FsFile> {
    return this.#guard.open(this.#join(name), name);
  }

  /** The path of a plain file, without a check of links. */
  plainPath(name: string): string {
    return this.#join(name);
  }

  /** Finds all songs, except hidden ones. */
  async songs(options: LookOptions): Promise<FoundSongs> {
    return await new FolderWalk(this.root, options, backgroundTurns).songs();
  }

  /**
   * Finds the place where a song is to be stored.
   *
   * @param name The name of an existing song, or a checked new one.
   * @param spelled Of its folders, as {@linkcode NewPlace.find} has it.
   * @throws {OndacastError} `bad-name`, `exists`.
   */
  async place(
    name: string,
    spelled: "exactly" | "portable",
  ): Promise<NewPlace> {
    await checkLength(this.#join(name));
    return await NewPlace.find(this.#guard, name, spelled);
  }

  #join(name: string): string {
    const parts = checkSongName(name).split("/");
    if (Deno.build.os === "windows") parts.forEach(checkOnWindows);
    return join(this.root, ...parts);
  }
}

/** On Windows, a `:` or a backslash would lead elsewhere. */
function checkOnWindows(part: string): void {
  const problem = portabilityProblem(part);
  if (problem === null) return;
  throw new OndacastError("bad-name", `Cannot use a name: ${problem}`);
}

/** Systems also limit whole paths: Linux to 4,096 bytes, macOS to 1,024. */
async function checkLength(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ENAMETOOLONG") return;
    throw new OndacastError(
      "bad-name",
      "Cannot store the song: its path would be longer than the server's system allows",
      { cause },
    );
  }
}
