/**
 * The songs in a folder and its subfolders: finding, reading and storing them.
 * This is "file" on the walk of one byte. {@linkcode SongFolder} maps names to
 * paths.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import type { Catalog, Listing } from "../../model/catalog.ts";
import { NEEDS_FFMPEG } from "../../model/row_reason.ts";
import { SongQueries } from "../../model/song_queries.ts";
import { within } from "../../model/within.ts";
import type { Clock } from "../../ports/common.ts";
import type {
  OpenFile,
  OpenOptions,
  OpenSong,
  SongPicture,
  SongStore,
  SongWriter,
  StoreOptions,
} from "../../ports/server.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import { systemClock } from "../clock/clock.ts";
import { turns } from "../clock/shared_turns.ts";
import {
  DecoderPool,
  decoderWorkerFor,
  usualWorkers,
} from "../codecs/decoder_pool.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { FfmpegUse } from "./ffmpeg_use.ts";
import { type FolderData, openInMemory } from "./folder_data.ts";
import type { FolderChanges } from "./folder_changes.ts";
import { fileHash, KnownSongs, type SongFilesEvents } from "./known_songs.ts";
import { LeftOut } from "./left_out.ts";
import { OpenSongs } from "./open_songs.ts";
import { PlaylistFiles } from "./playlist_files.ts";
import type { DecodingCounts } from "./rendition_reader.ts";
import { ScannedSongs } from "./scanned_songs.ts";
import { SegmentMemory } from "./segment_memory.ts";
import { checkSong } from "./check_song.ts";
import { rehearse } from "./rehearse.ts";
import { SongFolder } from "./song_folder.ts";
import { SongHashes } from "./song_hashes.ts";
import type { KnownSong } from "./known_song.ts";
import { SongIndex } from "./song_index.ts";
import { SongIntake } from "./song_intake.ts";
import { probeSongs } from "./song_probes.ts";
import { SongPictures } from "./song_pictures.ts";
import { SongRemoval } from "./song_removal.ts";
import { SongRenaming } from "./song_renaming.ts";
import { SongUpdates } from "./song_updates.ts";
import { StoredFile } from "./stored_file.ts";
import type { UploadLimits } from "./song_upload.ts";

/**
 * How long a start waits for its scan: with an index there are songs to serve at
 * once, and without one a small folder takes less.
 */
const FIRST_SCAN_MS = { withIndex: 500, withoutIndex: 2000 } as const;

/** Steps of reading a song from the index. */
const READ_STEPS = 8;

