/**
 * A look at the song folder: which songs it has by now, and what is new among
 * them. Only what may have changed is asked for.
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
import type { KnownSong } from "./song_index.ts";

/** Files looked at in one go. */
const AT_ONCE = 32;

/** How it is looked. */
export interface FolderLookOptions {
  folder: SongFolder;
  known: KnownSongs;
  /** Told of what is left out. */
  leftOut: LeftOut;
  /** More songs are left out. */
  maxSongs: number;
  /** What may have changed. */
  told: FolderChanges;
  /** Called at each link that leads to a folder, be it elsewhere. */
  linked?: () => void;
  /** Whether to remove what crashes have left of uploads. */
  removeTemporary?: boolean;
}

/** What there is. */
export interface FolderLook {
  songs: KnownSong[];
  /** Those of them that are new or have changed. */
  learned: KnownSong[];
  /** The names of songs that are no longer there. */
  gone: string[];
}

/**
 * Looks at the folder.
 *
 * @param before The songs that were there.
 * @throws What the system throws, if the folder itself cannot be listed.
 */
export async function lookAtFolder(
  before: Catalog<KnownSong>,
  options: FolderLookOptions,
): Promise<FolderLook> {
  const { leftOut } = options;
  const known = before.songs;
  leftOut.begin();
  const found = await findSongs(before, options);
  const songs: KnownSong[] = [];
  const learned: KnownSong[] = [];
  let kept = 0;
  for (let i = 0; i < found.length; i += AT_ONCE) {
    const some = found.slice(i, i + AT_ONCE);
    const looked = await Promise.all(
      some.map((song) => look(song, before.get(song.name), options)),
    );
    for (const song of looked) {
      if (song === null) continue;
      songs.push(song);
      const was = before.get(song.name);
      if (was !== undefined) kept++;
      if (was !== song) learned.push(song);
    }
    const pause = turns.next(AT_ONCE);
    if (pause) await pause;
  }
  leftOut.end();
  const gone = kept === known.length ? [] : await without(known, songs);
  return { songs, learned, gone };
}

/** The files of songs, of too many those that are known first. */
async function findSongs(
  before: Catalog<KnownSong>,
  { folder, leftOut, maxSongs, removeTemporary, linked }: FolderLookOptions,
): Promise<FoundSong[]> {
  const skipped = (path: string, reason: string) => leftOut.note(path, reason);
  const known = before.songs;
  const all = await folder.songs({ removeTemporary, skipped, linked, known });
  const isKnown = (name: string) => before.get(name) !== undefined;
  const found = await firstOf(all, maxSongs, isKnown);
  if (found.length < all.length) {
    const reason = `there are more than ${found.length} songs (--max-songs)`;
    skipped("the rest", reason);
  }
  return found;
}

/** Files that lie where they were found change only as the system has told. */
function look(
  found: FoundSong,
  was: KnownSong | undefined,
  { known, told }: FolderLookOptions,
): KnownSong | Promise<KnownSong | null> {
  const isAsItWas = was !== undefined && found.isPlain &&
    was.problem !== "internal" && !told.touches(found.name);
  return isAsItWas ? was : known.look(found, was);
}

/** The names of songs that are not among others. */
async function without(
  songs: readonly KnownSong[],
  others: readonly KnownSong[],
): Promise<string[]> {
  const names = new Set<string>();
  await inTurns(others, ({ name }) => Boolean(names.add(name)));
  const rest = await inTurns(songs, ({ name }) => !names.has(name));
  return rest.map(({ name }) => name);
}
