/**
 * The songs in a folder and its subfolders: finding, reading and storing them.
 * This is "file" on the walk of one byte. {@linkcode SongFolder} maps names to
 * paths.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { OndacastError } from "../../errors.ts";
import { Catalog } from "../../model/catalog.ts";
import { checkSongName } from "../../model/song_name.ts";
import { safeJson } from "../../safe_text.ts";
import { SongQueries } from "../../model/song_queries.ts";
import type { Clock } from "../../ports/common.ts";
import type { SongPage, SongQuery } from "../../ports/library.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import type {
  OpenFile,
  OpenOptions,
  OpenSong,
  SongPicture,
  SongStore,
  SongWriter,
  StoreOptions,
} from "../../ports/server.ts";
import {
  DecoderPool,
  decoderWorkerFor,
  usualWorkers,
} from "../codecs/decoder_pool.ts";
import { bareStamp } from "./file_stamp.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { FolderChanges } from "./folder_changes.ts";
import { FolderCovers } from "./folder_covers.ts";
import { lookAtFolder } from "./folder_look.ts";
import { LeftOut } from "./left_out.ts";
import { fileHash, KnownSongs, type SongFilesEvents } from "./known_songs.ts";
import { OpenSongs } from "./open_songs.ts";
import { systemClock } from "../clock/clock.ts";
import { inTurns, turns } from "../clock/shared_turns.ts";
import type { DecodingCounts } from "./rendition_reader.ts";
import { PlaylistFiles } from "./playlist_files.ts";
import { RemovedSongs } from "./removed_songs.ts";
import { SegmentMemory } from "./segment_memory.ts";
import { contentOfEtag, etagOf } from "./song_etag.ts";
import { FfmpegUse } from "./ffmpeg_use.ts";
import { checkSong, contentBy, NEEDS_FFMPEG, newMaking } from "./song_file.ts";
import { SongFolder } from "./song_folder.ts";
import { SongHashes } from "./song_hashes.ts";
import { decodedParts, type KnownSong, SongIndex } from "./song_index.ts";
import { SongIntake } from "./song_intake.ts";
import { SongPictures } from "./song_pictures.ts";
import { probeSongs } from "./song_probes.ts";
import { StoredFile } from "./stored_file.ts";
import type { UploadLimits } from "./song_upload.ts";

/** How long a start with an index waits for its scan. */
const FIRST_SCAN_MS = 500;
/** Up to this many changes are applied one by one; each one copies the list. */
const FEW = 256;

/** Persistent data about a song folder. */
export interface FolderData {
  readonly db: DatabaseSync;
  /** Whether no other server is known to use the folder. */
  readonly isAlone: boolean;
  /** Where files can be kept; null or absent: nowhere for long. */
  readonly path?: string | null;
}

