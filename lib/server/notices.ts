/**
 * Casts and controls from other clients, waiting for a client that does not
 * read. Only the newest of each kind is kept, so that no number of others can
 * fill the server's memory or get a slow client disconnected.
 *
 * @module
 */

import type { Channel, ChannelListener } from "../wire/channel.ts";

/** A cast or control to deliver. */
export interface Notice {
  /** Sends it, in one message and a ping at most. Called at most once. */
  deliver(): void;
  /** Called instead if a newer one of its kind replaces it, or the client is gone. */
  discard?(): void;
}

/** One client's notices, in the order in which the newest of each kind arrived. */
export class Notices implements ChannelListener {
  readonly #channel: Channel;
  readonly #kept = new Map<string, Notice>();
  #closed = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.listen(this);
  }

  /** Delivers it at once, or when all messages before it are written. */
  post(kind: string, notice: Notice): void {
    if (this.#closed) return notice.discard?.();
    this.discard(kind);
    this.#kept.set(kind, notice);
    this.drained();
  }

  /** Discards the notice of a kind. */
  discard(kind: string): void {
    const notice = this.#kept.get(kind);
    this.#kept.delete(kind);
    notice?.discard?.();
  }

  /** Discards all notices. */
  discardAll(): void {
    for (const kind of [...this.#kept.keys()]) this.discard(kind);
  }

  /** Discards all notices, and any later ones: the connection is over. */
  close(): void {
    this.#closed = true;
    this.discardAll();
  }

  /** Delivers what is kept, until messages wait again. */
  drained(): void {
    for (const [kind, notice] of this.#kept) {
      if (this.#channel.waitingBytes > 0) return;
      this.#kept.delete(kind);
      notice.deliver();
    }
  }
}
