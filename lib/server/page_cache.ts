/**
 * Decides which pages stay in memory. Most songs are played once, by one
 * listener, so a page that was read to its end once makes room first. Pages that
 * are read again are kept, the most recently used longest.
 *
 * @module
 */

import { LruCache } from "../model/lru_cache.ts";

/** Pages read once to their end that stay, in case they are read again soon. */
const MAX_PASSED = 2;

/** A page, while it is in the cache or in use. */
export interface Page {
  readonly song: string;
  /** Where it begins in the song, in bytes. */
  readonly start: number;
  readonly memory: Uint8Array;
  /** The part of the memory that holds bytes of the song, in whole blocks. */
  filledFrom: number;
  filledTo: number;
  /** The read into it that is under way; null: none. */
  reading: PageRead | null;
  /** Readers that wait for it; its memory is not reused meanwhile. */
  users: number;
  /** How far it has been read, from its beginning. */
  readTo: number;
  /** Whether any of it has been read twice. */
  isKept: boolean;
}

/** A read of a part of a page. */
export interface PageRead {
  readonly from: number;
  readonly to: number;
  readonly done: Promise<void>;
}

/** Whether a part of a page is in its memory. */
export function holds(page: Page, from: number, to: number): boolean {
  return from >= page.filledFrom && to <= page.filledTo;
}

/** A bounded number of pages of one size. */
export class PageCache {
  readonly #maxPages: number;
  readonly #maxPassed: number;
  readonly #pageBytes: number;
  /** By key, the least recently used first. */
  readonly #pages = new Map<string, Page>();
  /** Pages that were read to their end, once; the oldest first. */
  readonly #passed = new Set<Page>();
  /** The keys of passed pages that have made room; as many as there may be pages. */
  readonly #forgotten: LruCache<string, true>;
  /** The page used last, which is found without its key. */
  #latest: Page | null = null;

  constructor(maxPages: number, pageBytes: number) {
    this.#maxPages = maxPages;
    this.#maxPassed = Math.min(MAX_PASSED, maxPages >> 1);
    this.#pageBytes = pageBytes;
    this.#forgotten = new LruCache(maxPages);
  }

  /**
   * The page of a song that begins at `start`; empty if it was not in memory.
   *
   * @returns null: the memory of all pages is in use.
   */
  use(song: string, start: number): Page | null {
    const latest = this.#latest;
    if (latest?.start === start && latest.song === song) return latest;
    const key = keyOf(song, start);
    const page = this.#pages.get(key) ?? this.#add(key, song, start);
    if (page === null) return null;
    this.#pages.delete(key);
    this.#pages.set(key, page);
    return this.#latest = page;
  }

  /**
   * Notes that a part of a page was read.
   *
   * @param isEnd Whether nothing of the page follows it.
   */
  noteRead(page: Page, from: number, to: number, isEnd: boolean): void {
    if (from < page.readTo && !page.isKept) {
      page.isKept = true;
      this.#passed.delete(page);
    }
    if (to > page.readTo) page.readTo = to;
    if (isEnd && !page.isKept) this.#passed.add(page);
  }

  /** Forgets pages; those that are in use have memory of their own from now on. */
  forget(isMeant: (song: string) => boolean): void {
    for (const [key, page] of this.#pages) {
      if (!isMeant(page.song)) continue;
      this.#pages.delete(key);
      this.#passed.delete(page);
    }
    this.#latest = null;
  }

  #add(key: string, song: string, start: number): Page | null {
    const memory = this.#freeMemory();
    return memory && {
      ...{ song, start, memory, filledFrom: 0, filledTo: 0 },
      ...{ reading: null, users: 0, readTo: 0 },
      isKept: this.#forgotten.delete(key),
    };
  }

  #freeMemory(): Uint8Array | null {
    const isFull = this.#pages.size === this.#maxPages;
    if (isFull || this.#passed.size > this.#maxPassed) {
      for (const passed of this.#passed) {
        if (passed.users > 0) continue;
        this.#forgotten.set(keyOf(passed.song, passed.start), true);
        return this.#reuse(passed);
      }
    }
    if (!isFull) return new Uint8Array(this.#pageBytes);
    for (const page of this.#pages.values()) {
      if (page.users === 0) return this.#reuse(page);
    }
    return null;
  }

  #reuse(page: Page): Uint8Array {
    this.#pages.delete(keyOf(page.song, page.start));
    this.#passed.delete(page);
    this.#latest = null;
    return page.memory;
  }
}

function keyOf(song: string, start: number): string {
  return `${start} ${song}`;
}
