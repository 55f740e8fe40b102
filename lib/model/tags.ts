/**
 * Converts the tags of a song, of any format, to the fields of its row.
 *
 * @module
 */

import type { SongGain, SongTags } from "../ports/song_entry.ts";
import { isUnsafeText } from "../safe_text.ts";
import { genreName } from "./id3_genres.ts";
import { withoutEnding } from "./song_name.ts";

/** A key as spelled by its tag format, and its value. */
export type RawTag = readonly [key: string, value: string];

/** The longest text, in characters (Unicode code points). */
export const MAX_TAG_TEXT = 256;
/** Most pairs that are read, and UTF-16 units of each value. */
const MOST_PAIRS = 1024;
const MOST_UNITS = 4096;
/** Most values of one field that are read. */
const MOST_VALUES = 64;
/** Separates several values of a field. */
const BETWEEN = "; ";

type Text = "title" | "artist" | "album" | "albumArtist" | "genre";
type Field =
  | Text
  | "track"
  | "disc"
  | "year"
  | "trackGain"
  | "albumGain"
  | "peak"
  | "r128Track"
  | "r128Album";

/** The folded keys of each field: this project's own, then those found in files. */
const KEYS: Record<Field, string> = {
  title: "title tracktitle tit2 tt2 ©nam inam titl",
  artist: "artist tpe1 tp1 ©art iart author",
  album: "album talb tal ©alb iprd ialb",
  albumArtist: "albumartist tpe2 tp2 aart iaar ensemble",
  genre: "genre tcon tco ©gen gnre ignr",
  track: "track tracknumber trck trk trkn itrk iprt tracknum",
  disc: "disc discnumber tpos tpa disk disknumber ipos part",
  year: "date year tdrc tyer tye tdrl tdor tory ©day icrd recordingdate " +
    "releasedate originaldate",
  trackGain: "trackgain replaygaintrackgain",
  albumGain: "albumgain replaygainalbumgain",
  peak: "trackpeak replaygaintrackpeak",
  r128Track: "r128trackgain",
  r128Album: "r128albumgain",
};

const FIELD_OF = new Map<string, Field>(
  Object.entries(KEYS).flatMap(([field, keys]) =>
    keys.split(" ").map((key) => [key, field as Field] as const)
  ),
);

/**
 * Reads the fields of a row. Texts are cleaned by {@linkcode cleanTag} and cut to
 * {@linkcode MAX_TAG_TEXT} characters; several values of one field are joined by
 * `; `. Absent and invalid fields are omitted.
 *
 * @param pairs In the order of the file. Values may be separated by NUL (ID3v2.4,
 * section 4.2; APEv2).
 *
 * @example
 * ```ts
 * import { readTags } from "./tags.ts";
 * import assert from "node:assert/strict";
 *
 * const tags = readTags([
 *   ["TIT2", "Canon"],
 *   ["ARTIST", "A"],
 *   ["ARTIST", "B\0C"],
 *   ["TRCK", "3/12"],
 *   ["REPLAYGAIN_TRACK_GAIN", "-6.5 dB"],
 * ]);
 * assert.deepEqual(tags, {
 *   title: "Canon",
 *   artist: "A; B; C",
 *   track: 3,
 *   gain: { track: -6.5 },
 * });
 * ```
 */
export function readTags(pairs: readonly RawTag[]): SongTags {
  const values = valuesByField(pairs);
  const first = (field: Field) => values.get(field)?.[0];
  const text = (field: Text) => joined(values.get(field) ?? []);
  return present({
    title: text("title"),
    artist: text("artist"),
    album: text("album"),
    albumArtist: text("albumArtist"),
    track: wholeIn(first("track"), 1, 99_999),
    disc: wholeIn(first("disc"), 1, 9_999),
    year: yearIn(values.get("year") ?? []),
    genre: joined((values.get("genre") ?? []).map(genreName)),
    gain: gainOf(first),
  });
}

/**
 * The title of a song without a title tag: its file's name, without extension and
 * track number.
 *
 * @example
 * ```ts
 * import { titleOf } from "./tags.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(titleOf("live/CD 1/03 - Canon.wav"), "Canon");
 * assert.equal(titleOf("1-12. Canon.wav"), "Canon");
 * assert.equal(titleOf("1984.wav"), "1984");
 * ```
 */
export function titleOf(name: string): string {
  const bare = withoutEnding(name.slice(name.lastIndexOf("/") + 1));
  const numbered = /^(?:\d{1,2}-)?\d{1,3}(?:[._)\s-]+)(?=[^._)\s-])/.exec(bare);
  return cleanTag(numbered ? bare.slice(numbered[0].length) : bare) || bare;
}

/**
 * Cleans a text from a file: removes characters that control a terminal or the
 * direction of text, merges white space, and repairs UTF-8 that was mistaken for
 * Latin-1.
 */
export function cleanTag(text: string): string {
  const right = withoutMojibake(text.slice(0, MOST_UNITS)).toWellFormed();
  const safe = isUnsafeText(right) ? right.replace(UNSAFE, blankFor) : right;
  return cut(safe.replace(BLANKS, " ").trim());
}

/** Splits a field of a row into its values. */
export function tagValues(text: string, most?: number): string[] {
  return text.split(BETWEEN, most);
}

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const BLANKS = /[\s\u2800]+/g;

