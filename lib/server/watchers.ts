/**
 * The clients that watch the list of who is online: each is sent the newest list
 * after a change, at most four times a second, and a slow one once it has read
 * the list before.
 *
 * @module
 */

import type { PresenceListener } from "../model/presence.ts";
import type { Clock } from "../ports/common.ts";
import type { Channel } from "../wire/channel.ts";

/** How long changes are collected, at least and at most. */
const TELL_MS = { least: 250, most: 750 } as const;
/** Watchers that are notified before others have their turn. */
const TOLD_A_TURN = 16;
/** Bytes a second to all watchers together; beyond, changes are collected longer. */
const BYTES_PER_SECOND = 64 << 20;

/** Notifies many clients of each change. */
export class Watchers implements PresenceListener {
  readonly #clock: Clock;
  readonly #encode: () => Uint8Array;
  /** Each with the number of changes that it has been notified of. */
  readonly #known = new Map<Channel, number>();
  #changes = 0;
  #telling = false;

  /** @param encode Makes the frame of the current list. */
  constructor(clock: Clock, encode: () => Uint8Array) {
    this.#clock = clock;
    this.#encode = encode;
  }

  /** Notifies a client of changes from now on; it knows the current list. */
  add(watcher: Channel): void {
    this.#known.set(watcher, this.#changes);
  }

  delete(watcher: Channel): void {
    this.#known.delete(watcher);
  }

  /** Notes a change. The cost does not depend on the number of watchers. */
  changed(): void {
    this.#changes++;
    if (this.#telling || this.#known.size === 0) return;
    this.#tellAll();
  }

  /** Sends the newest list until all have it. */
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
   * Sends the newest list to the clients that lack it and have read the last. It
   * is encoded once, and not at all if none is ready.
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
