/**
 * The names of songs and of devices: which are allowed, and which are the
 * same. Every name that a peer sends passes here before anything else sees it.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** The longest part of a song's name, in bytes of UTF-8. */
export const MAX_COMPONENT_BYTES = 255;
/** The longest song name, in bytes of UTF-8, so that no system's paths overflow. */
export const MAX_NAME_BYTES = 1024;
/** The longest device name, in characters. */
export const MAX_DEVICE_NAME = 64;

const UTF8 = new TextEncoder();
// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// Characters that turn the direction of text or break its line in a terminal.
const DISGUISE = /[\u061c\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/;
const LONE_SURROGATE = /\p{Cs}/u;
// "Naming Files, Paths, and Namespaces", Microsoft Learn: reserved characters
// and device names, with any ending.
const NOT_ON_WINDOWS = /[<>:"|?*]/;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/**
 * Checks a song's name: the path below the folder, `/` between its parts.
 *
 * @returns The name as it is.
 * @throws {OndacastError} `bad-name`, saying what is wrong with it.
 *
 * @example
 * ```ts
 * import { checkSongName } from "./song_name.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(checkSongName("live/song.wav"), "live/song.wav");
 * assert.throws(() => checkSongName("../secret.wav"), { code: "bad-name" });
 * ```
 */
export function checkSongName(name: string): string {
  const problem = songNameProblem(name);
  if (problem !== null) {
    throw new OndacastError(
      "bad-name",
      `Cannot use the song name ${quoted(name)}: ${problem}`,
    );
  }
  return name;
}

function songNameProblem(name: string): string | null {
  if (UTF8.encode(name).length > MAX_NAME_BYTES) {
    return `it has more than ${MAX_NAME_BYTES} bytes`;
  }
  for (const part of name.split("/")) {
    const problem = componentProblem(part);
    if (problem !== null) return problem;
  }
  return null;
}

function componentProblem(part: string): string | null {
  if (part === "") return "it has an empty part";
  if (part === "." || part === "..") return `it has a part ${quoted(part)}`;
  if (part.includes("\\")) return "it has a backslash";
  if (CONTROL.test(part)) return "it has a control character";
  if (LONE_SURROGATE.test(part)) return "it has half a surrogate pair";
  if (UTF8.encode(part).length > MAX_COMPONENT_BYTES) {
    return `a part has more than ${MAX_COMPONENT_BYTES} bytes`;
  }
  if (NOT_ON_WINDOWS.test(part)) {
    return 'it has a character that Windows cannot hold (one of <>:"|?*)';
  }
  if (WINDOWS_DEVICE.test(part)) return "it is a device's name on Windows";
  if (part.endsWith(".") || part.endsWith(" ")) {
    return "a part ends with a dot or a blank";
  }
  return null;
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

/** Whether a file of this name is taken for a song. */
export function hasSongEnding(name: string): boolean {
  return /\.(wav|wave)$/i.test(name);
}

/**
 * Checks a device's name.
 *
 * @throws {OndacastError} `bad-name`.
 */
export function checkDeviceName(name: string): string {
  const characters = [...name].length;
  const problem = characters < 1 || characters > MAX_DEVICE_NAME
    ? `expected 1 to ${MAX_DEVICE_NAME} characters`
    : CONTROL.test(name) || DISGUISE.test(name) || LONE_SURROGATE.test(name)
    ? "it has a control, bidirectional or line-separator character"
    : looksLikeAddress(name)
    ? "it is shaped like an address"
    : name.trim() === ""
    ? "it is blank"
    : null;
  if (problem === null) return name;
  throw new OndacastError(
    "bad-name",
    `Cannot use the device name ${quoted(name)}: ${problem}`,
  );
}

/** Whether a text could be an `ip:port`, or an IP address alone. */
export function looksLikeAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/.test(text) ||
    /^\[.*\](:\d+)?$/.test(text) ||
    (/^[0-9a-f:.]+$/i.test(text) &&
      text.indexOf(":") !== text.lastIndexOf(":")) ||
    /^[^\s:]+:\d+$/.test(text);
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? name.slice(0, 80) + "…" : name);
}
