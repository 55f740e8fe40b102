/**
 * Payload in random access, as it is framed and sent.
 *
 * @module
 */

import type { OpenSong } from "../ports/server.ts";
import type { Loan, SongPages } from "./song_pages.ts";

/** Bytes that are sent in blocks of one size. */
export interface Payload {
  readonly blockBytes: number;
  /** As {@linkcode SongPages.load}. */
  load(offset: number, bytes: number): Promise<void> | null;
  /** As {@linkcode SongPages.read}. */
  read(into: Uint8Array, offset: number): Promise<void> | null;
  /** How many bytes from the beginning of a block lie together; 0: none do. */
  lying(offset: number): number;
  /** As {@linkcode SongPages.peek}. */
  peek(offset: number, bytes: number): Uint8Array | null;
  /** As {@linkcode SongPages.lend}. */
  lend(offset: number, bytes: number): Loan | null;
}

/** The bytes of a song's file. */
export class SongPayload implements Payload {
  readonly blockBytes: number;
  readonly #pages: SongPages;
  readonly #song: OpenSong;

  /** @param blockBytes Those of its pages by default; others don't lie together. */
  constructor(pages: SongPages, song: OpenSong, blockBytes?: number) {
    this.#pages = pages;
    this.#song = song;
    this.blockBytes = blockBytes ?? pages.blockBytes(song);
  }

  load(offset: number, bytes: number): Promise<void> | null {
    return this.#pages.load(this.#song, offset, bytes);
  }

  read(into: Uint8Array, offset: number): Promise<void> | null {
    return this.#pages.read(this.#song, into, offset);
  }

  lying(offset: number): number {
    const isAsItLies = this.#pages.blockBytes(this.#song) === this.blockBytes;
    return isAsItLies ? this.#pages.pageLeft(this.#song, offset) : 0;
  }

  peek(offset: number, bytes: number): Uint8Array | null {
    return this.#pages.peek(this.#song, offset, bytes);
  }

  lend(offset: number, bytes: number): Loan | null {
    return this.#pages.lend(this.#song, offset, bytes);
  }
}

/**
 * Begins to load what is sent next, if reads of the song are slow. Fast ones are
 * best done right before their bytes are sent, which then are in the processor's
 * cache.
 */
export function loadAhead(
  song: OpenSong,
  payload: Payload,
  offset: number,
  bytes: number,
): void {
  if (!song.isSlow || bytes <= 0) return;
  // A failure is met again by those who need the bytes.
  payload.load(offset, bytes)?.catch(() => {});
}
