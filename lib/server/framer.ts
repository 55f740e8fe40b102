/**
 * Frames for one write each: large parts as they lie in their page, others copied
 * into a buffer. It is "blocks → frames" on the walk of one
 * byte.
 *
 * @module
 */

import { BLOCK_BYTES_RANGE } from "../model/block_size.ts";
import type { Clock } from "../ports/common.ts";
import { framedBytes } from "../wire/batch.ts";
import { HEADER_BYTES } from "../wire/frame.ts";
import { BufferPool, PooledBuffer } from "./buffer_pool.ts";
import type { Payload } from "./payload.ts";
import { both } from "./both.ts";
import type { SongPages } from "./song_pages.ts";

/** Most payload that is copied for one write: a usual grant. */
const MAX_COPIED_BYTES = 256 * 1024;
/** Buffers for that much. */
const MAX_BUFFERS = 16;
/** A sender's own buffer, while slow peers hold all of those. */
const SMALL_BYTES = 64 * 1024;
/** Linux accepts multiples of this much faster than other lengths. */
const EVEN_BYTES = 64 * 1024;

/** Data frames to write. */
export interface Frames {
  readonly bytes: Uint8Array;
  /** Where their payload ends; that of a last frame which is cut, too. */
  readonly end: number;
  /** Call it once, after the write. */
  release(): void;
}

/** A part of the frames that payload is cut into, at each multiple of a block. */
interface Part {
  readonly payload: Payload;
  /** Where the payload of its first frame begins. */
  readonly offset: number;
  /** Where all payload ends, which may shorten the last frame. */
  readonly end: number;
  /** How much of the first frame comes before the part, header included. */
  readonly sent: number;
  /** Its length. */
  readonly bytes: number;
  /** Whether it ends with a frame. */
  readonly isWhole: boolean;
  /** Whether it is sent as it lies. */
  readonly isLent: boolean;
}

/** Frames payload, in a bounded memory. */
export class Framer {
  readonly pages: SongPages;
  readonly #buffers: BufferPool;

  constructor(pages: SongPages, clock: Pick<Clock, "sleep">) {
    this.pages = pages;
    this.#buffers = new BufferPool(clock, {
      count: MAX_BUFFERS,
      bytesEach: framedBytes(MAX_COPIED_BYTES, BLOCK_BYTES_RANGE.min) +
        HEADER_BYTES,
    });
  }

  /**
   * Whole frames from an offset. Frames end at each multiple of a block, so the
   * first and the last may be shorter. If they are not all that is wanted, they
   * end with a block, unless they hold the end of none.
   *
   * @param wanted Payload in bytes, at least 1.
   * @throws {OndacastError} `changed`, if the song is no longer what it was.
   */
  frames(
    payload: Payload,
    offset: number,
    wanted: number,
  ): Frames | Promise<Frames> {
    const { blockBytes } = payload;
    if (wanted > MAX_COPIED_BYTES && offset % blockBytes === 0) {
      const lying = payload.lying(offset);
      const bytes = wanted < lying ? wanted - wanted % blockBytes : lying;
      if (bytes > 0) {
        return this.#supply(wholePart(payload, offset, bytes, true));
      }
    }
    const bytes = upToBlock(offset, wanted, MAX_COPIED_BYTES, blockBytes);
    return this.#supply(wholePart(payload, offset, bytes, false));
  }

  /**
   * A piece of the frames of all payload, which may begin and end inside a frame.
   *
   * @param end The length of all payload; may be infinite.
   * @param position Where the piece begins in the frames, headers included.
   * @param most Its greatest length, a multiple of 64 KiB.
   * @throws As {@linkcode frames}.
   */
  piece(
    payload: Payload,
    end: number,
    position: number,
    most: number,
  ): Frames | Promise<Frames> {
    const { blockBytes } = payload;
    const sent = position % (HEADER_BYTES + blockBytes);
    const offset = (position - sent) / (HEADER_BYTES + blockBytes) * blockBytes;
    const left = framedBytes(end - offset, blockBytes) - sent;
    const wanted = Math.min(most, left);
    const inPage = payload.lying(offset);
    const lying = inPage && framedBytes(inPage, blockBytes) - sent;
    // Over a page's end no more is copied than it takes to be even again.
    const even = lying - lying % EVEN_BYTES ||
      (lying ? EVEN_BYTES : MAX_COPIED_BYTES);
    const bytes = lying < wanted ? Math.min(wanted, even) : wanted;
    const isLent = lying >= bytes;
    return this.#supply(
      { payload, offset, end, sent, bytes, isLent, isWhole: false },
    );
  }

  /** At once, if the payload is in memory and a buffer is free, as they usually are. */
  #supply(part: Part): Frames | Promise<Frames> {
    const loading = load(part);
    this.pages.lookups[loading === null ? "hits" : "misses"]++;
    if (loading === null) {
      const lent = part.isLent ? lend(part) : null;
      if (lent !== null) return lent;
      const buffer = this.#buffers.acquire();
      if (buffer !== null) return copy(part, buffer);
    }
    return this.#supplyLater(part, loading);
  }

  async #supplyLater(
    part: Part,
    loading: Promise<void> | null,
  ): Promise<Frames> {
    await loading; // Without a buffer, which others need meanwhile.
    const lent = part.isLent ? lend(part) : null;
    if (lent !== null) return lent;
    const buffer = await this.#buffers.acquireSoon();
    return copy(part, buffer ?? new PooledBuffer(SMALL_BYTES));
  }
}

