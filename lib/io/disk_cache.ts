/**
 * The songs that a client keeps: found by name, checked before they are
 * played, stored while they are played, and let go of when there are too
 * many. How they lie on the disk is told in `cache_folder.ts`.
 *
 * @module
 */

import type { SongFormat } from "../audio/format.ts";
import { OndacastError } from "../errors.ts";
import { toEvict } from "../model/cache_policy.ts";
import { CacheFolder, type Metadata } from "./cache_folder.ts";
import { FileLock } from "./cache_lock.ts";
import {
  type CachedSong,
  type CacheWriter,
  PartWriter,
  PlacedFile,
} from "./cache_writer.ts";
import { hashFile } from "./hash_file.ts";

export { defaultCacheFolder } from "./cache_folder.ts";
export type { CachedSong, CacheWriter } from "./cache_writer.ts";

/** Entries looked at in one go. */
const AT_ONCE = 32;
/** The longest etag that is kept. */
const MAX_ETAG = 1024;

/** A song as a server names it. */
export interface SongToStore {
  song: string;
  etag: string;
  bytes: number;
  format: SongFormat;
}

/** A whole song, opened. */
export interface OpenCachedSong {
  /** Fills the buffer from an offset as far as the song goes; so many bytes. */
  read(into: Uint8Array, offset: number): Promise<number>;
  close(): void;
}

/** A cache in a folder, which any number of programs may share. */
export class DiskCache {
  readonly #folder: CacheFolder;
  readonly #maxBytes: number;
  readonly #nowMs: () => number;

