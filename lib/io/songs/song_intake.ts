/**
 * Songs that are to be stored: whether they may be, and that of two of one
 * name that end in the same moment one alone is.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { checkNewSongName, withDefaultEnding } from "../../model/song_name.ts";
import type {
  SongEntry,
  SongWriter,
  StoreOptions,
} from "../../ports/server.ts";
import { DiskSpace } from "../disk/disk_space.ts";
import type { NewPlace } from "./new_place.ts";
import type { SongFolder } from "./song_folder.ts";
import type { UploadLimits } from "./song_upload.ts";
import { inspectSong } from "./song_file.ts";

/** The songs that are there. */
export interface StoredSongs {
  /** The names of songs that differ from a name at most in case or normal form. */
  twins(name: string): string[];
  size(): number;
  /** Lists a song that was stored. */
  stored(name: string, sha256: string): Promise<SongEntry>;
}

/** Takes songs into a folder. */
export class SongIntake {
  readonly #folder: SongFolder;
  readonly #limits: UploadLimits;
  readonly #songs: StoredSongs;
  readonly #space: DiskSpace;
  /** The last of those that are stored one after the other. */
  #storing: Promise<unknown> = Promise.resolve();

  constructor(folder: SongFolder, limits: UploadLimits, songs: StoredSongs) {
    this.#folder = folder;
    this.#limits = limits;
    this.#songs = songs;
    this.#space = new DiskSpace(limits.minFreeBytes);
  }

  /** As `SongStore.create` says. */
  async create(name: string, options: StoreOptions): Promise<SongWriter> {
    checkNewSongName(name);
    const wanted = checkNewSongName(withDefaultEnding(name));
    const there = this.#twin(wanted, options);
    if (there === undefined) this.#refuseMore(wanted);
    else allowReplace(there, options);
    const { diskError, SongUpload } = await import("./song_upload.ts");
    try {
      const place = await this.#folder.place(there ?? wanted);
      return await SongUpload.begin(
        place,
        options.bytes ?? 0,
        { space: this.#space, maxBytes: this.#limits.maxUploadBytes },
        async (temporary, sha256) => {
          await inspectSong(temporary);
          return await this.#oneByOne(async () => {
            const name = await this.#take(place, temporary, wanted, options);
            return await this.#songs.stored(name, sha256);
          });
        },
      );
    } catch (cause) {
      throw diskError(cause);
    }
  }

  /** Moves a song to its place; nothing else is stored meanwhile. */
  async #take(
    place: NewPlace,
    temporary: string,
    wanted: string,
    options: StoreOptions,
  ): Promise<string> {
    const there = this.#twin(wanted, options);
    if (there === undefined) this.#refuseMore(wanted);
    else allowReplace(there, options);
    // What came meanwhile may lie elsewhere, under a name of another case.
    const target = there === undefined || there === place.name
      ? place
      : await this.#folder.place(there);
    return await target.take(
      temporary,
      () => allowReplace(target.name, options),
    );
  }

  /**
   * The song that has a name, be it in another case or normal form.
   *
   * @throws {OndacastError} `ambiguous`, if several have it and one of them is
   * to be replaced.
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

  #oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#storing.then(work);
    this.#storing = done.catch(() => {});
    return done;
  }

  #refuseMore(name: string): void {
    const { maxSongs } = this.#limits;
    if (this.#songs.size() < maxSongs) return;
    throw new OndacastError(
      "no-space",
      `Cannot store ${name}: the server has ${maxSongs} songs, as many as may be (--max-songs)`,
    );
  }
}

/** @throws {OndacastError} `exists`, or why it may not be replaced. */
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
