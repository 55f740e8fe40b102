/**
 * The way from a source into the buffer: room to wait for, and the means to
 * end the song it belongs to.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import { Notify } from "./notify.ts";
import type { Pump } from "./pump.ts";

/** What a feed can do to its playback. */
export interface FeedOwner {
  /** Something has changed that others may see. */
  changed(): void;
  /** The song is over before its end. */
  end(): void;
  /** The song cannot be heard, though its source goes on. */
  stumble(problem: unknown): void;
}

/** The feed of one playback. */
export class PcmFeed {
  readonly pump: Pump;
  readonly #owner: FeedOwner;
  readonly #room = new Notify();
  readonly #failed = Promise.withResolvers<never>();
  readonly #closed = new AbortController();

  constructor(pump: Pump, owner: FeedOwner) {
    this.pump = pump;
    this.#owner = owner;
    this.#failed.promise.catch(() => {}); // It may fail before it is awaited.
  }

  /** Whether nothing more is to be fed. */
  get over(): boolean {
    return this.pump.over;
  }

  /** Aborted when nothing more is to be fed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Rejects with what {@linkcode fail} is called with. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** See {@linkcode FeedOwner}. */
  changed(): void {
    this.#owner.changed();
  }

  /** See {@linkcode FeedOwner}. */
  end(): void {
    this.#owner.end();
  }

  /** See {@linkcode FeedOwner}. */
  stumble(problem: unknown): void {
    this.#owner.stumble(problem);
  }

  /** Ends the song with an error, unless it is over. */
  fail(error: unknown): void {
    if (!this.closed.aborted) this.#failed.reject(toOndacastError(error));
  }

  /** Ends the pump and all waiting for room. */
  close(): void {
    this.pump.stop();
    this.#room.notify();
    this.#closed.abort();
  }

  /** PCM has left the buffer. */
  drained(): void {
    this.#room.notify();
  }

  /** Empties the buffer. @returns How many bytes were in it. */
  clear(): number {
    const bytes = this.pump.clear();
    this.#room.notify();
    return bytes;
  }

  /** Empties the buffer, and the player where it can forget. @returns As above. */
  discard(): number {
    const bytes = this.clear();
    this.pump.drop();
    return bytes;
  }

  /** Resolves when this much PCM fits into the buffer, or when all is over. */
  async roomFor(bytes: number): Promise<void> {
    while (this.pump.room < bytes && !this.over) await this.#room.notified();
  }

  /** Resolves when the buffer has at most this much PCM, or when all is over. */
  async drainedTo(bytes: number, over: AbortSignal): Promise<void> {
    over.addEventListener("abort", () => this.#room.notify());
    while (this.pump.bufferedBytes > bytes && !this.over && !over.aborted) {
      await this.#room.notified();
    }
  }
}