/** Frames of payload from an offset. */
function wholePart(
  payload: Payload,
  offset: number,
  payloadBytes: number,
  isLent: boolean,
): Part {
  const { blockBytes } = payload;
  const end = offset + payloadBytes;
  const frames = Math.ceil(end / blockBytes) - Math.floor(offset / blockBytes);
  const bytes = payloadBytes + frames * HEADER_BYTES;
  return { payload, offset, end, sent: 0, bytes, isWhole: true, isLent };
}

/**
 * How much of what is wanted is sent at once: at most `most` bytes, and less than
 * all only up to the end of a block, if there is one.
 */
export function upToBlock(
  offset: number,
  wanted: number,
  most: number,
  blockBytes: number,
): number {
  if (wanted <= most) return wanted;
  const over = (offset + most) % blockBytes;
  return over < most ? most - over : most;
}

/** Where the payload of a part's last frame ends. */
function endOf({ payload, offset, end, sent, bytes, isWhole }: Part): number {
  if (isWhole) return end;
  const { blockBytes } = payload;
  const frames = Math.ceil((sent + bytes) / (HEADER_BYTES + blockBytes));
  return Math.min(offset + frames * blockBytes, end);
}

function load(part: Part): Promise<void> | null {
  return part.payload.load(part.offset, endOf(part) - part.offset);
}

/** Lends a part; null: it cannot be lent now. */
function lend(part: Part): Frames | null {
  const { payload, offset, sent, bytes } = part;
  const end = endOf(part);
  const loan = payload.lend(offset, end - offset);
  if (loan === null) return null;
  const lent = loan.memory.subarray(sent, sent + bytes);
  return { bytes: lent, end, release: loan.release };
}

/** Copies as much of a part as a buffer holds. */
function copy(part: Part, buffer: PooledBuffer): Frames | Promise<Frames> {
  const fitting = fitted(part, buffer.memory.length);
  buffer.bytes = buffer.memory.subarray(0, fitting.bytes);
  buffer.end = endOf(fitting);
  const isCopied = copyLying(buffer.bytes, fitting);
  const reading = writeHeaders(buffer.bytes, fitting, !isCopied);
  if (reading === null) return buffer;
  return reading.then(() => buffer, (error) => {
    buffer.release();
    throw error;
  });
}

function fitted(part: Part, room: number): Part {
  if (part.bytes <= room) return part;
  const { payload, offset, end, isWhole } = part;
  if (!isWhole) return { ...part, bytes: room - room % EVEN_BYTES };
  const { blockBytes } = payload;
  // The first frame and the last may be short, with a header each.
  const most = Math.floor(
    (room - 2 * HEADER_BYTES) * blockBytes / (HEADER_BYTES + blockBytes),
  );
  const bytes = upToBlock(offset, end - offset, most, blockBytes);
  return wholePart(payload, offset, bytes, false);
}

/** Copies payload as it lies, headers included; false: it cannot. */
function copyLying(into: Uint8Array, part: Part): boolean {
  const { payload, offset, sent } = part;
  const { blockBytes } = payload;
  let skipped = offset % blockBytes;
  let from = offset - skipped;
  skipped += sent;
  for (let at = 0; at < into.length; skipped = 0) {
    const frames = (skipped + into.length - at) / (HEADER_BYTES + blockBytes);
    const most = Math.ceil(frames) * blockBytes;
    const bytes = Math.min(payload.lying(from), most);
    const blocks = bytes > 0 ? payload.peek(from, bytes) : null;
    if (blocks === null) return false;
    const piece = blocks.subarray(skipped, skipped + into.length - at);
    into.set(piece, at);
    at += piece.length;
    from += bytes;
  }
  return true;
}

/**
 * Writes the headers of a part that is copied: its first frame and its last may
 * be shorter than in their page.
 *
 * @param reads Whether the payload behind them is read as well.
 */
function writeHeaders(
  into: Uint8Array,
  part: Part,
  reads = false,
): Promise<void> | null {
  const { payload, end } = part;
  let { offset, sent } = part;
  const { blockBytes } = payload;
  let reading: Promise<void> | null = null;
  for (let at = 0; at < into.length; sent = 0) {
    const length = Math.min(blockBytes - offset % blockBytes, end - offset);
    for (; sent < HEADER_BYTES && at < into.length; sent++) {
      // Type 0 and the length are the length in four bytes, big-endian.
      into[at++] = length >>> 8 * (HEADER_BYTES - 1 - sent);
    }
    const before = sent - HEADER_BYTES;
    const next = Math.min(at + length - before, into.length);
    if (reads && next > at) {
      const piece = into.subarray(at, next);
      reading = both(reading, payload.read(piece, offset + before));
    }
    at = next;
    offset += length;
  }
  return reading;
}
