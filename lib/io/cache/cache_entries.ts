/**
 * What is in a cache: each song as an entry, found, listed and removed, with
 * the locks that this takes.
 *
 * @module
 */

import { type CacheFolder, type Metadata } from "./cache_folder.ts";
import { FileLock } from "../disk/file_lock.ts";
import { songId } from "./cache_names.ts";

/** Entries looked at in one go. */
const AT_ONCE = 32;

/** A song of the cache. */
export interface CachedSong extends Omit<Metadata, "sha256"> {
  /** Hexadecimal; null while it is not whole. */
  readonly sha256: string | null;
  /** False: a half download, to be continued but not to be played. */
  readonly whole: boolean;
  /** Bytes on the disk; of a whole song as many as `bytes`, or it is damaged. */
  readonly storedBytes: number;
  /** When it was last stored or played, in milliseconds since 1970. */
  readonly usedAtMs: number;
}

/** The entries of a cache's folder. */
export class CacheEntries {
  readonly #folder: CacheFolder;
  readonly #nowMs: () => number;

  constructor(folder: CacheFolder, nowMs: () => number) {
    this.#folder = folder;
    this.#nowMs = nowMs;
  }

  /** What there is of a song: the whole one, then the half one. */
  async of(id: string): Promise<CachedSong[]> {
    let half = await this.#folder.read(id, "part.json");
    if (half?.about.sha256 !== undefined) {
      // Decided but not done: by one that died, or by one that is at it.
      if (!(await this.#locked(id, () => this.#folder.settle(id)))) return [];
      half = null;
    }
    const whole = await this.#folder.read(id, "json");
    const entries: CachedSong[] = [];
    if (whole) {
      const info = await this.#folder.look(this.#folder.songPath(whole.about));
      if (info) entries.push(toEntry(whole, info.size, true));
    }
    if (half) {
      const info = await this.#folder.look(this.#folder.indexPath(id, "part"));
      if (info) entries.push(toEntry(half, info.size, false));
    }
    return entries;
  }

  /** All of them, by server and name. */
  async list(): Promise<CachedSong[]> {
    const ids = await this.#folder.ids();
    const entries: CachedSong[] = [];
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      const some = ids.slice(i, i + AT_ONCE).map((id) => this.of(id));
      entries.push(...(await Promise.all(some)).flat());
    }
    return entries.sort((a, b) =>
      compare(a.server, b.server) || compare(a.song, b.song)
    );
  }

  /** Opens a whole song's file; null if it is not there as it was found. */
  async open(entry: CachedSong): Promise<Deno.FsFile | null> {
    if (!entry.whole) return null;
    let file: Deno.FsFile | null = null;
    try {
      const path = this.#folder.songPath(entry);
      if (!(await this.#folder.look(path))) return null;
      file = await Deno.open(path);
      const { size } = await file.stat();
      if (size === entry.bytes && await this.#isPublished(entry)) return file;
    } catch {
      // As if it were not there.
    }
    file?.close();
    return null;
  }

  /** Sets when an entry was used to now. */
  async use(id: string, file: "json" | "part.json"): Promise<void> {
    const now = new Date(this.#nowMs());
    try {
      await Deno.utime(this.#folder.indexPath(id, file), now, now);
    } catch {
      // Then it is let go of earlier than it could be.
    }
  }

  /**
   * Removes an entry, unless another came in its place.
   *
   * @returns False if it is being stored, or cannot be removed.
   */
  async remove(entry: CachedSong): Promise<boolean> {
    const folder = this.#folder;
    const id = songId(entry.server, entry.song);
    return await this.#locked(id, async () => {
      await folder.settle(id);
      const file = entry.whole ? "json" : "part.json";
      if (!isSame((await folder.read(id, file))?.about, entry)) return;
      // First the bytes: without them the rest is nothing to anyone.
      if (entry.whole) await folder.removeSong(folder.songPath(entry));
      else await folder.removeIndex(id, "part");
      await folder.removeIndex(id, file);
    });
  }

  /** Removes what belongs to no entry: of damaged metadata, and of crashes. */
  async tidy(): Promise<void> {
    for (const id of await this.#folder.ids()) {
      await this.#locked(id, () => this.#tidy(id));
    }
  }

  async #tidy(id: string): Promise<void> {
    const folder = this.#folder;
    await folder.removeIndex(id, "tmp");
    const half = await folder.read(id, "part.json");
    const part = await folder.look(folder.indexPath(id, "part"));
    if (!half || !part || half.about.sha256 !== undefined) {
      // One that is decided, but whose place is taken, is given up.
      await folder.settle(id).catch(() => {});
      await folder.removeIndex(id, "part", "part.json");
    }
    const whole = await folder.read(id, "json");
    if (whole && await folder.look(folder.songPath(whole.about))) return;
    await folder.removeIndex(id, "json");
  }

  async #isPublished(entry: CachedSong): Promise<boolean> {
    const id = songId(entry.server, entry.song);
    // In this order, as a publication ends by making the first the second.
    const next = await this.#folder.read(id, "part.json");
    if (next?.about.sha256 !== undefined) return false;
    return isSame((await this.#folder.read(id, "json"))?.about, entry);
  }

  /** Does what needs the lock; false: another has it, or the disk failed. */
  async #locked(id: string, work: () => Promise<void>): Promise<boolean> {
    const lock = FileLock.tryAcquire(this.#folder.indexPath(id, "lock"));
    if (!lock) return false;
    try {
      await work();
      return true;
    } catch {
      return false;
    } finally {
      lock.release();
    }
  }
}

function toEntry(
  { about, usedAtMs }: { about: Metadata; usedAtMs: number },
  storedBytes: number,
  whole: boolean,
): CachedSong {
  const { sha256 = null, ...rest } = about;
  return { ...rest, sha256, whole, storedBytes, usedAtMs };
}

function isSame(about: Metadata | undefined, entry: CachedSong): boolean {
  return about !== undefined && about.etag === entry.etag &&
    about.bytes === entry.bytes && about.song === entry.song &&
    (about.sha256 ?? null) === entry.sha256;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
