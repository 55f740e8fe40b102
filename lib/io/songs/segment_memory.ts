/**
 * A cache of decoded segments of all songs. Pages are filled from them, a piece at
 * a time.
 *
 * @module
 */

/** Memory for segments; at least one is kept. */
const BUDGET_BYTES = 64 << 20;

/** Segments by their song and number. */
export class SegmentMemory {
  readonly #budgetBytes: number;
  /** Least recently used first. */
  readonly #segments = new Map<string, Uint8Array>();
  #bytes = 0;
  #owners = 0;

  constructor(budgetBytes = BUDGET_BYTES) {
    this.#budgetBytes = budgetBytes;
  }

  /** A new number for a song, which identifies its segments. */
  newOwner(): number {
    return ++this.#owners;
  }

  get(owner: number, index: number): Uint8Array | undefined {
    const key = keyOf(owner, index);
    const pcm = this.#segments.get(key);
    if (pcm === undefined) return undefined;
    this.#segments.delete(key);
    this.#segments.set(key, pcm);
    return pcm;
  }

  /** Adds a segment that is not cached. */
  put(owner: number, index: number, pcm: Uint8Array): void {
    this.#segments.set(keyOf(owner, index), pcm);
    this.#bytes += pcm.length;
    for (const key of this.#segments.keys()) {
      if (this.#bytes <= this.#budgetBytes || this.#segments.size === 1) break;
      this.#drop(key);
    }
  }

  /** Drops all segments of a song. */
  forget(owner: number): void {
    const begin = keyOf(owner, "");
    for (const key of this.#segments.keys()) {
      if (key.startsWith(begin)) this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#segments.get(key)!.length;
    this.#segments.delete(key);
  }
}

function keyOf(owner: number, index: number | ""): string {
  return `${owner} ${index}`;
}
