/**
 * Chooses a song from what a user typed, or suggests similar names if none
 * matches.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { OndacastError } from "../errors.ts";
import type { Named } from "./song_table.ts";
import { safeJson, safeText } from "../safe_text.ts";
import { foldText, sortNaturally } from "./natural_order.ts";
import { nameKey, withoutEnding } from "./song_name.ts";

/** The result of {@linkcode choose}. */
export type Choice<T> =
  | { kind: "one"; song: T }
  | { kind: "many"; songs: T[] }
  | { kind: "none"; nearest: T[] };

/**
 * Chooses a song from what a user typed: its exact name; else its name
 * regardless of case and accents, with or without its ending and folder; else a
 * unique prefix.
 *
 * @example
 * ```ts
 * import { choose } from "./choose.ts";
 * import assert from "node:assert/strict";
 *
 * const songs = [{ name: "Greensleeves.wav" }, { name: "Ode à la joie.wav" }];
 * assert.deepEqual(choose(songs, "ode a"), { kind: "one", song: songs[1] });
 * assert.deepEqual(choose(songs, "grensleves"), {
 *   kind: "none",
 *   nearest: [songs[0]],
 * });
 * ```
 */
export function choose<T extends Named>(
  songs: readonly T[],
  typed: string,
): Choice<T> {
  for (const { form, matches } of CHOOSERS) {
    const wanted = form(typed);
    const found = songs.filter((song) => matches(form(song.name), wanted));
    if (found.length === 1) return { kind: "one", song: found[0] };
    if (found.length > 1) {
      return { kind: "many", songs: sortNaturally(found, ({ name }) => name) };
    }
  }
  return { kind: "none", nearest: nearest(songs, bareName(typed)) };
}

/**
 * Chooses exactly one song, as {@linkcode choose} does.
 *
 * @throws {OndacastError} `ambiguous` or `not-found`, with the candidates.
 */
export function chooseOne<T extends Named>(
  songs: readonly T[],
  typed: string,
): T {
  const choice = choose(songs, typed);
  if (choice.kind === "one") return choice.song;
  if (choice.kind === "many") {
    throw new OndacastError(
      "ambiguous",
      `Cannot choose one song: ${safeJson(typed)} matches ${
        choice.songs.slice(0, 5).map((song) => safeText(song.name)).join(", ")
      }${choice.songs.length > 5 ? ", …" : ""}`,
    );
  }
  const hint = choice.nearest.map((song) => safeText(song.name)).join(", ");
  throw new OndacastError(
    "not-found",
    `Cannot find the song ${safeJson(typed)}${
      hint ? `; nearest: ${hint}` : ""
    }. \`ondacast list\` shows all songs`,
  );
}

interface Chooser {
  /** The form of a name that is compared. */
  form(name: string): string;
  matches(name: string, wanted: string): boolean;
}

/** The strictest first. */
const CHOOSERS: Chooser[] = [
  { form: (name) => name, matches: isSame },
  { form: withoutEnding, matches: isSame },
  { form: nameKey, matches: isSame },
  { form: (name) => withoutEnding(nameKey(name)), matches: isSame },
  { form: bareName, matches: isSame },
  { form: bareName, matches: (name, wanted) => lastPart(name) === wanted },
  { form: bareName, matches: (name, wanted) => name.startsWith(wanted) },
  {
    form: bareName,
    matches: (name, wanted) => lastPart(name).startsWith(wanted),
  },
];

function isSame(name: string, wanted: string): boolean {
  return name === wanted;
}

function nearest<T extends Named>(songs: readonly T[], wanted: string): T[] {
  return songs
    .map((song) => ({ song, distance: distance(song.name, wanted) }))
    .filter(({ distance }) => distance <= Math.max(2, wanted.length / 2))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ song }) => song);
}

function distance(name: string, wanted: string): number {
  const last = lastPart(bareName(name));
  if (wanted !== "" && last.includes(wanted)) return 0;
  return Math.min(
    levenshteinDistance(last, wanted),
    levenshteinDistance(last.slice(0, wanted.length), wanted) + 1,
  );
}

function bareName(name: string): string {
  return withoutEnding(foldText(name));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
