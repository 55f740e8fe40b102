/**
 * The client's buffer: PCM that was received but not played yet, in a ring as
 * large as the window.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** The most that is moved to the start of the ring: part of a sample frame. */
const MAX_MOVED_BYTES = 256;

/**
 * A queue of bytes.
 *
 * @example
 * ```ts
 * import { PcmBuffer } from "./pcm_buffer.ts";
 * import assert from "node:assert/strict";
 *
 * const buffer = new PcmBuffer(8, 4);
 * buffer.push(new Uint8Array([1, 2, 3]));
 * assert.deepEqual([...buffer.shift(2)], [1, 2]);
 * assert.equal(buffer.bytes, 1);
 * ```
 */
export class PcmBuffer {
  /**
   * Grows up to the capacity and what may be lent, so that new bytes do not
   * overwrite lent ones.
   */
  #ring = new Uint8Array(0);
  #capacity: number;
  readonly #lentBytes: number;
  #start = 0;
  #bytes = 0;

  /**
   * @param capacityBytes The most bytes that it holds.
   * @param lentBytes The most bytes that are lent in place; more are copied.
   */
  constructor(capacityBytes: number, lentBytes: number) {
    this.#capacity = capacityBytes;
    this.#lentBytes = lentBytes;
  }

  /** The number of bytes in it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The number of bytes that it has room for. */
  get room(): number {
    return this.#capacity - this.#bytes;
  }

  /**
   * Copies bytes in.
   *
   * @throws {OndacastError} `bad-frame`, if there is no room: the server has sent
   * more than was granted.
   */
  push(bytes: Uint8Array): void {
    if (bytes.length > this.room) {
      throw new OndacastError(
        "bad-frame",
        `Cannot accept ${bytes.length} bytes of data: ${this.room} were granted`,
      );
    }
    if (bytes.length === 0) return;
    this.#growFor(bytes.length);
    const at = (this.#start + this.#bytes) % this.#ring.length;
    const first = Math.min(bytes.length, this.#ring.length - at);
    if (first === bytes.length) this.#ring.set(bytes, at);
    else {
      this.#ring.set(bytes.subarray(0, first), at);
      this.#ring.set(bytes.subarray(first), 0);
    }
    this.#bytes += bytes.length;
  }

  /**
   * Removes the first bytes.
   *
   * @returns At most `most` bytes, lent until the next call or until
   * {@linkcode release}. The caller may change them.
   */
  shift(most: number): Uint8Array {
    const length = Math.min(most, this.#bytes);
    const end = this.#start + length;
    const first = this.#ring.subarray(this.#start, end);
    this.#bytes -= length;
    this.#start = this.#ring.length && end % this.#ring.length;
    if (first.length === length && length <= this.#lentBytes) return first;
    const copy = new Uint8Array(length);
    copy.set(first);
    copy.set(this.#ring.subarray(0, length - first.length), first.length);
    return copy;
  }

  /** The bytes that were lent are no longer needed. */
  release(): void {
    const { length } = this.#ring;
    const end = this.#start + this.#bytes;
    if (this.#bytes > MAX_MOVED_BYTES || end > length) return;
    // The next bytes go where they are in the processor's cache.
    this.#ring.copyWithin(0, this.#start, end);
    this.#start = 0;
  }

  /** Discards all bytes. @returns Their number. */
  clear(): number {
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }

  /** Discards all but the first bytes. @returns How many it discards. */
  keep(bytes: number): number {
    const discarded = Math.max(0, this.#bytes - bytes);
    this.#bytes -= discarded;
    return discarded;
  }

  /** Enlarges the capacity; it never shrinks. */
  widen(capacityBytes: number): void {
    this.#capacity = Math.max(this.#capacity, capacityBytes);
  }

  /**
   * Makes the ring large enough. Many songs may wait for their turn, so that
   * each takes only the memory that it needs.
   */
  #growFor(bytes: number): void {
    const needed = this.#bytes + bytes + this.#lentBytes;
    if (needed <= this.#ring.length) return;
    const most = this.#capacity + this.#lentBytes;
    const ring = new Uint8Array(Math.min(most, 2 * needed));
    const end = this.#start + this.#bytes;
    const first = this.#ring.subarray(this.#start, end);
    ring.set(first);
    ring.set(this.#ring.subarray(0, this.#bytes - first.length), first.length);
    this.#ring = ring;
    this.#start = 0;
  }
}
