/**
 * Framed pages: a bounded memory of songs, already cut into data frames and
 * shared by all listeners. They are "blocks → frames" on the walk of one
 * byte: a page is filled by few large reads, and sent as it lies.
 *
 * A page holds the whole blocks of about a megabyte of a song, each behind
 * its header. Blocks lie on a grid that begins with the file, so listeners at
 * different places of a song share the same pages. What does not fit the grid
 * (a seek, odd credit) is sent as one short frame up to the grid.
 *
 * @module
 */

import { framedBytes, frameInPlace } from "../wire/batch.ts";
import { FRAME_TYPE, HEADER_BYTES, writeHeader } from "../wire/frame.ts";
import type { OpenSong } from "../ports.ts";
import type { Lookups } from "./counters.ts";

/** Payload of a page, unless one block is larger. */
const PAGE_PAYLOAD_BYTES = 1 << 20;
/** Most payload of a lease when all pages are in the hands of slow peers. */
const SPARE_PAYLOAD_BYTES = 64 * 1024;
/** Most payload that is gathered for one write: a usual grant. */
const GATHER_PAYLOAD_BYTES = 256 * 1024;
/** Buffers to gather in; when slow peers hold them all, parts are sent as they lie. */
const MAX_GATHER_BUFFERS = 32;

/** Frames to send, lent until {@linkcode Lease.release}. */
export interface Lease {
  /** Data frames, one or more. */
  readonly bytes: Uint8Array;
  /** The bytes of the song in them. */
  readonly payloadBytes: number;
  /** To be called once, when the bytes are written. */
  release(): void;
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

interface Page {
  readonly key: string;
  buffer: Uint8Array;
  /** Payload bytes framed so far. */
  filled: number;
  /** Leases on it, and reads into it. */
  users: number;
  /** The read that is under way, after which more may be filled. */
  filling: Promise<void>;
}

/** The pages of all songs, for one block size. */
export class FramedPages {
  readonly blockBytes: number;
  /** Payload bytes of a whole page: a whole number of blocks. */
  readonly pageBytes: number;
  readonly #maxPages: number;
  readonly #lookups: Lookups;
  /** Least recently used first. */
  readonly #pages = new Map<string, Page>();
  readonly #gatherBuffers: Uint8Array[] = [];
  #gatherBuffersMade = 0;

  constructor(options: FramedPagesOptions) {
    const { blockBytes, budgetBytes } = options;
    this.blockBytes = blockBytes;
    this.pageBytes = blockBytes *
      Math.max(1, Math.floor(PAGE_PAYLOAD_BYTES / blockBytes));
    const size = framedBytes(this.pageBytes, blockBytes);
    this.#maxPages = Math.max(2, Math.floor(budgetBytes / size));
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
  async frames(song: OpenSong, offset: number, room: number): Promise<Lease> {
    const wanted = Math.min(room, song.entry.bytes - offset);
    const first = await this.#part(song, offset, wanted);
    if (first.payloadBytes === wanted || wanted > GATHER_PAYLOAD_BYTES) {
      return first;
    }
    const buffer = this.#gatherBuffer();
    return buffer
      ? await this.#gather(song, offset, wanted, first, buffer)
      : first;
  }

  async #gather(
    song: OpenSong,
    offset: number,
    wanted: number,
    first: Lease,
    buffer: Uint8Array,
  ): Promise<Lease> {
    let bytes = 0;
    let payloadBytes = 0;
    let part = first;
    try {
      while (true) {
        buffer.set(part.bytes, bytes);
        bytes += part.bytes.length;
        payloadBytes += part.payloadBytes;
        part.release();
        if (payloadBytes === wanted) break;
        part = await this.#part(
          song,
          offset + payloadBytes,
          wanted - payloadBytes,
        );
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

  /** Whole blocks from the grid, else one short frame up to the grid. */
  async #part(song: OpenSong, offset: number, room: number): Promise<Lease> {
    const left = song.entry.bytes - offset;
    const intoBlock = offset % this.blockBytes;
    if (intoBlock > 0 || room < Math.min(this.blockBytes, left)) {
      return this.#shortFrame(
        song,
        offset,
        Math.min(room, left, this.blockBytes - intoBlock),
      );
    }
    const intoPage = offset % this.pageBytes;
    const most = Math.min(room, left, this.pageBytes - intoPage);
    const payload = most === left ? most : most - most % this.blockBytes;
    const page = this.#page(song, offset - intoPage);
    this.#count(page, intoPage + payload);
    if (page === null) return this.#spare(song, offset, payload);
    if (page.filled < intoPage + payload) {
      try {
        await this.#fill(song, page, offset - intoPage, intoPage + payload);
      } catch (error) {
        page.users--;
        throw error;
      }
    }
    const start = framedBytes(intoPage, this.blockBytes);
    return lease(
      page,
      page.buffer.subarray(
        start,
        start + framedBytes(payload, this.blockBytes),
      ),
      payload,
    );
  }

