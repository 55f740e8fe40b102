/**
 * The streams that brought the bytes in the buffer, in order, so that each byte
 * is granted again on its own connection.
 *
 * @module
 */

import type { IncomingStream } from "./incoming_stream.ts";

/** Consecutive bytes of one stream; null: not from the network. */
interface Part {
  stream: Pick<IncomingStream, "used" | "session"> | null;
  bytes: number;
}

/**
 * A queue of bytes to grant again.
 *
 * @example
 * ```ts
 * import { CreditQueue } from "./credit_queue.ts";
 * import assert from "node:assert/strict";
 *
 * const session = { failure: null, used: () => {}, request: async () => {} };
 * let granted = 0;
 * const stream = { session, used: (bytes: number) => void (granted += bytes) };
 * const queue = new CreditQueue();
 * queue.received(null, 100);
 * queue.received(stream, 50);
 * queue.used(120);
 * assert.equal(granted, 20);
 * assert.equal(queue.foreignBytes(session), 0);
 * ```
 */
export class CreditQueue {
  #parts: Part[] = [];

  /** Adds bytes of a stream. */
  received(stream: Part["stream"], bytes: number): void {
    const last = this.#parts.at(-1);
    if (last?.stream === stream) last.bytes += bytes;
    else this.#parts.push({ stream, bytes });
  }

  /** Grants the first bytes again, at most as many as there are. */
  used(bytes: number): void {
    while (bytes > 0 && this.#parts.length > 0) {
      const part = this.#parts[0];
      const some = Math.min(bytes, part.bytes);
      bytes -= some;
      part.bytes -= some;
      if (part.bytes === 0) this.#parts.shift();
      part.stream?.used(some);
    }
  }

  /** Bytes that are not to be granted again on this connection. */
  foreignBytes(session: IncomingStream["session"]): number {
    return this.#parts
      .filter(({ stream }) => stream?.session !== session)
      .reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
