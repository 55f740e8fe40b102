/**
 * What the hub needs of each connection.
 *
 * @module
 */

import type { Channel } from "../wire/channel.ts";
import type { Receiver } from "./groups/receiver.ts";

/** A session, before and after its `hello`. */
export interface Connection extends Receiver {
  readonly channel: Channel;
  /** Pings a silent client, and disconnects one that is gone or stuck. */
  checkLife(nowMs: number, awakeSinceMs: number): void;
}
