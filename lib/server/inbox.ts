/**
 * The decoded events of one read, until they are handled in order.
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

/** Collects the events of one read; their bytes are views on its buffer. */
export class Inbox implements FrameHandler {
  #events: InboxEvent[] | null = null;

  /** Removes and returns all events. */
  drain(): readonly InboxEvent[] {
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
    // Most reads have one event, for which this list allocates no spare room.
    if (this.#events === null) this.#events = [event];
    else this.#events.push(event);
  }
}
