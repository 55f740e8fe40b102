/**
 * Framed pages: a bounded memory of songs, already cut into data frames and
 * shared by all listeners. They are "blocks → frames" on the walk of one
 * byte: a page is filled by few large reads, and sent as it lies.
 *
 * A page holds about a megabyte of a song's blocks, each behind its header.
 * Blocks lie on a grid that begins with the file, so listeners at different
 * places of a song share the same pages. What does not fit the grid (a seek,
 * odd credit) is sent as one short frame up to the grid.
 *
 * @module
 */

import { framedBytes, frameInPlace } from "../wire/batch.ts";
import { FRAME_TYPE, HEADER_BYTES, writeHeader } from "../wire/frame.ts";
import type { OpenSong } from "../ports.ts";
import type { Lookups } from "./counters.ts";
import { type Page, PageCache } from "./page_cache.ts";
import { PageGrid } from "./page_grid.ts";

/** Most of a lease when all pages are in the hands of slow peers: whole frames of about so much. */
const SPARE_BYTES = 64 * 1024;
/** Most payload that is gathered for one write: a usual grant. */
const GATHER_PAYLOAD_BYTES = 256 * 1024;
/** Buffers to gather in; when slow peers hold them all, parts are sent as they lie. */
const MAX_GATHER_BUFFERS = 32;

/** What to send, lent until {@linkcode Lease.release}. */
export interface Lease {
  readonly bytes: Uint8Array;
  /** To be called once, when the bytes are written. */
  release(): void;
}

/** Whole data frames, one or more. */
export interface FramesLease extends Lease {
  /** The bytes of the song in them. */
  readonly payloadBytes: number;
}

/** How the memory is laid out. */
export interface FramedPagesOptions {
  /** Payload of a data frame, in bytes. */
  blockBytes: number;
  /** Memory for pages, in bytes; two pages at the least. */
  budgetBytes: number;
  /** Where it is counted whether frames were in memory when asked for. */
  lookups?: Lookups;
}

/** The pages of all songs, for one block size. */
export class FramedPages {
  readonly blockBytes: number;
  readonly grid: PageGrid;
  readonly #lookups: Lookups;
  readonly #cache: PageCache;
  readonly #gatherBuffers: Uint8Array[] = [];
  #gatherBuffersMade = 0;

  constructor(options: FramedPagesOptions) {
    const { blockBytes, budgetBytes } = options;
    this.blockBytes = blockBytes;
    this.grid = new PageGrid(blockBytes);
    const { mostBytes } = this.grid;
    const pages = Math.max(2, Math.floor(budgetBytes / mostBytes));
    this.#cache = new PageCache(pages, mostBytes);
    this.#lookups = options.lookups ?? { hits: 0, misses: 0 };
  }

  /**
   * Frames of a song from an offset. Whole blocks are lent as they lie where
   * the offset is on the grid. What begins or ends off it is gathered, if it
   * is no more than a usual grant: a copy costs less than a write more.
   *
   * @param offset Bytes from the file's start, less than its length.
   * @param room Most payload bytes, at least 1.
   * @throws {OndacastError} `changed`, if the song is no longer what it was.
   */
  async frames(
    song: OpenSong,
    offset: number,
    room: number,
  ): Promise<FramesLease> {
    const wanted = Math.min(room, song.entry.bytes - offset);
    const isOne = this.#partBytes(song, offset, wanted) === wanted;
    if (isOne || wanted > GATHER_PAYLOAD_BYTES) {
      return await this.#part(song, offset, wanted);
    }
    const buffer = this.#gatherBuffer();
    return buffer
      ? await this.#gather(song, offset, wanted, buffer)
      : await this.#part(song, offset, wanted);
  }