/** Line breaks and tabs separate words; other control characters are removed. */
function blankFor(character: string): string {
  return /[\t\n\v\f\r\x85\u2028\u2029]/.test(character) ? " " : "";
}

function valuesByField(pairs: readonly RawTag[]): Map<Field, string[]> {
  const values = new Map<Field, string[]>();
  const looked = new Map<Field, number>();
  for (const [key, value] of pairs.slice(0, MOST_PAIRS)) {
    const field = FIELD_OF.get(foldedKey(key));
    if (field === undefined) continue;
    const seen = looked.get(field) ?? 0;
    const parts = value.slice(0, MOST_UNITS).split("\0", MOST_VALUES - seen);
    looked.set(field, seen + parts.length);
    const known = values.get(field) ?? [];
    values.set(field, known);
    for (const clean of parts.map(cleanTag)) {
      if (clean !== "") addValue(known, clean);
    }
  }
  return values;
}

/** A key such as `TXXX:REPLAYGAIN_TRACK_GAIN` or `Album Artist`, in one spelling. */
function foldedKey(key: string): string {
  const bare = key.slice(0, 256).replace(
    /^(?:txxx|txx|----:com\.apple\.itunes):/i,
    "",
  );
  return bare.replace(/[\s_-]/g, "").toLowerCase();
}

/** Lengths of texts that may be truncated by ID3v1. */
const ID3V1_CUT = { least: 28, most: 30 };

/** Adds a value, unless it equals another one or is a truncated copy of it. */
function addValue(known: string[], value: string): void {
  const isCut = (short: string, long: string) =>
    long.startsWith(short) && short.length >= ID3V1_CUT.least &&
    short.length <= ID3V1_CUT.most;
  if (known.some((one) => one === value || isCut(value, one))) return;
  const cut = known.findIndex((one) => isCut(one, value));
  if (cut === -1) known.push(value);
  else known[cut] = value;
}

function joined(values: readonly string[]): string | undefined {
  return cut([...new Set(values)].join(BETWEEN)) || undefined;
}

function cut(text: string): string {
  if (text.length <= MAX_TAG_TEXT) return text;
  return [...text.slice(0, 2 * MAX_TAG_TEXT)].slice(0, MAX_TAG_TEXT).join("")
    .trim();
}

/** The number at the start of a text: `3`, `03/12`, `3 of 12`. */
function wholeIn(
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  const number = Number(/^\s*(\d{1,9})(?![\d.])/.exec(text ?? "")?.[1]);
  return number >= least && number <= most ? number : undefined;
}

/** The first year of dates such as `1995-03-01`, `01.03.1995`, `1995`. */
function yearIn(dates: readonly string[]): number | undefined {
  for (const date of dates) {
    const year = Number(/(?<!\d)(\d{4})(?!\d)/.exec(date)?.[1]);
    if (year >= 1000 && year <= 2999) return year;
    const begin = Number(/^(\d{4})\d{4}$/.exec(date)?.[1]);
    if (begin >= 1000 && begin <= 2999) return begin;
  }
}

/** RFC 7845, section 5.2.1: Q7.8 decibels, and 5 dB below ReplayGain's level. */
const R128 = { each: 256, above: 5 };
const GAIN = { least: -64, most: 64 };

function gainOf(
  first: (field: Field) => string | undefined,
): SongGain | undefined {
  const r128 = (field: Field) => {
    const text = first(field);
    return text !== undefined && /^[+-]?\d{1,5}$/.test(text)
      ? String(Number(text) / R128.each + R128.above)
      : undefined;
  };
  const gain: SongGain = present({
    track: numberIn(first("trackGain") ?? r128("r128Track"), GAIN),
    album: numberIn(first("albumGain") ?? r128("r128Album"), GAIN),
    peak: numberIn(first("peak"), { least: 0, most: 128 }),
  });
  return gain.track === undefined && gain.album === undefined
    ? undefined
    : gain;
}

/** The decimal number at the start of a text: `-6.5 dB`, `+2,1`. */
function numberIn(
  text: string | undefined,
  { least, most }: { least: number; most: number },
): number | undefined {
  const found = /^\s*([+-]?\d{1,4}(?:[.,]\d{1,12})?)/.exec(text ?? "")?.[1];
  if (found === undefined) return undefined;
  const number = Number(found.replace(",", "."));
  return number >= least && number <= most ? number : undefined;
}

/** The characters of Windows-1252 at 0x80 to 0x9F, which are controls in Latin-1. */
const CP1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Repairs a text in which UTF-8 was decoded as Latin-1 or Windows-1252 (`CafÃ©`),
 * and replaces C1 controls by the characters of Windows-1252.
 */
function withoutMojibake(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const byte = unit < 0x100 ? unit : 0x80 + CP1252.indexOf(text[i]);
    if (unit >= 0x100 && byte < 0x80) return text;
    bytes[i] = byte;
  }
  try {
    return UTF8.decode(bytes);
  } catch {
    return text.replace(
      /[\x80-\x9f]/g,
      (control) => CP1252[control.charCodeAt(0) - 0x80],
    );
  }
}

/** Removes undefined fields. */
function present<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as T;
}
