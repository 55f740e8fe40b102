/**
 * Confines paths made from names that peers choose to their folder: the songs of
 * a server, the cache of a client. Every such path is checked here before use.
 *
 * @module
 */

import { isAbsolute } from "@std/path/is-absolute";
import { relative } from "@std/path/relative";
import { OndacastError } from "../../errors.ts";

/** Whether a real path is below a real folder. */
export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== "" && rest !== ".." && !isAbsolute(rest) &&
    !/^\.\.[\\/]/.test(rest);
}

/** Checks that paths stay inside a folder. */
export class PathGuard {
  /** The folder's real path. */
  readonly root: string;
  readonly #label: string;

  /** @param label The folder's name in messages. */
  constructor(root: string, label: string) {
    this.root = root;
    this.#label = label;
  }

  /**
   * Resolves the links of a path.
   *
   * @param name The peer's name for it, for the message.
   * @throws {OndacastError} `bad-name`, if it leads outside the folder.
   * @throws {Deno.errors.NotFound} If it does not exist.
   */
  async real(path: string, name: string): Promise<string> {
    const real = await Deno.realPath(path);
    if (isInside(this.root, real)) return real;
    throw new OndacastError(
      "bad-name",
      `Cannot use ${name}: it leads outside the ${this.#label}`,
    );
  }

  /**
   * Opens a file for reading, then checks its path again: a folder on the way may
   * have been replaced by a link since the first check.
   *
   * @throws As {@linkcode real} does.
   */
  async open(path: string, name: string): Promise<Deno.FsFile> {
    const real = await this.real(path, name);
    // Opening a pipe would wait for a writer.
    if (!(await Deno.stat(real)).isFile) {
      throw new OndacastError(
        "changed",
        `Cannot open ${name}: it is not a file`,
      );
    }
    const file = await Deno.open(real);
    try {
      const now = await Deno.stat(await this.real(path, name));
      if (isSame(file.statSync(), now)) return file;
      throw new OndacastError(
        "changed",
        `Cannot open ${name}: it was just replaced. Try again`,
      );
    } catch (error) {
      file.close();
      throw error;
    }
  }
}

function isSame(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}
