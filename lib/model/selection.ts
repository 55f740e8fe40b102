/**
 * Selections: texts by which a person names songs to play, cast or list.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { safeJson, safeText } from "../safe_text.ts";
import type { Selected } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import type { Catalog } from "./catalog.ts";
import type { CatalogView } from "./catalog_view.ts";
import type { AlbumsAndArtists } from "./albums_and_artists.ts";
import { findRows } from "./find_rows.ts";
import { foldTag, foldText } from "./natural_order.ts";
import { isRowOf } from "./song_search.ts";
import type { SongTable, Tagged } from "./song_table.ts";
import { sortInTurns } from "./sort_in_turns.ts";

/** Most songs of a selection, and of all songs. */
export const MAX_SELECTED = { one: 10_000, all: 100_000 } as const;

export type Selection =
  /** A song; `outright`: by `song:NAME`. */
  | { kind: "song"; name: string; outright: boolean }
  | { kind: "folder" | "album" | "artist" | "playlist"; name: string }
  | { kind: "all" };

/**
 * Parses a selection: `song:NAME`, a folder with `/` at its end,
 * `album:KEY` or `album:TITLE`, `artist:NAME`, `playlist:NAME`, `*` for all
 * songs, else the name of a song.
 *
 * @example
 * ```ts
 * import { parseSelection } from "./selection.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseSelection("live/"), { kind: "folder", name: "live" });
 * assert.deepEqual(parseSelection("Album:Goldberg"), {
 *   kind: "album",
 *   name: "Goldberg",
 * });
 * ```
 */
export function parseSelection(text: string): Selection {
  if (text === "*") return { kind: "all" };
  const kind = /^(song|album|artist|playlist):/i.exec(text)?.[1].toLowerCase();
  const name = kind === undefined ? text : text.slice(kind.length + 1);
  if (kind === "song") return { kind, name, outright: true };
  if (kind === "album" || kind === "artist" || kind === "playlist") {
    return { kind, name };
  }
  return text.length > 1 && text.endsWith("/")
    ? { kind: "folder", name: text.slice(0, -1) }
    : { kind: "song", name, outright: false };
}

/** Whether a text may select anything other than a song of exactly that name. */
export function isSelection(text: string): boolean {
  const selection = parseSelection(text);
  return selection.kind !== "song" || selection.outright;
}

/** The songs and playlists to select from. */
export interface SelectFrom<T extends Tagged> {
  catalog: Catalog<T>;
  /** The entries of each playlist, by its name. */
  playlists: ReadonlyMap<string, readonly (string | null)[]>;
  turns: Turns;
  /** Whether the result is no longer needed. */
  isOver?: () => boolean;
}

/**
 * Selects songs: a playlist's in its order; an album's by disc, track and name;
 * an artist's albums by year and title; a folder's, and all, by natural name. A
 * text that is exactly a song's name selects that song in any case.
 *
 * @throws {OndacastError} `not-found`; `ambiguous`, if several albums have that
 * title; `too-large`.
 */
export async function selectSongs<T extends Tagged>(
  text: string,
  from: SelectFrom<T>,
): Promise<Selected> {
  if (from.catalog.has(text)) return { songs: [text], compared: 1 };
  const selection = parseSelection(text);
  const selected = await SELECT[selection.kind](selection as never, from);
  if (selected.songs.length === 0) throw nothing(text);
  checkLength(text, selected.songs.length, from.catalog.size);
  return selected;
}

type Select = <T extends Tagged>(
  selection: { name: string; outright?: boolean },
  from: SelectFrom<T>,
) => Selected | Promise<Selected>;

const SELECT: Record<Selection["kind"], Select> = {
  song({ name, outright }, { catalog }) {
    const found = outright ? catalog.get(name) : catalog.find(name);
    return { songs: found === undefined ? [] : [found.name], compared: 1 };
  },

  async folder({ name }, { catalog, turns, isOver }) {
    const view = await catalog.view("natural", turns);
    const found = await matching(view, { folder: name }, turns, isOver);
    const songs = await view.names(found.rows);
    return { songs, compared: found.compared };
  },

  async all(_, { catalog, turns }) {
    const { rows, names } = await catalog.view("natural", turns);
    const some = rows.subarray(0, MAX_SELECTED.all + 1);
    return { songs: await names(some), compared: some.length };
  },

  async album({ name }, { catalog, turns }) {
    const { table, albumsAndArtists, names } = await catalog.view(
      "natural",
      turns,
    );
    const all = await albumsAndArtists();
    const album = await all.find(name, turns) ??
      await titled(all, table, name, turns);
    const rows = album === undefined ? [] : all.rowsOf(album);
    const compared = all.albums.length + rows.length;
    return { songs: await names(rows), compared };
  },

  async artist({ name }, { catalog, turns, isOver }) {
    const view = await catalog.view("album", turns);
    const found = await matching(view, { artist: name }, turns, isOver);
    const years = await yearsOf(view, found.rows, turns);
    // The rows are in order of album titles, which a stable sort preserves.
    const sorted = await sortInTurns(
      Uint32Array.from(found.rows),
      (a, b) => compareYears(years.get(a)!, years.get(b)!),
      turns,
    );
    return { songs: await view.names(sorted), compared: found.compared };
  },

  async playlist({ name }, { catalog, playlists, turns }) {
    const entries = await findPlaylist(playlists, name, turns) ?? [];
    const { songs, compared } = await songsOfPlaylist(entries, catalog, turns);
    return {
      songs: songs.filter((song) => song !== undefined),
      compared: compared +
        (playlists.has(name) ? 0 : FIND_STEPS * playlists.size),
    };
  },
};

