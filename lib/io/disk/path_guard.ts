/**
 * The fence around folders whose paths are made of names that peers choose:
 * the songs of a server, the cache of a client. No such path is used before it
 * has passed here.
 *
 * @module
 */

import { isAbsolute } from "@std/path/is-absolute";
import { relative } from "@std/path/relative";
import { OndacastError } from "../../errors.ts";

/** Whether a real path lies below a real folder. */
export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== "" && rest !== ".." && !isAbsolute(rest) &&
    !/^\.\.[\\/]/.test(rest);
}

/** A folder that nothing may lead out of. */
export class PathGuard {
  /** The folder's real path. */
  readonly root: string;
  readonly #label: string;

  /** @param label What people call the folder. */
  constructor(root: string, label: string) {
    this.root = root;
    this.#label = label;
  }

  /**
   * The real path, with links resolved, of what lies at a path.
   *
   * @param name What the peer calls it, for the message.
   * @throws {OndacastError} `bad-name`, if it is not in the folder.
   * @throws {Deno.errors.NotFound} If there is nothing.
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
   * Opens a file for reading, and looks again at where its path leads: a
   * folder on the way may have become a link since it was looked at first.
   *
   * @throws As {@linkcode real} does.
   */
  async open(path: string, name: string): Promise<Deno.FsFile> {
    const real = await this.real(path, name);
    // To open a pipe would wait for who writes into it.
    if (!(await Deno.stat(real)).isFile) {
      throw new OndacastError("changed", `Cannot open ${name}: it is no file`);
    }
    const file = await Deno.open(real);
    try {
      const now = await Deno.stat(await this.real(path, name));
      if (isSame(file.statSync(), now)) return file;
      throw new OndacastError(
        "changed",
        `Cannot open ${name}: another file took its place`,
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
