/**
 * The SHA-256 of whole songs, made one after the other beside the streams:
 * of songs that are asked for, and again of those that may have changed.
 *
 * @module
 */

import { isSameStamp, stampOf } from "./file_stamp.ts";
import type { KnownSong } from "./song_index.ts";
import type { SongFolder } from "./song_folder.ts";

/** Hashes songs in the background. */
export class SongHashes {
  readonly #folder: SongFolder;
  readonly #hashed: (song: KnownSong, sha256: string) => void;
  /** Songs that are to be hashed. */
  readonly #wanted = new Set<KnownSong>();
  #last: Promise<void> = Promise.resolve();

  /** @param hashed Called with a song that was what it is known as, before and after. */
  constructor(
    folder: SongFolder,
    hashed: (song: KnownSong, sha256: string) => void,
  ) {
    this.#folder = folder;
    this.#hashed = hashed;
  }

  /** Resolves when the songs wanted so far are hashed. */
  get idle(): Promise<void> {
    return this.#last;
  }

  /** Has a song hashed before long, if it is not yet, or `again`. */
  want(song: KnownSong, again = false): void {
    if (song.sha256 !== undefined && !again) return;
    if (this.#wanted.has(song)) return;
    this.#wanted.add(song);
    this.#last = this.#last.then(async () => {
      // Whoever wants it again from now on means what the file is by then.
      this.#wanted.delete(song);
      await this.#hash(song, again).catch(() => {}); // It went away.
    });
  }

  async #hash(song: KnownSong, again: boolean): Promise<void> {
    if (song.sha256 !== undefined && !again) return;
    const { hashFile } = await import("../disk/hash_file.ts");
    using file = await this.#folder.open(song.name);
    const stamp = stampOf(file.statSync());
    if (!isSameStamp(stamp, song.stamp)) return; // It is looked into when it is opened.
    const { sha256 } = await hashFile(file);
    if (isSameStamp(stampOf(file.statSync()), stamp)) {
      this.#hashed(song, sha256);
    }
  }
}
