/**
 * What receives the data of one client: an upload, or a song that is sent live.
 * At most one of them is under way on a connection.
 *
 * @module
 */

import type { RequestId, ToServer } from "../wire/messages.ts";

export interface Incoming {
  /** Whether data is expected, so that larger reads are worth their memory. */
  readonly active: boolean;
  /** The request that began what is under way. */
  readonly re: RequestId | undefined;
  /** The next data was read after all that was sent so far. */
  noteRead(): void;
  /** @throws {OndacastError} `bad-frame`, if the client may not send it. */
  receive(piece: Uint8Array): void | Promise<void>;
  /** What the client says of its data, right before the empty frame. */
  announce(message: ToServer<"end">): void | Promise<void>;
  /** The empty frame has come. */
  complete(): void | Promise<void>;
  /** The connection is over. */
  abandon(): void | Promise<void>;
}
