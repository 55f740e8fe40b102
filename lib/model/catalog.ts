/**
 * The catalogue: finds songs by name, by search and by page.
 *
 * @module
 */

import { SONG_ENDINGS } from "../audio/containers.ts";
import { OndacastError } from "../errors.ts";
import type {
  AlbumQuery,
  ArtistQuery,
  Found,
  Listed,
  Page,
  SongQuery,
  SongSort,
} from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { safeJson } from "../safe_text.ts";
import { firstIndex } from "./binary_search.ts";
import type { Album } from "./albums.ts";
import {
  byRowName,
  foldSteps,
  type Named,
  type Row,
  rowOf,
  type Tagged,
} from "./catalog_rows.ts";
import type { AlbumsAndArtists, Artist } from "./albums_and_artists.ts";
import { Library } from "./library.ts";
import { pageOf } from "./page_of.ts";
import { MAX_COMPONENT_BYTES, nameKey, withoutEnding } from "./song_name.ts";
import { sortInTurns } from "./sort_in_turns.ts";

/** The cost of one change, which copies the list of all songs. */
export const CHANGE_STEPS = 64;

/**
 * An index of songs in memory. Twins, songs whose names differ only in case or
 * normal form, are all kept.
 *
 * @example
 * ```ts
 * import { Catalog } from "./catalog.ts";
 * import assert from "node:assert/strict";
 *
 * const catalog = new Catalog([{ name: "b.wav" }, { name: "live/É.wav" }]);
 * assert.equal(catalog.find("LIVE/é")?.name, "live/É.wav");
 * const { rows } = await catalog.search({ match: "e live" });
 * assert.deepEqual(rows.map((song) => song.name), ["live/É.wav"]);
 * ```
 */
export class Catalog<T extends Tagged> {
  /** By name. Replaced at each change, so that a running search keeps its own. */
  #rows: readonly Row<T>[] = [];
  #songs: readonly T[] | null = null;
  readonly #byName = new Map<string, Row<T>>();
  /** Only twins share a key, and they are rare. */
  readonly #byKey = new Map<string, Row<T> | Row<T>[]>();
  #library = new Library<T>();

