/**
 * The form in which queues are kept: pages of songs, which never change, and
 * orders, which are written anew at each edit.
 *
 * @module
 */

import type { SongBatch } from "../ports/group_store.ts";

/**
 * Characters of a page, but for a last song that exceeds it: at most 3 bytes each,
 * so that a page has less than 256 KiB.
 */
const PAGE_CHARACTERS = 64 * 1024;
/** Of a number or a song: quotes and a comma. */
const ITEM_CHARACTERS = 3;
/** Bits of a byte that hold a part of a number; the other says that more follow. */
const PART = 128;
/** Numbers below are divided by shifting, which takes a fifth of the time. */
const MOST_SHIFTED = 2 ** 30;
/** The most bytes of a number: 2^53, and its sign. */
const MOST_BYTES = 8;

/**
 * The pages of a batch, as JSON: lists of entries' numbers, each followed by its
 * song, and by those of the numbers after it.
 *
 * @example
 * ```ts
 * import { pagesOf } from "./queue_codec.ts";
 * import assert from "node:assert/strict";
 *
 * const batch = { entries: [1, 2, 7], songs: ["a.wav", "b.wav", "c.wav"] };
 * assert.deepEqual([...pagesOf(batch)], ['[1,"a.wav","b.wav",7,"c.wav"]']);
 * ```
 */
export function* pagesOf({ entries, songs }: SongBatch): Generator<string> {
  let page: (number | string)[] = [];
  let characters = 0;
  let i = 0;
  for (const song of songs) {
    if (page.length === 0 || entries[i] !== entries[i - 1] + 1) {
      page.push(entries[i]);
      characters += String(entries[i]).length + 1;
    }
    page.push(song);
    characters += song.length + ITEM_CHARACTERS;
    i++;
    if (characters < PAGE_CHARACTERS) continue;
    yield JSON.stringify(page);
    page = [];
    characters = 0;
  }
  if (page.length > 0) yield JSON.stringify(page);
}

/**
 * The batch of a page.
 *
 * @throws {SyntaxError} If it is no page.
 */
export function readPage(page: string): SongBatch {
  const entries: number[] = [];
  const songs: string[] = [];
  let next: number | undefined;
  const items = JSON.parse(page);
  if (!Array.isArray(items)) {
    throw new SyntaxError("Cannot read a page: no list");
  }
  for (const it of items) {
    if (typeof it === "number") next = it;
    else if (typeof it === "string" && next !== undefined) {
      entries.push(next++);
      songs.push(it);
    } else throw new SyntaxError("Cannot read a page: no number or song");
  }
  return { entries, songs };
}

/**
 * Encodes an order: of each number its distance from the one before, which takes
 * a single byte where the order is that in which songs were added. LEB128, with
 * the sign in the lowest bit.
 *
 * @param order Whole numbers from 0 to 2^52.
 *
 * @example
 * ```ts
 * import { encodeOrder } from "./queue_codec.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...encodeOrder([1, 2, 102, 1])], [2, 2, 200, 1, 201, 1]);
 * ```
 */
export function encodeOrder(order: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(order.length * MOST_BYTES);
  let length = 0;
  let before = 0;
  for (const it of order) {
    const distance = it - before;
    let left = distance < 0 ? -2 * distance - 1 : 2 * distance;
    if (left < MOST_SHIFTED) {
      for (; left >= PART; left >>= 7) bytes[length++] = left & 127 | PART;
    }
    while (left >= PART) {
      bytes[length++] = left % PART + PART;
      left = Math.floor(left / PART);
    }
    bytes[length++] = left;
    before = it;
  }
  return bytes.slice(0, length);
}

/** Decodes an order. Bytes that make no number are left out. */
export function decodeOrder(bytes: Uint8Array): number[] {
  const order: number[] = [];
  let before = 0;
  let number = 0;
  let unit = 1;
  for (const byte of bytes) {
    number += (byte % PART) * unit;
    unit *= PART;
    if (byte >= PART) continue;
    before += number % 2 === 1 ? -(number + 1) / 2 : number / 2;
    order.push(before);
    number = 0;
    unit = 1;
  }
  return order;
}