export class SongFiles implements SongStore {
  readonly library: SongQueries<KnownSong> = new SongQueries(
    () => ({ catalog: this.#catalog, playlists: this.#playlists.current }),
    turns,
  );
  readonly #folder: SongFolder;
  readonly #known: KnownSongs;
  readonly #songs: ScannedSongs;
  readonly #updates: SongUpdates;
  readonly #playlists: PlaylistFiles;
  readonly #intake: SongIntake;
  readonly #removal: SongRemoval;
  readonly #renaming: SongRenaming;
  readonly #open: OpenSongs;
  readonly #hashes: SongHashes;
  readonly #pool: DecoderPool;
  readonly #picturePool: DecoderPool;
  readonly #ffmpeg: FfmpegUse;
  readonly #pictures: SongPictures;
  readonly #decoded: DecodingCounts = {
    ...{ segments: 0, silentSegments: 0, damagedFrames: 0 },
  };
  #moved: (names: readonly string[]) => void = () => {};
  #probing: Promise<void> | null = null;
  #retagging: Promise<void> | null = null;

  private constructor(
    folder: SongFolder,
    index: SongIndex,
    limits: UploadLimits,
    events: SongFilesEvents,
    ffmpeg: FfmpegUse,
  ) {
    this.#folder = folder;
    const leftOut = new LeftOut(events.skipped ?? (() => {}));
    const skipped = (path: string, reason: string) =>
      leftOut.note(path, reason);
    this.#playlists = new PlaylistFiles(folder, skipped);
    const newPool = (size: number) =>
      new DecoderPool({
        spawn: () => decoderWorkerFor(folder.root),
        ...{ size, clock: systemClock },
      });
    const pool = newPool(usualWorkers(navigator.hardwareConcurrency));
    this.#pool = pool;
    // A picture may take seconds, for which no listener must wait.
    this.#picturePool = newPool(1);
    this.#pictures = new SongPictures(
      folder,
      this.#picturePool,
      () => ffmpeg.find(),
    );
    this.#ffmpeg = ffmpeg;
    const decoders = { pool, ffmpeg: () => ffmpeg.find() };
    const isSame = async (song: KnownSong) =>
      await this.#updates.lookAgain(song) === song;
    this.#open = new OpenSongs(folder, {
      isSame,
      learned: (song, before) => this.#updates.learned(song, before),
      hashed: (song, sha256) => this.#updates.sent(song, sha256),
      damaged: ({ name }, reason) => events.damaged?.(name, reason),
      counted: (song, frames) => void this.#updates.putLength(song, frames),
    }, {
      ...{ pool, memory: new SegmentMemory(), counts: this.#decoded },
      ffmpeg,
    });
    this.#intake = new SongIntake(folder, limits, {
      twins: (name) => this.#catalog.twins(name),
      size: () => this.size,
      check: (path, name) => checkSong(path, name, decoders),
      stored: (name, sha256) => this.#updates.stored(name, sha256),
    });
    this.#hashes = new SongHashes(
      folder,
      (...of) => updates.hashed(...of),
      isSame,
      (song) => this.#songs.current(song),
    );
    const known = new KnownSongs(
      ...[folder, index, { ...events, skipped }, decoders] as const,
      (song) => this.#hashes.want(song, true),
    );
    const songs = new ScannedSongs({
      ...{ folder, known, leftOut, playlists: this.#playlists },
      maxSongs: limits.maxSongs,
      moved: (names) => this.#moved(names),
    });
    const vanish = (song: KnownSong) => this.#open.vanish(song);
    const updates = new SongUpdates(songs, known, ffmpeg, vanish);
    this.#removal = new SongRemoval({
      ...{ folder, known, songs, updates, intake: this.#intake, vanish },
    });
    this.#renaming = new SongRenaming({
      ...{ folder, known, songs, updates, intake: this.#intake },
      follow: (...of) => this.#open.follow(...of),
    });
    this.#known = known;
    this.#songs = songs;
    this.#updates = updates;
  }

  /**
   * Opens and scans a folder. A scan that takes long continues in the background,
   * and its songs are added as they are found; see {@linkcode scanned}.
   *
   * @param openData Opens the persistent data for a folder's real path.
   * @param renditionBytes Most bytes of what ffmpeg decodes to keep; null: it is
   * not used.
   * @throws {OndacastError} `bad-folder`, if it is missing or unreadable.
   */
  static async openFolder(
    folder: string,
    limits: UploadLimits,
    events: SongFilesEvents = {},
    openData: (root: string) => Promise<FolderData> = openInMemory,
    renditionBytes: number | null = null,
  ): Promise<SongFiles> {
    try {
      const opened = await SongFolder.open(folder);
      const { db, isAlone, path = null } = await openData(opened.root);
      const { minFreeBytes } = limits;
      const ffmpeg = new FfmpegUse(path, renditionBytes, minFreeBytes);
      const index = new SongIndex(db, limits.maxSongs, events.indexFailed);
      const files = new SongFiles(opened, index, limits, events, ffmpeg);
      // Another server's uploads must not be mistaken for leftovers of a crash.
      await files.#songs.start(isAlone);
      const { scan } = files.#songs;
      const { withIndex, withoutIndex } = FIRST_SCAN_MS;
      const waitMs = files.size > 0 ? withIndex : withoutIndex;
      const rehearsed = rehearse(files.library);
      await within(systemClock, waitMs, scan);
      await rehearsed;
      return files;
    } catch (cause) {
      throw new OndacastError(
        "bad-folder",
        `Cannot use the song folder ${folder}: ${
          describeFileError(cause)
        }. Choose another one with --music`,
        { cause },
      );
    }
  }

  /** Resolves when no scan is running. */
  get scanned(): Promise<void> {
    return this.#songs.scanned;
  }

  /** The folder's real path. */
  get root(): string {
    return this.#folder.root;
  }

  /** Whether a scan found a link to a folder, inside or outside this one. */
  get hasLinks(): boolean {
    return this.#songs.hasLinks;
  }

  get size(): number {
    return this.#catalog.size;
  }

  /** What was decoded since the start. */
  get decoded(): DecodingCounts & { failures: number } {
    const failures = this.#pool.failures + this.#picturePool.failures;
    return { ...this.#decoded, failures };
  }

  /** The number of songs that cannot be played without ffmpeg. */
  async lacking(): Promise<number> {
    let count = 0;
    for (const { name, isPlayable } of this.#catalog.list()) {
      const song = isPlayable ? undefined : this.#catalog.get(name);
      if (song?.problemText?.endsWith(NEEDS_FFMPEG)) count++;
      const pause = turns.next(isPlayable ? 1 : READ_STEPS);
      if (pause) await pause;
    }
    return count;
  }

  /** Ends the decoders, and a scan before it takes their end for a fault of songs. */
  close(): void {
    this.#songs.close();
    this.#pool.close();
    this.#picturePool.close();
    this.#ffmpeg.close();
  }

  /** The first playable song by name. */
  firstPlayable(): KnownSong | undefined {
    const first = this.#catalog.list().find(({ isPlayable }) => isPlayable);
    return first && this.#catalog.get(first.name);
  }

  /** All songs by name, without what only the index holds. */
  list(): Iterable<Listing> {
    return this.#catalog.list();
  }

  has(name: string): boolean {
    return this.#catalog.has(name);
  }

  get(name: string): KnownSong | undefined {
    return this.#catalog.get(name);
  }

  find(name: string, etag?: string): KnownSong | undefined {
    const found = this.#catalog.find(name);
    if (etag === undefined || found?.etag === etag) return found;
    const former = found && this.#updates.former(found.name, etag);
    return former ?? this.#renamed(name, etag) ?? found;
  }

  /** What has this content and had the name: who plays it may know that alone. */
  #renamed(name: string, etag: string): KnownSong | undefined {
    const song = this.#catalog.get(this.presentName(name));
    return song?.etag === etag ? song : undefined;
  }

  presentName(name: string): string {
    return this.#known.index.formerNames.presentName(name);
  }

  async open(entry: SongEntry, options: OpenOptions = {}): Promise<OpenSong> {
    // All entries of this store are known songs.
    const song = entry as KnownSong;
    const before = await this.#updates.beforeOpen(song, options);
    try {
      return await this.#open.use(before, options);
    } catch (error) {
      const now = await this.#updates.lookAgain(before);
      if (now === null || now.format === null) throw error;
      // Its decoding may be lost.
      const again = await this.#updates.beforeOpen(now, options);
      return await this.#open.useAnew(again, options);
    }
  }

  openFile({ name }: SongEntry): Promise<OpenFile> {
    return StoredFile.open(this.#folder, name);
  }

  picture(entry: SongEntry): Promise<SongPicture | null> {
    return this.#pictures.of(
      entry as KnownSong,
      this.#songs.covers.coverOf(entry.name),
    );
  }

  create(name: string, options: StoreOptions): Promise<SongWriter> {
    return this.#intake.create(name, options);
  }

  remove(name: string, etag: string): Promise<string> {
    return this.#removal.remove(name, etag);
  }

  restore(name: string): Promise<SongEntry> {
    return this.#removal.restore(name);
  }

  rename(name: string, to: string): Promise<SongEntry> {
    return this.#renaming.rename(name, to);
  }

  /** Deletes songs that were removed long ago. */
  expireRemoved(keepMs: number): Promise<void> {
    return this.#removal.expire(keepMs);
  }

  wantHash(entry: SongEntry): void {
    this.#hashes.want(entry as KnownSong);
  }

  /** As {@linkcode wantHash}, of the file of a song that is decoded, too. */
  wantFileHash(entry: SongEntry): void {
    const song = entry as KnownSong;
    if (fileHash(song) === undefined) this.#hashes.want(song, true);
  }

  /** Calls `changed` with the name of each song of which something changes. */
  listen(changed: (name: string) => void): void {
    this.#catalog.listen(changed);
  }

  /** Calls `moved` with the present names of songs whose files are moved by hand. */
  listenMoved(moved: (names: readonly string[]) => void): void {
    this.#moved = moved;
  }

  /** Resolves when all hashes requested so far are known. */
  get hashed(): Promise<void> {
    return this.#hashes.idle;
  }

  /**
   * Scans the folder again. A call during a scan waits for the next one.
   *
   * @param changes What may have changed; everything by default.
   */
  rescan(changes?: FolderChanges): Promise<void> {
    return this.#songs.rescan(changes);
  }

  /** Reads tags again that may have been edited, in the background. */
  retag(clock: Clock, signal: AbortSignal): Promise<void> {
    return this.#retagging ??= this.#updates.retag(clock, signal)
      .finally(() => this.#retagging = null);
  }

  /** Computes missing probes in the background, until aborted. */
  probeNew(clock: Clock, signal: AbortSignal): Promise<void> {
    return this.#probing ??= probeSongs(
      this.#known,
      () => this.#catalog.version,
      clock,
      signal,
    ).finally(() => this.#probing = null);
  }

  get #catalog(): Catalog<KnownSong> {
    return this.#songs.catalog;
  }
}
