/**
 * Accepts songs to store: checks whether they may be stored, and lets only one of
 * two concurrent uploads of the same name succeed.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import {
  checkNewSongName,
  hasSongEnding,
  withDefaultEnding,
} from "../../model/song_name.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import type { SongWriter, StoreOptions } from "../../ports/server.ts";
import { DiskSpace } from "../disk/disk_space.ts";
import type { SongFolder } from "./song_folder.ts";
import type { UploadLimits } from "./song_upload.ts";

/** The songs of the folder. */
export interface StoredSongs {
  /** The names of songs with this name in any case and normal form. */
  twins(name: string): string[];
  size(): number;
  /**
   * Checks that a file can be played.
   *
   * @param name The song's name.
   * @returns The ending that a name of this content has.
   * @throws {OndacastError} `not-wav`, `unsupported`.
   */
  check(path: string, name: string): Promise<string>;
  /** Adds a stored song to the list. */
  stored(name: string, sha256: string): Promise<SongEntry>;
}

export class SongIntake {
  readonly #folder: SongFolder;
  readonly #limits: UploadLimits;
  readonly #songs: StoredSongs;
  readonly #space: DiskSpace;
  /** The last of the serialized stores. */
  #storing: Promise<unknown> = Promise.resolve();

  constructor(folder: SongFolder, limits: UploadLimits, songs: StoredSongs) {
    this.#folder = folder;
    this.#limits = limits;
    this.#songs = songs;
    this.#space = new DiskSpace(limits.minFreeBytes);
  }

  /** Implements `SongStore.create()`. */
  async create(name: string, options: StoreOptions): Promise<SongWriter> {
    checkNewSongName(name);
    // Which ending it gets is known once its content is.
    const likely = checkNewSongName(withDefaultEnding(name));
    const there = this.#twin(likely, options);
    if (there === undefined) this.#refuseMore(likely);
    else allowReplace(there, options);
    const { diskError, SongUpload } = await import("./song_upload.ts");
    try {
      const place = await this.#folder.place(there ?? likely, "portable");
      return await SongUpload.begin(
        place,
        options.bytes ?? 0,
        { space: this.#space, maxBytes: this.#limits.maxUploadBytes },
        async (temporary, sha256) => {
          const ending = await this.#songs.check(temporary, name);
          const wanted = hasSongEnding(name)
            ? name
            : checkNewSongName(name + ending);
          return await this.alone(async () => {
            const name = await this.#move(temporary, wanted, options);
            return await this.#songs.stored(name, sha256);
          });
        },
      );
    } catch (cause) {
      throw diskError(cause);
    }
  }

  /** Moves a song to its place. Only one at a time. */
  async #move(
    temporary: string,
    wanted: string,
    options: StoreOptions,
  ): Promise<string> {
    const there = this.#twin(wanted, options);
    if (there === undefined) this.#refuseMore(wanted);
    else allowReplace(there, options);
    // A song or folder that is there by now may have the name in another case.
    const place = await this.#folder.place(there ?? wanted, "portable");
    return await place.receive(
      temporary,
      () => allowReplace(place.name, options),
    );
  }

  /**
   * The song with a name in any case and normal form.
   *
   * @throws {OndacastError} `ambiguous`, if several match, none exactly, and one
   * is to be replaced.
   */
  #twin(name: string, { replace }: StoreOptions): string | undefined {
    const twins = this.#songs.twins(name);
    if (twins.length <= 1 || !replace) return twins[0];
    if (twins.includes(name)) return name;
    throw new OndacastError(
      "ambiguous",
      `Cannot replace ${name}: there are several songs of that name`,
    );
  }

  /**
   * Runs work on the folder while no song is stored.
   *
   * @param what For errors.
   * @throws {OndacastError} Also instead of the system's errors.
   */
  alone<T>(work: () => Promise<T>, what?: string): Promise<T> {
    const done = this.#storing.then(work);
    this.#storing = done.catch(() => {});
    return done.catch(async (cause) => {
      const { diskError } = await import("./song_upload.ts");
      throw diskError(cause, what);
    });
  }

  #refuseMore(name: string): void {
    const { maxSongs } = this.#limits;
    if (this.#songs.size() < maxSongs) return;
    throw new OndacastError(
      "no-space",
      `Cannot store ${name}: the server already has ${maxSongs} songs, its limit (--max-songs)`,
    );
  }
}

/** @throws {OndacastError} `exists`, or the error of `mayReplace()`. */
function allowReplace(name: string, options: StoreOptions): void {
  if (!options.replace) throw exists(name);
  options.mayReplace?.();
}

function exists(name: string): OndacastError {
  return new OndacastError(
    "exists",
    `Cannot store ${name}: there is a song of that name`,
  );
}
