/**
 * Removes songs for clients and restores them: on disk, in the index and in the
 * catalogue.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { checkSongName } from "../../model/song_name.ts";
import { safeJson } from "../../safe_text.ts";
import type { KnownSongs } from "./known_songs.ts";
import { RemovedSongs } from "./removed_songs.ts";
import type { ScannedSongs } from "./scanned_songs.ts";
import type { SongFolder } from "./song_folder.ts";
import type { KnownSong } from "./known_song.ts";
import type { SongIntake } from "./song_intake.ts";
import type { SongUpdates } from "./song_updates.ts";

export interface SongRemovalOptions {
  folder: SongFolder;
  known: KnownSongs;
  songs: ScannedSongs;
  updates: SongUpdates;
  /** Stores songs; never while one is removed or restored. */
  intake: SongIntake;
  /** Ends the streams of a song whose content is gone. */
  vanish(song: KnownSong): void;
}

export class SongRemoval {
  readonly #options: SongRemovalOptions;
  readonly #removed: RemovedSongs;

  constructor(options: SongRemovalOptions) {
    this.#options = options;
    this.#removed = new RemovedSongs(options.folder);
  }

  /** @throws {OndacastError} `not-found`, `changed`, `unsupported`, `bad-name`. */
  remove(name: string, etag: string): Promise<string> {
    const { known, songs, updates, intake, vanish } = this.#options;
    return intake.alone(async () => {
      const before = songs.catalog.find(name);
      const song = before && await updates.lookAgain(before);
      if (!song) throw notFound(name);
      if (song.etag !== etag) {
        throw new OndacastError(
          "changed",
          `Cannot remove ${song.name}: its content has changed`,
        );
      }
      await this.#removed.keep(song.name);
      songs.put(song.name, null);
      await known.index.putAll([], [song.name], Date.now());
      vanish(song);
      return song.name;
    }, "remove the song");
  }

  /** @throws {OndacastError} `not-found`, `exists`, `bad-name`. */
  restore(name: string): Promise<KnownSong> {
    const { known, updates, intake } = this.#options;
    return intake.alone(async () => {
      checkSongName(name);
      await this.#removed.restore(name);
      const song = await known.look({ name, isPlain: false }, undefined);
      if (song === null) throw notFound(name);
      updates.put(song);
      return song;
    }, "restore the song");
  }

  /** Deletes songs that were removed long ago. */
  expire(keepMs: number): Promise<void> {
    const { intake } = this.#options;
    return intake.alone(() => this.#removed.expire(keepMs, Date.now()));
  }
}

function notFound(name: string): OndacastError {
  return new OndacastError(
    "not-found",
    `Cannot find the song ${safeJson(name)}`,
  );
}
