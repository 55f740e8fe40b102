/**
 * The links of an Ogg file (RFC 3533) and their ends: a file is one logical stream,
 * or a chain of several.
 *
 * @module
 */

import {
  isWholePage,
  MAX_PAGE,
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
/** Most ratio of the average length of all pages to the longest of the first ones. */
const MOST_UNUSUAL = 1.5;

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

/**
 * The links of a file.
 *
 * @param effort `ends`: assumes a single link if the last page belongs to the first
 * one. `whole`: follows all pages.
 */
export function oggLinks(
  file: ReadableFile,
  bounds: SongBounds,
  effort: "ends" | "whole",
): OggLink[] {
  const ends = new FileCursor(file, bounds.to, END_BYTES);
  const first = beginLink(ends, bounds.from);
  if (first === null) return [];
  const last = effort === "ends" ? lastPage(ends, first) : null;
  if (last === null) return allLinks(new FileCursor(file, bounds.to), first);
  const [from, to] = [bounds.from, last.at + last.bytes];
  const runs = [{ from, to, lastGranule: last.granule ?? 0 }];
  return [{ ...first.link, to, headersEnd: first.next, runs }];
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

/** The last page in which an audio packet of the first link ends. */
function lastPage(cursor: FileCursor, first: Begun): OggPage | null {
  const from = Math.max(first.next, cursor.end - MAX_PAGE);
  const tail = cursor.view(from, cursor.end - from);
  if (tail === null) return null;
  const bytes = tail.slice();
  for (let i = bytes.length - 27; i >= 0; i--) {
    if (bytes[i] !== 0x4f) continue;
    const page = oggPageAt(cursor, from + i);
    if (page === null || !isWholePage(cursor, page)) continue;
    // Another stream may be chained or multiplexed.
    if (page.isFirst || page.serial !== first.serial) return null;
    if (page.granule === null) continue;
    return isFarBeyond(cursor, first, page) ? null : page;
  }
  return null;
}

/** Whether a page is too far into the file for the number of pages counted before it. */
function isFarBeyond(cursor: FileCursor, first: Begun, last: OggPage): boolean {
  const { from } = first.link;
  let longest = last.bytes;
  const to = from + END_BYTES - MAX_PAGE_HEADER;
  for (let at = from, page; at < to && (page = oggPageAt(cursor, at));) {
    longest = Math.max(longest, page.bytes);
    at = page.next;
  }
  return last.at - from > MOST_UNUSUAL * longest * (last.sequence + 1);
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
