/**
 * Fills pages with their songs by large reads, one at a time for each page.
 *
 * @module
 */

import { AbandonedError } from "../errors.ts";
import type { OpenSong } from "../ports/server.ts";
import { framedBytes, frameInPlace } from "../wire/batch.ts";
import { holds, type Page, type PageRead } from "./page_cache.ts";
import type { SongLayouts } from "./song_layouts.ts";

/** Reads are at least this long, so that small requests cause few of them. */
const STEP_BYTES = 16 * 1024;

export class PageFiller {
  readonly #layouts: SongLayouts;

  constructor(layouts: SongLayouts) {
    this.#layouts = layouts;
  }

  /**
   * Fills at least a part of a page. An empty one is filled from there, because
   * what lies before may have to be decoded, and is filled when it is read.
   */
  async fill(
    song: OpenSong,
    page: Page,
    from: number,
    to: number,
  ): Promise<void> {
    const { blockBytes } = this.#layouts.of(song);
    const begin = from - from % blockBytes;
    page.users++;
    try {
      to = Math.min(to, this.#layouts.bytesIn(song, page));
      while (!holds(page, from, to)) {
        const others = page.reading;
        const reading = others ?? this.#extend(song, page, begin, to);
        const { start } = page;
        if (others) {
          song.hurry(start + others.from, start + others.to, start + begin);
        }
        await reading.done.catch((error) => {
          // The listener that began to read has left; this one goes on.
          if (!others || !(error instanceof AbandonedError)) throw error;
        });
      }
    } finally {
      page.users--;
    }
  }

  /**
   * Begins to read what a page lacks of a part, in whole blocks: first before what it
   * has, then behind it. A failure leaves what it has.
   */
  #extend(
    song: OpenSong,
    page: Page,
    begin: number,
    to: number,
  ): PageRead {
    const { blockBytes } = this.#layouts.of(song);
    if (page.filledFrom === page.filledTo) {
      page.filledFrom = page.filledTo = begin;
    }
    const isBefore = begin < page.filledFrom;
    const from = isBefore ? begin : page.filledTo;
    const decoded = song.partEnd(page.start + from) - page.start;
    const step = decoded > from ? decoded - from : STEP_BYTES;
    const least = Math.max(to, from + Math.min(step, STEP_BYTES));
    const end = isBefore ? page.filledFrom : Math.min(
      wholeBlocks(
        blockBytes,
        least,
        song.partEnd(page.start + least - 1) - page.start,
      ),
      this.#layouts.bytesIn(song, page),
    );
    const done = this.#readPart(song, page, from, end)
      .finally(() => page.reading = null);
    return page.reading = { from, to: end, done };
  }

  async #readPart(
    song: OpenSong,
    page: Page,
    from: number,
    to: number,
  ): Promise<void> {
    const { blockBytes } = this.#layouts.of(song);
    const { start, memory } = page;
    const into = memory.subarray(
      framedBytes(from, blockBytes),
      framedBytes(to, blockBytes),
    );
    const bytes = to - from;
    await song.read(into.subarray(-bytes), start + from);
    frameInPlace(into, bytes, blockBytes);
    if (from < page.filledFrom) page.filledFrom = from;
    else page.filledTo = to;
  }
}

/** The least whole blocks, or more of them that end by `most`. */
function wholeBlocks(blockBytes: number, least: number, most: number): number {
  const [enough, all] = [
    Math.ceil(least / blockBytes),
    Math.floor(most / blockBytes),
  ];
  return Math.max(enough, all) * blockBytes;
}
