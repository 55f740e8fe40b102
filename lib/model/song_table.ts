/**
 * The columns of a catalogue: of each song the forms that are compared, and
 * nothing else, in arrays of bytes and numbers. A row takes some 250 bytes.
 *
 * @module
 */

import { bytesToSeconds, type SongFormat } from "../audio/format.ts";
import type { SongTags } from "../ports/song_entry.ts";
import { albumOf, discOf } from "./album_of.ts";
import { foldTag, foldText } from "./natural_order.ts";
import { NumberRows } from "./number_rows.ts";
import { titleOf } from "./tags.ts";
import { TextArena } from "./text_arena.ts";

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

/** What it takes to make a form of a name, in steps of `Turns`: some 15 us. */
export const FORM_STEPS = 8;

/** The texts of a row that many songs share; `""` for an absent one. */
const SHARED = ["artist", "albumArtist", "albumTitle", "genre"] as const;
/** The whole numbers of a row, of 32 bits; -1 for an absent one. */
const WHOLE = [...SHARED, "album", "title", "track", "disc", "year", "flags"];
/** Its other numbers. */
const REAL = ["added", "seconds"];

type Shared = typeof SHARED[number];
/** Where each number of a row stands. */
const AT = Object.fromEntries(
  [WHOLE, REAL].flatMap((names) => names.map((name, i) => [name, i])),
) as
  & Record<
    Shared | "album" | "title" | "track" | "disc" | "year" | "flags" | "added",
    number
  >
  & { seconds: number };

const FLAGS = { art: 1, cover: 2, playable: 4 } as const;
/** A title is a part of the row's text: its start times this, plus its length. */
const TITLE_START = 8192;

/** The forms of a song that are compared. */
export interface Forms {
  readonly name: string;
  /** The folded name, and behind it the folded tags that it does not contain. */
  readonly text: string;
  /** The identity of its album; `""` if it has none. */
  readonly album: string;
  readonly shared: readonly string[];
  /** From `title` to `flags`. */
  readonly whole: readonly number[];
  readonly real: readonly number[];
}

/** Numbers for equal texts. 0 is the empty text. */
export class TextNumbers {
  readonly texts: string[] = [""];
  readonly #numbers = new Map([["", 0]]);

  /** 0 if it has none. */
  find(text: string): number {
    return this.#numbers.get(text) ?? 0;
  }

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      this.texts.push(text);
      this.#numbers.set(text, number);
    }
    return number;
  }
}

/** Rows of songs by number, from 0. A row never changes, and none is taken out. */
export class SongTable {
  readonly names = new TextArena();
  readonly texts = new TextArena();
  /** Texts of tags, as they are spelled. */
  readonly shared = new TextNumbers();
  /** The identities of albums. */
  readonly albums = new TextNumbers();
  readonly #whole = new NumberRows(WHOLE.length, Int32Array);
  readonly #real = new NumberRows(REAL.length, Float64Array);

  get size(): number {
    return this.names.size;
  }

  /** Adds a row, and returns its number. */
  add(forms: Forms): number {
    this.names.push(forms.name);
    this.texts.push(forms.text);
    this.#real.push(forms.real);
    return this.#whole.push(this.#wholeOf(forms));
  }

  /** Whether a row has these forms. */
  has(row: number, forms: Forms): boolean {
    return this.names.at(row) === forms.name &&
      this.texts.at(row) === forms.text &&
      this.#real.equals(row, forms.real) &&
      this.#whole.equals(row, this.#wholeOf(forms));
  }

