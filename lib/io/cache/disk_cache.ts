/**
 * The songs of servers on the client's disk: found by name, verified before they
 * are played, stored while they are played, and evicted when there are too many.
 *
 * @module
 */

import { SONG_ENDINGS } from "../../audio/file_kinds.ts";
import { OndacastError } from "../../errors.ts";
import { toEvict } from "../../model/cache_policy.ts";
import { checkSongName, hasSongEnding } from "../../model/song_name.ts";
import type { CachedBytes, SongCache } from "../../ports/client.ts";
import { systemClock } from "../clock/clock.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { overlappingBytes } from "../disk/file_bytes.ts";
import type { FileLock } from "../disk/file_lock.ts";
import { hashFile } from "../disk/hash_file.ts";
import { CacheFiles } from "./cache_files.ts";
import {
  CacheIndex,
  isLocked,
  type Metadata,
  orElse,
  type Row,
  type StoredSong,
} from "./cache_index.ts";
import { adoptOldCache } from "./old_cache.ts";
import {
  type DownloadEnd,
  openWriter,
  type SongWriter,
} from "./song_writer.ts";

const MAX_ETAG_LENGTH = 1024;

/** How long an index is waited for that another program makes, and how often. */
const LOCKED_MS = 3000;
const TRIAL_MS = 50;

/** A cache in a folder that several programs may share. */
export class DiskCache implements SongCache, Disposable {
  /** For the user: that a damaged index was moved aside. */
  readonly note: string | null;
  /** The real path of the folder. */
  readonly folder: string;
  readonly #files: CacheFiles;
  readonly #index: CacheIndex;
  readonly #maxBytes: number;

  private constructor(files: CacheFiles, index: CacheIndex, maxBytes: number) {
    this.note = index.note;
    this.folder = files.root;
    this.#files = files;
    this.#index = index;
    this.#maxBytes = maxBytes;
  }

  /** Opens or creates a cache. @throws {OndacastError} `bad-folder`. */
  static async open(
    folder: string,
    maxBytes: number,
    nowMs: () => number = Date.now,
  ): Promise<DiskCache> {
    try {
      const files = await CacheFiles.open(folder);
      const index = await unlocked(() => new CacheIndex(files.index, nowMs));
      await adoptOldCache(files, index);
      await files.removeOthers(() => index.rows());
      return new DiskCache(files, index, maxBytes);
    } catch (cause) {
      const reason = describeFileError(cause, "write");
      throw new OndacastError(
        "bad-folder",
        `Cannot use the cache folder ${folder}: ${reason}. \`--cache-dir\` names another`,
        { cause },
      );
    }
  }

