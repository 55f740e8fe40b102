/**
 * The rows of a catalogue: songs with the forms of their names and tags that are
 * compared.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";
import type { SongTags } from "../ports/song_entry.ts";
import { foldTag, foldText } from "./natural_order.ts";
import { nameKey } from "./song_name.ts";

/** Anything identified by a song's name. */
export interface Named {
  readonly name: string;
}

/** A song, with what it may say of itself. */
export interface Tagged extends Named {
  readonly tags?: SongTags;
  readonly format?: SongFormat | null;
  /** When it was first seen, in seconds since 1970. */
  readonly added?: number;
  readonly hasArt?: boolean;
  readonly hasCover?: boolean;
}

/** A song with the forms of it that are compared. */
export interface Row<T> {
  readonly song: T;
  readonly key: string;
  /** The folded name, and behind it the folded tags that it does not contain. */
  readonly text: string;
  /** The album that it was grouped into. */
  album?: object;
}

/** What it takes to make a form of a name, in steps of `Turns`: some 15 us. */
export const FORM_STEPS = 8;

/**
 * Makes the row of a song.
 *
 * @param before The row of a song with the same name, whose forms are reused.
 */
export function rowOf<T extends Tagged>(song: T, before?: Row<T>): Row<T> {
  if (before?.song === song) return before;
  if (before && before.song.tags === song.tags) {
    return { song, key: before.key, text: before.text };
  }
  const key = before?.key ?? nameKey(song.name);
  return { song, key, text: textOf(song, key) };
}

/** The folded name of a row's song, which holds no line break. */
export function foldedNameOf({ text }: Pick<Row<unknown>, "text">): string {
  const end = text.indexOf("\n");
  return end === -1 ? text : text.slice(0, end);
}

/** The steps of folding the tags of a row, some of which grow far by it. */
export function foldSteps({ text }: Pick<Row<unknown>, "text">): number {
  return FORM_STEPS + (text.length >> 4);
}

/** Compares rows by name, in UTF-16 code units. */
export function byRowName<T extends Named>(a: Row<T>, b: Row<T>): number {
  const [{ name }, { name: other }] = [a.song, b.song];
  return name < other ? -1 : name > other ? 1 : 0;
}

function textOf({ name, tags }: Tagged, key: string): string {
  const folded = foldText(name);
  // Usually equal; then only one string is kept in memory.
  let text = folded === key ? key : folded;
  if (tags === undefined) return text;
  const { title, artist, album, albumArtist, genre } = tags;
  for (const tag of [title, artist, album, albumArtist, genre]) {
    if (tag === undefined) continue;
    const words = foldTag(tag);
    if (!text.includes(words)) text += `\n${words}`;
  }
  return text;
}
