/**
 * Chooses the source of a song of a server: the cache, the network, or one
 * after the other.
 *
 * @module
 */

import { CachedSource } from "./cached_source.ts";
import { HalfCachedSource } from "./half_cached_source.ts";
import { NetworkSource, type NetworkSourceOptions } from "./network_source.ts";
import type { Output } from "./output.ts";
import type { PcmSource } from "./pcm_source.ts";
import { Playback } from "./playback.ts";
import type { FoundSong } from "./through_cache.ts";

/** What to play, and on what. */
export interface SongPlaybackOptions extends NetworkSourceOptions {
  output: Output;
  /** What the cache has of it, if that is what the server has. */
  found?: FoundSong;
  /** Whether it outlives a player that fails, and waits for another. */
  outlivesPlayer?: boolean;
}

/** A playback of a song of a server, not begun yet. */
export function songPlayback(options: SongPlaybackOptions): Playback {
  const { link, output, outlivesPlayer } = options;
  const { clock, signal } = link;
  const source = sourceOf(options);
  return new Playback({ source, output, clock, signal, outlivesPlayer });
}

function sourceOf(options: SongPlaybackOptions): PcmSource {
  const { link, cache, found } = options;
  if (cache && found?.song.whole) {
    return new CachedSource(cache, found.song, found.notice);
  }
  const network = new NetworkSource(options);
  if (!cache || !found) return network;
  return new HalfCachedSource(link, cache, found, network);
}
