/**
 * The names of songs and of devices: which are allowed, and which are the
 * same. Every name that a peer sends passes here before anything else sees it.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { isUnsafeText, safeJson } from "../safe_text.ts";

/** Most parts of a song's name: folders and the file. */
export const MAX_COMPONENTS = 16;
/** The longest part of a song's name, in bytes of UTF-8. */
export const MAX_COMPONENT_BYTES = 255;
/** The longest name of a song, in bytes of UTF-8: all its parts and what is between them. */
export const MAX_NAME_BYTES = MAX_COMPONENTS * (MAX_COMPONENT_BYTES + 1) - 1;
/** The longest device name, in characters. */
export const MAX_DEVICE_NAME = 64;

const UTF8 = new TextEncoder();
/** Characters that a log or terminal obeys, or that turn the direction of text. */
const MISLEADING = /[\p{Cc}\p{Bidi_Control}]/u;
const LONE_SURROGATE = /\p{Cs}/u;
const VISIBLE = /[^\s\u2800\p{Default_Ignorable_Code_Point}]/u;
/** BWF, the Broadcast Wave Format (EBU Tech 3285), is WAV by another name. */
const SONG_ENDING = /\.(wave?|bwf)$/i;
/** What {@linkcode deviceKey} makes. */
const KEY = /^[0-9a-f]{24}$/i;
// "Naming Files, Paths, and Namespaces", Microsoft Learn: reserved characters
// and device names, with any ending.
const NOT_ON_WINDOWS = /[<>:"|?*\\]/;
const WINDOWS_DEVICE =
  /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i;

/**
 * Checks the name of a song that may be in the folder: the path below the
 * folder, `/` between its parts. Whatever else a file system holds may be
 * there, such as `?` or a backslash.
 *
 * @returns The name as it is.
 * @throws {OndacastError} `bad-name`, saying what is wrong with it.
 *
 * @example
 * ```ts
 * import { checkSongName } from "./song_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(checkSongName("live/Why?.wav"), "live/Why?.wav");
 * assert.throws(() => checkSongName("../secret.wav"), { code: "bad-name" });
 * ```
 */
export function checkSongName(name: string): string {
  return checked(name, songNameProblem(name));
}

/**
 * Checks the name of a song that is to be stored: one that every system can
 * hold and that looks like nothing else.
 *
 * @returns The name as it is.
 * @throws {OndacastError} `bad-name`, saying what is wrong with it.
 *
 * @example
 * ```ts
 * import { checkNewSongName } from "./song_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => checkNewSongName("Why?.wav"), { code: "bad-name" });
 * ```
 */
export function checkNewSongName(name: string): string {
  return checked(name, songNameProblem(name) ?? newNameProblem(name));
}

/** What is wrong with a part of a song's name, in words; null: nothing. */
export function componentProblem(part: string): string | null {
  if (part === "") return "it has an empty part";
  if (part === "." || part === "..") return `it has a part ${quoted(part)}`;
  if (MISLEADING.test(part)) {
    return "it has a control or bidirectional character";
  }
  if (LONE_SURROGATE.test(part)) return "it has half a surrogate pair";
  if (isLonger(part, MAX_COMPONENT_BYTES)) {
    return `a part has more than ${MAX_COMPONENT_BYTES} bytes`;
  }
  return null;
}

/**
 * What keeps a part of a song's name from being a file's or folder's name on
 * Windows, in words; null: nothing.
 */
export function portabilityProblem(part: string): string | null {
  if (NOT_ON_WINDOWS.test(part)) {
    return 'it has a character that Windows cannot hold (one of <>:"|?*\\)';
  }
  if (WINDOWS_DEVICE.test(part)) return "it is a device's name on Windows";
  if (part.endsWith(".") || part.endsWith(" ")) {
    return "a part ends with a dot or a blank";
  }
  return null;
}

/** Whether a file or folder of this name is hidden: by a single leading dot. */
export function isHidden(part: string): boolean {
  return part.startsWith(".") && !part.startsWith("..");
}

/** Whether a file of this name is taken for a song. */
export function hasSongEnding(name: string): boolean {
  return SONG_ENDING.test(name);
}

/** A song's name without its ending. */
export function withoutEnding(name: string): string {
  return name.replace(SONG_ENDING, "");
}

function checked(name: string, problem: string | null): string {
  if (problem === null) return name;
  throw new OndacastError(
    "bad-name",
    `Cannot use the song name ${quoted(name)}: ${problem}`,
  );
}

function songNameProblem(name: string): string | null {
  const parts = name.split("/", MAX_COMPONENTS + 1);
  if (parts.length > MAX_COMPONENTS) {
    return `it has more than ${MAX_COMPONENTS} parts`;
  }
  return firstProblem(parts, componentProblem);
}

function newNameProblem(name: string): string | null {
  const bare = withoutEnding(name);
  if (isUnsafeText(name)) return "it has an invisible character";
  if (looksLikeAddress(bare)) return "it is shaped like an address";
  if (KEY.test(bare)) return "it is shaped like a key";
  return firstProblem(
    bare.split("/"),
    (part) => VISIBLE.test(part) ? null : "a part of it is blank",
  ) ??
    firstProblem(name.split("/"), newComponentProblem);
}

function newComponentProblem(part: string): string | null {
  return isHidden(part)
    ? "a part that begins with a dot is hidden"
    : portabilityProblem(part);
}

function firstProblem(
  parts: readonly string[],
  problemOf: (part: string) => string | null,
): string | null {
  for (const part of parts) {
    const problem = problemOf(part);
    if (problem !== null) return problem;
  }
  return null;
}

/** Whether a text has more bytes in UTF-8; a UTF-16 unit has 1 to 3. */
function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes ||
    (3 * text.length > bytes && UTF8.encode(text).length > bytes);
}

