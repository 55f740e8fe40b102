/**
 * Collects the changes in the song folder that the system has reported, so that
 * a scan examines only those files.
 *
 * @module
 */

/** With more paths than this, everything counts as changed. */
const MOST_PATHS = 4096;

/** Changed files and folders, by their paths below the song folder. */
export class FolderChanges {
  readonly #paths = new Set<string>();
  #isAll: boolean;
  /** The latest folder checked, which the next file is usually in. */
  #asked = { folder: "", isTouched: false };

  /** @param all Whether everything may have changed. */
  constructor(all = false) {
    this.#isAll = all;
  }

  /** Whether everything may have changed. */
  get isAll(): boolean {
    return this.#isAll;
  }

  /** Adds a file or folder. `""` is the song folder itself. */
  add(path: string): void {
    this.#asked = { folder: "", isTouched: false };
    if (path === "" || this.#paths.size >= MOST_PATHS) this.addAll();
    else if (!this.#isAll) this.#paths.add(path);
  }

  /** Marks everything as possibly changed. */
  addAll(): void {
    this.#isAll = true;
    this.#paths.clear();
  }

  /** Adds the changes of another collection. */
  join(others: FolderChanges): void {
    if (others.#isAll) this.addAll();
    for (const path of others.#paths) this.add(path);
  }

  /** Whether a song's file, or a folder above it, may have changed. */
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
