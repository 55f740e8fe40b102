/**
 * Read-through pages: a bounded memory of songs that all readers share, filled by
 * large reads, one at a time for each page. Blocks lie behind their headers, so
 * that they can be sent as they lie.
 *
 * @module
 */

import { AbandonedError } from "../errors.ts";
import { blockBytes, type BlockSize } from "../model/block_size.ts";
import type { OpenSong } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { framedBytes, frameInPlace } from "../wire/batch.ts";
import { HEADER_BYTES, MAX_SESSION_DATA_BYTES } from "../wire/frame.ts";
import type { Lookups } from "./counters.ts";
import { both } from "./both.ts";
import { holds, type Page, PageCache, type PageRead } from "./page_cache.ts";

/** The memory of a page: it holds the largest block, and is 1 MiB otherwise. */
export const PAGE_MEMORY_BYTES = MAX_SESSION_DATA_BYTES + HEADER_BYTES;
/** Reads are at least this long, so that small requests cause few of them. */
const STEP_BYTES = 16 * 1024;
/** A request of this size fills the rest of its page with one read of a file. */
const WHOLE_BYTES = 256 * 1024;

/** Blocks of a page, lent to be sent. */
export interface Loan {
  /** As {@linkcode SongPages.peek}. */
  readonly memory: Uint8Array;
  /** Call it once. */
  release(): void;
}

/** How a song lies in its pages. */
interface Layout {
  /** What its pages are found by. */
  readonly name: string;
  readonly blockBytes: number;
  /** Whole blocks, in each page but the last. */
  readonly pageBytes: number;
}

const DONE = Promise.resolve();

/** The pages of all songs. */
export class SongPages {
  readonly lookups: Lookups = { hits: 0, misses: 0 };
  readonly #block: BlockSize;
  readonly #cache: PageCache;
  /** Slow peers may hold this many pages. */
  readonly #maxLent: number;
  #lent = 0;
  readonly #layouts = new WeakMap<SongEntry, Layout>();

  /** @param budgetBytes Memory for pages; at least two are used. */
  constructor(block: BlockSize, budgetBytes: number) {
    const pages = Math.max(2, Math.floor(budgetBytes / PAGE_MEMORY_BYTES));
    this.#block = block;
    this.#cache = new PageCache(pages, PAGE_MEMORY_BYTES);
    this.#maxLent = pages >> 1;
  }

  /** The size of a song's blocks, the first of which begins with its file. */
  blockBytes(song: OpenSong): number {
    return this.#layout(song).blockBytes;
  }

  /** How many bytes from an offset lie in one page. */
  pageLeft(song: OpenSong, offset: number): number {
    const { pageBytes } = this.#layout(song);
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
    const { name, pageBytes } = this.#layout(song);
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
        loading = both(loading, this.#fill(song, page, from, until));
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
    const { name, pageBytes } = this.#layout(song);
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
    const { name, pageBytes } = this.#layout(song);
    const from = offset % pageBytes;
    const page = this.#cache.use(name, offset - from);
    return page !== null && holds(page, from, from + bytes) ? page : null;
  }

  #view(song: OpenSong, page: Page, offset: number, bytes: number): Uint8Array {
    const { blockBytes } = this.#layout(song);
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
      await this.#fill(song, page, from, from + into.length);
      this.#copy(song, page, into, from);
    } finally {
      page.users--;
    }
  }

  #copy(song: OpenSong, page: Page, into: Uint8Array, from: number): void {
    const { blockBytes } = this.#layout(song);
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
    this.#cache.noteRead(page, from, to, to === this.#lengthOf(song, page));
  }

  /**
   * Fills at least a part of a page. An empty one is filled from there, because
   * what lies before may have to be decoded, and is filled when it is read.
   */
  async #fill(
    song: OpenSong,
    page: Page,
    from: number,
    to: number,
  ): Promise<void> {
    const { blockBytes } = this.#layout(song);
    const begin = from - from % blockBytes;
    page.users++;
    try {
      to = Math.min(to, this.#lengthOf(song, page));
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
    const { blockBytes } = this.#layout(song);
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
      this.#lengthOf(song, page),
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
    const { blockBytes } = this.#layout(song);
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

  /** Forgets the pages of a content, which have wrong bytes. */
  forget(etag: string): void {
    this.#cache.forget((song) => song.startsWith(`${etag} `));
  }

  /** How many bytes of the song belong in a page. */
  #lengthOf(song: OpenSong, page: Page): number {
    const { pageBytes } = this.#layout(song);
    return Math.min(pageBytes, (song.entry.bytes ?? Infinity) - page.start);
  }

  /** Computed once, because every read needs it. */
  #layout({ entry }: OpenSong): Layout {
    const known = this.#layouts.get(entry);
    if (known !== undefined) return known;
    const block = blockBytes(this.#block, entry.format, MAX_SESSION_DATA_BYTES);
    const blocks = Math.floor(PAGE_MEMORY_BYTES / (HEADER_BYTES + block));
    const layout = {
      name: `${entry.etag} ${entry.name}`,
      blockBytes: block,
      pageBytes: blocks * block,
    };
    this.#layouts.set(entry, layout);
    return layout;
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
