/**
 * Which new files of a scan are those of songs that are missing: they were renamed
 * or moved in the folder, while the server ran or before.
 *
 * @module
 */

import { inodeOf } from "./file_stamp.ts";
import type { KnownSong } from "./known_song.ts";

export class MovedFiles {
  /** Names of new songs by their files; null: several links to one. */
  readonly #names = new Map<string, string | null>();

  /** A file that was not there before. */
  add({ name, stamp }: Pick<KnownSong, "name" | "stamp">): void {
    const file = inodeOf(stamp);
    if (file === null) return;
    this.#names.set(file, this.#names.has(file) ? null : name);
  }

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  /** The name that the file of a missing song has now; null: it is not known. */
  nameOf({ stamp }: Pick<KnownSong, "stamp">): string | null {
    const file = inodeOf(stamp);
    return (file !== null && this.#names.get(file)) || null;
  }
}
