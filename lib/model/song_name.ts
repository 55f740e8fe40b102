/**
 * Song and device names: which are valid, and which count as equal. Every name
 * that a peer sends is checked here before anything else uses it.
 *
 * @module
 */

import { DEFAULT_ENDING, SONG_ENDINGS } from "../audio/file_kinds.ts";
import { OndacastError } from "../errors.ts";
import { isUnsafeText, safeJson } from "../safe_text.ts";

/** Most components of a song's name: its folders and its file. */
export const MAX_COMPONENTS = 16;
/** The longest component of a song's name, in UTF-8 bytes. */
export const MAX_COMPONENT_BYTES = 255;
/** The longest song name, in UTF-8 bytes, including the slashes. */
export const MAX_NAME_BYTES = MAX_COMPONENTS * (MAX_COMPONENT_BYTES + 1) - 1;
/** The longest device name, in characters. */
export const MAX_DEVICE_NAME = 64;

const UTF8 = new TextEncoder();
/** Characters that control a terminal or change the direction of text. */
const MISLEADING = /[\p{Cc}\p{Bidi_Control}]/u;
const LONE_SURROGATE = /\p{Cs}/u;
const VISIBLE = /[^\s\u2800\p{Default_Ignorable_Code_Point}]/u;
const SONG_ENDING = new RegExp(
  `(${SONG_ENDINGS.map((ending) => ending.replace(".", "\\.")).join("|")})$`,
  "i",
);
/** The shape of a device key. */
const KEY = /^[0-9a-f]{24}$/i;
// "Naming Files, Paths, and Namespaces", Microsoft Learn: reserved characters
// and device names, which stay reserved with any file extension.
const NOT_ON_WINDOWS = /[<>:"|?*\\]/;
const WINDOWS_DEVICE =
  /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i;

/**
 * Checks the name of a song in the folder: its path below the folder, with `/`
 * between the components. Characters that only some file systems allow, such as
 * `?` or a backslash, are accepted.
 *
 * @returns The name, unchanged.
 * @throws {OndacastError} `bad-name`, with the reason.
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
 * Checks the name of a song about to be stored. Every operating system must be
 * able to store it, and it must not look like an address or a device key.
 *
 * @returns The name, unchanged.
 * @throws {OndacastError} `bad-name`, with the reason.
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

/** Describes why a component of a song's name is invalid; null if it is valid. */
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
 * Describes why Windows cannot store a file or folder of this name; null if it
 * can.
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

/** Whether a file or folder is hidden, that is, has exactly one leading dot. */
export function isHidden(part: string): boolean {
  return part.startsWith(".") && !part.startsWith("..");
}

export function hasSongEnding(name: string): boolean {
  return SONG_ENDING.test(name);
}

export function withoutEnding(name: string): string {
  return name.replace(SONG_ENDING, "");
}

/** A song's name, with the usual ending if it has none. */
export function withDefaultEnding(name: string): string {
  return hasSongEnding(name) ? name : name + DEFAULT_ENDING;
}

function checked(name: string, problem: string | null): string {
  if (problem === null) return name;
  throw new OndacastError(
    "bad-name",
    `Cannot use the song name ${quoted(name)}: ${problem}`,
  );
}

/** Describes why a song of the folder cannot have a name; null if it can. */
export function songNameProblem(name: string): string | null {
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

/** Whether a text exceeds a number of UTF-8 bytes. A UTF-16 unit takes 1 to 3. */
function isLonger(text: string, bytes: number): boolean {
  return text.length > bytes ||
    (3 * text.length > bytes && UTF8.encode(text).length > bytes);
}

/** ASCII has one normal form and simple case mapping, and covers most names. */
const PLAIN = /^[ -~]*$/;

/**
 * A key that is equal for names that differ only in case or in Unicode normal
 * form. Some file systems cannot store both.
 */
export function nameKey(name: string): string {
  if (PLAIN.test(name)) return name.toLowerCase();
  // Lower case comes after upper case because several letters may share one, and
  // once before because a capital sharp s is its own upper case. The lower case
  // of a capital sigma alone depends on its position in a word (Unicode Standard,
  // section 3.13).
  const upper = name.normalize("NFC").toLowerCase().toUpperCase();
  return upper.replaceAll("Σ", "σ").toLowerCase().normalize("NFC");
}

/**
 * Checks the name of a device, or of a group of them, which lists show alike.
 *
 * @param of For the error.
 * @throws {OndacastError} `bad-name`, with the reason.
 */
export function checkDeviceName(name: string, of = "device"): string {
  const problem = deviceNameProblem(name);
  if (problem === null) return name;
  throw new OndacastError(
    "bad-name",
    `Cannot use the ${of} name ${quoted(name)}: ${problem}`,
  );
}

function deviceNameProblem(name: string): string | null {
  // A character takes at most two UTF-16 units, so a huge text need not be
  // counted.
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

/** Whether a text could be an `ip:port`, a `host:port` or an IP address. */
export function looksLikeAddress(text: string): boolean {
  const trimmed = text.trim();
  return ADDRESSES.some((shape) => shape.test(trimmed)) ||
    looksLikeIpv6(trimmed.replace(/^\[/, "").replace(/(\](:\d+)?)$/, ""));
}

const ADDRESSES = [
  /^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/,
  /^[^\s:]+:\d+$/,
];

/** Checks only the shape (RFC 4291, section 2.2), with or without a zone. */
function looksLikeIpv6(text: string): boolean {
  return /^[0-9a-f:.]+(%[^\s\]]+)?$/i.test(text) &&
    text.indexOf(":") !== text.lastIndexOf(":");
}

function quoted(name: string): string {
  return safeJson(name.length > 80 ? name.slice(0, 80) + "…" : name);
}
