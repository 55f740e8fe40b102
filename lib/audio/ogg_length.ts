/**
 * The links of an Ogg file (RFC 3533) and where each ends: a file is one stream
 * of pages, or several chained one after the other.
 *
 * @module
 */

import {
  FileCursor,
  latin1,
  type ReadableFile,
  viewOf,
} from "./readable_file.ts";
import type { SongBounds } from "./song_bounds.ts";

/** The codecs of audio in Ogg, as the first packet names them. */
export type OggCodec = "vorbis" | "opus" | "flac" | "speex";

/** One stream of audio in an Ogg file. */
export interface OggLink {
  /** Its first byte, and the one behind its last. */
  readonly from: number;
  readonly to: number;
  readonly codec: OggCodec;
  readonly rate: number;
  readonly channels: number;
  /** Audio streams that are multiplexed with it, itself included. */
  readonly streams: number;
  /** The first byte behind the pages that describe it. */
  readonly headersEnd: number;
  /** Pages without one missing between them, at least one run. */
  readonly runs: readonly OggRun[];
  /** Sample frames to cut from the front of Opus (RFC 7845, section 4.2). */
  readonly preSkip: number;
}

/** Pages that follow each other. */
export interface OggRun {
  /** Their first byte, of the first run that of the link; the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** The granule position of the last page, in sample frames. */
  readonly lastGranule: number;
}

interface Page {
  readonly at: number;
  readonly bytes: number;
  readonly isFirst: boolean;
  /** null: no packet ends in it. */
  readonly granule: number | null;
  readonly serial: number;
  readonly sequence: number;
}

/** Most bytes of a page. */
const MAX_PAGE = 27 + 255 + 255 * 255;
/** Links, and runs of one, that are looked at; the song ends with the last of them. */
const MAX_LINKS = 1_024;
const MAX_RUNS = 1_024;
/** Junk that is passed over between pages. */
const MAX_JUNK_BYTES = 4 * 1024 * 1024;
/** Pages that are looked at for how long they are, and how much longer all may be. */
const SAMPLED_PAGES = 16;
const MOST_UNUSUAL = 1.5;
const CAPTURE = 0x4f676753;

interface Head {
  readonly codec: OggCodec;
  readonly rate: number;
  readonly channels: number;
  readonly preSkip: number;
}

/** How a first packet begins, and what it says at which byte. */
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
/** Bytes of a first packet that are read. */
const HEAD_BYTES = 64;

/**
 * The links of a file.
 *
 * @param effort `ends`: if the last page belongs to the first link, there is
 * taken to be no other. `whole`: follows all pages.
 */
export function oggLinks(
  file: ReadableFile,
  bounds: SongBounds,
  effort: "ends" | "whole",
): OggLink[] {
  const cursor = new FileCursor(file, bounds.to);
  const first = beginLink(cursor, bounds.from);
  if (first === null) return [];
  const last = effort === "ends" ? lastPage(cursor, first) : null;
  if (last === null) return allLinks(cursor, first);
  const [from, to] = [bounds.from, last.at + last.bytes];
  const runs = [{ from, to, lastGranule: last.granule ?? 0 }];
  return [{ ...first.link, to, headersEnd: first.next, runs }];
}

interface Begun {
  readonly link: Omit<OggLink, "headersEnd" | "runs">;
  readonly serial: number;
  /** The first page behind those that begin streams. */
  readonly next: number;
}

