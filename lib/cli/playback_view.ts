/**
 * The interface of views of playback and the controls of their keys.
 *
 * @module
 */

import type { PlaybackSummary } from "../client/playback.ts";
import type { PlaybackState } from "../client/playback_state.ts";
import type { OndacastError } from "../errors.ts";
import type { SongTags } from "../ports/song_entry.ts";

/** Controls of the current playback. */
export interface Controls {
  readonly state: PlaybackState | null;
  pause(): void;
  resume(): void;
  /** False: it cannot seek. */
  seek(seconds: number): boolean;
  skip(): void;
  /** Plays the song from its start, or the one before it; absent: it cannot. */
  previous?(): void;
  /** What comes after it, for people. */
  readonly next?: string;
  volume: number;
}

/** Properties of a song that a view shows besides its name. */
export type ShownTags = Pick<SongTags, "title" | "artist" | "album">;

/** Title, artist and album in a line; empty if there is neither of the last two. */
export function tagLine({ title, artist, album }: ShownTags): string {
  if (artist === undefined && album === undefined) return "";
  return [title, artist, album].filter((text) => text !== undefined)
    .join(" - ");
}

/** Shows one song after the other. */
export interface PlaybackView extends Disposable {
  /** A song has started. @param tags If the server has sent them. */
  start(state: PlaybackState, player: string, tags?: ShownTags): void;
  /** A song has ended. */
  end(summary: PlaybackSummary): void;
  /** Sets the target of the keys. */
  control(playing: Controls | null): void;
  /** Shows a note as a line or as a JSON event. */
  note(line: string, event: Record<string, unknown>): void;
  /** The volume, 0 to 100, or whether it is muted has changed. */
  volume(percent: number, muted?: boolean): void;
  /** Shows a failure that is not the end. */
  problem(error: OndacastError): void;
}
