/**
 * The conventional folder for a user's cache.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";

/**
 * The folder of this program's cache.
 *
 * @param os As in `Deno.build.os`.
 * @param env Reads an environment variable.
 * @throws {OndacastError} `bad-folder`, if the environment does not determine it.
 */
export function defaultCacheFolder(
  os: string,
  env: (name: string) => string | undefined,
): string {
  const home = env("HOME");
  const xdg = env("XDG_CACHE_HOME");
  const local = env("LOCALAPPDATA");
  if (os === "windows") {
    if (local) return `${local}\\ondacast\\cache`;
  } else if (os === "darwin") {
    if (home) return `${home}/Library/Caches/ondacast`;
    // "XDG Base Directory Specification": relative paths are ignored.
  } else if (xdg?.startsWith("/")) return `${xdg}/ondacast`;
  else if (home) return `${home}/.cache/ondacast`;
  throw new OndacastError(
    "bad-folder",
    `Cannot determine the cache folder: ${
      os === "windows" ? "LOCALAPPDATA" : "HOME"
    } is not set (--cache-dir names a folder, --no-cache does without)`,
  );
}
