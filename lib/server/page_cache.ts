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
  readonly key: string;
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
}

/** A bounded number of pages, all of one size. */
export class PageCache {
  readonly #maxPages: number;
  readonly #maxPassed: number;
  readonly #pageBytes: number;
  /** Least recently used first. */
  readonly #pages = new Map<string, Page>();
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
    const key = `${start} ${song}`;
    let page = this.#pages.get(key);
    if (page) {
      this.#pages.delete(key); // and set again: it is the latest used now
    } else {
      const buffer = this.#freeBuffer();
      if (buffer === null) return null;
      page = {
        ...{ key, start, buffer, end: start, users: 0, lentTo: start },
        filling: Promise.resolve(),
        isKept: this.#forgotten.delete(key),
      };
    }
    this.#pages.set(key, page);
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
    if (this.#pages.get(page.key) === page) this.#pages.delete(page.key);
    this.#passed.delete(page);
  }

  #freeBuffer(): Uint8Array | null {
    const isFull = this.#pages.size === this.#maxPages;
    if (isFull || this.#passed.size > this.#maxPassed) {
      const passed = unused(this.#passed);
      if (passed) {
        this.#remember(passed.key);
        return this.#take(passed);
      }
    }
    if (!isFull) return new Uint8Array(this.#pageBytes);
    const oldest = unused(this.#pages.values());
    return oldest && this.#take(oldest);
  }

  #take(page: Page): Uint8Array {
    this.forget(page);
    return page.buffer;
  }

  /** As many names as there could be pages. */
  #remember(key: string): void {
    this.#forgotten.add(key);
    if (this.#forgotten.size <= this.#maxPages) return;
    for (const oldest of this.#forgotten) {
      this.#forgotten.delete(oldest);
      break;
    }
  }
}

function unused(pages: Iterable<Page>): Page | null {
  for (const page of pages) if (page.users === 0) return page;
  return null;
}
