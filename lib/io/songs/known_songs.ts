/**
 * Which content a song's file has: what was known of it is kept while its
 * stamp or its probe is the same, and only what is new is read. What is
 * learned goes into the {@linkcode SongIndex}.
 *
 * @module
 */

import { describeFileError } from "../disk/describe_file_error.ts";
import type { FoundSong, Skipped } from "./folder_walk.ts";
import {
  bareStamp,
  isFresh,
  isSameMtime,
  isSameStamp,
  probeOf,
  readerOf,
  sizeOf,
  stampOf,
} from "./file_stamp.ts";
import type { KnownSong, SongIndex } from "./song_index.ts";
import { inTurns } from "../clock/shared_turns.ts";
import type { SongFolder } from "./song_folder.ts";
import { lookIntoSong, type SongFile } from "./song_file.ts";

/** A file that is left out or cannot be read, and why. */
export interface SongFilesEvents {
  /** A file that is left out. */
  skipped?: Skipped;
  /** A file that is listed, with its problem. */
  unreadable?: Skipped;
  /** The index cannot be written to. */
  indexFailed?: (error: Error) => void;
}

/** Looks at the files of a folder. */
export class KnownSongs {
  readonly index: SongIndex;
  readonly #folder: SongFolder;
  readonly #events: SongFilesEvents;
  readonly #moved: (song: KnownSong) => void;

  /**
   * @param moved Called with a song whose SHA-256 is known and whose file has
   * another time of writing, but the same probe.
   */
  constructor(
    folder: SongFolder,
    index: SongIndex,
    events: SongFilesEvents,
    moved: (song: KnownSong) => void,
  ) {
    this.#folder = folder;
    this.index = index;
    this.#events = events;
    this.#moved = moved;
  }

  /**
   * A file that was found, as a song; null: it is none. A file of the length
   * that it had is not looked into before it is opened, so that links, rights
   * and copies of a whole collection cost no reading. Of many songs each step
   * counts, so a plain file is looked at where it lies, and a new one not
   * before it is opened.
   */
  async look(
    found: FoundSong,
    known: KnownSong | undefined,
  ): Promise<KnownSong | null> {
    const before = known ?? this.index.get(found.name);
    return await this.#read(found, before, isAsBefore);
  }

  async #read(
    { name, isPlain }: FoundSong,
    before: KnownSong | undefined,
    keeps: (before: KnownSong, info: Deno.FileInfo) => boolean,
  ): Promise<KnownSong | null> {
    try {
      const path = isPlain
        ? this.#folder.plainPath(name)
        : await this.#folder.path(name);
      if (before || !isPlain) {
        const info = await Deno.stat(path);
        if (!info.isFile) return null;
        if (before && keeps(before, info)) return before;
      }
      return this.#learn(name, await lookIntoSong(path), before);
    } catch (error) {
      this.#events.skipped?.(name, describeFileError(error));
      return null;
    }
  }

  /** A song's file, read anew; null: it is none. */
  read(name: string): Promise<KnownSong | null> {
    return this.#read({ name, isPlain: false }, undefined, () => false);
  }

  /**
   * A song as its file is now, by a look into it where its stamp is another
   * one; null: it is gone.
   */
  async again(before: KnownSong): Promise<KnownSong | null> {
    const { name, probe } = before;
    let isOther = false;
    let keeps: typeof isAsBefore = () => false;
    try {
      using file = await this.#folder.open(name);
      const info = file.statSync();
      const stamp = stampOf(info);
      if (stamp === before.stamp && !isFresh(stamp)) return before;
      const isSame = probe === undefined
        ? isSameStamp(stamp, before.stamp)
        : info.size === sizeOf(before.stamp) &&
          await probeOf(readerOf(file), info.size) === probe;
      if (isSame && stampOf(file.statSync()) === stamp) {
        const old = before.stamp;
        before.stamp = stamp;
        this.learned(before, old);
        return before;
      }
      isOther = !isSame;
    } catch (error) {
      // What cannot be opened for a moment is still what it was.
      const isLasting = error instanceof Deno.errors.PermissionDenied;
      if (!isLasting) keeps = isAsBefore;
    }
    const now = await this.#read(
      { name, isPlain: false },
      isOther ? undefined : before,
      keeps,
    );
    // In a fresh file another content may have the stamp of the one before.
    return isOther && now?.etag === before.etag
      ? { ...now, etag: `${now.etag}-${crypto.randomUUID()}` }
      : now;
  }

  /** Takes a song's probe, where the file is what it was; whether it did. */
  async probe(song: KnownSong): Promise<boolean> {
    try {
      using file = await this.#folder.open(song.name);
      const stamp = stampOf(file.statSync());
      if (!isSameStamp(stamp, song.stamp)) return false;
      const probe = await probeOf(readerOf(file), sizeOf(stamp));
      if (!isSameStamp(stampOf(file.statSync()), stamp)) return false;
      Object.assign(song, { stamp, probe });
      return true;
    } catch {
      return false; // The next look at it says why.
    }
  }

  /** Notes what was learned of a song that is still the same. */
  learned(song: KnownSong, stampBefore: string): void {
    this.index.put(song);
    if (song.sha256 !== undefined && !isSameMtime(song.stamp, stampBefore)) {
      this.#moved(song);
    }
  }

  #learn(
    name: string,
    { info, ...content }: SongFile,
    before: KnownSong | undefined,
  ): KnownSong {
    const stamp = stampOf(info);
    if (content.problem === "internal" && before?.problem !== "internal") {
      this.#events.unreadable?.(name, content.problemText ?? content.problem);
    }
    const isSame = before && isSameStamp(before.stamp, stamp);
    return {
      ...(isSame && before.sha256 !== undefined && { sha256: before.sha256 }),
      ...(isSame && before.probe !== undefined && { probe: before.probe }),
      ...{ name, stamp },
      etag: isSame ? before.etag : bareStamp(stamp),
      ...content,
    };
  }
}

/** As many songs as may be, those that are known first. */
export async function firstOf(
  found: FoundSong[],
  most: number,
  isKnown: (name: string) => boolean,
): Promise<FoundSong[]> {
  if (found.length <= most) return found;
  const before = await inTurns(found, ({ name }) => isKnown(name));
  const others = await inTurns(found, ({ name }) => !isKnown(name));
  return [...before, ...others].slice(0, most);
}

/** Whether a file is to be taken for what it was, as far as its stamp tells. */
function isAsBefore(before: KnownSong, info: Deno.FileInfo): boolean {
  if (before.isOutdated) return false;
  // A failure of this machine says nothing of the song: it may be over.
  if (before.problem === "internal") return false;
  if (stampOf(info) === before.stamp) return true;
  // One that cannot be played is never opened, which would notice a change.
  return info.size === sizeOf(before.stamp) && before.format !== null;
}
