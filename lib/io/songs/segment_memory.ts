/**
 * A cache of decoded segments of all songs. Pages are filled from them, a piece at
 * a time, and what was read makes room first.
 *
 * @module
 */

/** Memory for segments; at least one is kept. */
const BUDGET_BYTES = 64 << 20;

/** A segment, of which the beginning may be gone. */
interface Segment {
  pcm: Uint8Array;
  /** The offset of `pcm` in the segment. */
  from: number;
  /** How far it was read, from the beginning of the segment. */
  readTo: number;
}

/** Segments by their song and number. */
export class SegmentMemory {
  readonly #budgetBytes: number;
  /** Least recently used first. */
  readonly #segments = new Map<string, Segment>();
  #bytes = 0;
  /** Bytes that were not read yet. */
  #neededBytes = 0;
  /** Bytes that are being decoded. */
  #expectedBytes = 0;
  #owners = 0;

  constructor(budgetBytes = BUDGET_BYTES) {
    this.#budgetBytes = budgetBytes;
  }

  /** A new number for a song, which identifies its segments. */
  newOwner(): number {
    return ++this.#owners;
  }

  /** The rest of a segment from an offset in it. */
  get(owner: number, index: number, from = 0): Uint8Array | undefined {
    const key = keyOf(owner, index);
    const segment = this.#segments.get(key);
    if (segment === undefined || from < segment.from) return undefined;
    this.#segments.delete(key);
    this.#segments.set(key, segment);
    return segment.pcm.subarray(from - segment.from);
  }

  /** Counts bytes that are being decoded, and are put later; negative: no longer. */
  expect(bytes: number): void {
    this.#expectedBytes += bytes;
  }

  /**
   * Whether there is room to decode a segment before it is needed: half of the
   * memory is left to those that are.
   */
  hasRoom(bytes: number): boolean {
    const all = this.#neededBytes + this.#expectedBytes + bytes;
    return all <= this.#budgetBytes / 2;
  }

  /** Adds a segment, all of it. */
  put(owner: number, index: number, pcm: Uint8Array): void {
    const key = keyOf(owner, index);
    this.#drop(key);
    this.#segments.set(key, { pcm, from: 0, readTo: 0 });
    this.#bytes += pcm.length;
    this.#neededBytes += pcm.length;
    for (const free of [this.#dropRead, this.#drop]) {
      for (const key of this.#segments.keys()) {
        if (this.#bytes <= this.#budgetBytes || this.#segments.size === 1) {
          return;
        }
        free(key);
      }
    }
  }

  /** Notes how far a segment was read. */
  noteRead(owner: number, index: number, to: number): void {
    const segment = this.#segments.get(keyOf(owner, index));
    if (segment === undefined || to <= segment.readTo) return;
    this.#neededBytes -= to - segment.readTo;
    segment.readTo = to;
  }

  /** Drops all segments of a song. */
  forget(owner: number): void {
    const begin = keyOf(owner, "");
    for (const key of this.#segments.keys()) {
      if (key.startsWith(begin)) this.#drop(key);
    }
  }

  /** Drops what was read of a segment, if that is half of it: the rest is copied. */
  readonly #dropRead = (key: string): void => {
    const segment = this.#segments.get(key)!;
    const { pcm, from, readTo } = segment;
    const readBytes = readTo - from;
    if (readBytes === pcm.length) return this.#drop(key);
    if (readBytes < pcm.length / 2) return;
    this.#bytes -= readBytes;
    segment.pcm = pcm.slice(readBytes);
    segment.from = readTo;
  };

  readonly #drop = (key: string): void => {
    const segment = this.#segments.get(key);
    if (segment === undefined) return;
    const { pcm, from, readTo } = segment;
    this.#segments.delete(key);
    this.#bytes -= pcm.length;
    this.#neededBytes -= from + pcm.length - readTo;
  };
}

function keyOf(owner: number, index: number | ""): string {
  return `${owner} ${index}`;
}
