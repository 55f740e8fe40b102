/**
 * Walks the song folder to find the files of songs. Links are followed if they
 * stay inside. Each real folder is entered once by its own path and once by a
 * link, so that cycles of links end.
 *
 * @module
 */

import { dirname } from "@std/path/dirname";
import { join } from "@std/path/join";
import {
  componentProblem,
  hasSongEnding,
  isHidden,
  MAX_COMPONENTS,
  portabilityProblem,
} from "../../model/song_name.ts";
import { sortInTurns } from "../../model/sort_in_turns.ts";
import { TextArena } from "../../model/text_arena.ts";
import { isCoverName } from "../../model/cover_name.ts";
import { isPlaylistName } from "../../model/playlist.ts";
import type { Turns } from "../../ports/server.ts";
import { isInside } from "../disk/path_guard.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { isTemporaryName } from "../disk/temporary_name.ts";

/** Called with a file or folder that was skipped, and the reason. */
export type Skipped = (path: string, reason: string) => void;

export interface LookOptions {
  /** Whether to remove files of uploads that a crash left behind. */
  removeTemporary?: boolean;
  skipped?: Skipped;
  /** Called for each link to a folder, inside or outside the song folder. */
  linked?: () => void;
  /** Called with each playlist's name. */
  playlist?: (name: string) => void;
  /** Called with the name of each folder's picture. */
  cover?: (name: string) => void;
  /** Songs to keep if their folder temporarily cannot be listed. */
  known?: Iterable<{ readonly name: string }>;
}

/** A song's file found by the walk. */
export interface FoundSong {
  readonly name: string;
  /** Whether its path has no links. */
  readonly isPlain: boolean;
}

/** All songs' files found by a walk; objects of them would take far more memory. */
export class FoundSongs implements Disposable {
  readonly #names = new TextArena();
  /** Those whose paths have links. */
  readonly #linked = new Set<number>();

  get size(): number {
    return this.#names.size;
  }

  at(index: number): FoundSong {
    const isPlain = !this.#linked.has(index);
    return { name: this.#names.at(index), isPlain };
  }

  [Symbol.dispose](): void {
    this.#names[Symbol.dispose]();
  }

  add({ name, isPlain }: FoundSong): void {
    const index = this.#names.push(name);
    if (!isPlain) this.#linked.add(index);
  }
}

/** A folder on the walk. */
interface Place {
  /** Its path below the song folder, which itself is `""`. */
  readonly name: string;
  /** Components of that path. */
  readonly depth: number;
  /** Its real path. */
  readonly real: string;
  readonly isPlain: boolean;
}

export class FolderWalk {
  readonly #root: string;
  readonly #options: LookOptions;
  readonly #turns: Turns;
  readonly #found = new FoundSongs();
  /** Links found so far, and their folders; those in real folders come first. */
  readonly #links: { name: string; from: Place }[] = [];
  /** The link by which each real folder was entered. */
  readonly #entered = new Map<string, string>();
  /** Folders that temporarily cannot be listed. */
  readonly #missed = new Set<string>();

  /** @param root The real path of the song folder. */
  constructor(root: string, options: LookOptions, turns: Turns) {
    this.#root = root;
    this.#options = options;
    this.#turns = turns;
  }

  /**
   * Finds all songs, except hidden files and those in hidden folders.
   *
   * @throws The system's error, if the song folder itself cannot be listed.
   */
  async songs(): Promise<FoundSongs> {
    await this.#list({ name: "", depth: 0, real: this.#root, isPlain: true });
    for (const { name, from } of this.#links) {
      await this.#attempt(name, () => this.#follow(name, from));
    }
    await this.#keepMissed();
    return this.#found;
  }

