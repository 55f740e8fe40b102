/**
 * The catalogue: finds songs by name, by search and by page.
 *
 * @module
 */

import type {
  AlbumQuery,
  ArtistEntry,
  ArtistQuery,
  Found,
  Listed,
  SongQuery,
  SongSort,
} from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { Album } from "./album.ts";
import { CatalogRows } from "./catalog_rows.ts";
import { type CatalogView, listNames, namesOf } from "./catalog_view.ts";
import { rowOfInexact } from "./inexact_name.ts";
import type { KeptOrders, OrderName } from "./kept_orders.ts";
import { nameKey } from "./song_name.ts";
import { foldSteps, type Forms, formsOf, type Tagged } from "./song_table.ts";
import { RollCall } from "./roll_call.ts";
import { sortInTurns } from "./sort_in_turns.ts";
import type { TextArena } from "./text_arena.ts";

/** Songs that a change of many adds at once: each time copies the list of all. */
const AT_ONCE = 1024;
/** The cost of that. */
const CHANGE_STEPS = 64;
/** Steps of reading one song from its shelf. */
const READ_STEPS = 8;

/** Where a catalogue keeps its songs; a `Map` is one. */
export interface Shelf<T> {
  get(name: string): T | undefined;
  set(name: string, song: T): unknown;
  delete(name: string): unknown;
}

