/**
 * The album of a song: by its tags, else by its folder.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import type { SongTags } from "../ports/song_entry.ts";
import { foldedKey, foldTag } from "./natural_order.ts";
import { joinKeys, type SortKey } from "./sort_key.ts";

/** Identifies an album: songs with one album title that belong together. */
export interface AlbumId {
  /** As spelled by its songs. */
  readonly title: string;
  /** Equal for all songs of an album, and different for all others. */
  readonly id: string;
}

/** The parts of a song that tell its album. */
export interface InAlbum {
  readonly name: string;
  readonly tags?: Pick<SongTags, "album" | "albumArtist" | "disc">;
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
 * import { albumOf } from "./album_of.ts";
 * import assert from "node:assert/strict";
 *
 * const first = albumOf({ name: "Bach/CD 1/1.wav" });
 * assert.equal(first?.title, "Bach");
 * assert.equal(first?.id, albumOf({ name: "Bach/Disc2/1.wav" })?.id);
 * ```
 */
export function albumOf({ name, tags }: InAlbum): AlbumId | null {
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
export function discOf({ name, tags }: InAlbum): number | undefined {
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

/** The folded title in an {@linkcode AlbumId.id}. */
export function foldedTitleOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf("\0")));
}

/** The sort key of an album: its title, then the rest of its id. */
export function placeOfAlbum(id: string): SortKey {
  const [title, by = ""] = id.split("\0", 2);
  return joinKeys(foldedKey(title), foldedKey(by), id);
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
