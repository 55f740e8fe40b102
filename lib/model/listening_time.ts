/**
 * When a listener will hear what is read for it: it hears a song at its rate, from
 * its first read on. Decoders go by it.
 *
 * @module
 */

/** How long a listener that has nothing yet can wait. */
const FIRST_SOUND_MS = 100;

/**
 * A read that begins farther than this behind the last one begins anew, because its
 * listener may have sought; less may have been read for others.
 */
const SKIPPED_BYTES = 1 << 20;

/** The reads of one listener. */
export class ListeningTime {
  readonly #bytesPerMs: number;
  /** Where the first read began. */
  #fromBytes = 0;
  /** Where the last read ended; -1: there was none. */
  #toBytes = -1;
  /** When the first read ended; null: it has not. */
  #sinceMs: number | null = null;

  /** @param bytesPerMs Of the song, at least above 0. */
  constructor(bytesPerMs: number) {
    this.#bytesPerMs = bytesPerMs;
  }

  /** Notes the beginning of a read. */
  begins(offsetBytes: number, bytes: number): void {
    if (!this.#goesOn(offsetBytes)) {
      this.#fromBytes = offsetBytes;
      this.#sinceMs = null;
    }
    this.#toBytes = offsetBytes + bytes;
  }

  /** Notes the end of a read. */
  ends(nowMs: number): void {
    this.#sinceMs ??= nowMs;
  }

  /** When a byte is heard, by the clock of `nowMs`; may be past. */
  heardMs(offsetBytes: number, nowMs: number): number {
    const isFirst = this.#sinceMs === null || !this.#goesOn(offsetBytes);
    if (isFirst) return nowMs + FIRST_SOUND_MS;
    return this.#sinceMs! + (offsetBytes - this.#fromBytes) / this.#bytesPerMs;
  }

  #goesOn(offsetBytes: number): boolean {
    return this.#toBytes >= 0 && offsetBytes >= this.#fromBytes &&
      offsetBytes <= this.#toBytes + SKIPPED_BYTES;
  }
}
