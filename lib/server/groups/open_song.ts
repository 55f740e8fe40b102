/**
 * Opens the song of an entry, so that it can sound soon.
 *
 * @module
 */

import { SharedSong } from "./shared_song.ts";
import type { GroupSongs } from "./world.ts";

/**
 * Resolves when its first bytes are in memory.
 *
 * @returns Null: it ends before that time.
 * @throws {OndacastError} As {@linkcode GroupSongs.open}.
 */
export async function openSong(
  songs: GroupSongs,
  name: string,
  seconds: number,
): Promise<SharedSong | null> {
  const song = new SharedSong(await songs.open(name));
  try {
    const frame = frameAt(song, seconds);
    if (song.frames !== null && frame >= song.frames) {
      song.release();
      return null;
    }
    const handle = song.handle();
    await songs.load(handle, frame).finally(() => handle.close());
    return song;
  } catch (error) {
    song.release();
    throw error;
  }
}

/** The sample frame nearest to a time; of a live song, that of now. */
export function frameAt(
  { format, live }: SharedSong,
  seconds: number,
): number {
  if (live) return live.joinFrame;
  return Math.max(0, Math.round(seconds * format.rate));
}
