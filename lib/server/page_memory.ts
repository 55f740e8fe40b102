/**
 * The memory for framed pages, by block size: one size where blocks are so
 * many bytes, one for each kind of song where they are so many seconds.
 *
 * @module
 */

import type { PcmFormat } from "../audio/format.ts";
import { blockBytes, type BlockSize } from "../model/block_size.ts";
import type { Lookups } from "./counters.ts";
import { FramedPages } from "./framed_pages.ts";

/** Block sizes kept at once where blocks are so many seconds. */
const MAX_SIZES = 4;

/** The pages for each block size, within one budget. */
export class PageMemory {
  /** How often what was asked for was there. */
  readonly lookups: Lookups = { hits: 0, misses: 0 };
  readonly #block: BlockSize;
  readonly #budgetBytes: number;
  /** Least recently used first. */
  readonly #bySize = new Map<number, FramedPages>();

  constructor(block: BlockSize, budgetBytes: number) {
    this.#block = block;
    this.#budgetBytes = "bytes" in block
      ? budgetBytes
      : budgetBytes / MAX_SIZES;
  }

  /**
   * The pages for songs of a format.
   *
   * @param maxBytes The largest block that may be sent, in bytes.
   */
  pagesFor(format: PcmFormat | null, maxBytes: number): FramedPages {
    const size = blockBytes(this.#block, format, maxBytes);
    const pages = this.#bySize.get(size) ??
      new FramedPages({
        blockBytes: size,
        budgetBytes: this.#budgetBytes,
        lookups: this.lookups,
      });
    this.#bySize.delete(size);
    this.#bySize.set(size, pages);
    if (this.#bySize.size > MAX_SIZES) {
      const [oldest] = this.#bySize.keys();
      this.#bySize.delete(oldest);
    }
    return pages;
  }
}
