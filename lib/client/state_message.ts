/**
 * What a client tells its server of a song that it plays, so that everyone
 * sees it.
 *
 * @module
 */

import type { ToServer } from "../wire/messages.ts";
import type { PlaybackState } from "./playback.ts";

/** Most characters of a `problem`: fewer than a server takes, in any units. */
const MAX_PROBLEM = 500;

/**
 * The `state` of a stream.
 *
 * @param now `over`: whether the song is over, played or given up. Its end is
 * then its position, as that is how a server knows that it is not paused.
 */
export function stateMessage(
  stream: number,
  state: PlaybackState,
  now: { over: boolean; playing: boolean; problem: string | null },
): ToServer<"state"> {
  const end = now.over ? state.lengthSeconds : null;
  return {
    type: "state",
    stream,
    position: end ?? state.positionSeconds,
    playing: now.playing,
    volume: state.volume,
    underruns: state.underruns,
    ...(now.problem !== null && { problem: cut(now.problem) }),
  };
}

function cut(problem: string): string {
  return [...problem].slice(0, MAX_PROBLEM).join("");
}
