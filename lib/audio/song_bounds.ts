/**
 * Finds the bounds of a song between the tags before and after it. Frame scans stay
 * within them, so that no byte of a tag is mistaken for a frame.
 *
 * @module
 */

import { latin1, type ReadableFile, readAt, viewOf } from "./readable_file.ts";

/** The range of a file between its tags. */
export interface SongBounds {
  /** The first byte. */
  readonly from: number;
  /** The byte after the last one. */
  readonly to: number;
}

/** Most successive tags; more count as part of the song. */
export const MAX_TAGS = 16;
const ID3V1_BYTES = 128;
/** Header and footer of an APEv2 tag, and of an ID3v2 tag. */
const APE_BYTES = 32;
const ID3V2_BYTES = 10;
/** The end of a Lyrics3v2 tag: its length in six digits and its name. */
const LYRICS_END = /^(\d{6})LYRICS200$/;

/** The range of a file without the ID3, APE and Lyrics3 tags around it. */
export function songBounds(file: ReadableFile): SongBounds {
  const from = endOfTagsInFront(file);
  return { from, to: startOfTagsBehind(file, from) };
}

/**
 * Bytes of an ID3v2 tag, by its first ten ("ID3 tag version 2.4.0", section 3.1).
 *
 * @returns 0 if it is not one.
 */
export function id3v2Bytes(head: Uint8Array): number {
  if (head.length < ID3V2_BYTES || latin1(head, 0, 3) !== "ID3") return 0;
  const size = head.subarray(6, 10);
  if (size.some((it) => it > 0x7f)) return 0;
  const hasFooter = (head[5] & 0x10) !== 0;
  return ID3V2_BYTES * (hasFooter ? 2 : 1) +
    (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3]);
}

/** Bytes of a tag between two songs in one file; 0: there is none. */
export function tagBytes(head: Uint8Array): number {
  if (latin1(head, 0, 3) === "TAG") return ID3V1_BYTES;
  if (latin1(head, 0, 8) === "APETAGEX" && head.length >= 16) {
    return APE_BYTES + viewOf(head).getUint32(12, true);
  }
  return id3v2Bytes(head);
}

function endOfTagsInFront(file: ReadableFile): number {
  let at = 0;
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    const size = id3v2Bytes(readAt(file, at, ID3V2_BYTES));
    if (size === 0 || at + size > file.bytes) break;
    at += size;
  }
  return at;
}

function startOfTagsBehind(file: ReadableFile, from: number): number {
  let to = file.bytes;
  for (let tags = 0; tags < MAX_TAGS; tags++) {
    const start = Math.max(from, to - ID3V1_BYTES);
    const size = tagBehind(readAt(file, start, to - start));
    if (size === 0 || to - size < from) break;
    to -= size;
  }
  return to;
}

/** Bytes of the tag that ends with these bytes; 0: there is none. */
function tagBehind(tail: Uint8Array): number {
  if (tail.length === ID3V1_BYTES && latin1(tail, 0, 3) === "TAG") {
    return ID3V1_BYTES;
  }
  if (tail.length < APE_BYTES) return 0;
  const footer = tail.subarray(-APE_BYTES);
  if (latin1(footer, 0, 8) === "APETAGEX") {
    // APE Tags Specification 2.0: the size excludes the header, which flag 31 announces.
    const view = viewOf(footer);
    const hasHeader = (view.getUint32(20, true) & 0x8000_0000) !== 0;
    return view.getUint32(12, true) + (hasHeader ? APE_BYTES : 0);
  }
  const id3 = tail.subarray(-ID3V2_BYTES);
  if (latin1(id3, 0, 3) === "3DI") {
    return id3v2Bytes(Uint8Array.from(id3, (byte, i) => b3di(byte, i)));
  }
  const lyrics = LYRICS_END.exec(latin1(tail.subarray(-15)));
  return lyrics ? Number(lyrics[1]) + 15 : 0;
}

/** A byte of an ID3v2 footer, which equals the header except for the name. */
function b3di(byte: number, i: number): number {
  return i < 3 ? "ID3".charCodeAt(i) : byte;
}
