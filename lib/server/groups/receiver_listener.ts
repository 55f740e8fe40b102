/**
 * Where receivers are announced, and what they do and report goes to.
 *
 * @module
 */

import type { Present } from "../../model/presence.ts";
import type { ToServer } from "../../wire/messages.ts";
import type { Device } from "./device.ts";
import type { DeviceReport } from "./device_reports.ts";
import type { Receiver, StreamCause } from "./receiver.ts";

/** What a device reports of itself, whatever it plays. */
export type DeviceFacts = Pick<
  ToServer<"state">,
  "volume" | "step" | "problem"
>;

/** A stream that a device has requested by itself. */
export interface Requested {
  stream: number;
  song: string;
  fromSeconds: number;
  /** The entry that its group plays; undefined: it is a choice of its own. */
  entry?: number;
}

/** A device, as it introduces itself. */
export type Arriving = Pick<Present<unknown>, "key" | "name" | "kind">;

/** Notified of receivers. Their groups are. */
export interface ReceiverListener {
  /** A device receives from now on, by a connection. */
  arrive(who: Arriving, link: Receiver): Device;
  /** Its connection is over. */
  depart(device: Device, link: Receiver): void;
  /** A device receives no more, or again. What it plays goes on. */
  setReceiving(device: Device, on: boolean): void;
  /** A device was sent all of a stream. */
  sent(device: Device): void;
  /** A stream of a device has failed. */
  failed(device: Device, stream: number, error: unknown): void;
  /**
   * A live stream of a device has fallen too far behind.
   *
   * @returns Whether it is sent another one instead.
   */
  behind(device: Device, stream: number): boolean;
  /** A device has asked for a stream to be stopped. */
  stopped(device: Device, stream: number): void;
  /**
   * Why a device is sent the song again that its queue plays.
   *
   * @throws {OndacastError} `stale`, if the queue plays something else.
   */
  again(device: Device, played: Pick<Requested, "song" | "entry">): StreamCause;
  /** A device plays a song that it has requested, instead of its group's. */
  plays(device: Device, played: Requested): void;
  /** What a device reports of itself is to be adopted. */
  adjust(device: Device, facts: DeviceFacts): void;
  /** What a device reports of a stream. */
  reported(device: Device, report: DeviceReport): void;
  /** A device needs everything that is due once more. */
  rejoin(device: Device): void;
}