/** Characters of which each has one form, and one other case at most: most names. */
const PLAIN = /^[ -~]*$/;

/**
 * What two names share if they are the same song to Ondacast: names that
 * differ only in case or in Unicode normal form, since some file systems
 * cannot hold both.
 */
export function nameKey(name: string): string {
  if (PLAIN.test(name)) return name.toLowerCase();
  // Character by character, as a whole word's sigma depends on its place; by
  // upper case before, since several letters may share theirs; and by lower
  // case first of all, since a capital sharp s is its own upper case.
  const folded = Array.from(
    name.normalize("NFC").toLowerCase().toUpperCase(),
    (character) => character.toLowerCase(),
  );
  return folded.join("").normalize("NFC");
}

/**
 * Checks a device's name.
 *
 * @throws {OndacastError} `bad-name`.
 */
export function checkDeviceName(name: string): string {
  const problem = deviceNameProblem(name);
  if (problem === null) return name;
  throw new OndacastError(
    "bad-name",
    `Cannot use the device name ${quoted(name)}: ${problem}`,
  );
}

function deviceNameProblem(name: string): string | null {
  // A character has at most two UTF-16 units, so a huge text is not counted.
  const characters = name.length > 2 * MAX_DEVICE_NAME
    ? Infinity
    : [...name].length;
  if (characters < 1 || characters > MAX_DEVICE_NAME) {
    return `expected 1 to ${MAX_DEVICE_NAME} characters`;
  }
  if (isUnsafeText(name)) {
    return "it has a control, bidirectional, line-separator or invisible character";
  }
  if (!VISIBLE.test(name)) return "it is blank";
  if (looksLikeAddress(name)) return "it is shaped like an address";
  return KEY.test(name.trim()) ? "it is shaped like a key" : null;
}

/** Whether a text could be an `ip:port`, or an IP address alone. */
export function looksLikeAddress(text: string): boolean {
  const trimmed = text.trim();
  return ADDRESSES.some((shape) => shape.test(trimmed)) ||
    looksLikeIpv6(trimmed.replace(/^\[/, "").replace(/(\](:\d+)?)$/, ""));
}

const ADDRESSES = [
  /^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/,
  /^[^\s:]+:\d+$/,
];

/** By its shape alone (RFC 4291, section 2.2), with or without a zone. */
function looksLikeIpv6(text: string): boolean {
  return /^[0-9a-f:.]+(%[^\s\]]+)?$/i.test(text) &&
    text.indexOf(":") !== text.lastIndexOf(":");
}

function quoted(name: string): string {
  return safeJson(name.length > 80 ? name.slice(0, 80) + "…" : name);
}
