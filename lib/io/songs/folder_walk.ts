/**
 * A walk through the song folder that finds the files of its songs. Links are
 * followed within the folder, each real folder once by its own path and once
 * by a link, so that no circle of links has an end that is never reached.
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
import type { Turns } from "../../ports/server.ts";
import { isInside } from "../disk/path_guard.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { isTemporaryName } from "../disk/temporary_name.ts";

/** Called with a file or folder that is left out, and why. */
export type Skipped = (path: string, reason: string) => void;

/** How the folder is looked at. */
export interface LookOptions {
  /** Whether to remove what crashes have left of uploads. */
  removeTemporary?: boolean;
  skipped?: Skipped;
  /** Called at each link that leads to a folder, be it elsewhere. */
  linked?: () => void;
  /** Songs found before, which stay where a subfolder cannot be listed for a moment. */
  known?: readonly { readonly name: string }[];
}

/** A song's file that was found in the folder. */
export interface FoundSong {
  readonly name: string;
  /** Whether it is a plain file, that no link leads to: its path is real. */
  readonly isPlain: boolean;
}

/** A folder on the walk. */
interface Place {
  /** Its path below the song folder; `""`: that itself. */
  readonly name: string;
  /** Names on that path. */
  readonly depth: number;
  /** Its path, links resolved. */
  readonly real: string;
  readonly isPlain: boolean;
}

/** One walk. */
export class FolderWalk {
  readonly #root: string;
  readonly #options: LookOptions;
  readonly #turns: Turns;
  readonly #found: FoundSong[] = [];
  /** Links met so far, and where; those in real folders come first. */
  readonly #links: { name: string; from: Place }[] = [];
  /** Real folder → the link by which it was entered. */
  readonly #entered = new Map<string, string>();
  /** Folders that cannot be listed for a moment. */
  readonly #missed = new Set<string>();

  /** @param root The real path of the song folder. */
  constructor(root: string, options: LookOptions, turns: Turns) {
    this.#root = root;
    this.#options = options;
    this.#turns = turns;
  }

  /**
   * All songs by their paths; hidden files and folders are left out.
   *
   * @throws What the system throws, if the folder itself cannot be listed.
   */
  async songs(): Promise<FoundSong[]> {
    await this.#list({ name: "", depth: 0, real: this.#root, isPlain: true });
    for (const { name, from } of this.#links) {
      await this.#attempt(name, () => this.#follow(name, from));
    }
    await this.#keepMissed();
    return this.#found;
  }

  /** Gathers the songs in a folder and below. */
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
      if (entry.isFile && !hasSongEnding(entry.name)) continue;
      const name = place.name === ""
        ? entry.name
        : `${place.name}/${entry.name}`;
      const problem = await problemOf(entry.name, join(path, entry.name));
      if (problem !== null) this.#leaveOut(name, problem);
      else if (entry.isDirectory) folders.push(name);
      else if (entry.isSymlink) links.push(name);
      else if (entry.isFile) {
        this.#found.push({ name, isPlain: place.isPlain });
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

  /** Gathers the songs in a subfolder. */
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
      else if (info.isFile) this.#found.push({ name, isPlain: false });
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

  /** Does what may fail for one file or folder, and does not end the walk. */
  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#leaveOut(name, describeFileError(error));
      if (!isLasting(error)) this.#missed.add(name);
    }
  }

  /** What was known of a folder is still there, for all that is known now. */
  async #keepMissed(): Promise<void> {
    if (this.#missed.size === 0) return;
    const found = new Set(this.#found.map(({ name }) => name));
    for (const { name } of this.#options.known ?? []) {
      const pause = this.#turns.next();
      if (pause) await pause;
      if (found.has(name)) continue;
      for (let path = name; path !== "."; path = dirname(path)) {
        if (!this.#missed.has(path)) continue;
        this.#found.push({ name, isPlain: false });
        break;
      }
    }
  }

  #leaveOut(name: string, reason: string): void {
    this.#options.skipped?.(name, reason);
  }

  #sorted(names: string[]): Promise<string[]> {
    return sortInTurns(names, (a, b) => a < b ? -1 : 1, this.#turns);
  }
}

const NO_FILE = "it is a device, pipe or socket, not a file";
const OUTSIDE = "it is a link that leads outside the song folder";

/** What keeps a file or folder from having a name in Ondacast; null: nothing. */
async function problemOf(name: string, path: string): Promise<string | null> {
  if (name.includes("\ufffd") && await isMissing(path)) {
    // Deno shows what it cannot decode so, and finds no file by it.
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

/** Null: a link on the way leads to nothing. */
async function realPath(path: string): Promise<string | null> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Whether a folder is out of reach for good, and not for want of descriptors. */
function isLasting(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.PermissionDenied;
}
