/**
 * Groups songs into albums: by their tags, else by their folder.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import { bytesToSeconds } from "../audio/format.ts";
import type { AlbumEntry, AlbumFacts } from "../ports/library.ts";
import type { Turns } from "../ports/server.ts";
import { foldedNameOf, type Row, type Tagged } from "./catalog_rows.ts";
import { foldedKey, foldTag } from "./natural_order.ts";
import { changeSorted, type SortKey } from "./sort_key.ts";
import { tagValues } from "./tags.ts";

/** The artist of an album with several artists and no album artist. */
export const VARIOUS_ARTISTS = "Various artists";

/** Identifies an album: songs with one album title that belong together. */
export interface AlbumId {
  /** As spelled by its songs. */
  readonly title: string;
  /** Equal for all songs of an album, and different for all others. */
  readonly id: string;
}

const DISC_FOLDER = /^(?:cd|disc|disk) ?(\d{1,3})$/i;

/**
 * The album of a song, by folded title and album artist. Without an album artist,
 * the folder counts instead; subfolders such as `CD 1` and `Disc 2` count as one.
 * Without an album tag, the folder's name is the title.
 *
 * @returns Null if the song has neither an album tag nor a folder.
 *
 * @example
 * ```ts
 * import { albumOf } from "./albums.ts";
 * import assert from "node:assert/strict";
 *
 * const first = albumOf({ name: "Bach/CD 1/1.wav" });
 * assert.equal(first?.title, "Bach");
 * assert.equal(first?.id, albumOf({ name: "Bach/Disc2/1.wav" })?.id);
 * ```
 */
export function albumOf({ name, tags }: Tagged): AlbumId | null {
  const { album, albumArtist } = tags ?? {};
  if (album !== undefined && albumArtist !== undefined) {
    return { title: album, id: idOf(album, `a${foldTag(albumArtist)}`) };
  }
  const own = folderOf(name);
  const above = withoutDisc(own);
  // A disc's folder directly below the song folder has no parent with a name.
  const folder = album === undefined && above === "" ? own : above;
  const title = album ?? folder.slice(folder.lastIndexOf("/") + 1);
  return title === "" ? null : { title, id: idOf(title, `f${folder}`) };
}

/** The disc number of a song: from its tags, else from a folder such as `CD 2`. */
export function discOf({ name, tags }: Tagged): number | undefined {
  const folder = folderOf(name);
  const number = DISC_FOLDER.exec(folder.slice(folder.lastIndexOf("/") + 1));
  return tags?.disc ?? (number ? Number(number[1]) : undefined);
}

/** The key of an album by its {@linkcode AlbumId.id}, the same on every server. */
export function albumKey(id: string): string {
  const text = new TextEncoder().encode(`ondacast album key\n${id}`);
  return sha256(text).toHex().slice(0, KEY_DIGITS);
}

/** Hexadecimal digits of a key: 80 bits, so that collisions are negligible. */
const KEY_DIGITS = 20;

/** An album with its songs. */
export class Album<T extends Tagged> implements AlbumEntry {
  readonly id: string;
  readonly key: string;
  /** Its songs by disc, track and name. */
  rows: readonly Row<T>[] = [];
  facts: AlbumFacts = NO_FACTS;
  /** The number of songs of each artist, by folded name. */
  readonly artists = new Map<string, number>();

  constructor(id: string) {
    this.id = id;
    this.key = albumKey(id);
  }

  /** Adds songs and removes others, in small steps. */
  async change(
    added: readonly Row<T>[],
    removed: ReadonlySet<Row<T>>,
    turns: Turns,
  ): Promise<void> {
    this.rows = await changeSorted(
      ...[this.rows, added, removed, placeInAlbum, turns] as const,
    );
    this.facts = await factsOf(this.rows, turns);
  }
}

const NO_FACTS: AlbumFacts = {
  ...{ album: "", artist: "", seconds: 0, art: false, added: 0, text: "" },
};

/** The sort key of an album: its title, then the rest of its id. */
export function placeOfAlbum(id: string): SortKey {
  const [title, by = ""] = id.split("\0", 2);
  return [foldedKey(title), foldedKey(by), id];
}

/** The sort key of a song in its album. */
export function placeInAlbum(row: Row<Tagged>): SortKey {
  const { name, tags } = row.song;
  return [
    discOf(row.song) ?? 0,
    tags?.track ?? Infinity,
    foldedKey(foldedNameOf(row)),
    name,
  ];
}

/** @param rows In the order of the album. */
async function factsOf<T extends Tagged>(
  rows: readonly Row<T>[],
  turns: Turns,
): Promise<AlbumFacts> {
  if (rows.length === 0) return NO_FACTS;
  const artists = new Map<string, string>();
  let last: string | undefined;
  let albumArtist: string | undefined;
  let year: number | undefined;
  let seconds = 0;
  let added = 0;
  let art = false;
  for (const { song } of rows) {
    const { format, tags, added: seen = 0, hasArt, hasCover } = song;
    albumArtist ??= tags?.albumArtist;
    year ??= tags?.year;
    const artist = tags?.artist;
    if (artist !== undefined && artist !== last && artists.size < 2) {
      last = artist;
      const folded = foldTag(artist);
      if (!artists.has(folded)) artists.set(folded, artist);
    }
    if (format?.dataBytes) seconds += bytesToSeconds(format, format.dataBytes);
    added = Math.max(added, seen);
    art ||= hasArt === true || hasCover === true;
    const pause = turns.next(2);
    if (pause) await pause;
  }
  const [only = ""] = artists.values();
  const album = albumOf(rows[0].song)?.title ?? "";
  const artist = albumArtist ?? (artists.size > 1 ? VARIOUS_ARTISTS : only);
  return {
    ...{ album, artist, seconds, art, added },
    ...(year !== undefined && { year }),
    text: foldTag(`${album}\n${artist}`),
  };
}

/** Most artists that are read from a field. */
const MOST_ARTISTS = 8;

/** The artists of a song and of its album, as spelled by its tags. */
export function artistsOf({ tags }: Tagged): readonly string[] {
  const { artist, albumArtist } = tags ?? {};
  if (artist === albumArtist) return valuesOf(artist);
  return [...valuesOf(artist), ...valuesOf(albumArtist)];
}

const NO_ARTISTS: readonly string[] = [];

function valuesOf(field: string | undefined): readonly string[] {
  return field === undefined ? NO_ARTISTS : tagValues(field, MOST_ARTISTS);
}

function idOf(title: string, by: string): string {
  return `${foldTag(title)}\0${by}`;
}

/** The folder of a song; `""` for the song folder itself. */
function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}

function withoutDisc(folder: string): string {
  const from = folder.lastIndexOf("/") + 1;
  return DISC_FOLDER.test(folder.slice(from))
    ? folder.slice(0, Math.max(0, from - 1))
    : folder;
}
