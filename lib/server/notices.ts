/**
 * What other clients cause at a client: the songs that they cast to it, and
 * what they ask of it. Of each kind the newest alone is kept until the client
 * reads on, so that no number of others can fill the server's memory, or have
 * a client cut that is slow to read.
 *
 * @module
 */

import type { Channel } from "../wire/channel.ts";

/** One thing to be told. */
export interface Notice {
  /** Tells it, in at most one message. Called once at most. */
  deliver(): void;
  /** Called instead, when a newer one of its kind has come or nobody is left to tell. */
  discard?(): void;
}

/** One client's notices, in the order in which the newest of each kind came. */
export class Notices {
  readonly #channel: Channel;
  readonly #kept = new Map<string, Notice>();
  #closed = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.onDrained = () => this.#deliver();
  }

  /** Tells it at once, or when all messages before it have been taken. */
  post(kind: string, notice: Notice): void {
    if (this.#closed) return notice.discard?.();
    this.discard(kind);
    this.#kept.set(kind, notice);
    this.#deliver();
  }

  /** Forgets what is kept of a kind. */
  discard(kind: string): void {
    const notice = this.#kept.get(kind);
    this.#kept.delete(kind);
    notice?.discard?.();
  }

  /** Forgets all that is kept. */
  discardAll(): void {
    for (const kind of [...this.#kept.keys()]) this.discard(kind);
  }

  /** Forgets all that is kept and whatever comes, as the connection is over. */
  close(): void {
    this.#closed = true;
    this.discardAll();
  }

  #deliver(): void {
    for (const [kind, notice] of this.#kept) {
      if (this.#channel.waitingBytes > 0) return;
      this.#kept.delete(kind);
      notice.deliver();
    }
  }
}
