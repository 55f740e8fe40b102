/**
 * The song of the plain stream.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { SongFiles } from "../io/songs/song_files.ts";
import type { SongStore } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { chooseOne } from "../model/choose.ts";
import { playable } from "../server/find_song.ts";

/** Songs of this folder may be live, and begin at any time. */
const LIVE = /^live\//;

/**
 * The name of the song that a search text of `--stream-song` means. If it is not
 * found, the running scan may still find it, or it may be sent live later.
 *
 * @throws {OndacastError} `not-found`, `ambiguous`; the song's problem.
 */
export async function namedSong(
  songs: SongFiles,
  text: string,
): Promise<string> {
  const choose = () => {
    const { name } = chooseOne([...songs.list()], text);
    return playable(songs.find(name), name).name;
  };
  try {
    return choose();
  } catch {
    await songs.scanned;
    try {
      return choose();
    } catch (error) {
      const isMissing = toOndacastError(error).code === "not-found";
      if (isMissing && LIVE.test(text)) return text;
      throw error;
    }
  }
}

/**
 * The song as it is now.
 *
 * @param from All songs, and those of the folder.
 * @param name Null: the first by name that can be played.
 * @throws {OndacastError} `not-found`, `no-songs`; the song's problem.
 */
export function streamSong(
  from: { songs: SongStore; files: SongFiles },
  name: string | null,
): SongEntry {
  const { songs, files } = from;
  if (name !== null) return playable(songs.find(name), name);
  const first = files.firstPlayable();
  if (first) return first;
  throw new OndacastError(
    "no-songs",
    files.size === 0
      ? "There are no songs to stream"
      : "None of the songs can be played",
  );
}
