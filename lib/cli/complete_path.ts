/**
 * Completes the name of a file that is being typed, as shells do.
 *
 * @module
 */

import { foldText } from "../model/natural_order.ts";

/** An entry of a folder. */
export interface PathEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

/** The typed path with as much added as is certain, and what may follow. */
export interface Completion {
  path: string;
  /** Names that fit, if more than one does; at most {@linkcode MOST}. */
  names: string[];
}

/** The most names that are shown. */
const MOST = 8;

/**
 * Completes a path.
 *
 * @param home The folder that `~` stands for; undefined: unknown.
 * @param list The entries of a folder; empty if it cannot be read.
 *
 * @example
 * ```ts
 * import { completePath } from "./complete_path.ts";
 * import assert from "node:assert/strict";
 *
 * const list = () => [{ name: "song.wav", isDirectory: false }];
 * assert.equal(completePath("/m/so", undefined, list).path, "/m/song.wav");
 * ```
 */
export function completePath(
  typed: string,
  home: string | undefined,
  list: (folder: string) => Iterable<PathEntry>,
): Completion {
  const path = home === undefined
    ? typed
    : typed.replace(/^~(?=$|[/\\])/, home);
  const at = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1;
  const [folder, begun] = [path.slice(0, at), path.slice(at)];
  const fitting = [...list(folder || ".")]
    .filter(({ name }) =>
      foldText(name).startsWith(foldText(begun)) &&
      (begun !== "" || !name.startsWith("."))
    )
    .sort((a, b) => a.name < b.name ? -1 : 1);
  if (fitting.length === 0) return { path, names: [] };
  const [{ name, isDirectory }] = fitting;
  if (fitting.length === 1) {
    return { path: folder + name + (isDirectory ? "/" : ""), names: [] };
  }
  const common = fitting.map(({ name }) => name).reduce(commonStart);
  return {
    path: folder + (common.length >= begun.length ? common : begun),
    names: fitting.slice(0, MOST).map(({ name }) => name),
  };
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

/** The entries of a folder of the system; empty if it cannot be read. */
export function entriesOf(folder: string): PathEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    return [];
  }
}
