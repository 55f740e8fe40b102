/**
 * The catalogue: finds songs by name, by search and by page.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type {
  AlbumQuery,
  ArtistEntry,
  ArtistQuery,
  Found,
  Listed,
  SongQuery,
  SongSort,
  Texts,
} from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { safeJson } from "../safe_text.ts";
import type { Album } from "./album.ts";
import type { AlbumsAndArtists } from "./albums_and_artists.ts";
import { editedRows } from "./edited_rows.ts";
import { rowsOfInexact } from "./inexact_name.ts";
import { Library } from "./library.ts";
import type { KeptOrders, OrderName } from "./kept_orders.ts";
import { NameKeys } from "./name_keys.ts";
import { nameKey } from "./song_name.ts";
import {
  foldSteps,
  type Forms,
  formsOf,
  SongTable,
  type Tagged,
} from "./song_table.ts";
import { placeOfName, RollCall } from "./roll_call.ts";
import { sortInTurns } from "./sort_in_turns.ts";
import type { TextArena } from "./text_arena.ts";
import { TextList } from "./text_list.ts";

/** Songs that a change of many adds at once: each time copies the list of all. */
const AT_ONCE = 1024;
/** The cost of that. */
const CHANGE_STEPS = 64;
/** Steps of reading one song from its shelf. */
const READ_STEPS = 8;
/** Rows of former songs beside which the table is made anew. */
const MOST_FORMER = 4096;

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
  readonly #seed: number;
  #table = new SongTable();
  /** By name. Replaced at each change, so that a running search keeps its own. */
  #rows: Uint32Array = new Uint32Array();
  #keys: NameKeys;
  #library = new Library(this.#table);
  readonly #listeners = new Set<(name: string) => void>();

  /** @param seed A random number, against names that are chosen to slow it down. */
  constructor(
    songs: Iterable<T> = [],
    shelf: Shelf<T> = new Map<string, T>(),
    seed = 0,
  ) {
    this.#shelf = shelf;
    this.#seed = seed;
    this.#keys = new NameKeys(this.#table.names, seed);
    const changes = new Map(Array.from(songs, (song) => [song.name, song]));
    for (const [name, song] of changes) shelf.set(name, song);
    const forms = Array.from(changes.values(), formsOf);
    const rows = forms.map((one) => this.#table.add(one));
    this.#commit(Uint32Array.from(rows).sort(this.#byName), []);
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
    return this.#rows.length;
  }

  /** Rows of its songs, and of former ones. */
  get rowsInMemory(): number {
    return this.#table.size;
  }

  /** Changes with the catalogue. */
  get version(): object {
    return this.#rows;
  }

  /** All songs, by name. */
  get songs(): T[] {
    return this.#songsOf(this.#rows);
  }

  /** What is known of all songs without their shelf, by name. */
  *list(): Generator<Listing> {
    const [table, rows] = [this.#table, this.#rows];
    for (const row of rows) {
      yield {
        name: table.names.at(row),
        isPlayable: table.isPlayable(row),
        hasCover: table.hasCover(row),
      };
    }
  }

  /** Begins to find out which of its songs are still there. */
  rollCall(): RollCall {
    return new RollCall(this.#table.names, this.#rows);
  }

  has(name: string): boolean {
    return this.#rowOf(name) !== undefined;
  }

  /** Whether there is a song with exactly this name, and it can be played. */
  isPlayable(name: string): boolean {
    const row = this.#rowOf(name);
    return row !== undefined && this.#table.isPlayable(row);
  }

  /** The song with exactly this name. */
  get(name: string): T | undefined {
    return this.has(name) ? this.#shelf.get(name) : undefined;
  }

  /** The names of songs with this name in any case and normal form. */
  twins(name: string): string[] {
    const rows = this.#keys.rowsOf(nameKey(name));
    return rows.map((row) => this.#table.names.at(row));
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
    const { names } = this.#table;
    const rows = rowsOfInexact(name, this.#keys, names);
    if (rows.length === 0) return undefined;
    if (rows.length === 1) return this.#shelf.get(names.at(rows[0]));
    throw ambiguous(name, rows, names);
  }

  /** Adds a song, or replaces the one with the same name. */
  put(song: T): void {
    this.#shelf.set(song.name, song);
    const forms = formsOf(song);
    const known = this.#rowOf(song.name);
    const isSame = known !== undefined && this.#table.has(known, forms);
    if (!isSame) this.#commit([this.#table.add(forms)], []);
    this.note(song.name);
  }

  delete(name: string): void {
    this.#shelf.delete(name);
    this.#commit([], [name]);
    this.note(name);
  }

  /**
   * Fills an empty catalogue with the songs of its shelf, by name.
   *
   * @param orders What {@linkcode orders} made of the same songs.
   * @returns Whether all orders are there and fit.
   */
  async fill(
    songs: AsyncIterable<readonly Forms[]>,
    orders: KeptOrders = new Map(),
  ): Promise<boolean> {
    for await (const some of songs) {
      for (const forms of some) this.#keys.add(this.#table.add(forms));
    }
    this.#rows = new Uint32Array(this.#table.size).map((_, i) => i);
    return this.#library.take(this.#rows, orders);
  }

  /** All orders of its songs as they are now, to be kept for the next start. */
  orders(turns: Turns): AsyncGenerator<[OrderName, Uint32Array]> {
    return this.#library.orders(this.#rows, turns);
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
      const known = this.#rowOf(song.name);
      const isSame = known !== undefined && this.#table.has(known, forms);
      if (isSame) added.delete(song.name); // Of songs of one name the last counts.
      else added.set(song.name, this.#table.add(forms));
      const pause = turns.next(foldSteps(forms.text));
      if (pause) await pause;
    }
    const rows = await sortInTurns(
      Uint32Array.from(added.values()),
      this.#byName,
      turns,
    );
    for (let i = 0; i < rows.length || i < deleted.length; i += AT_ONCE) {
      const gone = deleted.slice(i, i + AT_ONCE);
      for (const name of gone) this.#shelf.delete(name);
      this.#commit(rows.subarray(i, i + AT_ONCE), gone);
      const pause = turns.next(CHANGE_STEPS);
      if (pause) await pause;
    }
    for (const name of names) this.note(name);
    if (this.#table.size > 2 * this.size + MOST_FORMER) {
      await this.#forgetFormer(turns);
    }
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
    const { names } = this.#table;
    const all = this.#rows;
    const found = await this.#library.songs(all, query, turns, isOver);
    return { ...found, rows: await this.#read(names, found.rows, all, turns) };
  }

  /** The names of the songs that {@linkcode search} finds. */
  async names(query: SongQuery, turns: Turns = AT_ONE_GO): Promise<string[]> {
    const { names } = this.#table;
    const isOver = () => false;
    const found = await this.#library.songs(this.#rows, query, turns, isOver);
    return await namesOf(names, found.rows, turns);
  }

  /** Finds albums, as {@linkcode search} finds songs. */
  albums(
    query: AlbumQuery = {},
    turns: Turns = AT_ONE_GO,
    isOver: () => boolean = () => false,
  ): Promise<Listed<Album>> {
    return this.#library.albums(this.#rows, query, turns, isOver);
  }

  /** Finds artists, as {@linkcode search} finds songs. */
  artists(
    query: ArtistQuery = {},
    turns: Turns = AT_ONE_GO,
    isOver: () => boolean = () => false,
  ): Promise<Listed<ArtistEntry>> {
    return this.#library.artists(this.#rows, query, turns, isOver);
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
  async view(sort: SongSort, turns: Turns): Promise<View> {
    const [table, library, all] = [this.#table, this.#library, this.#rows];
    const rows = await library.rowsBy(sort, all, turns);
    return {
      table,
      rows,
      albumsAndArtists: () => library.albumsAndArtists(all, turns),
      names: (rows) =>
        rows.length > MOST_STRINGS
          ? TextList.of(table.names, rows, turns)
          : namesOf(table.names, rows, turns),
    };
  }

  #byName = (a: number, b: number): number => this.#table.names.compare(a, b);

  #rowOf(name: string): number | undefined {
    const { names } = this.#table;
    const row = this.#rows[placeOfName(names, this.#rows, name)];
    return row !== undefined && names.at(row) === name ? row : undefined;
  }

  /** Puts rows, which are sorted by name, in place of those with their names. */
  #commit(added: Iterable<number>, gone: readonly string[]): void {
    const { names } = this.#table;
    const edited = editedRows(names, this.#rows, added, gone);
    if (edited.added.length + edited.gone.length === 0) return;
    for (const row of edited.gone) this.#keys.delete(row);
    for (const row of edited.added) this.#keys.add(row);
    this.#rows = edited.rows;
  }

  /** Makes the table anew, without the rows of former songs. */
  async #forgetFormer(turns: Turns): Promise<void> {
    const [before, rows] = [this.#table, this.#rows];
    const table = new SongTable();
    const keys = new NameKeys(table.names, this.#seed);
    for (const row of rows) {
      keys.add(table.add(before.forms(row)));
      const pause = turns.next(2);
      if (pause) await pause;
    }
    if (rows !== this.#rows) return; // The next change tries again.
    this.#table = table;
    this.#keys = keys;
    this.#rows = rows.map((_, place) => place);
    this.#library = new Library(table);
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
      const isThere = all === this.#rows || this.has(name);
      const song = isThere ? this.#shelf.get(name) : undefined;
      if (song !== undefined) songs.push(song);
      const pause = turns.next(READ_STEPS);
      if (pause) await pause;
    }
    return songs;
  }

  #songsOf(rows: ArrayLike<number>): T[] {
    const { names } = this.#table;
    return Array.from(rows, (row) => this.#shelf.get(names.at(row)))
      .filter((song) => song !== undefined);
  }
}

export interface Listing {
  readonly name: string;
  readonly isPlayable: boolean;
  readonly hasCover: boolean;
}

/** The rows of a catalogue in an order, as they were at one time. */
export interface View {
  readonly table: SongTable;
  readonly rows: Uint32Array;
  albumsAndArtists(): Promise<AlbumsAndArtists>;
  /** The names of rows, in small steps. */
  names(rows: ArrayLike<number> & Iterable<number>): Promise<Texts>;
}

async function namesOf(
  names: TextArena,
  rows: Iterable<number>,
  turns: Turns,
): Promise<string[]> {
  const found: string[] = [];
  for (const row of rows) {
    found.push(names.at(row));
    const pause = turns.next();
    if (pause) await pause;
  }
  return found;
}

/** A list of more names is kept without strings. */
const MOST_STRINGS = 1000;

const AT_ONE_GO: Turns = { next: () => null };

function ambiguous(
  name: string,
  rows: readonly number[],
  names: TextArena,
): OndacastError {
  const some = rows.slice(0, 5).map((row) => safeJson(names.at(row)));
  if (rows.length > some.length) some.push("…");
  return new OndacastError(
    "ambiguous",
    `Cannot choose one song: ${safeJson(name)} matches ${some.join(", ")}`,
  );
}
