/**
 * Numbers for the albums and artists of a catalogue, which stay the same whatever
 * songs come and go.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";
import { albumKey, placeOfAlbum } from "./album_of.ts";
import { foldedKey, foldTag } from "./natural_order.ts";
import { FORM_STEPS, type SongTable, TextNumbers } from "./song_table.ts";
import { changeSorted, joinKeys, type SortKey } from "./sort_key.ts";
import { tagValues } from "./tags.ts";

/** The folded name of an artist. */
export function artistKey(artist: string): string {
  return foldTag(artist);
}

/** The sort key of an artist. */
export function placeOfArtist(key: string): SortKey {
  return joinKeys(foldedKey(key), key);
}

/** Most artists that are read from a field. */
const MOST_OF_FIELD = 8;
/** Most artists that are listed; songs of further ones can still be searched. */
const MOST_ARTISTS = 200_000;

const NO_ARTISTS: readonly number[] = [];

export class Numbering {
  readonly table: SongTable;
  /** Artists by their keys. */
  readonly artists = new TextNumbers();
  /** Their names, as their first song spells them. */
  readonly spelled: string[] = [""];
  readonly #keys: string[] = [];
  readonly #byKey = new Map<string, number>();
  /** The artists in each of the texts that songs share; only one is no list. */
  readonly #ofText: (number | readonly number[])[] = [NO_ARTISTS];
  /** All albums by title, and all artists by name. */
  #albumOrder: Uint32Array = new Uint32Array();
  #artistOrder: Uint32Array = new Uint32Array();

  constructor(table: SongTable) {
    this.table = table;
  }

  /** The key of an album, which takes long to compute. */
  keyOf(album: number): string {
    let key = this.#keys[album];
    if (key === undefined) {
      key = this.#keys[album] = albumKey(this.table.albums.texts[album]);
      this.#byKey.set(key, album);
    }
    return key;
  }

  /** The album of a key, in small steps; undefined if there is none. */
  async albumOf(key: string, turns: Turns): Promise<number | undefined> {
    const { texts } = this.table.albums;
    for (let album = 1; album < texts.length; album++) {
      if (this.#byKey.has(key)) break;
      if (this.#keys[album] !== undefined) continue;
      this.keyOf(album);
      const pause = turns.next(FORM_STEPS);
      if (pause) await pause;
    }
    return this.#byKey.get(key);
  }

  /** Calls back with each artist of a song and of its album. */
  eachArtist(row: number, call: (artist: number) => void): void {
    const artists = this.#artistsIn(this.table.number(row, "artist"));
    const others = this.#artistsIn(this.table.number(row, "albumArtist"));
    if (typeof artists === "number") call(artists);
    else artists.forEach(call);
    if (artists === others) return;
    const isOther = (artist: number) =>
      typeof artists === "number"
        ? artist !== artists
        : !artists.includes(artist);
    if (typeof others !== "number") others.filter(isOther).forEach(call);
    else if (isOther(others)) call(others);
  }

  hasArtist(row: number, artist: number): boolean {
    let has = false;
    this.eachArtist(row, (one) => has ||= one === artist);
    return has;
  }

  /** Takes over the order of all albums by title. */
  takeAlbumOrder(order: Uint32Array): void {
    this.#albumOrder = order;
  }

  async albumOrder(turns: Turns): Promise<Uint32Array> {
    const { texts } = this.table.albums;
    return this.#albumOrder = await this.#grown(
      ...[this.#albumOrder, texts, placeOfAlbum, turns] as const,
    );
  }

  async artistOrder(turns: Turns): Promise<Uint32Array> {
    const { texts } = this.artists;
    return this.#artistOrder = await this.#grown(
      ...[this.#artistOrder, texts, placeOfArtist, turns] as const,
    );
  }

  #grown(
    order: Uint32Array,
    texts: readonly string[],
    placeOf: (text: string) => SortKey,
    turns: Turns,
  ): Promise<Uint32Array> {
    const added: number[] = [];
    for (let n = order.length + 1; n < texts.length; n++) added.push(n);
    const keyOf = (number: number) => placeOf(texts[number]);
    return changeSorted(order, added, new Set(), keyOf, turns);
  }

  #artistsIn(text: number): number | readonly number[] {
    const known = this.#ofText[text];
    if (known !== undefined) return known;
    const names = tagValues(this.table.shared.texts[text], MOST_OF_FIELD);
    const numbers = new Set(names.map((name) => this.#artist(name)));
    numbers.delete(0);
    const [first] = numbers;
    return this.#ofText[text] = numbers.size === 1 ? first : [...numbers];
  }

  /** 0 if there are too many. */
  #artist(name: string): number {
    const isFull = this.artists.texts.length > MOST_ARTISTS;
    const number = isFull
      ? this.artists.find(artistKey(name))
      : this.artists.of(artistKey(name));
    this.spelled[number] ??= name;
    return number;
  }
}
