/**
 * What a client said, in the order it came, until it is answered.
 *
 * @module
 */

import type { FrameHandler } from "../wire/frame.ts";

/** A message's payload, bytes of a song, or the song's end. */
export type InboxEvent =
  | { message: Uint8Array }
  | { data: Uint8Array }
  | { dataEnd: true };

const NOTHING: readonly InboxEvent[] = [];

/** Gathers what a decoder makes of one read; the bytes are views on it. */
export class Inbox implements FrameHandler {
  #events: InboxEvent[] | null = null;

  /** All that came since it was asked for last. */
  takeAll(): readonly InboxEvent[] {
    const events = this.#events ?? NOTHING;
    this.#events = null;
    return events;
  }

  data(data: Uint8Array): void {
    this.#add({ data });
  }

  dataEnd(): void {
    this.#add({ dataEnd: true });
  }

  message(message: Uint8Array): void {
    this.#add({ message });
  }

  #add(event: InboxEvent): void {
    // Most come alone, and a list that is made so has room for no more.
    if (this.#events === null) this.#events = [event];
    else this.#events.push(event);
  }
}
