/**
 * The song folder's files by the names of songs. Every path of a song is made
 * here, behind the {@linkcode Fence} but for plain files that were just found;
 * nobody else joins a name to the folder.
 *
 * @module
 */

import { join } from "@std/path/join";
import { OndacastError } from "../errors.ts";
import { checkSongName, hasSongEnding } from "../model/song_name.ts";
import { Fence } from "./fence.ts";
import { fileProblem } from "./file_problem.ts";
import { NewPlace } from "./new_place.ts";
import { isTemporaryName } from "./temporary_name.ts";

/** Called with a file that is left out, and why. */
export type Skipped = (path: string, reason: string) => void;

/** How the folder is looked at. */
export interface LookOptions {
  /** Whether to remove what crashes have left of uploads. */
  removeTemporary?: boolean;
  skipped?: Skipped;
  /** Names found before, which stay where a subfolder cannot be listed for a moment. */
  known?: readonly string[];
}

/** A song's file that was found in the folder. */
export interface FoundSong {
  readonly name: string;
  /** Whether it is a plain file, that no link leads to: its path is real. */
  readonly isPlain: boolean;
}

/** The song folder, with its subfolders. */
export class SongFolder {
  /** The folder's real path. */
  readonly root: string;
  readonly #fence: Fence;

  private constructor(root: string) {
    this.root = root;
    this.#fence = new Fence(root, "song folder");
  }

  /** @throws What the system throws, if it is missing or unreadable. */
  static async open(folder: string): Promise<SongFolder> {
    return new SongFolder(await Deno.realPath(folder));
  }

  /**
   * The real path of a song's file.
   *
   * @throws {OndacastError} `bad-name`, also where links lead outside.
   */
  path(name: string): Promise<string> {
    return this.#fence.real(this.#join(name), name);
  }

  /** Opens a song's file for reading. @throws As {@linkcode path} does; `changed`. */
  open(name: string): Promise<Deno.FsFile> {
    return this.#fence.open(this.#join(name), name);
  }

  /** The path of a song that was found to be a plain file, without a look at the disk. */
  plainPath(name: string): string {
    return this.#join(name);
  }

  /** All songs; hidden files and folders are left out. */
  async songs(options: LookOptions): Promise<FoundSong[]> {
    const found = new Map<string, FoundSong>();
    await this.#collect("", found, options);
    return [...found.values()];
  }

  /**
   * The place of a song that is to be stored.
   *
   * @throws {OndacastError} `bad-name`, `exists`.
   */
  async place(name: string): Promise<NewPlace> {
    if (checkSongName(name).split("/").some((part) => part.startsWith("."))) {
      throw new OndacastError(
        "bad-name",
        `Cannot store ${name}: a part that begins with a dot is hidden`,
      );
    }
    return await NewPlace.find(this.#fence, name);
  }

  #join(name: string): string {
    return join(this.root, ...checkSongName(name).split("/"));
  }

  /** Gathers the songs in a subfolder, by name; `""`: the folder itself. */
  async #collect(
    below: string,
    found: Map<string, FoundSong>,
    options: LookOptions,
  ): Promise<void> {
    const folders: string[] = [];
    for await (const file of Deno.readDir(join(this.root, below))) {
      if (options.removeTemporary && isTemporaryName(file.name)) {
        await Deno.remove(join(this.root, below, file.name)).catch(() => {});
      }
      if (file.name.startsWith(".")) continue;
      const name = below === "" ? file.name : `${below}/${file.name}`;
      if (file.isDirectory) folders.push(name);
      else if (hasSongEnding(file.name)) {
        collectFile({ name, isPlain: file.isFile }, found, options.skipped);
      }
    }
    for (const folder of folders) {
      try {
        await this.#collect(folder, found, options);
      } catch (error) {
        options.skipped?.(folder, fileProblem(error));
        if (isLasting(error)) continue;
        // What was known of it is still there, for all that is known now.
        for (const name of options.known ?? []) {
          if (!name.startsWith(`${folder}/`)) continue;
          found.set(name, { name, isPlain: false });
        }
      }
    }
  }
}

/** Whether a folder is out of reach for good, and not for want of descriptors. */
function isLasting(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.PermissionDenied;
}

function collectFile(
  song: FoundSong,
  found: Map<string, FoundSong>,
  skipped?: Skipped,
): void {
  try {
    found.set(checkSongName(song.name), song);
  } catch (error) {
    skipped?.(song.name, (error as Error).message);
  }
}