export class SongFiles implements SongStore {
  readonly library: SongQueries<KnownSong> = new SongQueries(
    () => ({ catalog: this.#catalog, playlists: this.#playlists.current }),
    turns,
  );
  readonly #folder: SongFolder;
  readonly #known: KnownSongs;
  readonly #limits: UploadLimits;
  readonly #leftOut: LeftOut;
  readonly #playlists: PlaylistFiles;
  readonly #intake: SongIntake;
  readonly #removed: RemovedSongs;
  readonly #open: OpenSongs;
  readonly #hashes: SongHashes;
  readonly #pool: DecoderPool;
  readonly #ffmpeg: FfmpegUse;
  readonly #decoded: DecodingCounts = {
    ...{ segments: 0, silentSegments: 0, damagedFrames: 0 },
  };
  /** The lengths of estimated songs that are being counted. */
  readonly #counting = new Map<KnownSong, Promise<number | null>>();
  readonly #pictures: SongPictures;
  #covers = new FolderCovers();
  #catalog = new Catalog<KnownSong>([]);
  #hasLinks = false;
  #scanning: Promise<void> | null = null;
  #probing: Promise<void> | null = null;
  #retagging: Promise<void> | null = null;
  /** What may have changed since the last scan. */
  #reported = new FolderChanges(true);
  /** Songs put (or, with null, deleted) during a scan. */
  #changes = new Map<string, KnownSong | null>();

  private constructor(
    folder: SongFolder,
    index: SongIndex,
    limits: UploadLimits,
    events: SongFilesEvents,
    ffmpeg: FfmpegUse,
  ) {
    this.#folder = folder;
    this.#limits = limits;
    this.#leftOut = new LeftOut(events.skipped ?? (() => {}));
    this.#removed = new RemovedSongs(folder);
    this.#playlists = new PlaylistFiles(
      folder,
      (path, reason) => this.#leftOut.note(path, reason),
    );
    const pool = this.#pool = new DecoderPool({
      spawn: () => decoderWorkerFor(folder.root),
      size: usualWorkers(navigator.hardwareConcurrency),
      clock: systemClock,
    });
    this.#pictures = new SongPictures(folder, pool);
    this.#ffmpeg = ffmpeg;
    const decoders = { pool, ffmpeg: () => ffmpeg.find() };
    this.#open = new OpenSongs(folder, {
      isSame: async (song) => await this.#lookAgain(song) === song,
      learned: (song, before) => this.#learned(song, before),
      hashed: (song, sha256) => this.#sent(song, sha256),
      damaged: ({ name }, reason) => events.damaged?.(name, reason),
      counted: (song, frames) => void this.#putLength(song, frames),
    }, {
      ...{ pool, memory: new SegmentMemory(), counts: this.#decoded },
      ffmpeg,
    });
    this.#intake = new SongIntake(folder, limits, {
      twins: (name) => this.#catalog.twins(name).map((song) => song.name),
      size: () => this.size,
      check: (path, name) => checkSong(path, name, decoders),
      stored: (name, sha256) => this.#stored(name, sha256),
    });
    this.#hashes = new SongHashes(folder, (...of) => this.#hashed(...of));
    this.#known = new KnownSongs(
      folder,
      index,
      {
        ...events,
        skipped: (path, reason) => this.#leftOut.note(path, reason),
      },
      decoders,
      (song) => this.#hashes.want(song, true),
    );
  }

  /**
   * Opens and scans a folder. With an index, a scan that takes long goes on behind;
   * see {@linkcode scanned}.
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
      files.#catalog = await Catalog.build(index.load(Date.now()), turns);
      // Another server's uploads must not be mistaken for leftovers of a crash.
      const scan = files.#scan(files.#catalog, { removeTemporary: isAlone });
      files.#scanning = scan.finally(() => files.#scanning = null);
      files.#scanning.catch(() => {}); // The next scan fails as well.
      await (files.size === 0
        ? scan
        : Promise.race([scan, systemClock.sleep(FIRST_SCAN_MS)]));
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
    return this.#scanning?.catch(() => {}) ?? Promise.resolve();
  }

  /** The folder's real path. */
  get root(): string {
    return this.#folder.root;
  }

  /** Whether a scan found a link to a folder, inside or outside this one. */
  get hasLinks(): boolean {
    return this.#hasLinks;
  }

  get size(): number {
    return this.#catalog.size;
  }

  /** What was decoded since the start. */
  get decoded(): DecodingCounts & { failures: number } {
    return { ...this.#decoded, failures: this.#pool.failures };
  }

  /** Songs that cannot be played without ffmpeg. */
  get lacking(): number {
    const { songs } = this.#catalog;
    return songs.filter((it) => it.problemText?.endsWith(NEEDS_FFMPEG)).length;
  }

  /** Ends the decoders. */
  close(): void {
    this.#pool.close();
    this.#ffmpeg.close();
  }

  /** The first playable song by name. */
  firstPlayable(): KnownSong | undefined {
    return this.#catalog.songs.find((song) => song.format !== null);
  }

  find(name: string): KnownSong | undefined {
    return this.#catalog.find(name);
  }

  page(query: Pick<SongQuery, "after" | "limit">): SongPage {
    return this.#catalog.page(query);
  }

  async open(entry: SongEntry, options: OpenOptions = {}): Promise<OpenSong> {
    // All entries of this store are known songs.
    const before = await this.#counted(
      await this.#remade(entry as KnownSong),
      options,
    );
    try {
      return await this.#open.use(before, options);
    } catch (error) {
      const now = await this.#lookAgain(before);
      if (now === null || now.format === null) throw error;
      return await this.#open.useAnew(now, options);
    }
  }

  openFile({ name }: SongEntry): Promise<OpenFile> {
    return StoredFile.open(this.#folder, name);
  }

  /** A song whose length was estimated gets the right one before it is opened. */
  async #counted(
    song: KnownSong,
    { address }: OpenOptions,
  ): Promise<KnownSong> {
    if (!song.decoding?.isEstimated) return song;
    const counting = this.#counting.get(song) ??
      this.#known.count(song, address).catch(() => null) // Opening it says why.
        .finally(() => this.#counting.delete(song));
    this.#counting.set(song, counting);
    const sampleFrames = await counting;
    if (sampleFrames === null) return song;
    return this.#putLength(song, sampleFrames);
  }

  /** Keeps the true length of a song, which gives it another etag. */
  #putLength(song: KnownSong, sampleFrames: number): KnownSong {
    const decoding = {
      ...song.decoding!,
      ...{ sampleFrames, isEstimated: false },
    };
    const etag = etagOf(contentOfEtag(song.etag), decoding);
    if (!this.#isCurrent(song)) {
      const now = this.#catalog.get(song.name);
      return now?.etag === etag ? now : song;
    }
    const { sha256: _, isEstimated: __, ...others } = song;
    const now = {
      ...others,
      ...contentBy(decoding),
      ...decodedParts(decoding, song.stamp, song.file?.sha256),
      etag,
    };
    this.#known.index.put(now);
    this.#put(song.name, now);
    return now;
  }

  /** A song whose former decoding by ffmpeg is gone gets another etag. */
  async #remade(song: KnownSong): Promise<KnownSong> {
    const { decoding } = song;
    if (!decoding?.ffmpeg || !this.#isCurrent(song)) return song;
    const [ffmpeg, kept] = await this.#ffmpeg.both();
    if (ffmpeg === null || !kept.lost.has(decoding.ffmpeg.id)) return song;
    const anew = { ...decoding, ffmpeg: newMaking(ffmpeg) };
    const { sha256: _, ...others } = song;
    const etag = etagOf(contentOfEtag(song.etag), anew);
    const now = { ...others, etag, decoding: anew };
    this.#known.index.put(now);
    this.#put(song.name, now);
    return now;
  }

  picture(entry: SongEntry): Promise<SongPicture | null> {
    return this.#pictures.of(entry, this.#covers.coverOf(entry.name));
  }

  create(name: string, options: StoreOptions): Promise<SongWriter> {
    return this.#intake.create(name, options);
  }

  remove(name: string, etag: string): Promise<string> {
    return this.#intake.alone(async () => {
      const before = this.#catalog.find(name);
      const song = before && await this.#lookAgain(before);
      if (!song) throw notFound(name);
      if (song.etag !== etag) {
        throw new OndacastError(
          "changed",
          `Cannot remove ${song.name}: its content has changed`,
        );
      }
      await this.#removed.keep(song.name);
      this.#put(song.name, null);
      await this.#known.index.putAll([], [song.name], Date.now());
      this.#open.vanish(song);
      return song.name;
    }, "remove the song");
  }

  restore(name: string): Promise<SongEntry> {
    return this.#intake.alone(async () => {
      checkSongName(name);
      await this.#removed.restore(name);
      const song = await this.#known.look({ name, isPlain: false }, undefined);
      if (song === null) throw notFound(name);
      this.#known.index.put(song);
      this.#put(name, song);
      return song;
    }, "restore the song");
  }

  /** Deletes songs that were removed long ago. */
  expireRemoved(keepMs: number): Promise<void> {
    return this.#intake.alone(() => this.#removed.expire(keepMs, Date.now()));
  }

  wantHash(entry: SongEntry): void {
    this.#hashes.want(entry as KnownSong);
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
  async rescan(changes = new FolderChanges(true)): Promise<void> {
    this.#reported.join(changes);
    if (this.#scanning) await this.#scanning.catch(() => {});
    this.#scanning ??= this.#scan(this.#catalog).finally(() =>
      this.#scanning = null
    );
    await this.#scanning;
  }

  /**
   * Reads tags again that may have been edited, in the background. After each
   * song, it pauses for as long as that took.
   */
  retag(clock: Clock, signal: AbortSignal): Promise<void> {
    return this.#retagging ??= this.#retag(clock, signal)
      .finally(() => this.#retagging = null);
  }

  async #retag(clock: Clock, signal: AbortSignal): Promise<void> {
    for (const name of this.#known.retagged) {
      if (signal.aborted) return;
      this.#known.retagged.delete(name);
      const before = this.#catalog.get(name);
      if (before === undefined) continue;
      const beganMs = clock.now();
      const now = await this.#known.retag(before);
      if (this.#isCurrent(before)) {
        this.#known.index.put(now);
        if (now !== before) this.#put(name, now);
      }
      await clock.sleep(Math.max(1, clock.now() - beganMs), signal);
    }
  }

  /** Computes missing probes in the background, until aborted. */
  probeNew(clock: Clock, signal: AbortSignal): Promise<void> {
    return this.#probing ??= probeSongs(
      this.#known,
      () => this.#catalog.songs,
      clock,
      signal,
    ).finally(() => this.#probing = null);
  }

  /** Adds a newly stored song to the catalogue. */
  async #stored(name: string, sha256: string): Promise<KnownSong> {
    const before = this.#catalog.get(name);
    const read = await this.#known.read(name);
    if (read === null) {
      throw new OndacastError(
        "internal",
        `Cannot find ${name} after storing it`,
      );
    }
    const isSame = before && fileHash(before) === sha256;
    const song = {
      ...withFileHash(read, sha256),
      ...(isSame && { etag: before.etag }),
      ...(before?.added !== undefined && { added: before.added }),
    };
    this.#known.index.put(song);
    this.#put(name, song);
    return song;
  }

  /** Re-reads a song whose file may have changed since the last scan. */
  async #lookAgain(before: KnownSong): Promise<KnownSong | null> {
    const entry = await this.#known.again(before);
    if (this.#isCurrent(before) && entry !== before) {
      if (entry) this.#known.index.put(entry);
      this.#put(before.name, entry);
    }
    return entry;
  }

  #learned(song: KnownSong, stampBefore: string): void {
    if (this.#isCurrent(song)) this.#known.learned(song, stampBefore);
  }

  /** Keeps the hash of a song that was decoded completely. */
  #sent(song: KnownSong, sha256: string): void {
    song.sha256 = sha256;
    if (this.#isCurrent(song)) this.#known.index.put(song);
  }

  /** Handles a file's hash. If it differs from a known one, the content changed. */
  #hashed(song: KnownSong, sha256: string): void {
    const known = fileHash(song);
    if (known === undefined || known === sha256) {
      Object.assign(song, withFileHash(song, sha256));
      if (this.#isCurrent(song)) this.#known.index.put(song);
      return;
    }
    if (this.#isCurrent(song)) {
      // New, because the mtime has changed.
      const etag = etagOf(bareStamp(song.stamp), song.decoding);
      const { sha256: _, ...others } = song;
      const now = { ...withFileHash(others, sha256), etag };
      this.#known.index.put(now);
      this.#put(song.name, now);
    }
    this.#open.vanish(song);
  }

  #isCurrent(song: KnownSong): boolean {
    return this.#catalog.get(song.name) === song;
  }

  #put(name: string, entry: KnownSong | null): void {
    this.#changes.set(name, entry);
    if (entry) this.#catalog.put(this.#covers.marked(entry));
    else this.#catalog.delete(name);
  }

  async #scan(
    before: Catalog<KnownSong>,
    options: { removeTemporary?: boolean } = {},
  ): Promise<void> {
    this.#changes = new Map();
    const reported = this.#reported;
    this.#reported = new FolderChanges();
    const playlists: string[] = [];
    const pictures: string[] = [];
    const { songs, learned, gone } = await lookAtFolder(before, {
      ...options,
      folder: this.#folder,
      known: this.#known,
      leftOut: this.#leftOut,
      linked: () => this.#hasLinks = true,
      playlist: (name) => playlists.push(name),
      cover: (name) => pictures.push(name),
      maxSongs: this.#limits.maxSongs,
      reported,
    }).catch((error) => {
      this.#reported.addAll(); // The changes were not processed.
      throw error;
    });
    await this.#playlists.update(playlists);
    this.#covers = await FolderCovers.of(
      ...[pictures, this.#folder, this.#covers, reported] as const,
    );
    const covered = await this.#covers.mark(songs, learned);
    await this.#show(before, songs, [...learned, ...covered], gone);
    await this.#known.index.putAll(
      await inTurns(learned, (song) => this.#isCurrent(song)),
      gone.filter((name) => this.#catalog.get(name) === undefined),
      Date.now(),
    );
  }

  /** Publishes a scan's result: applies a few changes, or builds a new catalogue. */
  async #show(
    before: Catalog<KnownSong>,
    songs: KnownSong[],
    learned: KnownSong[],
    gone: string[],
  ): Promise<void> {
    const areFew = learned.length + gone.length <= FEW;
    if (areFew && before === this.#catalog) {
      await before.change(learned, gone, turns);
    } else this.#catalog = await Catalog.build(songs, turns, before);
    for (const [name, entry] of this.#changes) this.#put(name, entry);
  }
}

/** A song whose file has a SHA-256, which is its own if it is sent as it is. */
function withFileHash(song: KnownSong, sha256: string): KnownSong {
  return song.file
    ? { ...song, file: { ...song.file, sha256 } }
    : { ...song, sha256 };
}

function notFound(name: string): OndacastError {
  return new OndacastError(
    "not-found",
    `Cannot find the song ${safeJson(name)}`,
  );
}

function openInMemory(): Promise<FolderData> {
  return Promise.resolve({ db: new DatabaseSync(":memory:"), isAlone: true });
}
