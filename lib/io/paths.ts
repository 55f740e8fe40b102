/**
 * The fence around folders: whether a path is inside one.
 *
 * @module
 */

import { isAbsolute } from "@std/path/is-absolute";
import { relative } from "@std/path/relative";

/** Whether a real path lies below a real folder. */
export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== "" && rest !== ".." && !isAbsolute(rest) &&
    !/^\.\.[\\/]/.test(rest);
}
