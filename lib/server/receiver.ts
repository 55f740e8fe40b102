/**
 * The receiver of a cast or a control: a client that plays what others choose.
 * The caster does not depend on how it is connected.
 *
 * @module
 */

import type { OndacastError } from "../errors.ts";
import type { OpenSong } from "../ports/server.ts";
import type { ControlAction } from "../wire/messages.ts";

/** Plays songs and obeys controls that other clients send to it. */
export interface Receiver {
  /**
   * Plays a song as soon as it can. The song is closed when it is over, or
   * when a later cast takes its place first.
   *
   * @param cast Where to begin, in seconds of the song (default: at the first
   * byte of the file), and the key of the client that casts it.
   */
  cast(song: OpenSong, cast: { from?: number; by: string }): void;
  /**
   * Passes a control on.
   *
   * @param control Its value, in the unit of the action (seconds, or percent),
   * and the key of the client that sent it.
   */
  control(
    action: ControlAction,
    control: { value?: number; by: string },
  ): void;
  /** Disconnects it with a fatal error; resolves when it is gone. */
  stop(error: OndacastError): Promise<void>;
}