  /** The forms of a row, for another table. */
  forms(row: number): Forms {
    const whole = WHOLE.map((_, i) => this.#whole.get(row, i));
    return {
      name: this.names.at(row),
      text: this.texts.at(row),
      album: this.albums.texts[this.album(row)],
      shared: SHARED.map((_, i) => this.shared.texts[whole[i]]),
      whole: whole.slice(AT.title),
      real: REAL.map((_, i) => this.#real.get(row, i)),
    };
  }

  /** The folded name, which holds no line break. */
  foldedName(row: number): string {
    const text = this.texts.at(row);
    const end = text.indexOf("\n");
    return end === -1 ? text : text.slice(0, end);
  }

  foldedTitle(row: number): string {
    const place = this.#whole.get(row, AT.title);
    if (place === -1) return foldTag(titleOf(this.names.at(row)));
    const start = Math.floor(place / TITLE_START);
    return this.texts.at(row).slice(start, start + place % TITLE_START);
  }

  /** The number of a text that songs share, in `shared`. */
  number(row: number, text: Shared): number {
    return this.#whole.get(row, AT[text]);
  }

  /** The number of its album, in `albums`. */
  album(row: number): number {
    return this.#whole.get(row, AT.album);
  }

  track(row: number): number | undefined {
    return this.#optional(row, AT.track);
  }

  disc(row: number): number | undefined {
    return this.#optional(row, AT.disc);
  }

  year(row: number): number | undefined {
    return this.#optional(row, AT.year);
  }

  added(row: number): number {
    return this.#real.get(row, AT.added);
  }

  seconds(row: number): number {
    return this.#real.get(row, AT.seconds);
  }

  hasArt(row: number): boolean {
    return (this.#flags(row) & (FLAGS.art | FLAGS.cover)) !== 0;
  }

  hasCover(row: number): boolean {
    return (this.#flags(row) & FLAGS.cover) !== 0;
  }

  isPlayable(row: number): boolean {
    return (this.#flags(row) & FLAGS.playable) !== 0;
  }

  #flags(row: number): number {
    return this.#whole.get(row, AT.flags);
  }

  #optional(row: number, field: number): number | undefined {
    const value = this.#whole.get(row, field);
    return value === -1 ? undefined : value;
  }

  #wholeOf({ album, shared, whole }: Forms): number[] {
    const numbers = shared.map((text) => this.shared.of(text));
    return [...numbers, this.albums.of(album), ...whole];
  }
}

/** Changes with what {@linkcode formsOf} makes of a song. */
export const FORMS_REVISION = 1;

/** Forms as text, to be kept with a song. */
export function formsText(forms: Forms): string {
  const { text, album, shared, whole, real } = forms;
  return JSON.stringify([FORMS_REVISION, text, album, shared, whole, real]);
}

/** The forms of a song from a text; undefined if another revision made it. */
export function parseForms(name: string, kept: string): Forms | undefined {
  const [revision, text, album, shared, whole, real] = JSON.parse(kept);
  if (revision !== FORMS_REVISION) return undefined;
  return { name, text, album, shared, whole, real };
}

/** The steps of folding a text, some of which grow far by it. */
export function foldSteps(text: string): number {
  return FORM_STEPS + (text.length >> 4);
}

/** Makes the forms of a song. */
export function formsOf(song: Tagged): Forms {
  const { name, tags = {}, format, added = 0, hasArt, hasCover } = song;
  const { artist = "", albumArtist = "", album = "", genre = "" } = tags;
  let text = foldText(name);
  let title = -1;
  for (const tag of [tags.title, artist, album, albumArtist, genre]) {
    if (tag === undefined || tag === "") continue;
    const words = foldTag(tag);
    let start = text.indexOf(words);
    if (start === -1) {
      start = text.length + 1;
      text += `\n${words}`;
    }
    if (tag === tags.title) title = start * TITLE_START + words.length;
  }
  const flags = (hasArt ? FLAGS.art : 0) | (hasCover ? FLAGS.cover : 0) |
    (format ? FLAGS.playable : 0);
  const { track = -1, year = -1 } = tags;
  return {
    ...{ name, text, album: albumOf(song)?.id ?? "" },
    shared: [artist, albumArtist, album, genre],
    whole: [title, track, discOf(song) ?? -1, year, flags],
    real: [
      added,
      format?.dataBytes ? bytesToSeconds(format, format.dataBytes) : 0,
    ],
  };
}
