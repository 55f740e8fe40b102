/**
 * Both sides of a room: the server, and its client.
 *
 * @module
 */

import type { Presence } from "../../model/presence.ts";
import type { Device } from "../../server/groups/device.ts";
import type { Groups } from "../../server/groups/groups.ts";
import type { Receiver } from "../../server/groups/receiver.ts";
import type { ReceiverListener } from "../../server/groups/receiver_listener.ts";
import type { Conversions } from "./conversions.ts";

/** What a room acts on. */
export interface RoomWorld {
  readonly groups: Groups;
  readonly receivers: ReceiverListener;
  readonly presence: Presence<Receiver>;
  readonly clock: { now(): number };
  readonly conversions: Conversions;
  /** The room is to be pumped soon. */
  wake(): void;
}

/** The client's side of a room. */
export interface RoomClient {
  /** Sends sound whose first sample frame is heard at a time. */
  sound(pcm: Uint8Array, atUs: number): void;
  /** The device's volume or mute has changed. */
  changed(device: Device): void;
  /** Ends the connection. */
  end(reason: string): Promise<void>;
}
