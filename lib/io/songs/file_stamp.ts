/**
 * Detects changes of a file: by its stamp, without reading it, and if the stamp
 * has changed, by a probe, a hash of a sample of its bytes.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { OndacastError } from "../../errors.ts";
import { fileBytes } from "../disk/file_bytes.ts";

/** Bytes of a probe at the start of a file, and at its end. */
const EDGE_BYTES = 64 * 1024;
/** Pieces of a probe between them. */
const PAGES = { count: 16, bytes: 4096 } as const;

/**
 * How long a file is fresh after a change. Deno reports change times in whole
 * seconds, so another change within that time may not be visible.
 */
const FRESH_MS = 2000;
/** The suffix of a fresh file's stamp. */
const FRESH = "~";

/**
 * Size, times and inode of a file, as text. Writing to a file changes its stamp,
 * unless it is fresh. So does linking or copying it, or changing its mode or
 * owner.
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

/** Whether the file may have changed since without a change of its stamp. */
export function isFresh(stamp: string): boolean {
  return stamp.endsWith(FRESH);
}

/** A stamp without its mark for freshness. */
export function bareStamp(stamp: string): string {
  return isFresh(stamp) ? stamp.slice(0, -FRESH.length) : stamp;
}

/** Whether two stamps are equal, regardless of freshness. */
export function isSameStamp(a: string, b: string): boolean {
  return bareStamp(a) === bareStamp(b);
}

/**
 * What stays the same of a stamp while its file is renamed: size, modification time
 * and inode. Null where the system does not number files.
 */
export function inodeOf(stamp: string): string | null {
  const [size, mtime, , inode] = bareStamp(stamp).split("-");
  return inode === "0" ? null : `${size}-${mtime}-${inode}`;
}

/** Whether two stamps have the same modification time. */
export function isSameMtime(a: string, b: string): boolean {
  return a.split("-")[1] === b.split("-")[1];
}

/** Fills a buffer with a file's bytes from an offset. */
export type ReadAt = (into: Uint8Array, offset: number) => Promise<void>;

/**
 * The SHA-256 of the first and last 64 KiB of a file and of 16 pages of 4 KiB
 * between them, or of all of a small file. Tags are at either end, and an edit
 * between them rarely leaves all pages unchanged.
 *
 * @param bytes How much of the file to consider.
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
 * Reads an open file, filling the whole buffer. Not concurrently, because the
 * file has one position.
 *
 * @throws {OndacastError} `changed`, if the file has become too short.
 */
export function readerOf(file: Deno.FsFile): ReadAt {
  const { read } = fileBytes(file);
  return async (into, offset) => {
    if (await read(into, offset) === into.length) return;
    throw new OndacastError(
      "changed",
      `Cannot read ${into.length} bytes at ${offset}: the file was truncated`,
    );
  };
}
