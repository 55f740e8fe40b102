/**
 * Scans the song folder: finds its songs, and which of them are new. Only files
 * that may have changed are examined.
 *
 * @module
 */

import type { Catalog } from "../../model/catalog.ts";
import type { FolderChanges } from "./folder_changes.ts";
import type { FoundSong } from "./folder_walk.ts";
import { firstOf, type KnownSongs } from "./known_songs.ts";
import type { LeftOut } from "./left_out.ts";
import { inTurns, turns } from "../clock/shared_turns.ts";
import type { SongFolder } from "./song_folder.ts";
import type { KnownSong } from "./known_song.ts";

/** Files examined concurrently. */
const AT_ONCE = 32;
/** New songs after which the first are passed on. */
const FIRST_SONGS = 256;

export interface FolderLookOptions {
  folder: SongFolder;
  known: KnownSongs;
  /** Notified of skipped files and folders. */
  leftOut: LeftOut;
  /** Songs beyond this number are skipped. */
  maxSongs: number;
  /** What may have changed. */
  reported: FolderChanges;
  /**
   * Called with new and changed songs during a long scan. The catalogue of all is
   * made again for them, so each call is for as many as all before.
   */
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
  songs: KnownSong[];
  /** New and changed songs among them that were not passed on before. */
  learned: KnownSong[];
  /** The names of songs that are missing now. */
  gone: string[];
}

/**
 * Scans the folder.
 *
 * @param before The songs of the previous scan.
 * @throws The system's error, if the folder itself cannot be listed; the reason
 * of an abort.
 */
export async function lookAtFolder(
  before: Catalog<KnownSong>,
  options: FolderLookOptions,
): Promise<FolderLook> {
  const known = before.songs;
  const found = await findSongs(before, options);
  const songs: KnownSong[] = [];
  let learned: KnownSong[] = [];
  let wanted = FIRST_SONGS;
  let kept = 0;
  for (let i = 0; i < found.length; i += AT_ONCE) {
    const some = found.slice(i, i + AT_ONCE);
    const looked = await Promise.all(
      some.map((song) => look(song, before.get(song.name), options)),
    );
    options.signal?.throwIfAborted();
    for (const song of looked) {
      if (song === null) continue;
      songs.push(song);
      const was = before.get(song.name);
      if (was !== undefined) kept++;
      if (was !== song) learned.push(song);
    }
    if (options.some && learned.length >= wanted) {
      await options.some(learned);
      wanted = Math.max(FIRST_SONGS, songs.length);
      learned = [];
    }
    const pause = turns.next(AT_ONCE);
    if (pause) await pause;
  }
  const gone = kept === known.length ? [] : await without(known, songs);
  return { songs, learned, gone };
}

/** Finds the files of songs. If there are too many, known songs take precedence. */
async function findSongs(
  before: Catalog<KnownSong>,
  { folder, leftOut, maxSongs, removeTemporary, linked, playlist, cover }:
    FolderLookOptions,
): Promise<FoundSong[]> {
  const skipped = (path: string, reason: string) => leftOut.note(path, reason);
  const known = before.songs;
  const all = await folder.songs({
    ...{ removeTemporary, skipped, linked, playlist, cover, known },
  });
  const isKnown = (name: string) => before.get(name) !== undefined;
  const found = await firstOf(all, maxSongs, isKnown);
  if (found.length < all.length) {
    const reason = `there are more than ${found.length} songs (--max-songs)`;
    skipped("the rest", reason);
  }
  return found;
}

/** Skips plain files for which the system has reported no change. */
function look(
  found: FoundSong,
  was: KnownSong | undefined,
  { known, reported }: FolderLookOptions,
): KnownSong | Promise<KnownSong | null> {
  const isAsItWas = was !== undefined && found.isPlain &&
    was.problem !== "internal" && !reported.touches(found.name);
  return isAsItWas ? was : known.look(found, was);
}

/** The names of songs that are not in `others`. */
async function without(
  songs: readonly KnownSong[],
  others: readonly KnownSong[],
): Promise<string[]> {
  const names = new Set<string>();
  await inTurns(others, ({ name }) => Boolean(names.add(name)));
  const rest = await inTurns(songs, ({ name }) => !names.has(name));
  return rest.map(({ name }) => name);
}
