/**
 * The links of an Ogg file (RFC 3533) and where each ends: a file is one stream
 * of pages, or several chained one after the other.
 *
 * @module
 */

import { FileCursor, latin1, type ReadableFile } from "./readable_file.ts";
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
  /** The granule position of its last whole page, in sample frames. */
  readonly lastGranule: number;
  /** Sample frames to cut from the front of Opus (RFC 7845, section 4.2). */
  readonly preSkip: number;
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
/** Links that are looked at; the song ends with the last of them. */
const MAX_LINKS = 1_024;
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
  if (effort === "ends") {
    const last = lastPage(cursor, first);
    if (last) {
      const to = last.at + last.bytes;
      return [{ ...first.link, to, lastGranule: last.granule ?? 0 }];
    }
  }
  return allLinks(cursor, first);
}

interface Begun {
  readonly link: OggLink;
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
    link: { ...found.head, from, to: at, streams, lastGranule: 0 },
    serial: found.serial,
    next: at,
  };
}

function allLinks(cursor: FileCursor, first: Begun): OggLink[] {
  const links: OggLink[] = [];
  let begun: Begun | null = first;
  while (begun && links.length < MAX_LINKS) {
    let at = begun.next;
    let { to, lastGranule } = begun.link;
    let next: Begun | null = null;
    for (let page; (page = pageFrom(cursor, at)); at = page.next) {
      if (page.isFirst) {
        next = beginLink(cursor, page.at);
        if (next) break;
      }
      to = page.next;
      if (page.serial === begun.serial && page.granule !== null) {
        lastGranule = page.granule;
      }
    }
    links.push({ ...begun.link, to, lastGranule });
    begun = next;
  }
  return links;
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
  const view = new DataView(header.buffer, header.byteOffset, 27);
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
  if (page) return page;
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
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = i >= 22 && i < 26 ? 0 : bytes[i];
    crc = (crc << 8 ^ CRC_TABLE[crc >>> 24 ^ byte]) >>> 0;
  }
  const told = new DataView(bytes.buffer, bytes.byteOffset).getUint32(22, true);
  return crc === told;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i << 24;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc << 1 ^ (crc < 0 ? 0x04c1_1db7 : 0);
  }
  return crc;
});
