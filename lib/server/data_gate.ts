/**
 * The data that a client may send: only after it has read that the server is
 * ready, and no more than was granted.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

export class DataGate {
  /** Bytes that the client may still send. */
  #creditBytes = 0;
  /** Whether the data that comes now may have been sent after `ready` arrived. */
  #heardReady = false;

  /** Another stream of data is to come. */
  begin(windowBytes: number): void {
    this.#creditBytes = windowBytes;
    this.#heardReady = false;
  }

  /** The next data was read after all that was sent so far. */
  noteRead(): void {
    this.#heardReady = true;
  }

  grant(bytes: number): void {
    this.#creditBytes += bytes;
  }

  /** @throws {OndacastError} `bad-frame`, if the client may not send so many. */
  pass(bytes: number): void {
    if (!this.#heardReady) {
      throw new OndacastError(
        "bad-frame",
        "Cannot accept data: it was sent before the server was ready",
      );
    }
    if (bytes > this.#creditBytes) {
      throw new OndacastError(
        "bad-frame",
        `Cannot accept ${bytes} bytes of data: ${this.#creditBytes} were granted`,
      );
    }
    this.#creditBytes -= bytes;
  }
}
