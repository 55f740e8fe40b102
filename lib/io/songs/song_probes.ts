/**
 * Computes the probes of all songs in the background, so that a song is recognised
 * after its stamp changes even if it was never played.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import type { KnownSongs } from "./known_songs.ts";
import type { KnownSong } from "./known_song.ts";

/** Probes written to the index at once. */
const AT_ONCE = 50;

/**
 * Computes missing probes one by one. After each, it pauses for as long as that
 * took, to leave the disk to listeners.
 *
 * @param songs Returns all songs; another array if they have changed.
 */
export async function probeSongs(
  known: KnownSongs,
  songs: () => readonly KnownSong[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  for (let looked: readonly KnownSong[] | null = null;;) {
    if (looked === songs() || signal.aborted) return;
    looked = songs();
    const probed: KnownSong[] = [];
    for (const song of looked) {
      if (song.probe !== undefined || song.format === null) continue;
      if (signal.aborted) break;
      const beganMs = clock.now();
      if (await known.probe(song)) probed.push(song);
      if (probed.length >= AT_ONCE) {
        await known.index.putAll(probed.splice(0), [], Date.now());
      }
      await clock.sleep(Math.max(1, clock.now() - beganMs), signal);
    }
    await known.index.putAll(probed, [], Date.now());
  }
}
