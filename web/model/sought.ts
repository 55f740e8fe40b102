/**
 * A place in a song that a person has sought, which is shown until the song plays
 * from there.
 *
 * @module
 */

import type { Playback } from "../../lib/client/playback.ts";

/** How long it is shown if nothing comes of it. */
const SHOWN_MS = 3_000;
/** A stream begins at a place if it is this close, in seconds. */
const NEAR_SECONDS = 2;

export interface Sought {
  /** What played then. */
  playing: Playback;
  song: string;
  seconds: number;
  atMs: number;
}

/**
 * Whether another song plays, or this one from the place, or none of them comes. A
 * stream that an earlier seek asked for may come first.
 */
export function isReached(
  { playing: before, song, seconds, atMs }: Sought,
  playing: Playback | null,
  nowMs: number,
): boolean {
  if (nowMs - atMs > SHOWN_MS) return true;
  if (playing === before) return false;
  const state = playing?.state ?? null;
  if (state === null) return playing === null;
  return state.song !== song ||
    Math.abs(state.positionSeconds - seconds) < NEAR_SECONDS;
}
