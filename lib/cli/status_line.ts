/**
 * The status line of a song in a terminal.
 *
 * @module
 */

import stringWidth from "string-width";
import type { PlaybackState } from "../client/playback_state.ts";
import type { Line, Style, Styled } from "../io/console/styled.ts";
import { stepText } from "./group_text.ts";
import { bar, clockTime, counted, fit, meter } from "./text.ts";

/** Between two parts. */
const GAP = "  ";
/** Of the song, at least: more only if all parts have room. */
const SONG_COLUMNS = 24;
const BAR_COLUMNS = { least: 10, most: 40 };
const METER_COLUMNS = 8;

type Part = (state: PlaybackState, level: number) => Styled | null;

const plain = (text: string, style: Style = "dim"): Styled => ({ style, text });

/** What is shown where there is room, in the order in which it is left out last. */
const DETAILS: Part[] = [
  ({ step }) => step ? plain(stepText(step), "green") : null,
  (_state, level) => plain(meter(level, METER_COLUMNS), "green"),
  ({ underruns }) =>
    underruns > 0 ? plain(counted(underruns, "underrun"), "red") : null,
  ({ bufferedSeconds }) => plain(`buffer ${bufferedSeconds.toFixed(1)} s`),
];

/**
 * Renders the playback as one line of at most this many columns. Song, time and
 * volume are kept longest.
 */
export function statusLine(
  state: PlaybackState,
  level: number,
  columns: number,
): Line {
  const { song, paused, muted, volume, positionSeconds, lengthSeconds } = state;
  const sign = plain(paused ? "❚❚" : "▶ ", paused ? "yellow" : "green");
  const time = `${clockTime(positionSeconds)} / ${lengthText(state)}`;
  const loud = muted ? "muted" : `${Math.round(volume)} %`;
  const width = stringWidth(song);
  const needed = stringWidth(sign.text) + time.length + loud.length + 5;
  let room = columns - needed - Math.min(width, SONG_COLUMNS);
  const take = (part: Styled | null): Styled[] => {
    const taken = part === null ? 0 : stringWidth(part.text) + GAP.length;
    if (part === null || taken > room) return [];
    room -= taken;
    return [part];
  };
  const details = DETAILS.flatMap((part) => take(part(state, level)));
  const songRoom = Math.min(
    width,
    SONG_COLUMNS + Math.max(0, room),
    columns - needed,
  );
  room -= Math.max(0, songRoom - SONG_COLUMNS);
  const barColumns = Math.min(room - GAP.length, BAR_COLUMNS.most);
  const middle = lengthSeconds !== null && barColumns >= BAR_COLUMNS.least
    ? [plain(bar(positionSeconds / lengthSeconds, barColumns), "cyan")]
    : [];
  if (songRoom < 4) return fit(`${sign.text} ${time}${GAP}${loud}`, columns);
  return [
    ...[sign, ` ${time}`, GAP, plain(fit(song, songRoom), "bold"), GAP, loud],
    ...[...middle, ...details].flatMap((part) => [GAP, part]),
  ];
}

/** A song's length. */
export function lengthText(state: PlaybackState): string {
  return state.lengthSeconds === null ? "live" : clockTime(state.lengthSeconds);
}
