/**
 * What `--stream-song` means: one song, a selection of songs, or what a group plays.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { SongFiles } from "../io/songs/song_files.ts";
import type { SongStore } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { chooseOne } from "../model/choose.ts";
import { parseSelection } from "../model/selection.ts";
import { playable } from "../server/find_song.ts";

/** Songs of this folder may be live, and begin at any time. */
const LIVE = /^live\/./;
const GROUP = /^group:/i;

/** What plain streams are made of. */
export type StreamChoice =
  /** Null: the first by name. */
  | { kind: "song"; name: string | null }
  /** The songs of a selection, in a row. */
  | { kind: "row"; selection: string }
  /** What a group plays, or a device. */
  | { kind: "group"; name: string };

/**
 * What a text of `--stream-song` means. If it is not found, the running scan may
 * still find it, or it may be sent live later. A group may appear at any time.
 *
 * @throws {OndacastError} `not-found`, `ambiguous`; the song's problem.
 */
export async function streamChoice(
  songs: SongFiles,
  text: string | null,
): Promise<StreamChoice> {
  if (text === null) return { kind: "song", name: null };
  if (GROUP.test(text)) {
    return { kind: "group", name: text.replace(GROUP, "") };
  }
  const selection = parseSelection(text);
  const choose = async (): Promise<StreamChoice> => {
    if (selection.kind !== "song") {
      await songs.library.select(text);
      return { kind: "row", selection: text };
    }
    const { name } = chooseOne([...songs.list()], selection.name);
    return { kind: "song", name: playable(songs.find(name), name).name };
  };
  try {
    return await choose();
  } catch {
    await songs.scanned;
    try {
      return await choose();
    } catch (error) {
      const isMissing = toOndacastError(error).code === "not-found";
      if (isMissing && LIVE.test(text)) return { kind: "song", name: text };
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
