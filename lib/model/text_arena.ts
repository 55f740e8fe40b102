/**
 * Texts in arrays of bytes, which take a third of the memory of strings and none
 * of the garbage collector's time.
 *
 * @module
 */

import { NumberRows } from "./number_rows.ts";
import { isAt, type TextPattern } from "./text_pattern.ts";

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
/** Most bytes of a UTF-16 code unit in UTF-8 (RFC 3629, section 3). */
const MOST_BYTES = 3;
/** The first block, and all others: none is ever copied. */
const FIRST_BYTES = 4096;
const BLOCK_BITS = 18;
const BLOCK_BYTES = 2 ** BLOCK_BITS;

/**
 * Texts by number, from 0, each at most 64 KiB long. They are compared by UTF-16
 * code units, as `<` does.
 *
 * @example
 * ```ts
 * import { encodeText, TextArena } from "./text_arena.ts";
 * import { TextPattern } from "./text_pattern.ts";
 * import assert from "node:assert/strict";
 *
 * const texts = new TextArena();
 * const [a, b] = ["für elise", "canon"].map((text) => texts.push(text));
 * assert.equal(texts.at(b), "canon");
 * assert.ok(texts.compare(b, a) < 0);
 * assert.ok(texts.includes(a, new TextPattern(encodeText("elis"))));
 * ```
 */
export class TextArena implements Disposable {
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  /** Of each text: its block and its place there in one number, and its bytes. */
  readonly #places = new NumberRows(2, Uint32Array);
  /** Bytes of the last block that are used. */
  #used = 0;

  get size(): number {
    return this.#places.size;
  }

  /** Adds a well-formed text, and returns its number. */
  push(text: string): number {
    const block = this.#blockFor(text.length * MOST_BYTES);
    const into = block.subarray(this.#used);
    const { written } = ENCODER.encodeInto(text, into);
    return this.#add(written);
  }

  /** Adds a text of another arena, and returns its number here. */
  copy(from: TextArena, index: number): number {
    const length = from.lengthAt(index);
    const at = from.#placeAt(index);
    const block = this.#blockFor(length);
    block.set(from.#blockAt(index).subarray(at, at + length), this.#used);
    return this.#add(length);
  }

  at(index: number): string {
    const at = this.#placeAt(index);
    const end = at + this.lengthAt(index);
    return DECODER.decode(this.#blockAt(index).subarray(at, end));
  }

  /** Its length in bytes. */
  lengthAt(index: number): number {
    return this.#places.get(index, 1);
  }

  /** @returns Negative if the first comes first, positive if the second does. */
  compare(a: number, b: number): number {
    const [bytes, others] = [this.#blockAt(a), this.#blockAt(b)];
    let [i, j] = [this.#placeAt(a), this.#placeAt(b)];
    const [length, other] = [this.lengthAt(a), this.lengthAt(b)];
    for (const end = i + Math.min(length, other); i < end; i++, j++) {
      if (bytes[i] !== others[j]) return rank(bytes[i]) - rank(others[j]);
    }
    return length - other;
  }

  /** Compares a text with another one, which was encoded. */
  compareTo(index: number, other: Uint8Array): number {
    const bytes = this.#blockAt(index);
    const start = this.#placeAt(index);
    const length = this.lengthAt(index);
    const least = Math.min(length, other.length);
    for (let i = 0; i < least; i++) {
      const byte = bytes[start + i];
      if (byte !== other[i]) return rank(byte) - rank(other[i]);
    }
    return length - other.length;
  }

  startsWith(index: number, begin: Uint8Array): boolean {
    return begin.length <= this.lengthAt(index) &&
      isAt(this.#blockAt(index), this.#placeAt(index), begin);
  }

  includes(index: number, pattern: TextPattern): boolean {
    const start = this.#placeAt(index);
    const end = start + this.lengthAt(index);
    return pattern.isIn(this.#blockAt(index), start, end);
  }

  /** Frees its memory at once, which the garbage collector would do much later. */
  [Symbol.dispose](): void {
    for (const { buffer } of this.#blocks) buffer.transfer(0);
    this.#blocks.length = 0;
  }

  /** Notes a text that was written behind the others. */
  #add(length: number): number {
    const start = (this.#blocks.length - 1) * BLOCK_BYTES + this.#used;
    this.#used += length;
    return this.#places.push([start, length]);
  }

  #placeAt(index: number): number {
    return this.#places.get(index, 0) & (BLOCK_BYTES - 1);
  }

  #blockAt(index: number): Uint8Array {
    return this.#blocks[this.#places.get(index, 0) >>> BLOCK_BITS];
  }

  /** The last block, which has at least so many bytes left. */
  #blockFor(most: number): Uint8Array<ArrayBuffer> {
    const last = this.#blocks.at(-1);
    if (last && this.#used + most <= last.length) return last;
    const usual = last ? BLOCK_BYTES : FIRST_BYTES;
    const block = new Uint8Array(Math.max(usual, most));
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }
}

/** Encodes a text for a comparison. */
export function encodeText(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/**
 * The rank of a byte among those that differ first. UTF-8 sorts as UTF-16 does
 * but for U+E000 to U+FFFF, whose first bytes are the two below 0xf0: surrogates
 * are less.
 */
function rank(byte: number): number {
  return byte === 0xee || byte === 0xef ? byte + 0x10 : byte;
}