/** Steps of finding a song or playlist by an inexact name, which is folded. */
const FIND_STEPS = 8;

/** The name of the song of each entry; undefined if it does not exist. */
export async function songsOfPlaylist<T extends Tagged>(
  entries: readonly (string | null)[],
  catalog: Catalog<T>,
  turns: Turns,
): Promise<{ songs: (string | undefined)[]; compared: number }> {
  const songs: (string | undefined)[] = [];
  let compared = 0;
  for (const name of entries) {
    let song = name !== null && catalog.has(name) ? name : undefined;
    if (song === undefined && name !== null) {
      const twins = catalog.twins(name);
      if (twins.length === 1) song = twins[0];
    }
    songs.push(song);
    const steps = song === name ? 1 : FIND_STEPS;
    compared += steps;
    const pause = turns.next(steps);
    if (pause) await pause;
  }
  return { songs, compared };
}

/** The entries of a playlist, by its name in any case and without its ending. */
async function findPlaylist(
  playlists: SelectFrom<Tagged>["playlists"],
  name: string,
  turns: Turns,
): Promise<readonly (string | null)[] | undefined> {
  const exact = playlists.get(name);
  if (exact !== undefined) return exact;
  const bare = (text: string) => foldText(text).replace(/\.m3u8?$/, "");
  const wanted = bare(name);
  const found: [string, readonly (string | null)[]][] = [];
  for (const playlist of playlists) {
    const other = bare(playlist[0]);
    if (other === wanted || other.endsWith(`/${wanted}`)) found.push(playlist);
    const pause = turns.next(FIND_STEPS);
    if (pause) await pause;
  }
  if (found.length <= 1) return found[0]?.[1];
  throw new OndacastError(
    "ambiguous",
    `Cannot choose one playlist: ${safeJson(name)} matches ${
      some(found.map(([other]) => safeJson(other)))
    }`,
  );
}

/** The only album of a title. @throws {OndacastError} `ambiguous`. */
async function titled(
  groups: AlbumsAndArtists,
  table: SongTable,
  title: string,
  turns: Turns,
): Promise<number | undefined> {
  const wanted = `${foldTag(title)}\0`;
  const found: number[] = [];
  for (const album of groups.albums) {
    if (table.albums.texts[album].startsWith(wanted)) found.push(album);
    const pause = turns.next();
    if (pause) await pause;
  }
  if (found.length <= 1) return found[0];
  const artists = found.slice(0, SHOWN + 1).map((album) => {
    const { key, facts: { artist } } = groups.album(album);
    return `${safeText(artist) || "unknown artist"} (album:${key})`;
  });
  throw new OndacastError(
    "ambiguous",
    `Cannot choose one album: ${safeJson(title)} is by ${some(artists)}`,
  );
}

/** Most texts that are listed in an error. */
const SHOWN = 5;

function some(texts: readonly string[]): string {
  const shown = texts.slice(0, SHOWN).join(", ");
  return texts.length > SHOWN ? `${shown}, …` : shown;
}

function matching(
  { table, rows }: CatalogView,
  query: { folder?: string; artist?: string },
  turns: Turns,
  isOver?: () => boolean,
) {
  const limit = MAX_SELECTED.one + 1;
  const is = isRowOf(table, query);
  const sought = { first: 0, limit, is, size: table.size };
  return findRows(rows, sought, turns, isOver);
}

const NO_ROWS = new Uint32Array();

/** The year of the album of each row, else its own. */
async function yearsOf(
  { table, albumsAndArtists }: CatalogView,
  rows: readonly number[],
  turns: Turns,
): Promise<Map<number, number>> {
  const all = await albumsAndArtists();
  const ofAlbums = new Map<number, number | undefined>();
  const years = new Map<number, number>();
  for (const row of rows) {
    const album = table.album(row);
    const songs = ofAlbums.has(album) ? NO_ROWS : all.rowsOf(album);
    if (songs !== NO_ROWS) ofAlbums.set(album, yearOf(table, songs));
    years.set(row, ofAlbums.get(album) ?? table.year(row) ?? Infinity);
    const pause = turns.next(1 + songs.length);
    if (pause) await pause;
  }
  return years;
}

/** Of the first song of an album that has one. */
function yearOf(table: SongTable, rows: Uint32Array): number | undefined {
  const first = rows.find((row) => table.year(row) !== undefined);
  return first === undefined ? undefined : table.year(first);
}

function compareYears(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nothing(text: string): OndacastError {
  return new OndacastError(
    "not-found",
    `Cannot find any song that matches ${safeJson(text.slice(0, 256))}`,
  );
}

function checkLength(text: string, songs: number, all: number): void {
  const most = text === "*" ? MAX_SELECTED.all : MAX_SELECTED.one;
  if (songs <= most) return;
  throw new OndacastError(
    "too-large",
    `Cannot select ${
      safeJson(text.slice(0, 256))
    }: it matches more than ${most} of ${all} songs`,
  );
}
