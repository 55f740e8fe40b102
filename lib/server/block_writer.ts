/**
 * Cuts bytes of unknown length into data frames of one size, several a write.
 *
 * @module
 */

import { FRAME_TYPE, HEADER_BYTES, writeHeader } from "../wire/frame.ts";

/** Payload of one write, if blocks are smaller. */
const BATCH_BYTES = 64 * 1024;

/**
 * @example
 * ```ts
 * import { BlockWriter } from "./block_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const written: number[] = [];
 * const blocks = new BlockWriter(2, (bytes) => {
 *   written.push(...bytes);
 *   return Promise.resolve();
 * });
 * await blocks.write(Uint8Array.of(1, 2, 3));
 * await blocks.end();
 * assert.deepEqual(written, [0, 0, 0, 2, 1, 2, 0, 0, 0, 1, 3]);
 * ```
 */
export class BlockWriter {
  readonly #blockBytes: number;
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  /** Frames that are whole but for the last one. */
  readonly #batch: Uint8Array;
  /** Where the frame begins that is being filled, and where it is filled to. */
  #begin = 0;
  #at = HEADER_BYTES;

  constructor(
    blockBytes: number,
    write: (bytes: Uint8Array) => Promise<void>,
  ) {
    const blocks = Math.max(1, Math.floor(BATCH_BYTES / blockBytes));
    this.#blockBytes = blockBytes;
    this.#write = write;
    this.#batch = new Uint8Array(blocks * (HEADER_BYTES + blockBytes));
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const room = this.#begin + HEADER_BYTES + this.#blockBytes - this.#at;
      const part = bytes.subarray(done, done + room);
      this.#batch.set(part, this.#at);
      this.#at += part.length;
      done += part.length;
      if (part.length === room) await this.#next();
    }
  }

  /** The last block is shorter. */
  async end(): Promise<void> {
    if (this.#at > this.#begin + HEADER_BYTES) this.#close();
    if (this.#begin > 0) await this.#flush();
  }

  async #next(): Promise<void> {
    this.#close();
    if (this.#begin === this.#batch.length) await this.#flush();
  }

  #close(): void {
    const bytes = this.#at - this.#begin - HEADER_BYTES;
    writeHeader(this.#batch, this.#begin, FRAME_TYPE.data, bytes);
    this.#begin = this.#at;
    this.#at += HEADER_BYTES;
  }

  async #flush(): Promise<void> {
    const whole = this.#batch.subarray(0, this.#begin);
    this.#begin = 0;
    this.#at = HEADER_BYTES;
    await this.#write(whole);
  }
}