  async #gather(
    song: OpenSong,
    offset: number,
    payloadBytes: number,
    buffer: Uint8Array,
  ): Promise<FramesLease> {
    let [bytes, done] = [0, 0];
    try {
      while (done < payloadBytes) {
        const at = offset + done;
        const part = this.#partBytes(song, at, payloadBytes - done);
        bytes += await this.#copy(song, at, part, buffer.subarray(bytes));
        done += part;
      }
    } catch (error) {
      this.#gatherBuffers.push(buffer);
      throw error;
    }
    return {
      bytes: buffer.subarray(0, bytes),
      payloadBytes,
      release: () => this.#gatherBuffers.push(buffer),
    };
  }

  #gatherBuffer(): Uint8Array | null {
    const free = this.#gatherBuffers.pop();
    if (free || this.#gatherBuffersMade === MAX_GATHER_BUFFERS) {
      return free ?? null;
    }
    this.#gatherBuffersMade++;
    // Off the grid, there are a short frame more at both ends and at a page's.
    return new Uint8Array(
      framedBytes(GATHER_PAYLOAD_BYTES, this.blockBytes) + 4 * HEADER_BYTES,
    );
  }

  /**
   * A piece of the run of all of a file's frames, up to the end of a page. It
   * may begin and end inside a frame.
   *
   * @param position Bytes from the run's start, less than its length.
   * @param most At least 1.
   * @throws {OndacastError} `changed`, if the song is no longer what it was.
   */
  async piece(song: OpenSong, position: number, most: number): Promise<Lease> {
    const { grid } = this;
    const end = Math.min(
      position + most,
      grid.pageStart(position) + grid.pageBytes,
      grid.runBytes(song.entry.bytes),
    );
    const page = await this.#filledPage(song, position, end);
    if (page !== null) return this.#lease(song, page, position, end);
    const bytes = await this.#spare(song, position, end);
    return { bytes: bytes.subarray(0, end - position), release() {} };
  }

  /**
   * How much is sent in one part: whole blocks of a page from the grid, else
   * one short frame up to the grid.
   */
  #partBytes(song: OpenSong, offset: number, room: number): number {
    const { grid, blockBytes } = this;
    const left = song.entry.bytes - offset;
    const wanted = Math.min(room, left);
    const intoBlock = offset % blockBytes;
    if (intoBlock > 0 || wanted < Math.min(blockBytes, left)) {
      return Math.min(wanted, blockBytes - intoBlock);
    }
    const pageEnd = grid.pageEnd(grid.frameAt(offset));
    const most = Math.min(wanted, grid.offsetAt(pageEnd) - offset);
    return most === left ? most : most - most % blockBytes;
  }

  /** One part, as it lies in its page or in memory of its own. */
  async #part(
    song: OpenSong,
    offset: number,
    room: number,
  ): Promise<FramesLease> {
    const { grid } = this;
    const payloadBytes = this.#partBytes(song, offset, room);
    if (this.#isShort(song, offset, payloadBytes)) {
      const bytes = new Uint8Array(HEADER_BYTES + payloadBytes);
      await this.#copy(song, offset, payloadBytes, bytes);
      return { bytes, payloadBytes, release() {} };
    }
    const position = grid.frameAt(offset);
    const end = position + grid.runBytes(payloadBytes);
    const page = await this.#filledPage(song, position, end);
    if (page !== null) {
      return { ...this.#lease(song, page, position, end), payloadBytes };
    }
    const bytes = await this.#spare(song, position, end);
    return {
      bytes,
      payloadBytes: grid.offsetAt(position + bytes.length) - offset,
      release() {},
    };
  }

  /** Whether a part is a frame that is none of the grid's. */
  #isShort(song: OpenSong, offset: number, payload: number): boolean {
    return offset % this.blockBytes > 0 ||
      payload < this.blockBytes && offset + payload < song.entry.bytes;
  }

  /** Copies one part to where it is gathered. @returns Its length, framed. */
  async #copy(
    song: OpenSong,
    offset: number,
    payload: number,
    into: Uint8Array,
  ): Promise<number> {
    const { grid } = this;
    const isShort = this.#isShort(song, offset, payload);
    const frame = grid.frameAt(offset);
    const own = isShort ? HEADER_BYTES : 0;
    if (isShort) writeHeader(into, 0, FRAME_TYPE.data, payload);
    const start = frame + own + offset % this.blockBytes;
    const end = start + (isShort ? payload : grid.runBytes(payload));
    const to = into.subarray(own, own + end - start);
    const page = await this.#filledPage(song, frame, end);
    if (page !== null) {
      this.#lend(song, page, start, end);
      to.set(page.buffer.subarray(start - page.start, end - page.start));
      page.users--;
    } else if (isShort) await song.read(to, offset);
    else await this.#read(song, frame, to);
    return own + to.length;
  }

  /** As much of a batch as ends on the grid; all of it, if that is nothing. */
  onGrid(offset: number, batchBytes: number): number {
    const over = (offset + batchBytes) % this.blockBytes;
    return over < batchBytes ? batchBytes - over : batchBytes;
  }

  /** Begins to read the frames that come next, if there is a page for them. */
  prepare(song: OpenSong, offset: number, payload: number): void {
    const { grid } = this;
    this.#prepare(song, grid.frameAt(offset), grid.runBytes(offset + payload));
  }

  /** Begins to read the piece that comes next, if there is a page for it. */
  preparePiece(song: OpenSong, position: number, most: number): void {
    this.#prepare(song, position, position + most);
  }

  #prepare(song: OpenSong, position: number, most: number): void {
    const runEnd = this.grid.runBytes(song.entry.bytes);
    const until = Math.min(most, this.grid.pageEnd(position), runEnd);
    if (position >= until) return;
    const page = this.#page(song, position);
    if (page === null) return;
    if (page.end >= until) return void page.users--;
    this.#fill(song, page, until)
      .catch(() => {}) // Whoever needs the page meets the failure again.
      .finally(() => page.users--);
  }

  /** Some frames in memory of their own, as no page is free. */
  async #spare(
    song: OpenSong,
    position: number,
    most: number,
  ): Promise<Uint8Array> {
    const end = this.#frameEnd(song, Math.min(most, position + SPARE_BYTES));
    const bytes = new Uint8Array(end - position);
    await this.#read(song, position, bytes);
    return bytes;
  }

  /**
   * The page that a position lies in, with a user more and filled so far;
   * null: all are in use.
   */
  async #filledPage(
    song: OpenSong,
    position: number,
    until: number,
  ): Promise<Page | null> {
    const page = this.#page(song, position);
    if (page !== null && page.end >= until) {
      this.#lookups.hits++;
      return page;
    }
    this.#lookups.misses++;
    if (page === null) return null;
    try {
      await this.#fill(song, page, until);
      return page;
    } catch (error) {
      page.users--;
      throw error;
    }
  }

  /** The page with a user more; null: all are in use. */
  #page(song: OpenSong, position: number): Page | null {
    const { etag, name } = song.entry;
    return this.#cache.use(`${etag} ${name}`, this.grid.pageStart(position));
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
    frameInPlace(into, payload, this.blockBytes, before);
  }

  /** The end of the frame that a position lies in. */
  #frameEnd(song: OpenSong, position: number): number {
    const end = this.grid.runBytes(song.entry.bytes);
    return Math.min(this.grid.frameEnd(position), end);
  }

  #lease(song: OpenSong, page: Page, position: number, end: number): Lease {
    this.#lend(song, page, position, end);
    return {
      bytes: page.buffer.subarray(position - page.start, end - page.start),
      release: () => page.users--,
    };
  }

  #lend(song: OpenSong, page: Page, position: number, end: number): void {
    const { pageBytes } = this.grid;
    const runEnd = this.grid.runBytes(song.entry.bytes);
    const isEnd = end >= Math.min(page.start + pageBytes, runEnd);
    this.#cache.lend(page, position, end, isEnd);
  }
}
