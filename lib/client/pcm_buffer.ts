/**
 * The client's buffer: PCM that has come and is not played yet, in a ring of
 * memory as large as what the server may send.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** Part of a sample frame, and no more than is moved at once. */
const FEW_BYTES = 256;

/**
 * Bytes in, bytes out, in order.
 *
 * @example
 * ```ts
 * import { PcmBuffer } from "./pcm_buffer.ts";
 * import assert from "node:assert/strict";
 *
 * const buffer = new PcmBuffer(8, 4);
 * buffer.push(new Uint8Array([1, 2, 3]));
 * assert.deepEqual([...buffer.take(2)], [1, 2]);
 * assert.equal(buffer.bytes, 1);
 * ```
 */
export class PcmBuffer {
  /** So long that what comes goes nowhere where something is lent. */
  #ring: Uint8Array;
  #capacity: number;
  readonly #lentBytes: number;
  #start = 0;
  #bytes = 0;

  /**
   * @param capacityBytes Most bytes it ever holds.
   * @param lentBytes Most bytes that are taken as they lie; more are copied.
   */
  constructor(capacityBytes: number, lentBytes: number) {
    this.#capacity = capacityBytes;
    this.#lentBytes = lentBytes;
    this.#ring = new Uint8Array(capacityBytes + lentBytes);
  }

  /** Bytes in it. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that it could take. */
  get room(): number {
    return this.#capacity - this.#bytes;
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
   * Takes the first bytes out, at most so many.
   *
   * @returns The bytes, lent until the next are taken, or until they are
   * {@linkcode release}d. Whoever has them may change them.
   */
  take(most: number): Uint8Array {
    const length = Math.min(most, this.#bytes);
    const end = this.#start + length;
    const first = this.#ring.subarray(this.#start, end);
    this.#bytes -= length;
    this.#start = end % this.#ring.length;
    if (first.length === length && length <= this.#lentBytes) return first;
    const taken = new Uint8Array(length);
    taken.set(first);
    taken.set(this.#ring.subarray(0, length - first.length), first.length);
    return taken;
  }

  /** What was taken is no longer needed. */
  release(): void {
    const { length } = this.#ring;
    const end = this.#start + this.#bytes;
    if (this.#bytes > FEW_BYTES || end > length) return;
    // What comes next goes where it is in the processor's cache.
    this.#ring.copyWithin(0, this.#start, end);
    this.#start = 0;
  }

  /** Throws away all that was not taken. @returns How many bytes. */
  clear(): number {
    const thrown = this.#bytes;
    this.#bytes = 0;
    return thrown;
  }

  /** Makes room for more in all, keeping what is in it. */
  widen(capacityBytes: number): void {
    if (capacityBytes <= this.#capacity) return;
    const kept = this.take(this.#bytes);
    this.#capacity = capacityBytes;
    this.#ring = new Uint8Array(capacityBytes + this.#lentBytes);
    this.#start = 0;
    this.push(kept);
  }
}
