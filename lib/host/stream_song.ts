/**
 * The song of the plain stream.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { SongFiles } from "../io/songs/song_files.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { chooseOne } from "../model/choose.ts";
import { playable } from "../server/find_song.ts";

/**
 * The song that a search text of `--stream-song` names. If it is not found, the
 * running scan may still find it.
 *
 * @throws {OndacastError} `not-found`, `ambiguous`; the song's problem.
 */
export async function namedSong(
  songs: SongFiles,
  text: string,
): Promise<SongEntry> {
  const choose = () => {
    const { name } = chooseOne([...songs.list()], text);
    return playable(songs.find(name), name);
  };
  try {
    return choose();
  } catch {
    await songs.scanned;
    return choose();
  }
}

/**
 * The song as it is now.
 *
 * @param name Null: the first by name that can be played.
 * @throws {OndacastError} `not-found`, `no-songs`; the song's problem.
 */
export function streamSong(songs: SongFiles, name: string | null): SongEntry {
  if (name !== null) return playable(songs.find(name), name);
  const first = songs.firstPlayable();
  if (first) return first;
  throw new OndacastError(
    "no-songs",
    songs.size === 0
      ? "There are no songs to stream"
      : "None of the songs can be played",
  );
}
