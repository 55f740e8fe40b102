/**
 * The client's buffer: PCM that has come and is not played yet, in a ring of
 * memory as large as what the server may send.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/**
 * Bytes in, bytes out, in order.
 *
 * @example
 * ```ts
 * import { PcmBuffer } from "./pcm_buffer.ts";
 * import assert from "node:assert/strict";
 *
 * const buffer = new PcmBuffer(8);
 * buffer.push(new Uint8Array([1, 2, 3]));
 * assert.deepEqual([...buffer.take(2)], [1, 2]);
 * assert.equal(buffer.bytes, 1);
 * ```
 */
export class PcmBuffer {
  #ring: Uint8Array;
  #start = 0;
  #bytes = 0;

  /** @param capacityBytes Most bytes it ever holds. */
  constructor(capacityBytes: number) {
    this.#ring = new Uint8Array(capacityBytes);
  }

  /** Bytes in it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that it could take. */
  get room(): number {
    return this.#ring.length - this.#bytes;
  }

  /**
   * Copies bytes in.
   *
   * @throws {OndacastError} `bad-frame`, if there is no room: more was sent
   * than had been granted.
   */
  push(bytes: Uint8Array): void {
    if (bytes.length > this.room) {
      throw new OndacastError(
        "bad-frame",
        `Cannot take ${bytes.length} bytes of data: ${this.room} were granted`,
      );
    }
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
   * Moves the first bytes out, at most so many.
   *
   * @param into Where to, if it is large enough; else memory of their own.
   * @returns The bytes, there.
   */
  take(most: number, into?: Uint8Array): Uint8Array {
    const length = Math.min(most, this.#bytes);
    const taken = into && into.length >= length
      ? into.subarray(0, length)
      : new Uint8Array(length);
    const first = this.#ring.subarray(this.#start, this.#start + length);
    taken.set(first);
    taken.set(this.#ring.subarray(0, length - first.length), first.length);
    this.#bytes -= length;
    // Where all is taken, what comes next goes where it is in the processor's cache.
    this.#start = this.#bytes === 0
      ? 0
      : (this.#start + length) % this.#ring.length;
    return taken;
  }

  /** Throws everything away. @returns How many bytes. */
  clear(): number {
    const thrown = this.#bytes;
    this.#start = this.#bytes = 0;
    return thrown;
  }

  /** Makes room for more in all, keeping what is in it. */
  widen(capacityBytes: number): void {
    if (capacityBytes <= this.#ring.length) return;
    const { bytes } = this;
    const ring = new Uint8Array(capacityBytes);
    ring.set(this.take(bytes));
    this.#ring = ring;
    this.#start = 0;
    this.#bytes = bytes;
  }
}
