/**
 * How songs lie in their pages: in blocks, each behind its header.
 *
 * @module
 */

import { blockBytes, type BlockSize } from "../model/block_size.ts";
import type { OpenSong } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { HEADER_BYTES, MAX_SESSION_DATA_BYTES } from "../wire/frame.ts";
import type { Page } from "./page_cache.ts";

/** The memory of a page: it holds the largest block, and is 1 MiB otherwise. */
export const PAGE_MEMORY_BYTES = MAX_SESSION_DATA_BYTES + HEADER_BYTES;

/** How a song lies in its pages. */
export interface SongLayout {
  /** What its pages are found by. */
  readonly name: string;
  readonly blockBytes: number;
  /** Whole blocks, in each page but the last. */
  readonly pageBytes: number;
}

export class SongLayouts {
  readonly #block: BlockSize;
  readonly #known = new WeakMap<SongEntry, SongLayout>();

  /** @param block Of all songs. */
  constructor(block: BlockSize) {
    this.#block = block;
  }

  /** Computed once, because every read needs it. */
  of({ entry }: OpenSong): SongLayout {
    const known = this.#known.get(entry);
    if (known !== undefined) return known;
    const block = blockBytes(this.#block, entry.format, MAX_SESSION_DATA_BYTES);
    const blocks = Math.floor(PAGE_MEMORY_BYTES / (HEADER_BYTES + block));
    const layout = {
      name: `${entry.etag} ${entry.name}`,
      blockBytes: block,
      pageBytes: blocks * block,
    };
    this.#known.set(entry, layout);
    return layout;
  }

  /** How many bytes of the song belong in a page. */
  bytesIn(song: OpenSong, page: Page): number {
    const { pageBytes } = this.of(song);
    return Math.min(pageBytes, (song.entry.bytes ?? Infinity) - page.start);
  }
}
