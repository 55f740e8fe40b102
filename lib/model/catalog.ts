/**
 * The catalogue: finding songs among many by name, by search, by page, and
 * the nearest ones to a name that is not there.
 *
 * @module
 */

import { levenshteinDistance } from "@std/text/levenshtein-distance";
import { OndacastError } from "../errors.ts";
import { nameKey } from "./song_name.ts";

/** Whatever has a song's name. */
export interface Named {
  readonly name: string;
}

/** The order of every list of songs: by UTF-16 code units, as `<` has it. */
export function byName(a: Named, b: Named): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** A page of a list, and whether there is more behind it. */
export interface Page<T> {
  rows: T[];
  more: boolean;
  /** Rows in the whole list. */
  total: number;
}

/**
 * Songs by their names, in memory. Built anew when the folder changes.
 *
 * @example
 * ```ts
 * import { Catalog } from "./catalog.ts";
 * import assert from "node:assert/strict";
 *
 * const catalog = new Catalog([{ name: "b.wav" }, { name: "live/A.wav" }]);
 * assert.equal(catalog.find("LIVE/a")?.name, "live/A.wav");
 * assert.deepEqual(catalog.page({ match: "a" }).rows.map((s) => s.name), [
 *   "b.wav",
 *   "live/A.wav",
 * ]);
 * ```
 */
export class Catalog<T extends Named> {
  /** All songs, by name. */
  readonly songs: readonly T[];
  readonly #byKey = new Map<string, T>();

  /** Of two songs with the same name but for case, the first by name is kept. */
  constructor(songs: Iterable<T>) {
    const kept: T[] = [];
    for (const song of [...songs].sort(byName)) {
      const key = nameKey(song.name);
      if (this.#byKey.has(key)) continue;
      this.#byKey.set(key, song);
      kept.push(song);
    }
    this.songs = kept;
  }

  /** A song by its name, in any case and with or without its `.wav`. */
  find(name: string): T | undefined {
    const key = nameKey(name);
    return this.#byKey.get(key) ?? this.#byKey.get(`${key}.wav`) ??
      this.#byKey.get(`${key}.wave`);
  }

  /** The songs whose name has the text in it, after a name, at most so many. */
  page(query: { match?: string; after?: string; limit?: number }): Page<T> {
    const { after, limit = Infinity } = query;
    const found = query.match ? this.#search(query.match) : this.songs;
    const first = after === undefined ? 0 : firstAfter(found, after);
    const rows = found.slice(first, first + limit);
    return {
      rows,
      more: first + rows.length < found.length,
      total: found.length,
    };
  }

  #search(match: string): T[] {
    const words = nameKey(match).split(/\s+/).filter((word) => word !== "");
    const found: T[] = [];
    for (const [key, song] of this.#byKey) {
      if (words.every((word) => key.includes(word))) found.push(song);
    }
    return found;
  }
}

/** What a person who typed a name may have meant. */
export type Choice<T> =
  | { kind: "one"; song: T }
  | { kind: "many"; songs: T[] }
  | { kind: "none"; nearest: T[] };

/**
 * Chooses a song by what a person typed: its name in any case, with or
 * without its ending or its folder, else a beginning that only one has.
 *
 * @example
 * ```ts
 * import { choose } from "./catalog.ts";
 * import assert from "node:assert/strict";
 *
 * const songs = [{ name: "Greensleeves.wav" }, { name: "Ode to Joy.wav" }];
 * assert.deepEqual(choose(songs, "ode"), { kind: "one", song: songs[1] });
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
  const wanted = bareName(typed);
  for (const matches of CHOOSERS) {
    const found = songs.filter((song) => matches(song.name, wanted));
    if (found.length === 1) return { kind: "one", song: found[0] };
    if (found.length > 1) return { kind: "many", songs: found };
  }
  return { kind: "none", nearest: nearest(songs, wanted) };
}

/** As {@linkcode choose}, or an error that names what there is. */
export function chooseOne<T extends Named>(
  songs: readonly T[],
  typed: string,
): T {
  const choice = choose(songs, typed);
  if (choice.kind === "one") return choice.song;
  if (choice.kind === "many") {
    throw new OndacastError(
      "ambiguous",
      `Cannot tell which song "${typed}" is: ${
        choice.songs.slice(0, 5).map((song) => song.name).join(", ")
      }${choice.songs.length > 5 ? ", …" : ""}`,
    );
  }
  const hint = choice.nearest.map((song) => song.name).join(", ");
  throw new OndacastError(
    "not-found",
    `Cannot find the song "${typed}"${
      hint ? `; nearest: ${hint}` : ""
    }. \`ondacast list\` shows all`,
  );
}

const CHOOSERS: ((name: string, wanted: string) => boolean)[] = [
  (name, wanted) => bareName(name) === wanted,
  (name, wanted) => lastPart(bareName(name)) === wanted,
  (name, wanted) => bareName(name).startsWith(wanted),
  (name, wanted) => lastPart(bareName(name)).startsWith(wanted),
];

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
  return nameKey(name).replace(/\.wave?$/, "");
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function firstAfter(sorted: readonly Named[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].name <= name) low = middle + 1;
    else high = middle;
  }
  return low;
}
