/**
 * The pages of an Ogg file (RFC 3533, section 6).
 *
 * @module
 */

import { FileCursor, viewOf } from "./readable_file.ts";

/** A page, as described by its header. */
export interface OggPage {
  readonly at: number;
  readonly bytes: number;
  /** Offset of the next page. */
  readonly next: number;
  /** Whether it is the first page of a stream. */
  readonly isFirst: boolean;
  /** null: no packet ends in it. */
  readonly granule: number | null;
  readonly serial: number;
  readonly sequence: number;
}

/** Most bytes of a header, and of a page. */
export const MAX_PAGE_HEADER = 27 + 255;
export const MAX_PAGE: number = MAX_PAGE_HEADER + 255 * 255;
/** Most junk to skip between pages. */
const MAX_JUNK_BYTES = 4 * 1024 * 1024;
const CAPTURE = 0x4f676753;

/** The page at an offset; null: there is none, or it is truncated. */
export function oggPageAt(
  cursor: FileCursor,
  at: number,
): OggPage | null {
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

/** The page at an offset or, if it is damaged, the next intact one. */
export function oggPageFrom(
  cursor: FileCursor,
  from: number,
): OggPage | null {
  const page = oggPageAt(cursor, from);
  if (page && isWholePage(cursor, page)) return page;
  const to = Math.min(from + MAX_JUNK_BYTES, cursor.end - 27);
  for (let at = from + 1; at < to; at++) {
    if (cursor.u32(at) !== CAPTURE) continue;
    const found = oggPageAt(cursor, at);
    if (found && isWholePage(cursor, found)) return found;
  }
  return null;
}

/** Whether a page matches its checksum (RFC 3533, section 6). */
export function isWholePage(cursor: FileCursor, page: OggPage): boolean {
  const bytes = cursor.view(page.at, page.bytes);
  if (bytes === null) return false;
  const stored = viewOf(bytes).getUint32(22, true);
  // It is computed with the checksum field set to 0.
  let crc = crcOf(bytes.subarray(0, 22), 0);
  crc = crcOf(ZEROS, crc);
  return crcOf(bytes.subarray(26), crc) === stored;
}

const ZEROS = new Uint8Array(4);
/** Tables of RFC 3533, section 6, for a byte followed by 0 to 3 others. */
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

/** Continues a checksum, four bytes at a time. */
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
