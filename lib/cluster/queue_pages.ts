/**
 * The pages of a queue in the table that servers share, which never change.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import { readPage } from "../model/queue_codec.ts";
import type { SongBatch } from "../ports/group_store.ts";

/** The longest page, in bytes. */
export const MOST_PAGE_BYTES = 256 * 1024;
/** Bytes of an order's numbers in a page. */
const NUMBERS_BYTES = 128 * 1024;

/** The numbers of an order, cut into pages. */
export function* partsOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += NUMBERS_BYTES) {
    yield bytes.subarray(at, at + NUMBERS_BYTES);
  }
}

/** Null: it is not as it should be. */
export function readBatch(page: Uint8Array | null): SongBatch | null {
  try {
    return page && readPage(new TextDecoder().decode(page));
  } catch {
    return null;
  }
}

/** A page is named after it: 32 hexadecimal digits of its SHA-256. */
export function hashOf(page: Uint8Array): string {
  return sha256(page).toHex().slice(0, 32);
}
