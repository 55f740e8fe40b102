/**
 * The song folder's files by the names of songs. Every path of a song is made
 * here, behind the {@linkcode PathGuard} but for plain files that were just found;
 * nobody else joins a name to the folder.
 *
 * @module
 */

import { join } from "@std/path/join";
import { OndacastError } from "../../errors.ts";
import { checkSongName, portabilityProblem } from "../../model/song_name.ts";
import { PathGuard } from "../disk/path_guard.ts";
import { FolderWalk, type FoundSong, type LookOptions } from "./folder_walk.ts";
import { NewPlace } from "./new_place.ts";
import { turns } from "../clock/shared_turns.ts";

/** The song folder, with its subfolders. */
export class SongFolder {
  /** The folder's real path. */
  readonly root: string;
  readonly #guard: PathGuard;

  private constructor(root: string) {
    this.root = root;
    this.#guard = new PathGuard(root, "song folder");
  }

  /** @throws What the system throws, if it is missing or unreadable. */
  static async open(folder: string): Promise<SongFolder> {
    const root = await Deno.realPath(folder);
    if ((await Deno.stat(root)).isDirectory) return new SongFolder(root);
    throw new Error("it is a file, not a folder");
  }

  /**
   * The real path of a song's file.
   *
   * @throws {OndacastError} `bad-name`, also where links lead outside.
   */
  path(name: string): Promise<string> {
    return this.#guard.real(this.#join(name), name);
  }

  /** Opens a song's file for reading. @throws As {@linkcode path} does; `changed`. */
  open(name: string): Promise<Deno.FsFile> {
    return this.#guard.open(this.#join(name), name);
  }

  /** The path of a song that was found to be a plain file, without a look at the disk. */
  plainPath(name: string): string {
    return this.#join(name);
  }

  /** All songs; hidden files and folders are left out. */
  async songs(options: LookOptions): Promise<FoundSong[]> {
    return await new FolderWalk(this.root, options, turns).songs();
  }

  /**
   * The place of a song that is to be stored.
   *
   * @param name That of a song that is there, or a new one that was checked.
   * @throws {OndacastError} `bad-name`, `exists`.
   */
  async place(name: string): Promise<NewPlace> {
    await checkLength(this.#join(name));
    return await NewPlace.find(this.#guard, name);
  }

  #join(name: string): string {
    const parts = checkSongName(name).split("/");
    if (Deno.build.os === "windows") parts.forEach(checkOnWindows);
    return join(this.root, ...parts);
  }
}

/** There a `:` or a backslash would lead elsewhere. */
function checkOnWindows(part: string): void {
  const problem = portabilityProblem(part);
  if (problem === null) return;
  throw new OndacastError("bad-name", `Cannot use a name: ${problem}`);
}

/** Systems bound whole paths, too: Linux by 4,096 bytes, macOS by 1,024. */
async function checkLength(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ENAMETOOLONG") return;
    throw new OndacastError(
      "bad-name",
      "Cannot store the song: its path would be longer than the server's system takes",
      { cause },
    );
  }
}
