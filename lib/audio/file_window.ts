/**
 * Reads small pieces of a file from one buffer, so that a walk over its chunks
 * costs few reads.
 *
 * @module
 */

import { type FileBytes, HEAD_BYTES } from "./container.ts";

/** Bytes of one read. */
const WINDOW_BYTES = 16 * 1024;

export class FileWindow {
  readonly #file: FileBytes;
  readonly #buffer = new Uint8Array(WINDOW_BYTES);
  #held: Uint8Array;
  #begin = 0;
  #readsLeft: number;

  /**
   * @param head The file's first bytes, which are at hand.
   * @param mostReads Reads after which the file counts as ended.
   */
  constructor(file: FileBytes, head: Uint8Array, mostReads: number) {
    this.#file = file;
    this.#held = head;
    this.#readsLeft = mostReads;
  }

  /**
   * Bytes from an offset, valid until the next call: fewer at the end of the file.
   *
   * @param bytes At most 16 KiB; more are cut to that.
   */
  async at(offset: number, bytes: number): Promise<Uint8Array> {
    const most = Math.min(bytes, WINDOW_BYTES, this.#file.bytes - offset);
    if (most <= 0) return new Uint8Array();
    const end = this.#begin + this.#held.length;
    if (offset < this.#begin || offset + most > end) {
      if (this.#readsLeft-- <= 0) return new Uint8Array();
      const read = await this.#file.read(this.#buffer, offset);
      this.#held = this.#buffer.subarray(0, read);
      this.#begin = offset;
    }
    const from = offset - this.#begin;
    return this.#held.subarray(from, from + most);
  }
}

/** Caches the first bytes of a file. */
export function withHead(file: FileBytes): FileBytes {
  let head: Uint8Array | null = null;
  return {
    bytes: file.bytes,
    async read(into, offsetBytes) {
      if (offsetBytes !== 0 || into.length !== HEAD_BYTES) {
        return await file.read(into, offsetBytes);
      }
      if (head === null) {
        head = new Uint8Array(HEAD_BYTES);
        head = head.subarray(0, await file.read(head, 0));
      }
      into.set(head);
      return head.length;
    },
  };
}
