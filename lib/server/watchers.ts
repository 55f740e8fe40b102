/**
 * The clients that watch who is online: each is told the newest after a
 * change, four times a second at most, and a slow one once it has read what it
 * was told before.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { Channel } from "../wire/channel.ts";

/** How long news is gathered, at least and at most. */
const TELL_MS = { least: 250, most: 750 } as const;
/** Watchers that are told before others have their turn. */
const TOLD_A_TURN = 16;
/** Bytes of news a second, all watchers together; with more it is gathered longer. */
const BYTES_PER_SECOND = 64 << 20;

/** Tells many of each change. */
export class Watchers {
  readonly #clock: Clock;
  readonly #encode: () => Uint8Array;
  /** Each with the number of changes that it has been told of. */
  readonly #known = new Map<Channel, number>();
  #changes = 0;
  #telling = false;

  /** @param encode Makes the frame that tells how it is now. */
  constructor(clock: Clock, encode: () => Uint8Array) {
    this.#clock = clock;
    this.#encode = encode;
  }

  /** From now on it is told of changes; how it is now it knows. */
  add(watcher: Channel): void {
    this.#known.set(watcher, this.#changes);
  }

  delete(watcher: Channel): void {
    this.#known.delete(watcher);
  }

  /** Something has changed. It costs the same however many watch. */
  changed(): void {
    this.#changes++;
    if (this.#telling || this.#known.size === 0) return;
    this.#tellAll();
  }

  /** Tells the newest until all know it. */
  async #tellAll(): Promise<void> {
    let waitMs: number = TELL_MS.least;
    this.#telling = true;
    while (this.#telling) {
      await this.#clock.sleep(waitMs);
      const toldMs = await this.#tellReady() * 1000 / BYTES_PER_SECOND;
      waitMs = Math.min(Math.max(TELL_MS.least, toldMs), TELL_MS.most);
      this.#telling = this.#known.values()
        .some((known) => known !== this.#changes);
    }
  }

  /**
   * Tells the newest to those who do not know it and have read the last. It is
   * encoded once, and not at all where nobody is ready.
   *
   * @returns The bytes of it, all watchers together.
   */
  async #tellReady(): Promise<number> {
    const changes = this.#changes;
    let frame: Uint8Array | null = null;
    let told = 0;
    for (const [watcher, known] of this.#known) {
      if (known === changes || watcher.waitingBytes > 0) continue;
      frame ??= this.#encode();
      this.#known.set(watcher, changes);
      watcher.sendMessageFrame(frame);
      if (++told % TOLD_A_TURN === 0) await this.#clock.sleep(0);
    }
    return told * (frame?.length ?? 0);
  }
}
