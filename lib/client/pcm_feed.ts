/**
 * The connection of a source to its playback: the buffer, and the means to end
 * the song.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import { Notify } from "./notify.ts";
import type { EndReason } from "./playback_state.ts";
import type { Pump } from "./pump.ts";

/** Notified by a source. */
export interface FeedOwner {
  /** The state has changed. */
  changed(): void;
  /** The song is over before its end. */
  end(reason: EndReason): void;
  /** The song cannot be played, but its source continues. */
  unplayable(problem: unknown): void;
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

  /** Whether no more PCM is wanted. */
  get over(): boolean {
    return this.pump.over;
  }

  /** Aborted when no more PCM is wanted. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Rejects with the error of {@linkcode fail}. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** See {@linkcode FeedOwner}. */
  changed(): void {
    this.#owner.changed();
  }

  /** See {@linkcode FeedOwner}. */
  end(reason: EndReason): void {
    this.#owner.end(reason);
  }

  /** See {@linkcode FeedOwner}. */
  unplayable(problem: unknown): void {
    this.#owner.unplayable(problem);
  }

  /** Ends the song with an error, unless it is over. */
  fail(error: unknown): void {
    if (!this.closed.aborted) this.#failed.reject(toOndacastError(error));
  }

  /** Ends the pump, and all waiting for room. */
  close(): void {
    this.pump.stop();
    this.#room.notify();
    this.#closed.abort();
  }

  /** PCM has left the buffer. */
  drained(): void {
    this.#room.notify();
  }

  /** Empties the buffer. @returns The number of bytes. */
  clear(): number {
    const bytes = this.pump.clear();
    this.#room.notify();
    return bytes;
  }

  /** Empties the buffer, and the player if it can. @returns As above. */
  discard(): number {
    const bytes = this.clear();
    this.pump.drop();
    return bytes;
  }

  /** Resolves when the buffer has room for this much PCM, or at the end. */
  async roomFor(bytes: number): Promise<void> {
    while (this.pump.room < bytes && !this.over) await this.#room.notified();
  }

  /** Resolves when the buffer has at most this much PCM, or at the end. */
  async drainedTo(bytes: number, over: AbortSignal): Promise<void> {
    const wake = () => this.#room.notify();
    over.addEventListener("abort", wake, { signal: this.closed });
    while (this.pump.bufferedBytes > bytes && !this.over && !over.aborted) {
      await this.#room.notified();
    }
  }
}