  private constructor(
    folder: CacheFolder,
    maxBytes: number,
    nowMs: () => number,
  ) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#nowMs = nowMs;
  }

  /**
   * Opens a cache; its folder is made where it is missing.
   *
   * @param nowMs Milliseconds since 1970.
   * @throws {OndacastError} `bad-folder`.
   */
  static async open(
    folder: string,
    maxBytes: number,
    nowMs: () => number = Date.now,
  ): Promise<DiskCache> {
    return new DiskCache(await CacheFolder.open(folder), maxBytes, nowMs);
  }

  /** The real path of the folder. */
  get folder(): string {
    return this.#folder.root;
  }

  /**
   * A song of a server by its name in any case, with or without its ending:
   * the whole one, or else what there is of a half download.
   */
  async find(server: string, song: string): Promise<CachedSong | null> {
    let half: CachedSong | null = null;
    for (const ending of ["", ".wav", ".wave"]) {
      const id = this.#folder.idOf(server, song + ending);
      const [entry] = await this.#entries(id);
      if (entry?.whole) return entry;
      half ??= entry ?? null;
    }
    return half;
  }

  /** Whether a whole song is on the disk as it was published, to the byte. */
  async check(entry: CachedSong): Promise<boolean> {
    if (!entry.whole) return false;
    try {
      const path = this.#folder.songPath(entry);
      const info = await this.#folder.look(path);
      if (info?.size !== entry.bytes) return false;
      return (await hashFile(path)).sha256 === entry.sha256;
    } catch {
      return false;
    }
  }

  /**
   * Opens a whole song, which is thereby used now. It can be read to its end
   * even if it is removed or replaced meanwhile.
   *
   * @throws {OndacastError} `changed`, if it is not there as it was found.
   */
  async openWhole(entry: CachedSong): Promise<OpenCachedSong> {
    const id = this.#folder.idOf(entry.server, entry.song);
    let file: Deno.FsFile | null = null;
    try {
      const path = this.#folder.songPath(entry);
      if (!entry.whole || !(await this.#folder.look(path))) throw null;
      file = await Deno.open(path);
      if ((await file.stat()).size !== entry.bytes) throw null;
      // In this order: a publication changes the one, then the other.
      const next = await this.#folder.read(id, "part.json");
      if (next?.about.sha256 !== undefined) throw null;
      if (!isSame((await this.#folder.read(id, "json"))?.about, entry)) {
        throw null;
      }
    } catch (cause) {
      file?.close();
      throw new OndacastError(
        "changed",
        `Cannot play ${entry.song} from the cache: it is no longer there as it was`,
        { cause },
      );
    }
    await this.#use(id, "json");
    const placed = new PlacedFile(file);
    return {
      read: (into, offset) => placed.inTurn(() => placed.read(into, offset)),
      close: () => placed.close(),
    };
  }

  /**
   * Begins to store a song, or goes on where a download of the same content
   * stopped.
   *
   * @returns Null if it cannot be stored now: another is storing it, it is
   * larger than the cache, its name is none, or the disk does not let us.
   */
  async store(
    server: string,
    song: SongToStore,
  ): Promise<CacheWriter | null> {
    if (song.bytes > this.#maxBytes || song.etag.length > MAX_ETAG) return null;
    const id = this.#folder.idOf(server, song.song);
    let lock: FileLock | null = null;
    try {
      const path = this.#folder.songPath({ server, song: song.song });
      lock = FileLock.tryTake(this.#folder.indexPath(id, "lock"));
      if (!lock) return null;
      await this.#folder.settle(id);
      await this.#folder.makeParent(path);
      const { etag, bytes, format } = song;
      const about = { server, song: song.song, etag, bytes, format };
      const writer = await PartWriter.open(this.#writerHost, id, about, lock);
      await this.#use(id, "part.json");
      return writer;
    } catch {
      lock?.release();
      return null;
    }
  }

  /** Removes an entry, unless it is being stored or is already another one. */
  async remove(entry: CachedSong): Promise<void> {
    await this.#remove(entry);
  }

  /** Everything in the cache, by server and name, half downloads too. */
  async list(): Promise<CachedSong[]> {
    const ids = await this.#folder.ids();
    const entries: CachedSong[] = [];
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      const some = ids.slice(i, i + AT_ONCE).map((id) => this.#entries(id));
      entries.push(...(await Promise.all(some)).flat());
    }
    return entries.sort((a, b) =>
      compare(a.server, b.server) || compare(a.song, b.song)
    );
  }

  /** Removes everything that nobody is storing just now; so many entries. */
  async clear(): Promise<number> {
    let removed = 0;
    for (const entry of await this.list()) {
      if (await this.#remove(entry)) removed++;
    }
    await this.#tidy();
    return removed;
  }

  /** Checks every whole song and removes the damaged ones. */
  async *verify(): AsyncGenerator<{ entry: CachedSong; ok: boolean }> {
    for (const entry of await this.list()) {
      if (!entry.whole) continue;
      const ok = await this.check(entry);
      if (!ok) await this.#remove(entry);
      yield { entry, ok };
    }
    await this.#tidy();
  }

  /** What there is of a song: the whole one, then the half one. */
  async #entries(id: string): Promise<CachedSong[]> {
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

  /** Whether the entry is gone. */
  async #remove(entry: CachedSong): Promise<boolean> {
    const folder = this.#folder;
    const id = folder.idOf(entry.server, entry.song);
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
  async #tidy(): Promise<void> {
    const folder = this.#folder;
    for (const id of await folder.ids()) {
      let empty = false;
      await this.#locked(id, async () => {
        const half = await folder.read(id, "part.json");
        if (!half) await folder.removeIndex(id, "part", "part.json");
        const whole = await folder.read(id, "json");
        const song = whole && folder.songPath(whole.about);
        const there = song !== null && await folder.look(song) !== null;
        if (!there) await folder.removeIndex(id, "json");
        await folder.removeIndex(id, "tmp");
        empty = !half && !there;
      });
      // Who took the lock in between has one of a name that is gone. Then two
      // may store the same song, which each one's hash brings to light.
      if (empty) await folder.removeIndex(id, "lock").catch(() => {});
    }
  }

  /** Does what needs the lock; false: another has it, or the disk failed. */
  async #locked(id: string, work: () => Promise<void>): Promise<boolean> {
    const lock = FileLock.tryTake(this.#folder.indexPath(id, "lock"));
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

  /** Lets go of the least recently used; what another holds stays. */
  async #evict(keepId: string | null): Promise<void> {
    const entries = (await this.list()).map((entry) => ({
      entry,
      bytes: entry.storedBytes,
      usedAtMs: entry.usedAtMs,
      keep: this.#folder.idOf(entry.server, entry.song) === keepId,
    }));
    while (true) {
      const victims = toEvict(entries, this.#maxBytes);
      if (victims.length === 0) return;
      for (const victim of victims) {
        if (await this.#remove(victim.entry)) victim.bytes = 0;
        else victim.keep = true;
      }
    }
  }

  async #use(id: string, file: "json" | "part.json"): Promise<void> {
    const now = new Date(this.#nowMs());
    try {
      await Deno.utime(this.#folder.indexPath(id, file), now, now);
    } catch {
      // Then it is let go of earlier than it could be.
    }
  }

  get #writerHost() {
    return {
      folder: this.#folder,
      published: async (id: string): Promise<CachedSong> => {
        await this.#use(id, "json");
        const [entry] = await this.#entries(id);
        if (entry?.whole) return entry;
        throw new Error("it was removed meanwhile");
      },
      stored: async (id: string, published: boolean): Promise<void> => {
        try {
          if (!published) await this.#use(id, "part.json");
          await this.#evict(published ? id : null);
        } catch {
          // The next one who stores makes room.
        }
      },
    };
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
