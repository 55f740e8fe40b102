/**
 * Cuts lines from the bytes of one peer.
 *
 * @module
 */

const LINE_FEED = 10;
/** Bytes for which there is room at first. */
const LEAST_BYTES = 256;

/**
 * @example
 * ```ts
 * import { LineReader } from "./line_reader.ts";
 * import assert from "node:assert/strict";
 *
 * const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
 * const reader = new LineReader(100);
 * const bytes = new TextEncoder().encode("one\r\ntwo\nth");
 * assert.deepEqual(reader.push(bytes).map(text), ["one\r", "two"]);
 * ```
 */
export class LineReader {
  readonly #mostBytes: number;
  #held = new Uint8Array(LEAST_BYTES);
  #length = 0;

  /** @param mostBytes Of a line. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /**
   * @returns The lines that are complete, without their line feeds.
   * @throws {RangeError} For one that is longer than the most.
   */
  push(bytes: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let at = 0;
    while (true) {
      const end = bytes.indexOf(LINE_FEED, at);
      if (end < 0) break;
      this.#hold(bytes.subarray(at, end));
      lines.push(this.#held.slice(0, this.#length));
      this.#length = 0;
      at = end + 1;
    }
    this.#hold(bytes.subarray(at));
    return lines;
  }

  #hold(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#mostBytes) {
      throw new RangeError(
        `Cannot read a line of ${length} bytes or more: expected at most ${this.#mostBytes}`,
      );
    }
    if (length > this.#held.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#held.length));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(bytes, this.#length);
    this.#length = length;
  }
}