  constructor(songs: Iterable<T> = []) {
    this.#rows = Array.from(songs, (song) => rowOf(song)).sort(byRowName)
      .filter(isLastOfName);
    for (const row of this.#rows) this.#index(row);
  }

  /**
   * Builds a catalogue in small steps. Of songs with the same name, the last one
   * wins.
   *
   * @param before A catalogue that it replaces, whose rows are reused.
   */
  static async build<T extends Tagged>(
    songs: Iterable<T>,
    turns: Turns,
    before?: Catalog<T>,
  ): Promise<Catalog<T>> {
    const catalog = new Catalog<T>();
    if (before !== undefined) catalog.#library = before.#library;
    const rows: Row<T>[] = [];
    for (const song of songs) {
      const known = before === undefined
        ? undefined
        : before.#byName.get(song.name);
      const row = rowOf(song, known);
      rows.push(row);
      const pause = turns.next(row.text === known?.text ? 1 : foldSteps(row));
      if (pause) await pause;
    }
    const sorted = await sortInTurns(rows, byRowName, turns);
    const kept: Row<T>[] = [];
    for (const [i, row] of sorted.entries()) {
      if (!isLastOfName(row, i, sorted)) continue;
      kept.push(row);
      catalog.#index(row);
      const pause = turns.next();
      if (pause) await pause;
    }
    catalog.#rows = kept;
    return catalog;
  }

  get size(): number {
    return this.#rows.length;
  }

  /** All songs, by name. */
  get songs(): readonly T[] {
    return this.#songs ??= this.#rows.map(({ song }) => song);
  }

  /** The song with exactly this name. */
  get(name: string): T | undefined {
    return this.#byName.get(name)?.song;
  }

  /** Songs with this name in any case and normal form. */
  twins(name: string): T[] {
    return this.#group(nameKey(name)).map(({ song }) => song);
  }

  /**
   * Finds a song by its exact name, else by its name in any case and normal
   * form, with or without its ending.
   *
   * @throws {OndacastError} `ambiguous`, if several songs match.
   */
  find(name: string): T | undefined {
    const exact = this.#byName.get(name);
    if (exact) return exact.song;
    if (!isShort(name)) return undefined;
    const key = nameKey(name);
    const twins = this.#group(key);
    if (twins.length > 0) return onlyOne(twins, name);
    const groups = SONG_ENDINGS.map((ending) => this.#group(key + ending));
    for (const [i, group] of groups.entries()) {
      const same = group.filter(({ song }) =>
        withoutEnding(song.name) === name
      );
      const usual = same.find(({ song }) =>
        song.name === name + SONG_ENDINGS[i]
      );
      if (usual) return usual.song;
      if (same.length > 0) return onlyOne(same, name);
    }
    const group = groups.find((group) => group.length > 0);
    return group && onlyOne(group, name);
  }

  /** Adds a song, or replaces the one with the same name. */
  put(song: T): void {
    const { name } = song;
    const known = this.#byName.get(name);
    this.#change(name, known, rowOf(song, known));
  }

  delete(name: string): void {
    const known = this.#byName.get(name);
    if (known) this.#change(name, known, undefined);
  }

  /** Puts some songs and deletes others, in small steps. */
  async change(
    songs: readonly T[],
    deleted: readonly string[],
    turns: Turns,
  ): Promise<void> {
    for (const change of [...songs, ...deleted]) {
      if (typeof change === "string") this.delete(change);
      else this.put(change);
      const pause = turns.next(CHANGE_STEPS);
      if (pause) await pause;
    }
  }

  /** Up to `limit` songs by name, starting behind the name `after`. */
  page({ after, limit = Infinity }: Pick<SongQuery, "after" | "limit">): Page<
    T
  > {
    const rows = this.#rows;
    const first = after === undefined
      ? 0
      : firstIndex(rows, (row) => row.song.name > after);
    const page = pageOf(rows, first, limit);
    return { ...page, rows: page.rows.map(({ song }) => song) };
  }

  /**
   * Finds the songs that a query selects, in its order and in small steps.
   *
   * @param isOver Whether the result is no longer needed.
   * @throws {OndacastError} `not-found`, if `after` is not a cursor of that order.
   */
  search(
    query: SongQuery,
    turns: Turns = ALL_AT_ONCE,
    isOver: () => boolean = () => false,
  ): Promise<Found<T>> {
    return this.#library.songs(this.#rows, query, turns, isOver);
  }

  /** Finds albums, as {@linkcode search} finds songs. */
  albums(
    query: AlbumQuery = {},
    turns: Turns = ALL_AT_ONCE,
    isOver: () => boolean = () => false,
  ): Promise<Listed<Album<T>>> {
    return this.#library.albums(this.#rows, query, turns, isOver);
  }

  /** Finds artists, as {@linkcode search} finds songs. */
  artists(
    query: ArtistQuery = {},
    turns: Turns = ALL_AT_ONCE,
    isOver: () => boolean = () => false,
  ): Promise<Listed<Artist>> {
    return this.#library.artists(this.#rows, query, turns, isOver);
  }

  /** All rows in an order. */
  rowsBy(sort: SongSort, turns: Turns): Promise<readonly Row<T>[]> {
    return this.#library.rowsBy(sort, this.#rows, turns);
  }

  /** All albums and artists. */
  albumsAndArtists(turns: Turns): Promise<AlbumsAndArtists<T>> {
    return this.#library.albumsAndArtists(this.#rows, turns);
  }

  #change(
    name: string,
    before: Row<T> | undefined,
    after: Row<T> | undefined,
  ): void {
    const at = firstIndex(this.#rows, (row) => row.song.name >= name);
    this.#rows = this.#rows.toSpliced(
      at,
      before ? 1 : 0,
      ...(after ? [after] : []),
    );
    this.#songs = null;
    if (before) this.#unindex(before);
    if (after) this.#index(after);
  }

  #index(row: Row<T>): void {
    const group = this.#byKey.get(row.key);
    this.#byName.set(row.song.name, row);
    this.#byKey.set(row.key, group === undefined ? row : [group, row].flat());
  }

  #unindex(row: Row<T>): void {
    const others = this.#group(row.key).filter((other) => other !== row);
    this.#byName.delete(row.song.name);
    if (others.length > 0) this.#byKey.set(row.key, others);
    else this.#byKey.delete(row.key);
  }

  #group(key: string): readonly Row<T>[] {
    const group = this.#byKey.get(key);
    return group === undefined ? [] : Array.isArray(group) ? group : [group];
  }
}

const ALL_AT_ONCE: Turns = { next: () => null };

/**
 * Whether a name is short enough for a song's. Folding is quadratic in the
 * number of successive combining marks, which does not matter up to that length.
 */
function isShort(name: string): boolean {
  return name.split("/").every((part) => part.length <= MAX_COMPONENT_BYTES);
}

/** Of rows sorted by name. */
function isLastOfName<T extends Named>(
  { song }: Row<T>,
  index: number,
  rows: readonly Row<T>[],
): boolean {
  return rows[index + 1]?.song.name !== song.name;
}

function onlyOne<T extends Named>(rows: readonly Row<T>[], name: string): T {
  if (rows.length === 1) return rows[0].song;
  const some = rows.slice(0, 5).map(({ song }) => safeJson(song.name));
  throw new OndacastError(
    "ambiguous",
    `Cannot choose one song: ${safeJson(name)} matches ${some.join(", ")}${
      rows.length > some.length ? ", …" : ""
    }`,
  );
}
