/**
 * The pages of songs, filled as far as they are needed: by few large reads,
 * each for all who wait for the same. It is "blocks → frames" on the walk of
 * one byte.
 *
 * @module
 */

import { frameInPlace } from "../wire/batch.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { OpenSong } from "../ports/server.ts";
import type { Lookups } from "./counters.ts";
import { type Page, PageCache } from "./page_cache.ts";
import type { PageGrid } from "./page_grid.ts";

/** Most that is read beside the pages: whole frames of about so much. */
const SPARE_BYTES = 64 * 1024;

/** What is in the pages of all songs, for one block size. */
export class SongPages {
  readonly grid: PageGrid;
  readonly #lookups: Lookups;
  readonly #cache: PageCache;
  readonly #names = new WeakMap<SongEntry, string>();

  /**
   * @param budgetBytes Memory for pages; two pages at the least.
   * @param lookups Where it is counted whether what was asked for was there.
   */
  constructor(grid: PageGrid, budgetBytes: number, lookups: Lookups) {
    const pages = Math.max(2, Math.floor(budgetBytes / grid.mostBytes));
    this.grid = grid;
    this.#cache = new PageCache(pages, grid.mostBytes);
    this.#lookups = lookups;
  }

  /**
   * The one or two pages that a run of at most a page lies in, each with a
   * user more and filled so far; null: all are in use. What is in memory is
   * there at once, as most listeners' is, most of the time.
   */
  filled(
    song: OpenSong,
    position: number,
    until: number,
  ): Page[] | null | Promise<Page[]> {
    const pages = this.#pages(song, position, until);
    if (pages !== null && this.#isFilled(pages, until)) {
      this.#lookups.hits++;
      return pages;
    }
    this.#lookups.misses++;
    return pages && this.#fillAll(song, pages, until);
  }

  #isFilled(pages: Page[], until: number): boolean {
    for (const page of pages) {
      if (page.end < this.needed(page, until)) return false;
    }
    return true;
  }

  /** How far a page is to be filled for a run up to a position. */
  needed(page: Page, until: number): number {
    return Math.min(until, this.grid.pageEnd(page.start));
  }

  #pages(song: OpenSong, position: number, until: number): Page[] | null {
    const first = this.#page(song, position);
    const pageEnd = this.grid.pageEnd(position);
    if (first === null || until <= pageEnd) return first && [first];
    const second = this.#page(song, pageEnd);
    if (second === null) first.users--;
    return second && [first, second];
  }

  async #fillAll(
    song: OpenSong,
    pages: Page[],
    until: number,
  ): Promise<Page[]> {
    try {
      for (const page of pages) {
        await this.#fill(song, page, this.needed(page, until));
      }
      return pages;
    } catch (error) {
      for (const page of pages) page.users--;
      throw error;
    }
  }

  /** The page with a user more; null: all are in use. */
  #page(song: OpenSong, position: number): Page | null {
    return this.#cache.use(
      this.#name(song.entry),
      this.grid.pageStart(position),
    );
  }

  /** What a song's pages are found by; made once, as it is needed for each grant. */
  #name(entry: SongEntry): string {
    const known = this.#names.get(entry);
    if (known !== undefined) return known;
    const name = `${entry.etag} ${entry.name}`;
    this.#names.set(entry, name);
    return name;
  }

  /** Fills a page at least up to a position. On failure it is forgotten. */
  async #fill(song: OpenSong, page: Page, until: number): Promise<void> {
    try {
      while (page.end < until) {
        const { filling } = page;
        await filling;
        if (page.filling !== filling) continue; // somebody else reads on
        if (page.end < until) page.filling = this.#extend(song, page, until);
      }
    } catch (error) {
      this.#cache.forget(page);
      throw error;
    }
  }

  async #extend(song: OpenSong, page: Page, until: number): Promise<void> {
    const end = this.#frameEnd(song, until);
    const into = page.buffer.subarray(page.end - page.start, end - page.start);
    await this.#read(song, page.end, into);
    page.end = end;
  }

  /** Reads a piece of the run that ends with a frame. */
  async #read(
    song: OpenSong,
    position: number,
    into: Uint8Array,
  ): Promise<void> {
    const { grid } = this;
    const offset = grid.offsetAt(position);
    const payload = grid.offsetAt(position + into.length) - offset;
    await song.read(into.subarray(into.length - payload), offset);
    const before = position % grid.frameBytes;
    frameInPlace(into, payload, grid.blockBytes, before);
  }

  /** The end of the frame that a position lies in. */
  #frameEnd(song: OpenSong, position: number): number {
    const end = this.grid.runBytes(song.entry.bytes);
    return Math.min(this.grid.frameEnd(position), end);
  }

  /**
   * Begins to read up to a position of the same page, if there is a page for it
   * and reading takes long: what the system has in its memory comes so fast
   * that reading and writing in turns is quicker, as the processor's cache then
   * has what is written.
   */
  prepare(song: OpenSong, position: number, until: number): void {
    if (!song.isSlow) return;
    const runEnd = this.grid.runBytes(song.entry.bytes);
    const end = Math.min(until, this.grid.pageEnd(position), runEnd);
    if (position >= end) return;
    const page = this.#page(song, position);
    if (page === null) return;
    if (page.end >= end) return void page.users--;
    this.#fill(song, page, end)
      .catch(() => {}) // Whoever needs the page meets the failure again.
      .finally(() => page.users--);
  }

  /** Some frames in memory of their own, up to a position or less: for when no page is free. */
  async spare(
    song: OpenSong,
    position: number,
    until: number,
  ): Promise<Uint8Array> {
    const end = this.#frameEnd(song, Math.min(until, position + SPARE_BYTES));
    const bytes = new Uint8Array(end - position);
    await this.#read(song, position, bytes);
    return bytes;
  }

  /** Notes that a part of a page is lent. */
  lend(song: OpenSong, page: Page, position: number, end: number): void {
    const { pageBytes } = this.grid;
    const runEnd = this.grid.runBytes(song.entry.bytes);
    const isEnd = end >= Math.min(page.start + pageBytes, runEnd);
    this.#cache.lend(page, position, end, isEnd);
  }
}
