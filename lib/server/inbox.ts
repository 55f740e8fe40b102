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

/** Gathers what a decoder makes of one read; the bytes are views on it. */
export class Inbox implements FrameHandler {
  readonly events: InboxEvent[] = [];

  data(data: Uint8Array): void {
    this.events.push({ data });
  }

  dataEnd(): void {
    this.events.push({ dataEnd: true });
  }

  message(message: Uint8Array): void {
    this.events.push({ message });
  }
}
