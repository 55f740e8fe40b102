/**
 * The `state` of a song as its client reports it, so that others can see it.
 *
 * @module
 */

import { END_SECONDS, type ToServer } from "../wire/messages.ts";
import type { PlaybackState } from "./playback_state.ts";

/** Most characters of a `problem`: fewer than a server accepts, in any units. */
const MAX_PROBLEM = 500;

/**
 * The `state` of a stream.
 *
 * @param now `over`: whether the song has ended, or was given up; `problem`:
 * why it cannot be heard.
 */
export function stateMessage(
  stream: number,
  state: PlaybackState,
  { over, problem }: { over: boolean; problem: string | null },
): ToServer<"state"> {
  // Others would extrapolate the position of a song that is not heard.
  const playing = !state.paused && !over && problem === null;
  return {
    type: "state",
    stream,
    position: playing ? state.positionSeconds : stillPosition(state, over),
    playing,
    volume: state.volume,
    underruns: state.underruns,
    ...(problem !== null && { problem: cut(problem) }),
    ...(state.step && { step: state.step }),
  };
}

/** The position by which a server distinguishes a paused song from one over. */
function stillPosition(
  { positionSeconds, lengthSeconds }: PlaybackState,
  over: boolean,
): number {
  if (lengthSeconds === null) return positionSeconds;
  if (over) return lengthSeconds;
  const latest = Math.max(0, lengthSeconds - END_SECONDS - 0.001);
  return Math.min(positionSeconds, latest);
}

function cut(problem: string): string {
  return [...problem].slice(0, MAX_PROBLEM).join("");
}
