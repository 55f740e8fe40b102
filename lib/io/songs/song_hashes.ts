/**
 * Computes the SHA-256 of whole files one by one in the background: of requested
 * songs that are sent as they are stored, and again of those that may have
 * changed. Decoded songs are hashed while they are sent.
 *
 * @module
 */

import { isSameStamp, stampOf } from "./file_stamp.ts";
import type { KnownSong } from "./known_song.ts";
import type { SongFolder } from "./song_folder.ts";

export class SongHashes {
  readonly #folder: SongFolder;
  readonly #hashed: (song: KnownSong, sha256: string) => void;
  readonly #isSame: (song: KnownSong) => Promise<boolean>;
  readonly #current: (song: KnownSong) => KnownSong | undefined;
  /** Which songs wait to be hashed. */
  readonly #wanted = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  /**
   * @param hashed Called if the song's file did not change meanwhile.
   * @param isSame Whether a file whose stamp has changed is still the song.
   * @param current A song with what is known of it now.
   */
  constructor(
    folder: SongFolder,
    hashed: (song: KnownSong, sha256: string) => void,
    isSame: (song: KnownSong) => Promise<boolean>,
    current: (song: KnownSong) => KnownSong | undefined,
  ) {
    this.#folder = folder;
    this.#hashed = hashed;
    this.#isSame = isSame;
    this.#current = current;
  }

  /** Resolves when all songs requested so far are hashed. */
  get idle(): Promise<void> {
    return this.#last;
  }

  /** Requests a song's hash, unless it is known and not wanted `again`. */
  want(song: KnownSong, again = false): void {
    if (!again && isHashed(song)) return;
    const key = `${again} ${song.etag} ${song.name}`;
    if (this.#wanted.has(key)) return;
    this.#wanted.add(key);
    this.#last = this.#last.then(async () => {
      // A later request is about the file as it is then.
      this.#wanted.delete(key);
      await this.#hash(song, again).catch(() => {}); // The file was removed.
    });
  }

  async #hash(song: KnownSong, again: boolean): Promise<void> {
    // Without a probe that it has got meanwhile, it would not be recognized.
    const now = this.#current(song) ?? song;
    if (!again && isHashed(now)) return;
    const { hashFile } = await import("../disk/hash_file.ts");
    using file = await this.#folder.open(song.name);
    const stamp = stampOf(file.statSync());
    if (!isSameStamp(stamp, now.stamp) && !await this.#isSame(now)) return;
    const { sha256 } = await hashFile(file);
    if (isSameStamp(stampOf(file.statSync()), stamp)) {
      this.#hashed(song, sha256);
    }
  }
}

function isHashed({ sha256, decoding }: KnownSong): boolean {
  return sha256 !== undefined || decoding !== undefined;
}
