/**
 * Finds where a queue is that has played on while no device was there.
 *
 * @module
 */

import type { Queue } from "../../model/queue.ts";
import type { QueueEntry } from "../../model/queue_entry.ts";
import { openSong } from "./open_song.ts";
import type { SharedSong } from "./shared_song.ts";
import type { GroupWorld } from "./world.ts";

/** A position in a song, and when it sounds. */
export interface Due {
  seconds: number;
  atUs: number;
}

/**
 * Leaves the entries of the queue that are over by now. Those that cannot be
 * played take no time.
 *
 * @param place Of the entry that the queue plays.
 * @param isOver Whether the result is no longer needed.
 * @returns The entry that is due; null if the queue is over, or the result is not
 * needed.
 */
export async function catchUp(
  queue: Queue,
  { songs, nowUs, pause }: Pick<GroupWorld, "songs" | "nowUs" | "pause">,
  { seconds, atUs }: Due,
  isOver: () => boolean,
): Promise<Due & { entry: QueueEntry; song: SharedSong } | null> {
  while (queue.playing !== null) {
    const entry = queue.playing;
    const song = await openSong(songs, entry.song, 0).catch(() => null);
    if (isOver()) {
      song?.release();
      break;
    }
    const endSeconds = song ? lengthOf(song) : 0;
    if (song && seconds + (nowUs() - atUs) / 1e6 < endSeconds) {
      return { entry, song, seconds, atUs };
    }
    song?.release();
    atUs += Math.max(0, endSeconds - seconds) * 1e6;
    seconds = 0;
    queue.leave("end", endSeconds);
    await pause();
    if (isOver()) break;
  }
  return null;
}

/** In seconds; of a live song Infinity. */
function lengthOf({ frames, format }: SharedSong): number {
  return frames === null ? Infinity : frames / format.rate;
}
