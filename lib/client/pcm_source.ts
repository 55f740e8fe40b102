/**
 * Where a song's PCM comes from: the network, the cache, or a plain stream.
 * A source pushes PCM into the {@linkcode PcmFeed} of the playback that owns
 * it.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";
import type { ToServer } from "../wire/messages.ts";
import type { PcmFeed } from "./pcm_feed.ts";

/** Makes the state of a song for a stream's number, as it is by then. */
export type StateOf = (stream: number) => ToServer<"state">;

/** One song's PCM. */
export interface PcmSource {
  /** The song's name, as exactly as it is known by now. */
  readonly name: string;
  /** Null until the song has begun. */
  readonly format: SongFormat | null;
  /** Where a seek leads whose PCM has not begun to arrive; null: nowhere. */
  readonly soughtSeconds?: number | null;
  /** How often a connection was lost and made again. */
  readonly reconnects?: number;

  /**
   * Begins to feed; resolves once nothing can keep the song from beginning.
   * Later failures go to the feed.
   *
   * @param fromSeconds Left out: the whole file from its first byte.
   */
  start(feed: PcmFeed, fromSeconds?: number): Promise<void>;

  /**
   * Goes on from another place, to the sample frame; from the song's nearest
   * end, where that lies beyond it.
   *
   * @returns False where the source has no other place: it plays on.
   */
  seek(seconds: number): boolean;

  /** PCM has left the buffer. */
  used?(bytes: number): void;

  /** Sends the state of the song to the server. */
  tell?(state: StateOf): void;

  /**
   * Ends the feeding before the song's end.
   *
   * @param why `superseded`: another stream has its place at the server.
   */
  stop?(why: "ended" | "superseded"): void;

  /** All was played: completes what goes beyond that. Rejects if that fails. */
  finish?(): Promise<void>;

  /** Frees what it holds. */
  close(): Promise<void>;
}
