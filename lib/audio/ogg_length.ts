/**
 * The links of an Ogg file (RFC 3533) and their ends: a file is one logical stream,
 * or a chain of several.
 *
 * @module
 */

import {
  MAX_PAGE_HEADER,
  type OggPage,
  oggPageAt,
  oggPageFrom,
} from "./ogg_page.ts";
import { FileCursor, latin1, type ReadableFile } from "./readable_file.ts";
import type { SongBounds } from "./song_bounds.ts";

/** The codecs of audio in Ogg, as identified by the first packet. */
export type OggCodec = "vorbis" | "opus" | "flac" | "speex";

/** One stream of audio in an Ogg file. */
export interface OggLink {
  /** Its first byte, and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly codec: OggCodec;
  readonly rate: number;
  readonly channels: number;
  /** Audio streams that are multiplexed with it, itself included. */
  readonly streams: number;
  /** The first byte after its header pages. */
  readonly headersEnd: number;
  /** Runs of contiguous pages, at least one. */
  readonly runs: readonly OggRun[];
  /** Sample frames to skip at the start of Opus (RFC 7845, section 4.2). */
  readonly preSkip: number;
}

/** Contiguous pages. */
export interface OggRun {
  /** Their first byte (in the first run, that of the link), and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** The granule position of the last page, in sample frames. */
  readonly lastGranule: number;
}

/** Bytes examined at either end, at least a page. */
const END_BYTES = 64 * 1024;
/** Most links, and most runs of a link; the song ends with the last of them. */
const MAX_LINKS = 1_024;
const MAX_RUNS = 1_024;
/**
 * Most ratio of the average length of all pages to that of those at either end. With a
 * higher one, the file may have other links, of which the last has the serial number of
 * the first.
 */
const MOST_UNUSUAL = 1.25;
/**
 * Serial numbers should be random (RFC 3533, section 4). Those below this were given by
 * a program that counts from 0, so that all links of a chain have the same one.
 */
const MIN_RANDOM_SERIAL = 65_536;
/** Bytes followed for the effort `ends`. */
const MAX_FOLLOWED_BYTES = 16 * 1024 * 1024;

interface Head {
  readonly codec: OggCodec;
  readonly rate: number;
  readonly channels: number;
  readonly preSkip: number;
}

/** Signatures of first packets, and the offsets of their fields. */
const HEADS: readonly {
  magic: string;
  read(view: DataView): Head;
}[] = [
  {
    magic: "\x01vorbis",
    read: (view) => ({
      codec: "vorbis",
      rate: view.getUint32(12, true),
      channels: view.getUint8(11),
      preSkip: 0,
    }),
  },
  {
    magic: "OpusHead",
    read: (view) => ({
      codec: "opus",
      rate: 48_000,
      channels: view.getUint8(9),
      preSkip: view.getUint16(10, true),
    }),
  },
  {
    // "fLaC", the header of STREAMINFO and its first ten bytes precede the rate.
    magic: "\x7fFLAC",
    read: (view) => ({
      codec: "flac",
      rate: view.getUint32(27) >>> 12,
      channels: (view.getUint8(29) >> 1 & 7) + 1,
      preSkip: 0,
    }),
  },
  {
    magic: "Speex   ",
    read: (view) => ({
      codec: "speex",
      rate: view.getUint32(36, true),
      channels: view.getUint8(48),
      preSkip: 0,
    }),
  },
];
const HEAD_BYTES = 64;

/** The links of a file. */
export interface OggLinks {
  readonly links: OggLink[];
  /** The byte up to which the file was examined; null: as far as its links go. */
  readonly examinedTo: number | null;
}

/**
 * Finds the links of a file.
 *
 * @param effort `ends`: assumes a single link if the last page can only belong to the
 * first one; else follows a limited number of bytes. `whole`: follows all pages.
 */
export function oggLinks(
  file: ReadableFile,
  bounds: SongBounds,
  effort: "ends" | "whole",
): OggLinks {
  const ends = new FileCursor(file, bounds.to, END_BYTES);
  const first = beginLink(ends, bounds.from);
  if (first === null) return { links: [], examinedTo: null };
  const last = effort === "ends" ? lastPage(ends, first) : null;
  if (last) {
    const [from, to] = [bounds.from, last.at + last.bytes];
    const runs = [{ from, to, lastGranule: last.granule ?? 0 }];
    const link = { ...first.link, to, headersEnd: first.next, runs };
    return { links: [link], examinedTo: null };
  }
  const followed = effort === "ends" ? MAX_FOLLOWED_BYTES : Infinity;
  const to = Math.min(bounds.to, bounds.from + followed);
  const links = allLinks(new FileCursor(file, to), first);
  return { links, examinedTo: to < bounds.to ? to : null };
}

interface Begun {
  readonly link: Omit<OggLink, "headersEnd" | "runs">;
  readonly serial: number;
  /** The first page after those that begin streams. */
  readonly next: number;
}

