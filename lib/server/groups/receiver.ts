/**
 * A device that plays what others choose, by whatever way it is connected. Groups
 * act on it through this interface alone.
 *
 * @module
 */

import type { OndacastError } from "../../errors.ts";
import type { OpenSong } from "../../ports/server.ts";

/** Why a stream begins, as `start` tells it. */
export interface StreamCause {
  /** The key of the client that chose the song. */
  by?: string;
  group?: string;
  entry?: number;
  /** The stream after whose last sample frame it sounds; none: at once. */
  follows?: number;
}

/** A line as it is sent: from `sinceUs` on, a frame of a stream sounds at `atUs`. */
export interface StreamLine {
  stream: number;
  /** Counts from the first PCM sample frame of the stream. */
  frame: number;
  /** In microseconds of the server's clock; null: silence. */
  atUs: number | null;
  sinceUs: number;
}

/** A control of a device, with its value in the unit of the action. */
export interface DeviceControl {
  action: "pause" | "resume" | "stop" | "seek" | "volume" | "mute" | "delay";
  value?: number | boolean;
  /** The key of the client that sent it. */
  by?: string;
}

/** A device that receives. */
export interface Receiver {
  /** Whether it plays streams in a row and follows lines. */
  readonly isInStep: boolean;
  /** The number of the stream that is being sent; null: all was sent. */
  readonly sending: number | null;
  /**
   * Begins a stream, in place of the one that is being sent. The song is closed
   * when it is over.
   *
   * @param fromFrame A sample frame; from 0 on the whole file is sent.
   * @param lined In a group of several, called with its number once it has begun,
   * before its data; streams before it may sound for a while.
   * @returns Its number.
   */
  start(
    song: OpenSong,
    fromFrame: number,
    cause: StreamCause,
    lined?: (stream: number) => void,
  ): number;
  line(line: StreamLine): void;
  /** Has a stream thrown away, and all that were sent after it; why, for people. */
  drop(stream: number, reason: string): void;
  /**
   * @param acted Called once whatever it reports is from after that, or once nothing
   * comes of it any more.
   */
  control(control: DeviceControl, acted?: () => void): void;
  /**
   * Calls `deliver` once it reads its messages; of several with one name, only the
   * newest.
   */
  post(name: string, deliver: () => void): void;
  /** Disconnects it with a fatal error; resolves when it is gone. */
  stop(error: OndacastError): Promise<void>;
}
