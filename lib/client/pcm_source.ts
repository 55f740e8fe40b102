/**
 * A source of a song's PCM: the network, the cache, or a plain stream. It pushes
 * PCM into the {@linkcode PcmFeed} of its playback.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";
import type { ToServer } from "../wire/messages.ts";
import type { SessionStream } from "./client_session.ts";
import type { PcmFeed } from "./pcm_feed.ts";

/** The state of a song at the time of the call, for a stream's number. */
export type StateOf = (stream: number) => ToServer<"state">;

/** One song's PCM. */
export interface PcmSource {
  /** The song's name: as requested, then as the server calls it. */
  readonly name: string;
  /** Null until the song has begun. */
  readonly format: SongFormat | null;
  /** The target of a seek whose PCM has not arrived yet; null: none. */
  readonly soughtSeconds?: number | null;
  /** Connections that were lost and replaced. */
  readonly reconnects?: number;

  /**
   * Starts to feed; resolves once the song has begun. Later failures go to the
   * feed.
   *
   * @param fromSeconds Left out: the whole file from its first byte.
   */
  start(feed: PcmFeed, fromSeconds?: number): Promise<void>;

  /**
   * Continues at the sample frame of another time, which is limited to the song.
   *
   * @returns False if the source cannot seek; it plays on.
   */
  seek(seconds: number): boolean;

  /**
   * Goes on with a stream that the server sends after the connection was lost.
   *
   * @returns False if it is of another song, or does not go on from what came.
   */
  continueWith?(stream: SessionStream): boolean;

  /** PCM has left the buffer. */
  used?(bytes: number): void;

  /** Reports the state of the song to the server. */
  report?(state: StateOf): void;

  /**
   * Ends the feeding before the song's end.
   *
   * @param why `superseded`: another stream has replaced it at the server.
   */
  stop?(why: "ended" | "superseded"): void;

  /** All was played: completes other work on the song. Rejects if that fails. */
  finish?(): Promise<void>;

  /** Frees its resources. */
  close(): Promise<void>;
}
