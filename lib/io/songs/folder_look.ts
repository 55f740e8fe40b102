/**
 * Scans the song folder: finds its songs, and which of them are new. Only files
 * that may have changed are examined.
 *
 * @module
 */

import type { Catalog } from "../../model/catalog.ts";
import type { FolderChanges } from "./folder_changes.ts";
import type { FoundSong } from "./folder_walk.ts";
import type { KnownSongs } from "./known_songs.ts";
import type { LeftOut } from "./left_out.ts";
import { backgroundTurns as turns } from "../clock/shared_turns.ts";
import type { SongFolder } from "./song_folder.ts";
import type { KnownSong } from "./known_song.ts";

/** Files examined concurrently. */
const AT_ONCE = 8;
/** New songs that are passed on at once. */
const SOME_SONGS = 256;

export interface FolderLookOptions {
  folder: SongFolder;
  known: KnownSongs;
  /** Notified of skipped files and folders. */
  leftOut: LeftOut;
  /** Songs beyond this number are skipped. */
  maxSongs: number;
  /** What may have changed. */
  reported: FolderChanges;
  /** Called with new and changed songs during a long scan. */
  some?: (learned: KnownSong[]) => Promise<void>;
  /** Called for each link to a folder, inside or outside the song folder. */
  linked?: () => void;
  /** Called with each playlist's name. */
  playlist?: (name: string) => void;
  /** Called with the name of each folder's picture. */
  cover?: (name: string) => void;
  /** Aborted when the result is no longer needed. */
  signal?: AbortSignal;
  /** Whether to remove files of uploads that a crash left behind. */
  removeTemporary?: boolean;
}

/** The result of a scan. */
export interface FolderLook {
  /** New and changed songs that were not passed on before. */
  learned: KnownSong[];
  /** The names of songs that are missing now. */
  gone: string[];
}

/**
 * Scans the folder.
 *
 * @param songs Those of the previous scan, which may change meanwhile.
 * @throws The system's error, if the folder itself cannot be listed; the reason
 * of an abort.
 */
export async function lookAtFolder(
  songs: Catalog<KnownSong>,
  options: FolderLookOptions,
): Promise<FolderLook> {
  const call = songs.rollCall();
  let learned: KnownSong[] = [];
  const lookAt = async (found: FoundSong) => {
    const song = await look(found, songs, options);
    if (song === null) return;
    call.here(found.name);
    if (song !== "same") learned.push(song);
  };
  for await (const some of findSongs(songs, options)) {
    await Promise.all(some.map(lookAt));
    options.signal?.throwIfAborted();
    if (options.some && learned.length >= SOME_SONGS) {
      await options.some(learned);
      learned = [];
    }
    const pause = turns.next(AT_ONCE);
    if (pause) await pause;
  }
  return { learned, gone: await call.absent(turns) };
}

/** Finds the files of songs. If there are too many, known songs take precedence. */
async function* findSongs(
  songs: Catalog<KnownSong>,
  { folder, leftOut, maxSongs, removeTemporary, linked, playlist, cover }:
    FolderLookOptions,
): AsyncGenerator<FoundSong[]> {
  const skipped = (path: string, reason: string) => leftOut.note(path, reason);
  const known = songs.list();
  using all = await folder.songs({
    ...{ removeTemporary, skipped, linked, playlist, cover, known },
  });
  const areFew = all.size <= maxSongs;
  let left = maxSongs;
  for (const isKnown of areFew ? [null] : [true, false]) {
    for (let i = 0; i < all.size && left > 0;) {
      const some: FoundSong[] = [];
      while (i < all.size && some.length < Math.min(AT_ONCE, left)) {
        const found = all.at(i++);
        if (isKnown === null || songs.has(found.name) === isKnown) {
          some.push(found);
        }
        const pause = turns.next();
        if (pause) await pause;
      }
      left -= some.length;
      yield some;
    }
  }
  if (areFew) return;
  skipped("the rest", `there are more than ${maxSongs} songs (--max-songs)`);
}

/** Skips plain files for which the system has reported no change. */
async function look(
  found: FoundSong,
  songs: Catalog<KnownSong>,
  { known, reported }: FolderLookOptions,
): Promise<KnownSong | "same" | null> {
  const { name, isPlain } = found;
  const mayBeSame = isPlain && !reported.touches(name);
  if (mayBeSame && songs.isPlayable(name)) return "same";
  const was = songs.get(name);
  const isAsItWas = mayBeSame && was !== undefined &&
    was.problem !== "internal";
  const now = isAsItWas ? was : await known.look(found, was);
  return now !== null && now === was ? "same" : now;
}