  /** As much of a batch as ends on the grid; all of it, if that is nothing. */
  onGrid(offset: number, batchBytes: number): number {
    const over = (offset + batchBytes) % this.blockBytes;
    return over < batchBytes ? batchBytes - over : batchBytes;
  }

  /** Begins to read what comes next, if there is a page for it. */
  prepare(song: OpenSong, offset: number, payload: number): void {
    const left = song.entry.bytes - offset;
    if (left <= 0 || payload <= 0) return;
    const intoPage = offset % this.pageBytes;
    const until = Math.min(intoPage + Math.min(payload, left), this.pageBytes);
    const page = this.#page(song, offset - intoPage);
    if (page === null) return;
    if (page.filled >= until) return void page.users--;
    this.#fill(song, page, offset - intoPage, until)
      .catch(() => {}) // Whoever needs the page meets the failure again.
      .finally(() => page.users--);
  }

  /** A frame that is shorter than a block, in memory of its own. */
  async #shortFrame(
    song: OpenSong,
    offset: number,
    payload: number,
  ): Promise<Lease> {
    const bytes = new Uint8Array(HEADER_BYTES + payload);
    writeHeader(bytes, 0, FRAME_TYPE.data, payload);
    const into = bytes.subarray(HEADER_BYTES);
    const intoPage = offset % this.pageBytes;
    const page = this.#page(song, offset - intoPage);
    this.#count(page, intoPage + payload);
    if (page === null) {
      await song.read(into, offset);
    } else {
      try {
        await this.#fill(song, page, offset - intoPage, intoPage + payload);
        const block = Math.floor(intoPage / this.blockBytes) + 1;
        const start = intoPage + block * HEADER_BYTES;
        into.set(page.buffer.subarray(start, start + payload));
      } finally {
        page.users--;
      }
    }
    return { bytes, payloadBytes: payload, release() {} };
  }

  /** Some blocks in memory of their own, as no page is free. */
  async #spare(song: OpenSong, offset: number, most: number): Promise<Lease> {
    const blocks = Math.max(
      1,
      Math.floor(SPARE_PAYLOAD_BYTES / this.blockBytes),
    );
    const payload = Math.min(most, blocks * this.blockBytes);
    const bytes = new Uint8Array(framedBytes(payload, this.blockBytes));
    await song.read(bytes.subarray(bytes.length - payload), offset);
    frameInPlace(bytes, payload, this.blockBytes);
    return { bytes, payloadBytes: payload, release() {} };
  }

  #count(page: Page | null, until: number): void {
    if (page !== null && page.filled >= until) this.#lookups.hits++;
    else this.#lookups.misses++;
  }

  /** The page with a user more; null: all are in use. */
  #page(song: OpenSong, start: number): Page | null {
    const key = `${start} ${song.entry.etag} ${song.entry.name}`;
    let page = this.#pages.get(key);
    if (page) {
      this.#pages.delete(key); // and set again: it is the latest used now
    } else {
      const buffer = this.#freeBuffer();
      if (buffer === null) return null;
      page = { key, buffer, filled: 0, users: 0, filling: Promise.resolve() };
    }
    this.#pages.set(key, page);
    page.users++;
    return page;
  }

  #freeBuffer(): Uint8Array | null {
    if (this.#pages.size < this.#maxPages) {
      return new Uint8Array(framedBytes(this.pageBytes, this.blockBytes));
    }
    for (const page of this.#pages.values()) {
      if (page.users > 0) continue;
      this.#pages.delete(page.key);
      return page.buffer;
    }
    return null;
  }

  /**
   * Frames a page's payload up to a place, rounded up to whole blocks. On
   * failure the page is forgotten.
   */
  async #fill(
    song: OpenSong,
    page: Page,
    start: number,
    until: number,
  ): Promise<void> {
    try {
      while (page.filled < until) {
        const { filling } = page;
        await filling;
        if (page.filling !== filling) continue; // somebody else reads on
        if (page.filled < until) {
          page.filling = this.#read(song, page, start, until);
        }
      }
    } catch (error) {
      if (this.#pages.get(page.key) === page) this.#pages.delete(page.key);
      throw error;
    }
  }

  async #read(
    song: OpenSong,
    page: Page,
    start: number,
    until: number,
  ): Promise<void> {
    const from = page.filled;
    const end = Math.min(
      Math.ceil(until / this.blockBytes) * this.blockBytes,
      song.entry.bytes - start,
    );
    const region = page.buffer.subarray(
      framedBytes(from, this.blockBytes),
      framedBytes(end, this.blockBytes),
    );
    await song.read(
      region.subarray(region.length - (end - from)),
      start + from,
    );
    frameInPlace(region, end - from, this.blockBytes);
    page.filled = end;
  }
}

function lease(page: Page, bytes: Uint8Array, payloadBytes: number): Lease {
  return { bytes, payloadBytes, release: () => page.users-- };
}
