/**
 * The names that a cache goes by: where it is, what its folders are called,
 * and under which id the index has a song.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { OndacastError } from "../errors.ts";
import { nameKey } from "../model/song_name.ts";

/** A song's name in the index: the same for all ways to write its names. */
export function songId(server: string, song: string): string {
  return createHash("sha256")
    .update(JSON.stringify([nameKey(server), nameKey(song)]))
    .digest("hex");
}

/**
 * The folder's name for a server: `:` as `_`, and what file systems could
 * take for something else as `%` and its hexadecimal bytes.
 *
 * @example
 * ```ts
 * import { escapeServer } from "./cache_names.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(escapeServer("Radio.local:4040"), "radio.local_4040");
 * assert.equal(escapeServer("[::1]:4040"), "[__1]_4040");
 * assert.equal(escapeServer("../etc"), "%2E.%2Fetc");
 * ```
 */
export function escapeServer(server: string): string {
  const escaped = nameKey(server).replace(
    /^\.|\.$|[^a-z0-9.:[\]-]/gu,
    (character) =>
      [...new TextEncoder().encode(character)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
        .join(""),
  );
  return escaped.replaceAll(":", "_");
}

/**
 * Where a user's cache is by this system's custom.
 *
 * @param os As in `Deno.build.os`.
 * @param env Reads a variable of the environment.
 * @throws {OndacastError} `bad-folder`, if the environment doesn't tell.
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
    // "XDG Base Directory Specification": a path that is not absolute is none.
  } else if (xdg?.startsWith("/")) return `${xdg}/ondacast`;
  else if (home) return `${home}/.cache/ondacast`;
  throw new OndacastError(
    "bad-folder",
    `Cannot tell where the cache is: ${
      os === "windows" ? "LOCALAPPDATA" : "HOME"
    } is not set (--cache-dir names a folder, --no-cache does without)`,
  );
}
