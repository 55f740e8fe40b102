/**
 * Lines on their way out: those that come soon after others are written
 * together, as each write wakes a thread.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";

/** How soon. */
const GATHER_MS = 100;
/** What nobody reads is dropped beyond so much, as it must not fill the memory. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * Writes lines to a stream, and never fails: there is nobody to tell.
 *
 * @example
 * ```ts
 * import { systemClock } from "../io/clock/clock.ts";
 * import { BatchedWriter } from "./batched_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const { readable, writable } = new TransformStream<Uint8Array>();
 * const lines = new BatchedWriter(writable, systemClock);
 * lines.take(() => "one\n");
 * lines.take(() => "two\n");
 * lines.flush();
 * const { value } = await readable.getReader().read();
 * assert.equal(new TextDecoder().decode(value), "one\ntwo\n");
 * ```
 */
export class BatchedWriter {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #clock: Clock;
  readonly #encoder = new TextEncoder();
  #lines: (() => string)[] = [];
  #sleeping = false;
  #flushedAtMs = -Infinity;
  #waitingBytes = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(into: WritableStream<Uint8Array>, clock: Clock) {
    this.#writer = into.getWriter();
    this.#writer.closed.catch(() => {}); // Nobody reads it any more.
    this.#clock = clock;
  }

  /**
   * Has a line written soon.
   *
   * @param line Makes it, its end included, when there is nothing better to do.
   */
  take(line: () => string): void {
    if (this.#waitingBytes > MAX_WAITING_BYTES) return;
    this.#lines.push(line);
    if (this.#sleeping) return;
    this.#sleeping = true;
    const waitMs = this.#flushedAtMs + GATHER_MS - this.#clock.now();
    this.#clock.sleep(Math.max(0, waitMs)).then(() => {
      this.#sleeping = false;
      this.flush();
    });
  }

  /** Writes what was taken so far. @returns Resolves when all is written. */
  flush(): Promise<void> {
    const text = this.#lines.map((line) => line()).join("");
    this.#lines = [];
    if (text === "") return this.#last;
    this.#flushedAtMs = this.#clock.now();
    const bytes = this.#encoder.encode(text);
    this.#waitingBytes += bytes.length;
    return this.#last = this.#writer.write(bytes).catch(() => {}).finally(
      () => {
        this.#waitingBytes -= bytes.length;
      },
    );
  }
}
