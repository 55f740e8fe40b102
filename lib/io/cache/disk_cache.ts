/**
 * The songs that a client keeps: found by name, checked before they are
 * played, stored while they are played, and let go of when there are too
 * many. How they lie on the disk is told in `cache_folder.ts`.
 *
 * @module
 */

import { SONG_ENDINGS } from "../../audio/containers.ts";
import type { SongFormat } from "../../audio/format.ts";
import { OndacastError } from "../../errors.ts";
import { toEvict } from "../../model/cache_policy.ts";
import { checkSongName, hasSongEnding } from "../../model/song_name.ts";
import { type CachedSong, CacheEntries } from "./cache_entries.ts";
import { CacheFolder } from "./cache_folder.ts";
import { FileLock } from "../disk/file_lock.ts";
import { songId } from "./cache_names.ts";
import { type CacheWriter, PartWriter, PlacedFile } from "./cache_writer.ts";
import { hashFile } from "../disk/hash_file.ts";

export type { CachedSong } from "./cache_entries.ts";
export { defaultCacheFolder } from "./cache_names.ts";
export type { CacheWriter } from "./cache_writer.ts";

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
  readonly #entries: CacheEntries;
  readonly #maxBytes: number;

  private constructor(
    folder: CacheFolder,
    maxBytes: number,
    nowMs: () => number,
  ) {
    this.#folder = folder;
    this.#entries = new CacheEntries(folder, nowMs);
    this.#maxBytes = maxBytes;
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
   * A song of a server by its exact name, else by its name in any case and
   * normal form where that is one song, with or without its ending: the whole
   * one, or else what there is of a half download.
   */
  async find(server: string, song: string): Promise<CachedSong | null> {
    // With its ending it is that song alone: the cache can't know of others.
    const endings = hasSongEnding(song) ? [""] : [...SONG_ENDINGS, ""];
    let half: CachedSong | null = null;
    for (const ending of endings) {
      const entry = await this.#find(songId(server, song + ending));
      if (entry?.whole) return entry;
      half ??= entry;
    }
    return half;
  }

  async #find(id: string): Promise<CachedSong | null> {
    const [exact] = await this.#entries.of(id);
    if (exact) return exact;
    const twins = await this.#folder.twins(id);
    if (twins.length !== 1) return null;
    const [entry] = await this.#entries.of(twins[0]);
    return entry ?? null;
  }

  /** Whether a whole song is on the disk as it was published, to the byte. */
  async check(entry: CachedSong): Promise<boolean> {
    if (!entry.whole) return false;
    try {
      const path = this.#folder.songPath(entry);
      const info = await this.#folder.look(path);
      if (info?.size !== entry.bytes) return false;
      using file = await Deno.open(path);
      return (await hashFile(file)).sha256 === entry.sha256;
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
    const file = await this.#entries.open(entry);
    if (!file) {
      throw new OndacastError(
        "changed",
        `Cannot play ${entry.song} from the cache: it is not there as it was`,
      );
    }
    await this.#entries.use(songId(entry.server, entry.song), "json");
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
    const id = songId(server, song.song);
    let lock: FileLock | null = null;
    try {
      checkSongName(song.song);
      lock = FileLock.tryAcquire(this.#folder.indexPath(id, "lock"));
      if (!lock) return null;
      await this.#folder.settle(id);
      const { etag, bytes, format } = song;
      const isTwin = await this.#isTwin(id);
      const names = { server, song: song.song, ...(isTwin && { isTwin }) };
      await this.#folder.makeParent(this.#folder.songPath(names));
      const about = { ...names, etag, bytes, format };
      const writer = await PartWriter.open(this.#writerHost, id, about, lock);
      await this.#entries.use(id, "part.json");
      return writer;
    } catch {
      lock?.release();
      return null;
    }
  }

  /** Whether a song lies, or will, where it is not taken for another one. */
  async #isTwin(id: string): Promise<boolean> {
    const stored = await this.#folder.read(id, "json");
    return stored
      ? stored.about.isTwin ?? false
      : (await this.#folder.twins(id)).length > 0;
  }

  /** Removes an entry, unless it is being stored or another came in its place. */
  async remove(entry: CachedSong): Promise<void> {
    await this.#entries.remove(entry);
  }

  /** Everything in the cache, by server and name, half downloads too. */
  list(): Promise<CachedSong[]> {
    return this.#entries.list();
  }

  /** Removes everything that nobody is storing just now; so many entries. */
  async clear(): Promise<number> {
    let removed = 0;
    for (const entry of await this.list()) {
      if (await this.#entries.remove(entry)) removed++;
    }
    await this.#entries.tidy();
    return removed;
  }

  /** Checks every whole song and removes the damaged ones. */
  async *verify(): AsyncGenerator<{ entry: CachedSong; ok: boolean }> {
    for (const entry of await this.list()) {
      if (!entry.whole) continue;
      const ok = await this.check(entry);
      if (!ok) await this.#entries.remove(entry);
      yield { entry, ok };
    }
    await this.#entries.tidy();
  }

  /** Lets go of the least recently used; what another holds stays. */
  async #evict(keepId: string | null): Promise<void> {
    const entries = (await this.list()).map((entry) => ({
      entry,
      bytes: entry.storedBytes,
      usedAtMs: entry.usedAtMs,
      keep: songId(entry.server, entry.song) === keepId,
    }));
    while (true) {
      const victims = toEvict(entries, this.#maxBytes);
      if (victims.length === 0) return;
      for (const victim of victims) {
        if (await this.#entries.remove(victim.entry)) victim.bytes = 0;
        else victim.keep = true;
      }
    }
  }

  get #writerHost() {
    return {
      folder: this.#folder,
      published: async (id: string): Promise<CachedSong> => {
        await this.#entries.use(id, "json");
        const [entry] = await this.#entries.of(id);
        if (entry?.whole) return entry;
        throw new Error("it was removed meanwhile");
      },
      stored: async (id: string, published: boolean): Promise<void> => {
        try {
          if (!published) await this.#entries.use(id, "part.json");
          await this.#evict(published ? id : null);
        } catch {
          // The next one who stores makes room.
        }
      },
    };
  }
}
