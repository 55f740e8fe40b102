/**
 * Computes the probes of all songs in the background, so that a song is recognised
 * after its stamp changes even if it was never played.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import type { KnownSongs } from "./known_songs.ts";

/**
 * Computes missing probes one by one. After each, it pauses for as long as that
 * took, to leave the disk to listeners.
 *
 * @param version Changes with the songs.
 */
export async function probeSongs(
  known: KnownSongs,
  version: () => unknown,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let looked: unknown = null; looked !== version();) {
    looked = version();
    let after = "";
    while (!signal.aborted) {
      const songs = known.index.unprobed(after);
      if (songs.length === 0) break;
      for (const song of songs) {
        if (signal.aborted) return;
        const beganMs = clock.now();
        await known.probe(song);
        after = song.name;
        await clock.sleep(Math.max(1, clock.now() - beganMs), signal);
      }
    }
  }
}
