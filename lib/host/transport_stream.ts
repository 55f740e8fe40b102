/**
 * A transport as a Node stream, on which `ws` and other Node libraries can
 * stand.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import type { Transport } from "../ports/common.ts";

/** Bytes read at once, at rest and under load. */
const READ_BYTES = 2048;
const LARGE_READ_BYTES = 64 * 1024;
/** Chunks of more bytes together are written one by one, without a copy. */
const MOST_JOINED_BYTES = 16 * 1024;

/** Reads no further than 64 KiB ahead of its consumer. */
export class TransportStream extends Duplex {
  readonly #transport: Transport;
  #buffer = new Uint8Array(READ_BYTES);

  constructor(transport: Transport) {
    super({ readableHighWaterMark: LARGE_READ_BYTES });
    this.#transport = transport;
  }

  override _read(): void {
    this.#transport.read(this.#buffer).then(
      (bytes) => this.#push(bytes),
      (error) => this.destroy(error),
    );
  }

  override _write(
    chunk: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#transport.write(chunk).then(() => done(), done);
  }

  /** Keeps a header and its message in one packet, where they are short. */
  override _writev(
    chunks: { chunk: Uint8Array }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#writeAll(chunks.map(({ chunk }) => chunk)).then(() => done(), done);
  }

  async #writeAll(chunks: Uint8Array[]): Promise<void> {
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    if (bytes <= MOST_JOINED_BYTES) {
      return await this.#transport.write(Buffer.concat(chunks, bytes));
    }
    for (const chunk of chunks) await this.#transport.write(chunk);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#transport.closeWrite().then(() => done(), done);
  }

  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    this.#transport.close();
    done(error);
  }

  #push(bytes: number | null): void {
    if (this.destroyed) return;
    if (bytes === null) {
      this.push(null);
      return;
    }
    // A copy: a fragment may be kept for long, and must not retain a larger
    // buffer.
    const piece = Buffer.from(this.#buffer.subarray(0, bytes));
    if (bytes === this.#buffer.length) {
      this.#buffer = new Uint8Array(LARGE_READ_BYTES);
    } else if (bytes < READ_BYTES && this.#buffer.length > READ_BYTES) {
      this.#buffer = new Uint8Array(READ_BYTES);
    }
    this.push(piece);
  }
}