  /** Finds the songs in a folder and its subfolders. */
  async #list(place: Place): Promise<void> {
    const folders: string[] = [];
    const links: string[] = [];
    const path = join(this.#root, place.name);
    for await (const entry of Deno.readDir(path)) {
      const pause = this.#turns.next();
      if (pause) await pause;
      if (this.#options.removeTemporary && isTemporaryName(entry.name)) {
        await Deno.remove(join(path, entry.name)).catch(() => {});
      }
      if (isHidden(entry.name)) continue;
      const isPlaylist = entry.isFile && isPlaylistName(entry.name);
      const isCover = entry.isFile && isCoverName(entry.name);
      if (
        entry.isFile && !isPlaylist && !isCover && !hasSongEnding(entry.name)
      ) continue;
      const name = place.name === ""
        ? entry.name
        : `${place.name}/${entry.name}`;
      const problem = await problemOf(entry.name, join(path, entry.name));
      if (problem !== null) this.#leaveOut(name, problem);
      else if (entry.isDirectory) folders.push(name);
      else if (entry.isSymlink) links.push(name);
      else if (isPlaylist) this.#options.playlist?.(name);
      else if (isCover) this.#options.cover?.(name);
      else if (entry.isFile) {
        this.#found.add({ name, isPlain: place.isPlain });
      } else if (hasSongEnding(name)) this.#leaveOut(name, NO_FILE);
    }
    for (const name of await this.#sorted(links)) {
      this.#links.push({ name, from: place });
    }
    for (const name of await this.#sorted(folders)) {
      const real = join(place.real, name.slice(name.lastIndexOf("/") + 1));
      await this.#enter({ ...place, name, depth: place.depth + 1, real });
    }
  }

  async #enter(place: Place): Promise<void> {
    if (place.depth < MAX_COMPONENTS) {
      await this.#attempt(place.name, () => this.#list(place));
    } else {
      this.#leaveOut(
        place.name,
        `it lies deeper than ${MAX_COMPONENTS - 1} folders`,
      );
    }
  }

  async #follow(name: string, from: Place): Promise<void> {
    const real = await realPath(join(this.#root, name));
    if (real === null) return this.#leaveOut(name, "it is a link to nothing");
    const isOutside = real !== this.#root && !isInside(this.#root, real);
    const info = await Deno.stat(real);
    if (!info.isDirectory) {
      if (!hasSongEnding(name)) return;
      if (isOutside) this.#leaveOut(name, OUTSIDE);
      else if (info.isFile) this.#found.add({ name, isPlain: false });
      else this.#leaveOut(name, NO_FILE);
      return;
    }
    this.#options.linked?.();
    const entered = this.#entered.get(real);
    if (isOutside) this.#leaveOut(name, OUTSIDE);
    else if (real === from.real || isInside(real, from.real)) {
      this.#leaveOut(name, "it is a link to a folder that it lies in");
    } else if (entered !== undefined) {
      this.#leaveOut(name, `the link ${entered} leads to the same folder`);
    } else {
      this.#entered.set(real, name);
      const depth = from.depth + 1;
      await this.#enter({ name, depth, real, isPlain: false });
    }
  }

  /** Runs work on one file or folder, whose failure does not end the walk. */
  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#leaveOut(name, describeFileError(error));
      if (!isLasting(error)) this.#missed.add(name);
    }
  }

  /** Keeps the known songs of folders that temporarily could not be listed. */
  async #keepMissed(): Promise<void> {
    if (this.#missed.size === 0) return;
    const found = new Set<string>();
    for (let i = 0; i < this.#found.size; i++) {
      found.add(this.#found.at(i).name);
      const pause = this.#turns.next();
      if (pause) await pause;
    }
    for (const { name } of this.#options.known ?? []) {
      const pause = this.#turns.next();
      if (pause) await pause;
      if (found.has(name)) continue;
      for (let path = name; path !== "."; path = dirname(path)) {
        if (!this.#missed.has(path)) continue;
        this.#found.add({ name, isPlain: false });
        break;
      }
    }
  }

  #leaveOut(name: string, reason: string): void {
    this.#options.skipped?.(name, reason);
  }

  async #sorted(names: string[]): Promise<string[]> {
    const sorted = await sortInTurns(
      Uint32Array.from(names.keys()),
      (a, b) => names[a] < names[b] ? -1 : 1,
      this.#turns,
    );
    return Array.from(sorted, (index) => names[index]);
  }
}

const NO_FILE = "it is a device, pipe or socket, not a file";
const OUTSIDE = "it is a link that leads outside the song folder";

/** Describes why a file or folder cannot have a name in Ondacast; null if it can. */
async function problemOf(name: string, path: string): Promise<string | null> {
  if (name.includes("\ufffd") && await isMissing(path)) {
    // Deno's replacement for bytes that are not UTF-8, which matches no file.
    return "its name is not UTF-8";
  }
  return componentProblem(name) ??
    (Deno.build.os === "windows" ? portabilityProblem(name) : null);
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

/** Null if the path has a dangling link. */
async function realPath(path: string): Promise<string | null> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Whether an error is permanent, unlike a lack of file descriptors. */
function isLasting(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.PermissionDenied;
}
