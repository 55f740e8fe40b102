/**
 * Renames songs for clients: on disk, in the index and in the catalogue. Their
 * streams go on.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import {
  checkNewSongName,
  hasSongEnding,
  withoutEnding,
} from "../../model/song_name.ts";
import { safeJson } from "../../safe_text.ts";
import type { KnownSong } from "./known_song.ts";
import type { KnownSongs } from "./known_songs.ts";
import type { ScannedSongs } from "./scanned_songs.ts";
import type { SongFolder } from "./song_folder.ts";
import type { SongIntake } from "./song_intake.ts";
import type { SongUpdates } from "./song_updates.ts";

export interface SongRenamingOptions {
  folder: SongFolder;
  known: KnownSongs;
  songs: ScannedSongs;
  updates: SongUpdates;
  /** Stores songs; never while one is renamed. */
  intake: SongIntake;
  /** Keeps the streams of a song while its file moves. */
  follow(
    before: KnownSong,
    move: (moved: (path: string) => void) => Promise<KnownSong>,
  ): Promise<KnownSong>;
}

export class SongRenaming {
  readonly #options: SongRenamingOptions;

  constructor(options: SongRenamingOptions) {
    this.#options = options;
  }

  /** Implements `SongStore.rename()`. */
  rename(name: string, to: string): Promise<KnownSong> {
    const { known, songs, updates, intake, follow } = this.#options;
    return intake.alone(async () => {
      const found = songs.catalog.find(name);
      const there = found && await updates.lookAgain(found);
      if (!there) throw notFound(name);
      // By its probe it is recognized although renaming changes its stamp.
      if (there.probe === undefined) await known.probe(there);
      const song = songs.current(there) ?? there;
      const wanted = newName(song.name, to);
      if (wanted === song.name) return song;
      const twin = songs.catalog.twins(wanted)
        .find((it) => it !== song.name);
      if (twin !== undefined) throw exists(twin);
      return await follow(song, (moved) => this.#move(song, wanted, moved));
    }, "rename the song");
  }

  async #move(
    song: KnownSong,
    to: string,
    moved: (path: string) => void,
  ): Promise<KnownSong> {
    const { folder, known, songs, updates } = this.#options;
    if ((await Deno.lstat(folder.plainPath(song.name))).isSymlink) {
      throw new OndacastError(
        "unsupported",
        `Cannot rename ${safeJson(song.name)}: it is a link to a file`,
      );
    }
    const path = await folder.path(song.name);
    const place = await folder.place(to, "portable");
    const name = await place.receive(path, () => throwExists(to), moved);
    songs.put(song.name, null);
    await known.index.putAll([], [song.name], Date.now());
    const there = await known.look({ name, isPlain: false }, song);
    if (there === null) throw notFound(name); // Somebody has just taken it away.
    const now = { ...there, name };
    updates.put(now);
    await known.index.formerNames.note([[song.name, name]]);
    return now;
  }
}

/** The name that a song gets, with the ending that it has. */
function newName(before: string, to: string): string {
  const ending = endingOf(before);
  const wanted = checkNewSongName(hasSongEnding(to) ? to : to + ending);
  if (endingOf(wanted).toLowerCase() === ending.toLowerCase()) return wanted;
  throw new OndacastError(
    "bad-name",
    `Cannot rename ${safeJson(before)} to ${
      safeJson(to)
    }: expected the ending ${ending}`,
  );
}

function endingOf(name: string): string {
  return name.slice(withoutEnding(name).length);
}

function throwExists(name: string): never {
  throw exists(name);
}

function exists(name: string): OndacastError {
  return new OndacastError(
    "exists",
    `Cannot rename a song to ${safeJson(name)}: there is a song of that name`,
  );
}

function notFound(name: string): OndacastError {
  return new OndacastError(
    "not-found",
    `Cannot find the song ${safeJson(name)}`,
  );
}
