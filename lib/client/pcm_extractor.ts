/**
 * Extracts the PCM from a song's file as it streams by, leaving out the headers
 * and tags around it.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";

/**
 * Follows one stream through its file.
 *
 * @example
 * ```ts
 * import { PcmExtractor } from "./pcm_extractor.ts";
 * import assert from "node:assert/strict";
 *
 * const format = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
 * const cut = new PcmExtractor({ ...format, dataOffset: 2, dataBytes: 3 }, 0);
 * assert.deepEqual([...cut.extract(new Uint8Array([8, 8, 1, 2]))], [1, 2]);
 * assert.deepEqual([...cut.extract(new Uint8Array([3, 9, 9]))], [3]);
 * ```
 */
export class PcmExtractor {
  readonly #start: number;
  readonly #end: number;
  #offset: number;

  /** @param offsetBytes Byte of the file at which the stream begins. */
  constructor(format: SongFormat, offsetBytes: number) {
    this.#start = format.dataOffset;
    this.#end = format.dataBytes === null
      ? Infinity
      : format.dataOffset + format.dataBytes;
    this.#offset = offsetBytes;
  }

  /** The byte of the file that comes next. */
  get offset(): number {
    return this.#offset;
  }

  /** The part of the next bytes that is PCM, as a view. */
  extract(bytes: Uint8Array): Uint8Array {
    const from = Math.max(this.#start - this.#offset, 0);
    const to = Math.max(this.#end - this.#offset, 0);
    this.#offset += bytes.length;
    if (from === 0 && to >= bytes.length) return bytes;
    return bytes.subarray(
      Math.min(from, bytes.length),
      Math.min(to, bytes.length),
    );
  }
}
