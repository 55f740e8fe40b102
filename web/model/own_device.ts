/**
 * How this tab does as a device, in one word for people.
 *
 * @module
 */

import type { PlaybackState } from "../../lib/client/playback_state.ts";

/** `offMs`: how much later than its group it is; null: it plays alone. */
export type OwnState =
  /** The server is away, or has not answered yet. */
  | { is: "away" }
  /** The browser mutes the page until the user taps it. */
  | { is: "silenced" }
  | { is: "idle" }
  /** Its song has not come yet, or not fast enough. */
  | { is: "buffering" }
  | { is: "paused" }
  | { is: "playing"; offMs: number | null };

/** The most pressing of what is known. */
export function ownState(
  { connection, silenced, now }: {
    connection: { state: string };
    silenced: boolean;
    now: { state: PlaybackState | null } | null;
  },
): OwnState {
  const { state = null } = now ?? {};
  // What is in the buffer plays on.
  if (connection.state !== "online" && state === null) return { is: "away" };
  if (silenced) return { is: "silenced" };
  if (now === null) return { is: "idle" };
  if (state === null) return { is: "buffering" };
  const { paused, step, bufferedSeconds, positionSeconds, lengthSeconds } =
    state;
  if (paused) return { is: "paused" };
  // What is live is played as it comes: nothing has to wait in the buffer.
  const isAtEnd = lengthSeconds === null || lengthSeconds - positionSeconds < 1;
  if (bufferedSeconds <= 0 && !isAtEnd) return { is: "buffering" };
  return { is: "playing", offMs: step ? step.errorUs / 1000 : null };
}
