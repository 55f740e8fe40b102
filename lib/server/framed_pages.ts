/**
 * Framed pages: a bounded memory of songs, already cut into data frames and
 * shared by all listeners. What is sent is lent as it lies in its page.
 *
 * A page holds about a megabyte of a song's blocks, each behind its header.
 * Blocks lie on a grid that begins with the file, so listeners at different
 * places of a song share the same pages. What does not fit the grid (a seek,
 * odd credit) begins and ends with a short frame.
 *
 * @module
 */

import { framedBytes } from "../wire/batch.ts";
import { FRAME_TYPE, HEADER_BYTES, writeHeader } from "../wire/frame.ts";
import type { OpenSong } from "../ports/server.ts";
import type { Lookups } from "./counters.ts";
import { BufferPool, PooledBuffer } from "./buffer_pool.ts";
import type { FramesLease, Lease } from "./lease.ts";
import type { Page } from "./page_cache.ts";
import { PageGrid } from "./page_grid.ts";
import { SongPages } from "./song_pages.ts";

/** Most payload that is gathered for one write: a usual grant. */
const GATHER_PAYLOAD_BYTES = 256 * 1024;
/** Buffers to gather in; if slow peers have them all, parts are sent as they lie. */
const MAX_GATHER_BUFFERS = 16;
/** Memory for short frames that is kept; when it is all lent, they have their own. */
const SHORT_FRAMES_BYTES = 4 << 20;

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
  readonly #pages: SongPages;
  readonly #grants: BufferPool;
  readonly #shorts: BufferPool;

  constructor(options: FramedPagesOptions) {
    const { blockBytes, budgetBytes, lookups = { hits: 0, misses: 0 } } =
      options;
    this.blockBytes = blockBytes;
    this.grid = new PageGrid(blockBytes);
    this.#pages = new SongPages(this.grid, budgetBytes, lookups);
    this.#grants = new BufferPool(
      // What begins off the grid may have a frame more.
      framedBytes(GATHER_PAYLOAD_BYTES, blockBytes) + HEADER_BYTES,
      MAX_GATHER_BUFFERS,
    );
    this.#shorts = new BufferPool(
      HEADER_BYTES + blockBytes,
      SHORT_FRAMES_BYTES / blockBytes,
    );
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
  frames(
    song: OpenSong,
    offset: number,
    room: number,
  ): FramesLease | Promise<FramesLease> {
    const { grid } = this;
    const wanted = Math.min(room, song.entry.bytes - offset);
    const part = this.#partBytes(song, offset, wanted);
    const payload = wanted > GATHER_PAYLOAD_BYTES ? part : wanted;
    const until = grid.runBytes(offset + payload);
    const pages = this.#pages.filled(song, grid.frameAt(offset), until);
    if (pages === null) return this.#spareFrames(song, offset, part);
    if (!(pages instanceof Promise)) {
      const into = payload > part ? this.#grants.take() : null;
      if (into !== null || payload === part) {
        return this.#framesIn(into, song, pages, offset, part, payload);
      }
    }
    return this.#framesLater(song, pages, offset, part, payload);
  }

  /** Waits for pages, and for memory to gather in, where that is to be had soon. */
  async #framesLater(
    song: OpenSong,
    pages: readonly Page[] | Promise<readonly Page[]>,
    offset: number,
    part: number,
    payload: number,
  ): Promise<FramesLease> {
    const filled = await pages;
    const into = payload > part ? await this.#grants.takeSoon() : null;
    return this.#framesIn(into, song, filled, offset, part, payload);
  }

  /**
   * Frames from their pages, which have a user more each for it.
   *
   * @param into Where they are gathered; null: what can, goes out as it lies.
   * @param part How much that is.
   */
  #framesIn(
    into: PooledBuffer | null,
    song: OpenSong,
    pages: readonly Page[],
    offset: number,
    part: number,
    payloadBytes: number,
  ): FramesLease {
    if (into === null) {
      for (const page of pages.slice(1)) page.users--;
      return this.#part(song, pages[0], offset, part);
    }
    return this.#gathered(song, pages, offset, payloadBytes, into);
  }

  #gathered(
    song: OpenSong,
    pages: readonly Page[],
    offset: number,
    payloadBytes: number,
    into: PooledBuffer,
  ): FramesLease {
    const { buffer } = into;
    const bytes = this.#gather(song, pages, offset, payloadBytes, buffer);
    for (const page of pages) page.users--;
    into.bytes = buffer.subarray(0, bytes);
    into.payloadBytes = payloadBytes;
    return into;
  }

  /**
   * Copies frames from their pages into a buffer. The run has the headers of
   * whole blocks; those of the first and the last may have to say less.
   *
   * @returns The length of the frames.
   */
  #gather(
    song: OpenSong,
    pages: readonly Page[],
    offset: number,
    payloadBytes: number,
    into: Uint8Array,
  ): number {
    const { grid, blockBytes } = this;
    const end = offset + payloadBytes;
    const start = grid.runBytes(offset);
    const until = grid.runBytes(end);
    const intoBlock = offset % blockBytes;
    const own = intoBlock > 0 ? HEADER_BYTES : 0;
    let position = start;
    for (const page of pages) {
      const to = this.#pages.needed(page, until);
      this.#pages.lend(song, page, position, to);
      into.set(
        page.buffer.subarray(position - page.start, to - page.start),
        own + position - start,
      );
      position = to;
    }
    const last = grid.frameAt(end);
    if (last >= start && last < until) {
      writeHeader(into, own + last - start, FRAME_TYPE.data, end % blockBytes);
    }
    if (own > 0) {
      const first = Math.min(payloadBytes, blockBytes - intoBlock);
      writeHeader(into, 0, FRAME_TYPE.data, first);
    }
    return own + until - start;
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
    const pages = await this.#pages.filled(song, position, end);
    if (pages !== null) return this.#lease(song, pages[0], position, end);
    const bytes = await this.#pages.spare(song, position, end);
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
  #part(
    song: OpenSong,
    page: Page,
    offset: number,
    payloadBytes: number,
  ): FramesLease {
    if (this.#isShort(song, offset, payloadBytes)) {
      const short = this.#shorts.take() ??
        new PooledBuffer(HEADER_BYTES + payloadBytes);
      return this.#gathered(song, [page], offset, payloadBytes, short);
    }
    const position = this.grid.frameAt(offset);
    const end = position + this.grid.runBytes(payloadBytes);
    return { ...this.#lease(song, page, position, end), payloadBytes };
  }

  /** Whether a part is a frame that is none of the grid's. */
  #isShort(song: OpenSong, offset: number, payload: number): boolean {
    return offset % this.blockBytes > 0 ||
      payload < this.blockBytes && offset + payload < song.entry.bytes;
  }

  /** As much of a batch as ends on the grid; all of it, if that is nothing. */
  onGrid(offset: number, batchBytes: number): number {
    const over = (offset + batchBytes) % this.blockBytes;
    return over < batchBytes ? batchBytes - over : batchBytes;
  }

  /** Begins to read the frames that come next, if that takes long and there is a page for them. */
  prepare(song: OpenSong, offset: number, payload: number): void {
    if (payload === 0) return;
    const { grid } = this;
    this.#pages.prepare(
      song,
      grid.frameAt(offset),
      grid.runBytes(offset + payload),
    );
  }

  /** Begins to read the piece that comes next, likewise. */
  preparePiece(song: OpenSong, position: number, most: number): void {
    this.#pages.prepare(song, position, position + most);
  }

  /** One part, or some of it, in memory of its own, as no page is free. */
  async #spareFrames(
    song: OpenSong,
    offset: number,
    part: number,
  ): Promise<FramesLease> {
    const { grid } = this;
    if (this.#isShort(song, offset, part)) {
      const bytes = new Uint8Array(HEADER_BYTES + part);
      writeHeader(bytes, 0, FRAME_TYPE.data, part);
      await song.read(bytes.subarray(HEADER_BYTES), offset);
      return { bytes, payloadBytes: part, release() {} };
    }
    const position = grid.frameAt(offset);
    const end = position + grid.runBytes(part);
    const bytes = await this.#pages.spare(song, position, end);
    const payloadBytes = grid.offsetAt(position + bytes.length) - offset;
    return { bytes, payloadBytes, release() {} };
  }

  #lease(song: OpenSong, page: Page, position: number, end: number): Lease {
    this.#pages.lend(song, page, position, end);
    return {
      bytes: page.buffer.subarray(position - page.start, end - page.start),
      release: () => page.users--,
    };
  }
}
