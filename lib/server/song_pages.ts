/**
 * Read-through pages: a bounded memory of songs that all readers share. Blocks lie
 * behind their headers, so that they can be sent as they lie.
 *
 * @module
 */

import type { BlockSize } from "../model/block_size.ts";
import type { OpenSong } from "../ports/server.ts";
import { framedBytes } from "../wire/batch.ts";
import { HEADER_BYTES } from "../wire/frame.ts";
import { both } from "./both.ts";
import type { Lookups } from "./counters.ts";
import { holds, type Page, PageCache } from "./page_cache.ts";
import { PageFiller } from "./page_filler.ts";
import { PAGE_MEMORY_BYTES, SongLayouts } from "./song_layouts.ts";

/** A request of this size fills the rest of its page with one read of a file. */
const WHOLE_BYTES = 256 * 1024;

/** Blocks of a page, lent to be sent. */
export interface Loan {
  /** As {@linkcode SongPages.peek}. */
  readonly memory: Uint8Array;
  /** Call it once. */
  release(): void;
}

const DONE = Promise.resolve();

/** The pages of all songs. */
export class SongPages {
  readonly lookups: Lookups = { hits: 0, misses: 0 };
  readonly #cache: PageCache;
  /** Slow peers may hold this many pages. */
  readonly #maxLent: number;
  #lent = 0;
  readonly #layouts: SongLayouts;
  readonly #filler: PageFiller;

  /** @param budgetBytes Memory for pages; at least two are used. */
  constructor(block: BlockSize, budgetBytes: number) {
    const pages = Math.max(2, Math.floor(budgetBytes / PAGE_MEMORY_BYTES));
    this.#layouts = new SongLayouts(block);
    this.#filler = new PageFiller(this.#layouts);
    this.#cache = new PageCache(pages, PAGE_MEMORY_BYTES);
    this.#maxLent = pages >> 1;
  }

  /** The size of a song's blocks, the first of which begins with its file. */
  blockBytes(song: OpenSong): number {
    return this.#layouts.of(song).blockBytes;
  }

  /** How many bytes from an offset lie in one page. */
  pageLeft(song: OpenSong, offset: number): number {
    const { pageBytes } = this.#layouts.of(song);
    const { bytes } = song.entry;
    return Math.min(
      pageBytes - offset % pageBytes,
      (bytes ?? Infinity) - offset,
    );
  }

