/**
 * The probes of all songs, taken in the background, so that a song that is
 * touched before it was ever played is recognised.
 *
 * @module
 */

import type { Clock } from "../../ports/common.ts";
import type { KnownSongs } from "./known_songs.ts";
import type { KnownSong } from "./song_index.ts";

/** Probes that are gathered before they are written. */
const AT_ONCE = 50;

/**
 * Takes the probes of songs that have none, one after the other, and rests
 * after each as long as it took: whoever plays comes first.
 *
 * @param songs All songs by now: another list, where some were added.
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