/** Reads the pages that begin a link; null: no audio begins here. */
function beginLink(cursor: FileCursor, from: number): Begun | null {
  let at = from;
  let streams = 0;
  let found: { head: Head; serial: number } | null = null;
  for (let page; (page = pageAt(cursor, at)) && page.isFirst; at = page.next) {
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
  /** The link behind it. */
  readonly next: Begun | null;
}

/** Follows a link's pages to where the next one begins. */
function followLink(cursor: FileCursor, begun: Begun): FollowedLink {
  const { from } = begun.link;
  const runs: OggRun[] = [];
  let headersEnd = begun.next;
  let run: OggRun = { from, to: begun.next, lastGranule: 0 };
  let sequence = 0;
  let next: Begun | null = null;
  for (let page; (page = pageFrom(cursor, run.to));) {
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

/** The last page in which a packet of the first link's audio ends. */
function lastPage(cursor: FileCursor, first: Begun): Page | null {
  const from = Math.max(first.next, cursor.end - MAX_PAGE);
  const tail = cursor.view(from, cursor.end - from);
  if (tail === null) return null;
  const bytes = tail.slice();
  for (let i = bytes.length - 27; i >= 0; i--) {
    if (bytes[i] !== 0x4f) continue;
    const page = pageAt(cursor, from + i);
    if (page === null || !isWhole(cursor, page)) continue;
    // Another stream may be a chained one, or one that is multiplexed.
    if (page.isFirst || page.serial !== first.serial) return null;
    if (page.granule === null) continue;
    return isFarBeyond(cursor, first, page) ? null : page;
  }
  return null;
}

/** Whether a page is so far behind the number of pages before it that there are more. */
function isFarBeyond(cursor: FileCursor, first: Begun, last: Page): boolean {
  let pages = 0;
  let at = first.link.from;
  for (let page; pages < SAMPLED_PAGES && (page = pageAt(cursor, at));) {
    at = page.next;
    pages++;
  }
  const usual = pages > 0 ? (at - first.link.from) / pages : MAX_PAGE;
  return last.at - first.link.from > MOST_UNUSUAL * usual * (last.sequence + 1);
}

function headOf(cursor: FileCursor, page: Page): Head | null {
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

/** The page at a byte; null: none, or it is cut. */
function pageAt(
  cursor: FileCursor,
  at: number,
): Page & { next: number } | null {
  if (cursor.u32(at) !== CAPTURE) return null;
  const segments = cursor.view(at, 27)?.[26];
  if (segments === undefined) return null;
  const header = cursor.view(at, 27 + segments);
  if (header === null || header[4] !== 0) return null;
  const view = viewOf(header);
  const high = view.getInt32(10, true);
  const body = header.subarray(27).reduce((sum, it) => sum + it, 0);
  const bytes = 27 + segments + body;
  if (at + bytes > cursor.end) return null;
  return {
    at,
    bytes,
    next: at + bytes,
    isFirst: (header[5] & 2) !== 0,
    granule: high < 0 ? null : high * 2 ** 32 + view.getUint32(6, true),
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
  };
}

/** The page at a byte or, where it is damaged, the next whole one. */
function pageFrom(
  cursor: FileCursor,
  from: number,
): Page & { next: number } | null {
  const page = pageAt(cursor, from);
  if (page && isWhole(cursor, page)) return page;
  const to = Math.min(from + MAX_JUNK_BYTES, cursor.end - 27);
  for (let at = from + 1; at < to; at++) {
    if (cursor.u32(at) !== CAPTURE) continue;
    const found = pageAt(cursor, at);
    if (found && isWhole(cursor, found)) return found;
  }
  return null;
}

/** Whether a page has the checksum that it says (RFC 3533, section 6). */
function isWhole(cursor: FileCursor, page: Page): boolean {
  const bytes = cursor.view(page.at, page.bytes);
  if (bytes === null) return false;
  const told = viewOf(bytes).getUint32(22, true);
  // It is made with itself as 0.
  let crc = crcOf(bytes.subarray(0, 22), 0);
  crc = crcOf(ZEROS, crc);
  return crcOf(bytes.subarray(26), crc) === told;
}

const ZEROS = new Uint8Array(4);
/** The polynomial of RFC 3533, section 6, for a byte that is followed by 0 to 3 others. */
const CRC_TABLES = crcTables();

function crcTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, i) => {
    let crc = i << 24;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc << 1 ^ (crc < 0 ? 0x04c1_1db7 : 0);
    }
    return crc;
  });
  const tables = [first];
  for (let i = 1; i < 4; i++) {
    tables.push(tables[i - 1].map((it) => it << 8 ^ first[it >>> 24]));
  }
  return tables;
}

/** Goes on with a checksum, four bytes at a time. */
function crcOf(bytes: Uint8Array, before: number): number {
  const [t0, t1, t2, t3] = CRC_TABLES;
  let crc = before;
  let i = 0;
  for (const end = bytes.length - 3; i < end; i += 4) {
    crc ^= bytes[i] << 24 | bytes[i + 1] << 16 | bytes[i + 2] << 8 |
      bytes[i + 3];
    crc = t3[crc >>> 24] ^ t2[crc >>> 16 & 255] ^ t1[crc >>> 8 & 255] ^
      t0[crc & 255];
  }
  for (; i < bytes.length; i++) {
    crc = crc << 8 ^ t0[(crc >>> 24) ^ bytes[i]];
  }
  return crc >>> 0;
}
