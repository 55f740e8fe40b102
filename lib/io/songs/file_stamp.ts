/**
 * Telling whether a file is still what it was: by its stamp, which costs no
 * reading, and by a probe of its bytes where the stamp is another one.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { OndacastError } from "../../errors.ts";
import { fileBytes } from "../disk/file_bytes.ts";

/** Bytes of a probe at the begin of a file, and as many at its end. */
const EDGE_BYTES = 64 * 1024;
/** Pieces of a probe between them, and their bytes. */
const PAGES = { count: 16, bytes: 4096 } as const;

/**
 * How long a file is fresh after it was changed: Deno tells the time of a
 * change in whole seconds, so that a second change may not show.
 */
const FRESH_MS = 2000;
/** The end of a fresh file's stamp. */
const FRESH = "~";

/**
 * Size, times and identity of a file, as text. Whoever writes to a file gets
 * it another stamp, unless it is fresh; so do links, rights, owners and copies.
 */
export function stampOf(info: Deno.FileInfo, nowMs = Date.now()): string {
  const changedMs = info.ctime?.getTime() ?? 0;
  const parts = [
    info.size,
    info.mtime?.getTime() ?? 0,
    changedMs,
    info.ino ?? 0,
  ];
  const stamp = parts.map((part) => part.toString(36)).join("-");
  return nowMs < changedMs + FRESH_MS ? stamp + FRESH : stamp;
}

/** The length of a stamp's file, in bytes. */
export function sizeOf(stamp: string): number {
  return parseInt(stamp, 36); // as far as the first "-"
}

/** Whether a file may have been changed since without another stamp. */
export function isFresh(stamp: string): boolean {
  return stamp.endsWith(FRESH);
}

/** A stamp without a word of whether it was fresh. */
export function bareStamp(stamp: string): string {
  return isFresh(stamp) ? stamp.slice(0, -FRESH.length) : stamp;
}

/** Whether two stamps are of a file that was not touched, as far as they tell. */
export function isSameStamp(a: string, b: string): boolean {
  return bareStamp(a) === bareStamp(b);
}

/** Whether the contents of two stamps were written at the same time. */
export function isSameMtime(a: string, b: string): boolean {
  return a.split("-")[1] === b.split("-")[1];
}

/** Fills a buffer with a file's bytes from an offset, in bytes. */
export type ReadAt = (into: Uint8Array, offset: number) => Promise<void>;

/**
 * SHA-256 of the first and the last 64 KiB of a content and of 16 pages of 4
 * KiB between them; of a small one, of all. Tags lie at either end, and an
 * edit between them rarely leaves all pages as they were.
 *
 * @param bytes Length of the content, or of as much of the file as counts.
 */
export async function probeOf(readAt: ReadAt, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(EDGE_BYTES);
  for (const [offset, length] of probePieces(bytes)) {
    const piece = buffer.subarray(0, length);
    await readAt(piece, offset);
    hash.update(piece);
  }
  return hash.digest("hex");
}

function* probePieces(
  bytes: number,
): Generator<[offset: number, length: number]> {
  const between = bytes - 2 * EDGE_BYTES;
  if (between <= PAGES.count * PAGES.bytes) {
    for (let at = 0; at < bytes; at += EDGE_BYTES) {
      yield [at, Math.min(EDGE_BYTES, bytes - at)];
    }
    return;
  }
  yield [0, EDGE_BYTES];
  const step = (between - PAGES.bytes) / (PAGES.count - 1);
  for (let i = 0; i < PAGES.count; i++) {
    yield [EDGE_BYTES + Math.floor(i * step), PAGES.bytes];
  }
  yield [bytes - EDGE_BYTES, EDGE_BYTES];
}

/**
 * Reads of an open file, one at a time. Each fills its buffer.
 *
 * @throws {OndacastError} `changed`, if the file has become too short.
 */
export function readerOf(file: Deno.FsFile): ReadAt {
  const { read } = fileBytes(file);
  return async (into, offset) => {
    if (await read(into, offset) === into.length) return;
    throw new OndacastError(
      "changed",
      `Cannot read ${into.length} bytes at ${offset}: the file was cut`,
    );
  };
}
