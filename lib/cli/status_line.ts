/**
 * The status line of a song in a terminal.
 *
 * @module
 */

import type { PlaybackState } from "../client/playback_state.ts";
import { stepText } from "./group_text.ts";
import { bar, clockTime, fit, meter } from "./text.ts";

/** Renders the playback as one line of at most this many columns. */
export function statusLine(
  state: PlaybackState,
  level: number,
  columns: number,
): string {
  const time = `${state.paused ? "❚❚" : "▶ "} ${
    clockTime(state.positionSeconds)
  } / ${lengthText(state)}`;
  const details = [
    `buffer ${state.bufferedSeconds.toFixed(1)} s`,
    meter(level, 8),
    ...(state.step ? [stepText(state.step)] : []),
    ...(state.volume < 100 ? [`${state.volume} %`] : []),
    ...(state.underruns > 0 ? [`${state.underruns} underruns`] : []),
  ].join("  ");
  const room = columns - time.length - details.length - 4;
  const middle = state.lengthSeconds !== null && room >= 10
    ? `  ${
      bar(state.positionSeconds / state.lengthSeconds, Math.min(room, 40))
    }`
    : "";
  return fit(`${time}${middle}  ${details}`, columns);
}

/** A song's length. */
export function lengthText(state: PlaybackState): string {
  return state.lengthSeconds === null ? "live" : clockTime(state.lengthSeconds);
}
