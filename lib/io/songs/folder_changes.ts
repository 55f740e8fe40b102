/**
 * What has changed in the song folder, as far as the system has told: so that
 * a look at it asks only for files that something was told of.
 *
 * @module
 */

/** Paths that are remembered; of more, everything counts as changed. */
const MOST_PATHS = 4096;

/** Files and folders that have changed, by their paths below the song folder. */
export class FolderChanges {
  readonly #paths = new Set<string>();
  #isAll: boolean;
  /** The folder that was asked for last: mostly the next file lies there, too. */
  #asked = { folder: "", isTouched: false };

  /** @param all Whether anything may have changed. */
  constructor(all = false) {
    this.#isAll = all;
  }

  /** Notes a file or folder; `""`: the song folder itself. */
  add(path: string): void {
    this.#asked = { folder: "", isTouched: false };
    if (path === "" || this.#paths.size >= MOST_PATHS) this.addAll();
    else if (!this.#isAll) this.#paths.add(path);
  }

  /** Notes that anything may have changed. */
  addAll(): void {
    this.#isAll = true;
    this.#paths.clear();
  }

  /** Notes what others have noted. */
  join(others: FolderChanges): void {
    if (others.#isAll) this.addAll();
    for (const path of others.#paths) this.add(path);
  }

  /** Whether a song's file may have changed: itself, or a folder that it lies in. */
  touches(song: string): boolean {
    if (this.#isAll || this.#paths.has(song)) return true;
    const folder = song.slice(0, Math.max(0, song.lastIndexOf("/")));
    if (folder !== this.#asked.folder) {
      this.#asked = { folder, isTouched: this.#isWithin(folder) };
    }
    return this.#asked.isTouched;
  }

  #isWithin(folder: string): boolean {
    for (
      let end = folder.length;
      end > 0;
      end = folder.lastIndexOf("/", end - 1)
    ) {
      if (this.#paths.has(folder.slice(0, end))) return true;
    }
    return false;
  }
}