/** Reads the pages that begin a link; null: no audio begins here. */
function beginLink(cursor: FileCursor, from: number): Begun | null {
  let at = from;
  let streams = 0;
  let found: { head: Head; serial: number } | null = null;
  for (
    let page;
    (page = oggPageAt(cursor, at)) && page.isFirst;
    at = page.next
  ) {
    const head = headOf(cursor, page);
    if (head === null) continue;
    streams++;
    found ??= { head, serial: page.serial };
  }
  return found && {
    link: { ...found.head, from, to: at, streams },
    serial: found.serial,
    next: at,
  };
}

function allLinks(cursor: FileCursor, first: Begun): OggLink[] {
  const links: OggLink[] = [];
  let begun: Begun | null = first;
  while (begun && links.length < MAX_LINKS) {
    const { link, next }: FollowedLink = followLink(cursor, begun);
    links.push(link);
    begun = next;
  }
  return links;
}

interface FollowedLink {
  readonly link: OggLink;
  /** The next link. */
  readonly next: Begun | null;
}

/** Follows a link's pages to the start of the next link. */
function followLink(cursor: FileCursor, begun: Begun): FollowedLink {
  const { from } = begun.link;
  const runs: OggRun[] = [];
  let headersEnd = begun.next;
  let run: OggRun = { from, to: begun.next, lastGranule: 0 };
  let sequence = 0;
  let next: Begun | null = null;
  for (let page; (page = oggPageFrom(cursor, run.to));) {
    if (page.isFirst && (next = beginLink(cursor, page.at))) break;
    const isOurs = page.serial === begun.serial;
    if (page.at > run.to || isOurs && page.sequence !== sequence + 1) {
      if (run.lastGranule > 0) runs.push(run);
      if (runs.length === MAX_RUNS) break;
      if (run.lastGranule > 0) run = { ...run, from: page.at };
    }
    if (isOurs) sequence = page.sequence;
    const lastGranule = isOurs && page.granule !== null
      ? page.granule
      : run.lastGranule;
    run = { ...run, to: page.next, lastGranule };
    if (lastGranule === 0 && page.granule === 0) headersEnd = page.next;
  }
  if (runs.length < MAX_RUNS) runs.push(run);
  const { to } = runs[runs.length - 1];
  return { link: { ...begun.link, to, headersEnd, runs }, next };
}

/**
 * The last page in which an audio packet of the first link ends; null: the file may have
 * several links.
 */
function lastPage(cursor: FileCursor, first: Begun): OggPage | null {
  const { from } = first.link;
  if (first.serial < MIN_RANDOM_SERIAL) return null;
  if (cursor.end - from <= 2 * END_BYTES) return null;
  const headEnd = from + END_BYTES - MAX_PAGE_HEADER;
  const head = pagesFrom(cursor, first.next, headEnd, oggPageAt);
  const tailFrom = cursor.end - END_BYTES;
  if (cursor.view(tailFrom, END_BYTES) === null) return null;
  const tail = pagesFrom(cursor, tailFrom, cursor.end, oggPageFrom);
  // Another stream may be chained or multiplexed.
  if (tail.some((it) => it.isFirst || it.serial !== first.serial)) return null;
  const last = tail.findLast(({ granule }) => granule !== null);
  const audio = head.filter(({ granule }) => granule !== 0);
  if (!last || !audio[0]) return null;
  const pages = last.sequence - audio[0].sequence;
  const usual = Math.max(averageBytes(audio), averageBytes(tail));
  // Sequence numbers begin anew in each link.
  const isOneLink = last.at - audio[0].at <= MOST_UNUSUAL * usual * pages;
  return isOneLink ? last : null;
}

/** The pages that begin in a range. */
function pagesFrom(
  cursor: FileCursor,
  from: number,
  to: number,
  pageAt: (cursor: FileCursor, at: number) => OggPage | null,
): OggPage[] {
  const pages: OggPage[] = [];
  for (
    let at = from, page;
    at < to && (page = pageAt(cursor, at));
    at = page.next
  ) pages.push(page);
  return pages;
}

/** Without the last page, which is shorter than the others. */
function averageBytes(pages: readonly OggPage[]): number {
  const [first, last] = [pages[0], pages[pages.length - 1]];
  if (pages.length < 2) return first?.bytes ?? 0;
  return (last.at - first.at) / (pages.length - 1);
}

function headOf(cursor: FileCursor, page: OggPage): Head | null {
  const segments = cursor.view(page.at, 27)?.[26] ?? 0;
  const at = page.at + 27 + segments;
  const bytes = cursor.view(at, Math.min(HEAD_BYTES, cursor.end - at));
  if (bytes === null) return null;
  const packet = new Uint8Array(HEAD_BYTES);
  packet.set(bytes);
  const text = latin1(packet, 0, 8);
  const row = HEADS.find(({ magic }) => text.startsWith(magic));
  return row ? row.read(new DataView(packet.buffer)) : null;
}