  /**
   * Waits, without memory of the caller's own, until bytes are in the pages. They
   * stay unless many others are read. While no page is free they are not loaded.
   *
   * @returns null: nothing to wait for.
   * @throws {OndacastError} `changed`, if the song is no longer what it was.
   */
  load(song: OpenSong, offset: number, bytes: number): Promise<void> | null {
    const { name, pageBytes } = this.#layouts.of(song);
    const end = offset + bytes;
    let loading: Promise<void> | null = null;
    let start = offset - offset % pageBytes;
    for (; start < end; start += pageBytes) {
      const page = this.#cache.use(name, start);
      const from = Math.max(0, offset - start);
      const to = Math.min(end - start, pageBytes);
      if (page === null || isApart(song, page, from, to)) {
        // read() does without a page, and not with a buffer while a decoder works.
        const isDecoded = song.partEnd(start + from) > start + from;
        const decoding = isDecoded
          ? song.read(new Uint8Array(1), start + from)
          : DONE;
        loading = both(loading, decoding);
      } else if (!holds(page, from, to)) {
        const isWhole = bytes >= WHOLE_BYTES && song.partEnd(offset) === offset;
        const until = isWhole ? pageBytes : to;
        loading = both(loading, this.#filler.fill(song, page, from, until));
      }
    }
    return loading;
  }

  /**
   * Fills a buffer from an offset. While no page is free, it reads from the song
   * itself.
   *
   * @param offset In bytes; `into` ends within the song.
   * @returns null: the buffer is filled already.
   * @throws {OndacastError} `changed`, if the song is no longer what it was.
   */
  read(
    song: OpenSong,
    into: Uint8Array,
    offset: number,
  ): Promise<void> | null {
    const { name, pageBytes } = this.#layouts.of(song);
    const from = offset % pageBytes;
    const here = pageBytes - from;
    if (into.length > here) {
      return both(
        this.read(song, into.subarray(0, here), offset),
        this.read(song, into.subarray(here), offset + here),
      );
    }
    const page = this.#cache.use(name, offset - from);
    const to = from + into.length;
    if (page === null || isApart(song, page, from, to)) {
      return song.read(into, offset);
    }
    if (!holds(page, from, to)) {
      return this.#readLater(song, page, into, from);
    }
    this.#copy(song, page, into, from);
    return null;
  }

  /**
   * Bytes as they lie, each block behind its header, not to be written to. They
   * are valid until the next `await`.
   *
   * @param offset The beginning of a block.
   * @param bytes At most {@linkcode pageLeft}.
   * @returns null: they are not in memory.
   */
  peek(song: OpenSong, offset: number, bytes: number): Uint8Array | null {
    const page = this.#filledPage(song, offset, bytes);
    return page && this.#view(song, page, offset, bytes);
  }

  /** As {@linkcode peek}, until they are released; null as well: slow peers hold too many pages. */
  lend(song: OpenSong, offset: number, bytes: number): Loan | null {
    if (this.#lent === this.#maxLent) return null;
    const page = this.#filledPage(song, offset, bytes);
    if (page === null) return null;
    page.users++;
    this.#lent++;
    return {
      memory: this.#view(song, page, offset, bytes),
      release: () => {
        page.users--;
        this.#lent--;
      },
    };
  }

  #filledPage(song: OpenSong, offset: number, bytes: number): Page | null {
    const { name, pageBytes } = this.#layouts.of(song);
    const from = offset % pageBytes;
    const page = this.#cache.use(name, offset - from);
    return page !== null && holds(page, from, from + bytes) ? page : null;
  }

  #view(song: OpenSong, page: Page, offset: number, bytes: number): Uint8Array {
    const { blockBytes } = this.#layouts.of(song);
    const from = offset - page.start;
    this.#note(song, page, from, from + bytes);
    return page.memory.subarray(
      framedBytes(from, blockBytes),
      framedBytes(from + bytes, blockBytes),
    );
  }

  async #readLater(
    song: OpenSong,
    page: Page,
    into: Uint8Array,
    from: number,
  ): Promise<void> {
    page.users++;
    try {
      await this.#filler.fill(song, page, from, from + into.length);
      this.#copy(song, page, into, from);
    } finally {
      page.users--;
    }
  }

  #copy(song: OpenSong, page: Page, into: Uint8Array, from: number): void {
    const { blockBytes } = this.#layouts.of(song);
    for (let done = 0; done < into.length;) {
      const at = from + done;
      const inBlock = at % blockBytes;
      const place = framedBytes(at - inBlock, blockBytes) + HEADER_BYTES +
        inBlock;
      const left = Math.min(blockBytes - inBlock, into.length - done);
      into.set(page.memory.subarray(place, place + left), done);
      done += left;
    }
    this.#note(song, page, from, from + into.length);
  }

  #note(song: OpenSong, page: Page, from: number, to: number): void {
    this.#cache.noteRead(
      page,
      from,
      to,
      to === this.#layouts.bytesIn(song, page),
    );
  }

  /** Forgets the pages of a content, which have wrong bytes. */
  forget(etag: string): void {
    this.#cache.forget((song) => song.startsWith(`${etag} `));
  }
}

/**
 * Whether a part of a decoded song does not touch what its page has or gets. It is
 * read without the page then, because what lies between would have to be decoded
 * first.
 */
function isApart(
  song: OpenSong,
  { start, filledFrom, filledTo, reading }: Page,
  from: number,
  to: number,
): boolean {
  if (filledFrom === filledTo && reading === null) return false;
  const first = Math.min(filledFrom, reading?.from ?? filledFrom);
  const last = Math.max(filledTo, reading?.to ?? filledTo);
  if (to >= first && from <= last) return false;
  return song.partEnd(start + from) > start + from;
}
