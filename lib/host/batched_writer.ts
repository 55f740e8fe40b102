/**
 * Writes lines in batches: each write wakes a thread, so lines that follow
 * closely share one.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";

/** How long a line may wait for others. */
const GATHER_MS = 100;
/** Most bytes that wait for a stalled reader; further lines are dropped. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * Writes lines to a stream, and never fails: an error could not be reported.
 *
 * @example
 * ```ts
 * import { systemClock } from "../io/clock/clock.ts";
 * import { BatchedWriter } from "./batched_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const { readable, writable } = new TransformStream<Uint8Array>();
 * const lines = new BatchedWriter(writable, systemClock);
 * lines.add(() => "one\n");
 * lines.add(() => "two\n");
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
    this.#writer.closed.catch(() => {}); // The reader is gone.
    this.#clock = clock;
  }

  /**
   * Queues a line.
   *
   * @param line Formats it, line end included, just before it is written.
   */
  add(line: () => string): void {
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

  /** Writes what is queued. @returns Resolves when all of it is written. */
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
