/**
 * How the system shows a song, such as on a locked screen.
 *
 * @module
 */

import type { PlaybackState } from "../../lib/client/playback_state.ts";
import { safeText } from "../../lib/safe_text.ts";
import type { MediaState } from "../audio/media_keys.ts";

/** Null: not known, or there is none. */
export interface SongWords {
  title: string;
  artist: string | null;
  album: string | null;
  /** The address of its cover. */
  cover: string | null;
}

/** @param server Named where there is no artist. */
export function mediaState(
  { title, artist, album, cover }: SongWords,
  { paused, positionSeconds, lengthSeconds }: PlaybackState,
  server: string,
): MediaState {
  return {
    title: safeText(title),
    artist: safeText(artist ?? `Ondacast on ${server}`),
    album: safeText(album ?? ""),
    cover,
    playing: !paused,
    positionSeconds,
    lengthSeconds,
  };
}
