/**
 * Which pages stay in memory. Most songs are played once and by one listener,
 * and a page that was sent to its end is then of no more use: its buffer, still
 * in the processor's cache, is the best one for the next page. Pages that are
 * asked for again are kept, the latest used the longest.
 *
 * @module
 */

/** Pages that were sent once and may be asked for again soon. */
const MAX_PASSED = 2;

/** A page, while it is in the cache or in use. */
export interface Page {
  /** What it is of. */
  readonly song: string;
  /** Where it begins in the song's run of frames. */
  readonly start: number;
  readonly buffer: Uint8Array;
  /** Where what is in it ends, in the run: with a frame. */
  end: number;
  /** Leases on it, and reads into it. */
  users: number;
  /** The read that is under way, after which more may be filled. */
  filling: Promise<void>;
  /** Up to where it was lent so far, in the run. */
  lentTo: number;
  /** Whether any of it was asked for again. */
  isKept: boolean;
  /** Larger than that of any page that was used before it. */
  usedAt: number;
}

/** A bounded number of pages, all of one size. */
export class PageCache {
  readonly #maxPages: number;
  readonly #maxPassed: number;
  readonly #pageBytes: number;
  /** By song and start. */
  readonly #pages = new Map<string, Map<number, Page>>();
  #size = 0;
  #uses = 0;
  /** Those that were lent to their end, once; the oldest first. */
  readonly #passed = new Set<Page>();
  /** The names of those that were passed and have made room; the oldest first. */
  readonly #forgotten = new Set<string>();

  constructor(maxPages: number, pageBytes: number) {
    this.#maxPages = maxPages;
    this.#maxPassed = Math.min(MAX_PASSED, maxPages >> 1);
    this.#pageBytes = pageBytes;
  }

  /**
   * A page with a user more, be it still empty.
   *
   * @param start Where it begins in the run of what `song` names.
   * @returns null: all are in use.
   */
  use(song: string, start: number): Page | null {
    const page = this.#pages.get(song)?.get(start) ?? this.#add(song, start);
    if (page === null) return null;
    page.usedAt = ++this.#uses;
    page.users++;
    return page;
  }

  /**
   * Notes that a part of a page is lent.
   *
   * @param isEnd Whether nothing of the page comes after it.
   */
  lend(page: Page, from: number, to: number, isEnd: boolean): void {
    if (from < page.lentTo) {
      page.isKept = true;
      this.#passed.delete(page);
    }
    if (to > page.lentTo) page.lentTo = to;
    if (isEnd && !page.isKept) this.#passed.add(page);
  }

  /** Drops a page that could not be filled. */
  forget(page: Page): void {
    this.#passed.delete(page);
    const pages = this.#pages.get(page.song);
    if (pages?.get(page.start) !== page) return;
    pages.delete(page.start);
    if (pages.size === 0) this.#pages.delete(page.song);
    this.#size--;
  }

  #add(song: string, start: number): Page | null {
    const buffer = this.#freeBuffer();
    if (buffer === null) return null;
    const page: Page = {
      ...{ song, start, buffer, end: start, users: 0, lentTo: start },
      filling: Promise.resolve(),
      isKept: this.#forgotten.delete(nameOf(song, start)),
      usedAt: 0,
    };
    const pages = this.#pages.get(song) ?? new Map<number, Page>();
    this.#pages.set(song, pages.set(start, page));
    this.#size++;
    return page;
  }

  #freeBuffer(): Uint8Array | null {
    const isFull = this.#size === this.#maxPages;
    if (isFull || this.#passed.size > this.#maxPassed) {
      for (const passed of this.#passed) {
        if (passed.users > 0) continue;
        this.#remember(passed);
        return this.#take(passed);
      }
    }
    if (!isFull) return new Uint8Array(this.#pageBytes);
    const oldest = this.#leastRecentlyUsed();
    return oldest && this.#take(oldest);
  }

  #leastRecentlyUsed(): Page | null {
    let oldest: Page | null = null;
    for (const pages of this.#pages.values()) {
      for (const page of pages.values()) {
        if (page.users > 0) continue;
        if (oldest === null || page.usedAt < oldest.usedAt) oldest = page;
      }
    }
    return oldest;
  }

  #take(page: Page): Uint8Array {
    this.forget(page);
    return page.buffer;
  }

  /** As many names as there could be pages. */
  #remember({ song, start }: Page): void {
    this.#forgotten.add(nameOf(song, start));
    if (this.#forgotten.size <= this.#maxPages) return;
    for (const oldest of this.#forgotten) {
      this.#forgotten.delete(oldest);
      break;
    }
  }
}

function nameOf(song: string, start: number): string {
  return `${start} ${song}`;
}
