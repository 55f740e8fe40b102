/**
 * Combines the many small reads of parsers into few large ones: the beginning with
 * the leading tag, the end, and ever larger pieces of sequential reads.
 *
 * @module
 */

import type { ReadableFile } from "./readable_file.ts";
import { id3v2Bytes } from "./song_bounds.ts";

const END_BYTES = 64 * 1024;
/** A longer leading tag is read in several pieces. */
const MAX_HEAD_BYTES = 16 * 1024 * 1024;
const MAX_PIECE_BYTES = 4 * 1024 * 1024;

interface Piece {
  readonly from: number;
  readonly bytes: Uint8Array;
}

export class ReadAhead implements ReadableFile {
  readonly bytes: number;
  readonly #file: ReadableFile;
  #head: Piece | null = null;
  #tail: Piece | null = null;
  /** The latest piece between them. */
  #middle: Piece | null = null;

  constructor(file: ReadableFile) {
    this.#file = file;
    this.bytes = file.bytes;
  }

  read(into: Uint8Array, offsetBytes: number): number {
    let done = 0;
    while (done < into.length && offsetBytes + done < this.bytes) {
      const at = offsetBytes + done;
      const { from, bytes } = this.#pieceAt(at);
      const there = bytes.subarray(at - from, at - from + into.length - done);
      if (there.length === 0) break;
      into.set(there, done);
      done += there.length;
    }
    return done;
  }

  #pieceAt(at: number): Piece {
    if (at < END_BYTES) this.#head ??= this.#readHead();
    for (const piece of [this.#head, this.#tail, this.#middle]) {
      if (piece && at >= piece.from && at < piece.from + piece.bytes.length) {
        return piece;
      }
    }
    if (at >= this.bytes - END_BYTES) {
      return this.#tail = this.#readPiece(this.bytes - END_BYTES, END_BYTES);
    }
    const last = this.#middle ?? this.#head;
    const isInRow = last !== null && last.from + last.bytes.length === at;
    const more = isInRow ? 2 * last.bytes.length : END_BYTES;
    return this.#middle = this.#readPiece(at, Math.min(more, MAX_PIECE_BYTES));
  }

  #readHead(): Piece {
    const head = this.#readPiece(0, END_BYTES);
    const tag = id3v2Bytes(head.bytes.subarray(0, 10));
    if (tag < head.bytes.length || tag > MAX_HEAD_BYTES) return head;
    const rest = this.#readPiece(head.bytes.length, tag);
    const bytes = new Uint8Array(head.bytes.length + rest.bytes.length);
    bytes.set(head.bytes);
    bytes.set(rest.bytes, head.bytes.length);
    return { from: 0, bytes };
  }

  #readPiece(offset: number, length: number): Piece {
    const from = Math.max(0, offset);
    const bytes = new Uint8Array(Math.min(length, this.bytes - from));
    return { from, bytes: bytes.subarray(0, this.#file.read(bytes, from)) };
  }
}
