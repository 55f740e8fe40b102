/**
 * A text that many others are searched for, in bytes: Horspool's algorithm ("Practical
 * fast searching in strings", 1980), which looks at one byte in as many as the text
 * has, as most do not match.
 *
 * @module
 */

/** The furthest that a mismatch skips, as a byte. */
const MOST_SKIPPED = 255;

export class TextPattern {
  readonly #bytes: Uint8Array;
  /** By the byte where its last one should be: how far it is to the next try. */
  readonly #skips: Uint8Array;

  /** @param bytes UTF-8, not empty. */
  constructor(bytes: Uint8Array) {
    const last = bytes.length - 1;
    this.#bytes = bytes;
    this.#skips = new Uint8Array(256).fill(Math.min(last + 1, MOST_SKIPPED));
    for (let i = 0; i < last; i++) {
      this.#skips[bytes[i]] = Math.min(last - i, MOST_SKIPPED);
    }
  }

  /** Whether it is between two places of some bytes. */
  isIn(bytes: Uint8Array, start: number, end: number): boolean {
    const pattern = this.#bytes;
    const skips = this.#skips;
    const last = pattern.length - 1;
    const lastByte = pattern[last];
    for (let at = start + last; at < end; at += skips[bytes[at]]) {
      if (bytes[at] === lastByte && isAt(bytes, at - last, pattern)) {
        return true;
      }
    }
    return false;
  }
}

/** Whether some bytes are at a place of others. */
export function isAt(
  bytes: Uint8Array,
  at: number,
  part: Uint8Array,
): boolean {
  for (let i = 0; i < part.length; i++) {
    if (bytes[at + i] !== part[i]) return false;
  }
  return true;
}
