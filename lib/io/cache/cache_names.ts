/**
 * The names that a cache goes by: where it is, what its folders are called,
 * and under which id the index has a song.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { DEFAULT_ENDING } from "../../audio/containers.ts";
import { OndacastError } from "../../errors.ts";
import {
  hasSongEnding,
  MAX_COMPONENT_BYTES,
  nameKey,
  portabilityProblem,
  withoutEnding,
} from "../../model/song_name.ts";

const UTF8 = new TextEncoder();

/** The longest path of a song below its server's folder, in bytes of UTF-8: macOS takes 1,024 in all. */
const MAX_PATH_BYTES = 600;
/** What is left of a part that is shortened, in bytes of UTF-8. */
const SHORT_BYTES = 100;
/** What some system cannot hold or show in a name, or takes for something else. */
const UNPORTABLE = /[%<>:"|?*\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|^\.|[. ]$/gu;
/** Digits of each of the two halves of a {@linkcode songId}. */
const HALF_ID = 32;

/**
 * A song's name in the index, 64 hexadecimal digits. The first half is the
 * same for {@linkcode twinsOf twins}, names that differ only in case or normal
 * form; the second is the song's own.
 */
export function songId(server: string, song: string): string {
  const place = nameKey(server);
  return hash([place, nameKey(song)]).slice(0, HALF_ID) +
    hash([place, song]).slice(0, HALF_ID);
}

/** The other songs among some whose names differ only in case or normal form. */
export function twinsOf(id: string, ids: readonly string[]): string[] {
  const half = id.slice(0, HALF_ID);
  return ids.filter((other) => other !== id && other.startsWith(half));
}

/**
 * Where a song lies below its server's folder: under its own name, in which
 * what a system could not hold stands as `%` and its hexadecimal bytes. No two
 * names of a server have one place, and none leads elsewhere: a `%` that is
 * not followed by digits is ours alone.
 *
 * @param isTwin Whether a name that differs only in case or normal form is
 * there, which some file systems take for the same.
 *
 * @example
 * ```ts
 * import { songFile } from "./cache_names.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(songFile("R.E.M./Why?.wav", false), "R.E.M%2E/Why%3F.wav");
 * ```
 */
export function songFile(song: string, isTwin: boolean): string {
  const parts = song.split("/");
  const file = parts.pop()!;
  const folders = parts.map((part) => {
    const portable = portablePart(part);
    return isLong(portable, MAX_COMPONENT_BYTES) ? shortened(part) : portable;
  });
  const portable = portablePart(file) +
    (hasSongEnding(file) ? "" : `%${DEFAULT_ENDING}`);
  const path = [...folders, portable].join("/");
  if (isLong(path, MAX_PATH_BYTES)) {
    return `${shortened(file, song)}${DEFAULT_ENDING}`;
  }
  return isTwin || isLong(portable, MAX_COMPONENT_BYTES)
    ? [...folders, `${shortened(file, song)}${DEFAULT_ENDING}`].join("/")
    : path;
}

function portablePart(part: string): string {
  const escaped = part.replace(UNPORTABLE, percent);
  const isDevice = portabilityProblem(escaped) !== null;
  return isDevice ? percent(escaped[0]) + escaped.slice(1) : escaped;
}

/** The beginning of a part, and a hash of what it stands for. */
function shortened(part: string, whole = part): string {
  let begin = "";
  let bytes = 0;
  for (const character of portablePart(withoutEnding(part))) {
    bytes += UTF8.encode(character).length;
    if (bytes > SHORT_BYTES) break;
    begin += character;
  }
  begin = begin.replace(/%[0-9A-F]?$/, ""); // half a character
  return `${begin}%~${hash([whole]).slice(0, HALF_ID)}`;
}

function isLong(text: string, bytes: number): boolean {
  return UTF8.encode(text).length > bytes;
}

function hash(of: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(of)).digest("hex");
}

/** A character's bytes in UTF-8, each as `%` and two digits. */
function percent(character: string): string {
  return [...UTF8.encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
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
    percent,
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
