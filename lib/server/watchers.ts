/**
 * Clients that watch who is online. Each is sent the newest list after a change,
 * at most four times a second, and a slow one only after it has read the last.
 *
 * @module
 */

import type { PresenceListener } from "../model/presence.ts";
import type { Clock } from "../ports/common.ts";
import type { Channel } from "../wire/channel.ts";

/** How long changes are collected, at least and at most. */
const COLLECT_MS = { least: 250, most: 750 } as const;
/** Watchers notified in one turn of the event loop. */
const NOTIFIED_A_TURN = 16;
/** Bytes a second to all watchers together; beyond it, changes are collected for longer. */
const BYTES_PER_SECOND = 64 << 20;

export class Watchers implements PresenceListener {
  readonly #clock: Clock;
  readonly #encode: () => Uint8Array;
  /** Each with the number of changes that it knows. */
  readonly #known = new Map<Channel, number>();
  #changes = 0;
  #isNotifying = false;

  /** @param encode Makes the frame of the current list. */
  constructor(clock: Clock, encode: () => Uint8Array) {
    this.#clock = clock;
    this.#encode = encode;
  }

  /** Notifies a client of later changes; it knows the current list. */
  add(watcher: Channel): void {
    this.#known.set(watcher, this.#changes);
  }

  delete(watcher: Channel): void {
    this.#known.delete(watcher);
  }

  /** Takes constant time, however many watchers there are. */
  changed(): void {
    this.#changes++;
    if (this.#isNotifying || this.#known.size === 0) return;
    this.#notifyAll();
  }

  /** Sends the newest list until all have it. */
  async #notifyAll(): Promise<void> {
    let waitMs: number = COLLECT_MS.least;
    this.#isNotifying = true;
    while (this.#isNotifying) {
      await this.#clock.sleep(waitMs);
      const sentMs = await this.#notifyReady() * 1000 / BYTES_PER_SECOND;
      waitMs = Math.min(Math.max(COLLECT_MS.least, sentMs), COLLECT_MS.most);
      this.#isNotifying = this.#known.values()
        .some((known) => known !== this.#changes);
    }
  }

  /**
   * Sends the newest list to the clients that lack it and have read the last one.
   * It is encoded once, and only if a client is ready.
   *
   * @returns The bytes sent to all watchers together.
   */
  async #notifyReady(): Promise<number> {
    const changes = this.#changes;
    let frame: Uint8Array | null = null;
    let notified = 0;
    for (const [watcher, known] of this.#known) {
      if (known === changes || watcher.waitingBytes > 0) continue;
      frame ??= this.#encode();
      this.#known.set(watcher, changes);
      watcher.sendMessageFrame(frame);
      if (++notified % NOTIFIED_A_TURN === 0) await this.#clock.sleep(0);
    }
    return notified * (frame?.length ?? 0);
  }
}
