/**
 * Clients that watch a list, such as that of who is online. Each is sent what is
 * new after a change, at most four times a second, and a slow one only after it
 * has read the last.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { Channel } from "../wire/channel.ts";

/** How long changes are collected, at least and at most. */
const COLLECT_MS = { least: 250, most: 750 } as const;
/** Watchers notified in one turn of the event loop. */
const NOTIFIED_A_TURN = 16;
/** Bytes a second to all watchers together; beyond it, changes are collected for longer. */
const BYTES_PER_SECOND = 64 << 20;

/** What brings a watcher up to date, or closer to it. */
export interface News {
  frame: Uint8Array;
  /** How many changes it knows then. */
  knows: number;
}

/**
 * Makes news for watchers, each by the number of changes that it knows. Those
 * that know as much share what was made for one of them.
 */
export type NewsFor = (known: number) => News;

export class Watchers {
  readonly #clock: Clock;
  readonly #prepare: (changes: number) => NewsFor;
  /** Each with the number of changes that it knows. */
  readonly #known = new Map<Channel, number>();
  #changes = 0;
  #isNotifying = false;

  /** @param prepare Called for each round of notices, with the number of changes. */
  constructor(clock: Clock, prepare: (changes: number) => NewsFor) {
    this.#clock = clock;
    this.#prepare = prepare;
  }

  /** Notifies a client of later changes; it knows the current list. */
  add(watcher: Channel): void {
    this.#known.set(watcher, this.#changes);
  }

  delete(watcher: Channel): void {
    this.#known.delete(watcher);
  }

  /**
   * Takes constant time, however many watchers there are.
   *
   * @returns How many changes there have been.
   */
  changed(): number {
    this.#changes++;
    if (!this.#isNotifying && this.#known.size > 0) this.#notifyAll();
    return this.#changes;
  }

  /**
   * Sends what is new until all know it. After a failure, as of a disk that rows are
   * read from, the next change begins again.
   */
  async #notifyAll(): Promise<void> {
    let waitMs: number = COLLECT_MS.least;
    this.#isNotifying = true;
    try {
      do {
        await this.#clock.sleep(waitMs);
        const sentMs = await this.#notifyReady() * 1000 / BYTES_PER_SECOND;
        waitMs = Math.min(Math.max(COLLECT_MS.least, sentMs), COLLECT_MS.most);
      } while (this.#known.values().some((known) => known !== this.#changes));
    } finally {
      this.#isNotifying = false;
    }
  }

  /**
   * Notifies the clients that lack something and have read the last notice.
   *
   * @returns The bytes sent to all watchers together.
   */
  async #notifyReady(): Promise<number> {
    const changes = this.#changes;
    const newsFor = this.#prepare(changes);
    let notified = 0;
    let bytes = 0;
    for (const [watcher, known] of this.#known) {
      if (known === changes || watcher.waitingBytes > 0) continue;
      const { frame, knows } = newsFor(known);
      this.#known.set(watcher, knows);
      watcher.sendMessageFrame(frame);
      bytes += frame.length;
      if (++notified % NOTIFIED_A_TURN === 0) await this.#clock.sleep(0);
    }
    return bytes;
  }
}
