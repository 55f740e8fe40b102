/**
 * The pictures of folders, `cover.*` and `folder.*`, which their songs share.
 *
 * @module
 */

import { turns } from "../clock/shared_turns.ts";
import { isPicture, PICTURE_HEAD_BYTES } from "../../audio/picture.ts";
import { fileBytes } from "../disk/file_bytes.ts";
import type { FolderChanges } from "./folder_changes.ts";
import type { SongFolder } from "./song_folder.ts";
import type { KnownSong } from "./known_song.ts";

/** The pictures that a scan has found. */
export class FolderCovers {
  readonly #byFolder = new Map<string, string>();
  /** Files by their paths below the song folder, and whether they are pictures. */
  readonly #checked = new Map<string, boolean>();

  /**
   * Reads the heads of files, which `isCoverName()` picked. Of several pictures
   * in a folder, the first by name counts, so `cover` comes before `folder`.
   *
   * @param before The result of the previous scan.
   * @param changes Files that may have changed since.
   */
  static async of(
    names: readonly string[],
    folder: SongFolder,
    before: FolderCovers,
    changes: FolderChanges,
  ): Promise<FolderCovers> {
    const covers = new FolderCovers();
    for (const name of names.toSorted(byFoldedName)) {
      const pause = turns.next();
      if (pause) await pause;
      const known = changes.touches(name)
        ? undefined
        : before.#checked.get(name);
      const isGood = known ?? await isPictureFile(folder, name);
      covers.#checked.set(name, isGood);
      const place = folderOf(name);
      if (isGood && !covers.#byFolder.has(place)) {
        covers.#byFolder.set(place, name);
      }
    }
    return covers;
  }

  /** The picture of a song's folder. */
  coverOf(song: string): string | undefined {
    return this.#byFolder.get(folderOf(song));
  }

  /** The song, with whether its folder has a picture. */
  marked(song: KnownSong): KnownSong {
    const hasCover = this.coverOf(song.name) !== undefined;
    return hasCover === (song.hasCover ?? false) ? song : { ...song, hasCover };
  }
}

async function isPictureFile(
  folder: SongFolder,
  name: string,
): Promise<boolean> {
  try {
    using file = await folder.open(name);
    const head = new Uint8Array(PICTURE_HEAD_BYTES);
    const { size } = file.statSync();
    const count = await fileBytes(file, size).read(head, 0);
    return isPicture(head.subarray(0, count), size);
  } catch {
    return false;
  }
}

function byFoldedName(a: string, b: string): number {
  const [first, second] = [a.toLowerCase(), b.toLowerCase()];
  return first < second ? -1 : first > second ? 1 : a < b ? -1 : 1;
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}
