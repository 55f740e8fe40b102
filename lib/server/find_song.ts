/**
 * Finds the song that a request names.
 *
 * @module
 */

import { type ErrorCode, OndacastError, reasonIn } from "../errors.ts";
import { parseSelection } from "../model/selection.ts";
import { checkSongName } from "../model/song_name.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { SongStore } from "../ports/server.ts";

/**
 * The song of a name, or of `song:NAME`, ready to be played.
 *
 * @throws {OndacastError} `bad-name`, `not-found`, or the problem that keeps
 * the song from being played.
 */
export function findSong(
  songs: SongStore,
  name: string,
  etag?: string,
): SongEntry {
  const found = songs.find(checkSongName(name), etag);
  return playable(found ?? outright(songs, name), name);
}

/** The song that `song:NAME` names, which must be exactly its name. */
function outright(songs: SongStore, name: string): SongEntry | undefined {
  const selection = parseSelection(name);
  if (selection.kind !== "song" || !selection.outright) return undefined;
  const found = songs.find(checkSongName(selection.name));
  return found?.name === selection.name ? found : undefined;
}

/**
 * The same song, if it is there and can be played.
 *
 * @throws {OndacastError} `not-found`, or the problem of the song.
 */
export function playable(
  entry: SongEntry | undefined,
  name: string,
): SongEntry {
  if (entry === undefined) {
    throw new OndacastError(
      "not-found",
      `Cannot find the song ${JSON.stringify(name)}`,
    );
  }
  if (entry.format === null) {
    const { problem = "unsupported", problemText = problem } = entry;
    throw new OndacastError(
      problem as ErrorCode,
      `Cannot play ${entry.name}: ${reasonIn(problemText)}`,
    );
  }
  return entry;
}
