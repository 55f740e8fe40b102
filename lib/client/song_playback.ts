/**
 * Chooses the source of a server's song: the cache, the network, or both.
 *
 * @module
 */

import type { SongCache } from "../ports/client.ts";
import { CacheTee } from "./cache_tee.ts";
import { CachedSource } from "./cached_source.ts";
import { HalfCachedSource } from "./half_cached_source.ts";
import { NetworkSource, type NetworkSourceOptions } from "./network_source.ts";
import type { Output } from "./output.ts";
import type { PcmSource } from "./pcm_source.ts";
import { Playback } from "./playback.ts";
import type { FoundSong } from "./through_cache.ts";

/** Options of a playback of a server's song. */
export interface SongPlaybackOptions
  extends Omit<NetworkSourceOptions, "store"> {
  output: Output;
  /** Where the song is stored while it plays. */
  cache?: SongCache;
  /** The cached copy, if the server has the same content. */
  found?: FoundSong;
  /** Whether it waits for another player when one fails. */
  outlivesPlayer?: boolean;
}

/** A playback of a server's song, not started yet. */
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
  const network = new NetworkSource({
    ...options,
    store: cache && ((about) => {
      const opening = cache.store(link.place, about);
      return (done) => new CacheTee(opening, 0, done);
    }),
  });
  if (!cache || !found) return network;
  return new HalfCachedSource(link, cache, found, network);
}