/**
 * An index of songs, which keeps in memory only what it compares. Twins, songs
 * whose names differ only in case or normal form, are all kept.
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
  readonly #shelf: Shelf<T>;
  readonly #rows: CatalogRows;
  readonly #listeners = new Set<(name: string) => void>();

  /** @param seed A random number, against names that are chosen to slow it down. */
  constructor(
    songs: Iterable<T> = [],
    shelf: Shelf<T> = new Map<string, T>(),
    seed = 0,
  ) {
    this.#shelf = shelf;
    this.#rows = new CatalogRows(seed);
    const changes = new Map(Array.from(songs, (song) => [song.name, song]));
    for (const [name, song] of changes) shelf.set(name, song);
    const forms = Array.from(changes.values(), formsOf);
    const { table, byName } = this.#rows;
    const rows = forms.map((one) => table.add(one));
    this.#rows.commit(Uint32Array.from(rows).sort(byName), []);
  }

  /** Calls `changed` with the name of each song that is put, deleted or noted. */
  listen(changed: (name: string) => void): void {
    this.#listeners.add(changed);
  }

  /** Notes that something of a song has changed on its shelf. */
  note(name: string): void {
    for (const changed of this.#listeners) changed(name);
  }

  get size(): number {
    return this.#rows.all.length;
  }

  /** Rows of its songs, and of former ones. */
  get rowsInMemory(): number {
    return this.#rows.table.size;
  }

  /** Changes with the catalogue. */
  get version(): object {
    return this.#rows.all;
  }

  /** All songs, by name. */
  get songs(): T[] {
    const { table: { names }, all } = this.#rows;
    return Array.from(all, (row) => this.#shelf.get(names.at(row)))
      .filter((song) => song !== undefined);
  }

  /** What is known of all songs without their shelf, by name. */
  *list(): Generator<Listing> {
    const { table, all } = this.#rows;
    for (const row of all) {
      yield {
        name: table.names.at(row),
        isPlayable: table.isPlayable(row),
        hasCover: table.hasCover(row),
      };
    }
  }

  /** Begins to find out which of its songs are still there. */
  rollCall(): RollCall {
    return new RollCall(this.#rows.table.names, this.#rows.all);
  }

  has(name: string): boolean {
    return this.#rows.rowOf(name) !== undefined;
  }

  /** Whether there is a song with exactly this name, and it can be played. */
  isPlayable(name: string): boolean {
    const row = this.#rows.rowOf(name);
    return row !== undefined && this.#rows.table.isPlayable(row);
  }

  /** The song with exactly this name. */
  get(name: string): T | undefined {
    return this.has(name) ? this.#shelf.get(name) : undefined;
  }

  /** The names of songs with this name in any case and normal form. */
  twins(name: string): string[] {
    const { keys, table: { names } } = this.#rows;
    return keys.rowsOf(nameKey(name)).map((row) => names.at(row));
  }

  /**
   * Finds a song by its exact name, else by its name in any case and normal
   * form, with or without its ending.
   *
   * @throws {OndacastError} `ambiguous`, if several songs match.
   */
  find(name: string): T | undefined {
    const exact = this.get(name);
    if (exact) return exact;
    const { keys, table: { names } } = this.#rows;
    const row = rowOfInexact(name, keys, names);
    return row === undefined ? undefined : this.#shelf.get(names.at(row));
  }

  /** Adds a song, or replaces the one with the same name. */
  put(song: T): void {
    this.#shelf.set(song.name, song);
    const row = this.#rows.add(formsOf(song));
    if (row !== null) this.#rows.commit([row], []);
    this.note(song.name);
  }

  delete(name: string): void {
    this.#shelf.delete(name);
    this.#rows.commit([], [name]);
    this.note(name);
  }

  /**
   * Fills an empty catalogue with the songs of its shelf, by name.
   *
   * @param orders What {@linkcode orders} made of the same songs.
   * @returns Whether all orders are there and fit.
   */
  fill(
    songs: AsyncIterable<readonly Forms[]>,
    orders: KeptOrders = new Map(),
  ): Promise<boolean> {
    return this.#rows.fill(songs, orders);
  }

  /** All orders of its songs as they are now, to be kept for the next start. */
  orders(turns: Turns): AsyncGenerator<[OrderName, Uint32Array]> {
    return this.#rows.library.orders(this.#rows.all, turns);
  }

  /** Puts some songs and deletes others, in small steps. */
  async change(
    songs: Iterable<T>,
    deleted: readonly string[],
    turns: Turns,
  ): Promise<void> {
    const added = new Map<string, number>();
    const names = this.#listeners.size > 0 ? [...deleted] : [];
    for (const song of songs) {
      if (this.#listeners.size > 0) names.push(song.name);
      this.#shelf.set(song.name, song);
      const forms = formsOf(song);
      const row = this.#rows.add(forms);
      if (row === null) added.delete(song.name); // Of one name the last counts.
      else added.set(song.name, row);
      const pause = turns.next(foldSteps(forms.text));
      if (pause) await pause;
    }
    const rows = await sortInTurns(
      Uint32Array.from(added.values()),
      this.#rows.byName,
      turns,
    );
    for (let i = 0; i < rows.length || i < deleted.length; i += AT_ONCE) {
      const gone = deleted.slice(i, i + AT_ONCE);
      for (const name of gone) this.#shelf.delete(name);
      this.#rows.commit(rows.subarray(i, i + AT_ONCE), gone);
      const pause = turns.next(CHANGE_STEPS);
      if (pause) await pause;
    }
    for (const name of names) this.note(name);
    await this.#rows.forgetFormer(turns);
  }

  /**
   * Finds the songs that a query selects, in its order and in small steps.
   *
   * @param isOver Whether the result is no longer needed.
   * @throws {OndacastError} `not-found`, if `after` is not a cursor of that order.
   */
  async search(
    query: SongQuery,
    turns: Turns = AT_ONE_GO,
    isOver: () => boolean = () => false,
  ): Promise<Found<T>> {
    const { table: { names }, all, library } = this.#rows;
    const found = await library.songs(all, query, turns, isOver);
    return { ...found, rows: await this.#read(names, found.rows, all, turns) };
  }

  /** The names of the songs that {@linkcode search} finds. */
  async names(query: SongQuery, turns: Turns = AT_ONE_GO): Promise<string[]> {
    const { table: { names }, all, library } = this.#rows;
    const found = await library.songs(all, query, turns, () => false);
    return await namesOf(names, found.rows, turns);
  }

  /** Finds albums, as {@linkcode search} finds songs. */
  albums(
    query: AlbumQuery = {},
    turns: Turns = AT_ONE_GO,
    isOver: () => boolean = () => false,
  ): Promise<Listed<Album>> {
    return this.#rows.library.albums(this.#rows.all, query, turns, isOver);
  }

  /** Finds artists, as {@linkcode search} finds songs. */
  artists(
    query: ArtistQuery = {},
    turns: Turns = AT_ONE_GO,
    isOver: () => boolean = () => false,
  ): Promise<Listed<ArtistEntry>> {
    return this.#rows.library.artists(this.#rows.all, query, turns, isOver);
  }

  /** Makes all orders and groups before they are asked for. */
  async warm(turns: Turns): Promise<void> {
    for (const sort of ["natural", "album", "added", "title"] as const) {
      await this.view(sort, turns);
    }
    for (const sort of ["artist", "year", "added"] as const) {
      await this.albums({ sort, limit: 0 }, turns);
    }
  }

  /** Its rows as they are now, for what is selected by several steps. */
  async view(sort: SongSort, turns: Turns): Promise<CatalogView> {
    const { table, library, all } = this.#rows;
    const rows = await library.rowsBy(sort, all, turns);
    return {
      table,
      rows,
      albumsAndArtists: () => library.albumsAndArtists(all, turns),
      names: (rows) => listNames(table.names, rows, turns),
    };
  }

  /** Reads songs from their shelf, without those that are gone since `all` were there. */
  async #read(
    names: TextArena,
    rows: ArrayLike<number>,
    all: Uint32Array,
    turns: Turns,
  ): Promise<T[]> {
    const songs: T[] = [];
    for (let i = 0; i < rows.length; i++) {
      const name = names.at(rows[i]);
      // To find each song takes as long as to read it.
      const isThere = all === this.#rows.all || this.has(name);
      const song = isThere ? this.#shelf.get(name) : undefined;
      if (song !== undefined) songs.push(song);
      const pause = turns.next(READ_STEPS);
      if (pause) await pause;
    }
    return songs;
  }
}

export interface Listing {
  readonly name: string;
  readonly isPlayable: boolean;
  readonly hasCover: boolean;
}

const AT_ONE_GO: Turns = { next: () => null };