  async find(server: string, song: string): Promise<StoredSong | null> {
    // A name with an ending is that of one song, whatever else the server has.
    const endings = hasSongEnding(song) ? [""] : [...SONG_ENDINGS, ""];
    const names = endings.map((ending) => this.#named(server, song + ending));
    const found = (await Promise.all(names)).filter((it) => it !== null);
    return found.find(({ whole }) => whole) ?? found[0] ?? null;
  }

  /** All songs, by server and name. */
  list(): Promise<StoredSong[]> {
    return this.#stored(() => this.#index.rows());
  }

  async check(song: StoredSong): Promise<boolean> {
    try {
      using file = await this.#open(song);
      return (await hashFile(file)).sha256 === song.sha256;
    } catch {
      return false;
    }
  }

  /** It can be read to its end even if it is removed or replaced meanwhile. */
  async openWhole(song: StoredSong): Promise<CachedBytes & { close(): void }> {
    try {
      const file = await this.#open(song);
      orElse(() => this.#index.use(song), () => {});
      return overlappingBytes(file);
    } catch (cause) {
      throw new OndacastError(
        "changed",
        `Cannot play ${song.song} from the cache: it is not there as it was`,
        { cause },
      );
    }
  }

  /**
   * @returns Null also if another program stores it, it is larger than the cache,
   * its name is invalid, or the disk fails.
   */
  async store(server: string, song: Metadata): Promise<SongWriter | null> {
    const { bytes, etag } = song;
    if (bytes > this.#maxBytes || etag.length > MAX_ETAG_LENGTH) return null;
    let lock: FileLock | null = null;
    try {
      checkSongName(song.song);
      const begin = () => this.#index.begin(server, song);
      const isSame = (row: Row) => row.etag === etag && row.bytes === bytes;
      const before = begin();
      const size = await this.#files.size(before.file) ?? 0;
      if (!isSame(before) || size > bytes) await this.#remove(before);
      const row = begin();
      lock = this.#files.lock(row.file);
      // Until it was locked, another program may have published or removed it.
      const isOurs = lock && isSame(row) && begin().file === row.file;
      if (!isOurs) throw new Error("Another program stores it");
      await this.#makeRoomFor(row);
      const path = this.#files.song(row.file);
      const isNew = await this.#files.size(row.file) === null;
      return await openWriter(path, row, isNew, this.#endOf(row, lock!));
    } catch {
      lock?.release();
      return null;
    }
  }

  remove(song: StoredSong): Promise<boolean> {
    return this.#remove(song);
  }

  [Symbol.dispose](): void {
    this.#index.close();
  }

  async #named(server: string, song: string): Promise<StoredSong | null> {
    const found = await this.#stored(() => this.#index.named(server, song));
    const exact = found.filter((it) => it.song === song);
    // Only the server can tell which one of several is meant.
    const [first = null, ...rest] = exact.length > 0 ? exact : found;
    return rest.every((it) => it.song === first!.song) ? first : null;
  }

  #endOf(partial: Row, lock: FileLock): DownloadEnd {
    return {
      publish: async (sha256) => {
        const { row, replaced } = this.#index.publish(partial, sha256);
        lock.release();
        if (replaced) await this.#files.remove(replaced.file);
        return { ...row, whole: true, storedBytes: row.bytes };
      },
      keep: () => lock.release(),
      discard: async () => void await this.#remove(partial, lock),
    };
  }

  /** @param held Its lock, which is released. */
  async #remove(row: Row, held?: FileLock): Promise<boolean> {
    const isPartial = row.sha256 === null;
    const lock = held ?? (isPartial ? this.#files.lock(row.file) : undefined);
    if (lock === null) return false;
    const isRemoved = orElse(() => this.#index.remove(row), () => false);
    lock?.release();
    if (isRemoved) await this.#files.remove(row.file);
    return isRemoved;
  }

  /** Evicts the least recently used songs, but none that is being stored. */
  async #makeRoomFor({ file, bytes }: Row): Promise<void> {
    const others = (await this.list()).filter((song) => song.file !== file)
      .map((song) => ({ ...song, bytes: song.storedBytes, keep: false }));
    while (true) {
      const evicted = toEvict(others, this.#maxBytes - bytes);
      if (evicted.length === 0) return;
      for (const song of evicted) {
        song.keep = !(await this.#remove(song));
        if (!song.keep) song.bytes = 0;
      }
    }
  }

  /** Opens a complete song. @throws {Error} If its file is missing or has another size. */
  async #open({ file, bytes, sha256, song }: StoredSong): Promise<Deno.FsFile> {
    if (sha256 !== null && await this.#files.size(file) === bytes) {
      return await Deno.open(this.#files.song(file));
    }
    throw new Error(`There are not ${bytes} bytes of ${song}`);
  }

  /** The songs of rows that have a file. If the index fails, there are none. */
  async #stored(select: () => Row[]): Promise<StoredSong[]> {
    const songs = orElse(select, () => []).map(async (row) => {
      const storedBytes = await this.#files.size(row.file);
      const whole = row.sha256 !== null;
      if (storedBytes !== null) return [{ ...row, whole, storedBytes }];
      // A partial song may be about to get its file.
      if (whole) await this.#remove(row);
      return [];
    });
    return (await Promise.all(songs)).flat();
  }
}

/** Opens what another program may have locked, which it has for a moment. */
async function unlocked<T>(open: () => T): Promise<T> {
  const untilMs = systemClock.now() + LOCKED_MS;
  while (true) {
    try {
      return open();
    } catch (error) {
      if (!isLocked(error) || systemClock.now() > untilMs) throw error;
    }
    await systemClock.sleep(TRIAL_MS);
  }
}
