/**
 * Where the frames of a song lie in its pages. A file that is cut into
 * blocks, each behind its header, is one long run of bytes: what a plain
 * stream sends. A page begins at each multiple of its size in that run, so
 * that it is sent in even pieces, and it ends with the last frame that begins
 * in it, so that whole frames are sent from it as well. Pages overlap by less
 * than a frame.
 *
 * @module
 */

import { framedBytes } from "../wire/batch.ts";
import { HEADER_BYTES } from "../wire/frame.ts";

/** The size of a page, unless frames are large. */
const PAGE_BYTES = 1 << 20;
/** Larger frames are never cut by a page's begin: the overlap would be much. */
const MAX_CUT_BYTES = 64 * 1024;

/**
 * The pages of a song for one block size. Positions are counted in bytes of
 * the run, offsets in bytes of the file.
 *
 * @example
 * ```ts
 * import { PageGrid } from "./page_grid.ts";
 * import assert from "node:assert/strict";
 *
 * const grid = new PageGrid(8192);
 * assert.equal(grid.pageBytes, 1_048_576);
 * assert.equal(grid.frameAt(8191), 0);
 * assert.equal(grid.frameAt(8192), 8196);
 * assert.equal(grid.offsetAt(8196 + 4 + 100), 8192 + 100);
 * ```
 */
export class PageGrid {
  readonly blockBytes: number;
  /** A whole block with its header. */
  readonly frameBytes: number;
  /** From the begin of a page to that of the next. */
  readonly pageBytes: number;
  /** The most that is in a page. */
  readonly mostBytes: number;

  constructor(blockBytes: number) {
    const frameBytes = blockBytes + HEADER_BYTES;
    const isCut = frameBytes <= MAX_CUT_BYTES;
    this.blockBytes = blockBytes;
    this.frameBytes = frameBytes;
    this.pageBytes = isCut
      ? PAGE_BYTES
      : frameBytes * Math.max(1, Math.floor(PAGE_BYTES / frameBytes));
    this.mostBytes = this.pageBytes + (isCut ? frameBytes - 1 : 0);
  }

  /** How long the run of so much of a file is. */
  runBytes(fileBytes: number): number {
    return framedBytes(fileBytes, this.blockBytes);
  }

  /** Where the frame begins that has the byte at an offset. */
  frameAt(offset: number): number {
    return Math.floor(offset / this.blockBytes) * this.frameBytes;
  }

  /** Where the frame ends that a position lies in; between two it is the position. */
  frameEnd(position: number): number {
    return Math.ceil(position / this.frameBytes) * this.frameBytes;
  }

  /** How many bytes of the file come before a position. */
  offsetAt(position: number): number {
    const into = position % this.frameBytes;
    return (position - into) / this.frameBytes * this.blockBytes +
      Math.max(0, into - HEADER_BYTES);
  }

  /** Where the page begins that a position lies in. */
  pageStart(position: number): number {
    return position - position % this.pageBytes;
  }

  /** Where the last frame ends that begins in the page that a position lies in. */
  pageEnd(position: number): number {
    return this.frameEnd(this.pageStart(position) + this.pageBytes);
  }
}
