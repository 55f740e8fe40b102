/**
 * Collects what a file says of itself: pairs of a key, as its kind of tag spells
 * it, and a text.
 *
 * @module
 */

import { latin1 } from "./readable_file.ts";

/** Most pairs of one file. */
const MOST_PAIRS = 512;

/** A part of a file. */
export interface FilePart {
  readonly offset: number;
  readonly bytes: number;
}

export class TagPairs {
  readonly pairs: [key: string, value: string][] = [];
  /** Where a picture lies that can be shown; null: there is none. */
  art: FilePart | null = null;

  get hasArt(): boolean {
    return this.art !== null;
  }

  /** Adds a pair, unless there are too many. */
  add(key: string, value: string): void {
    if (this.pairs.length < MOST_PAIRS) this.pairs.push([key, value]);
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Bytes as UTF-8, or as Latin-1 if they are none. */
export function utf8OrLatin1(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return latin1(bytes);
  }
}
