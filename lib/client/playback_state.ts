/**
 * The state of a song that plays, for the user interface and for other clients.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";
import type { ToServer } from "../wire/messages.ts";

/**
 * Why a song is over: heard to its end; left by the listener; stopped by the server
 * or another client; or because another song took its place.
 */
export type EndReason = "finished" | "skipped" | "stopped" | "replaced";

/** A snapshot of a song that plays. */
export interface PlaybackState {
  song: string;
  format: SongFormat;
  /** What has been heard, in seconds from the song's start. */
  positionSeconds: number;
  /** Null: a live stream. */
  lengthSeconds: number | null;
  bufferedSeconds: number;
  /** The loudest sample of what went to the player last, 0 to 1. */
  level: number;
  underruns: number;
  /** 0 to 100. */
  volume: number;
  /** Whether it is silent, whatever its volume. */
  muted?: true;
  paused: boolean;
  /** How exactly it follows the line of its group; undefined: it plays alone. */
  step?: ToServer<"state">["step"];
}
