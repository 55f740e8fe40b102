/**
 * The songs of the latest scan and of the changes since: runs one scan at a time,
 * and keeps what was changed while it ran.
 *
 * @module
 */

import { Catalog } from "../../model/catalog.ts";
import { systemClock } from "../clock/clock.ts";
import { inTurns, turns } from "../clock/shared_turns.ts";
import type { Renamed } from "./former_names.ts";
import { FolderChanges } from "./folder_changes.ts";
import { FolderCovers } from "./folder_covers.ts";
import { lookAtFolder } from "./folder_look.ts";
import type { KnownSongs } from "./known_songs.ts";
import type { LeftOut } from "./left_out.ts";
import { MovedFiles } from "./moved_files.ts";
import type { PlaylistFiles } from "./playlist_files.ts";
import type { SongFolder } from "./song_folder.ts";
import type { KnownSong } from "./known_song.ts";

/** The cost of taking over a change. */
const CHANGE_STEPS = 64;
/** Songs whose folders' pictures have changed that are read at once. */
const COVERED_AT_ONCE = 256;

export interface ScannedSongsOptions {
  folder: SongFolder;
  known: KnownSongs;
  /** Notified of skipped files and folders. */
  leftOut: LeftOut;
  playlists: PlaylistFiles;
  /** Songs beyond this number are skipped. */
  maxSongs: number;
  /** Called with the present names of songs whose files were moved in the folder. */
  moved(names: readonly string[]): void;
}

/** Names of missing songs that are kept for the next scan of all. */
const MOST_MISSING = 1_000;

export class ScannedSongs {
  readonly #options: ScannedSongsOptions;
  /** Songs are read from the index, which is written before. */
  readonly catalog: Catalog<KnownSong> = new Catalog<KnownSong>([], {
    get: (name) => {
      const song = this.#options.known.index.get(name);
      return song && this.#covers.marked(song);
    },
    set() {},
    delete() {},
  }, crypto.getRandomValues(new Uint32Array(1))[0]);
  #covers = new FolderCovers();
  readonly #closed = new AbortController();
  #hasLinks = false;
  #scanning: Promise<void> | null = null;
  /** What may have changed since the last scan. */
  #reported = new FolderChanges(true);
  /** Songs put (or, with null, deleted) during a scan. */
  #changes = new Map<string, KnownSong | null>();
  /** Names of songs that were found missing when they were read, and not by a scan. */
  #missing = new Set<string>();

  constructor(options: ScannedSongsOptions) {
    this.#options = options;
  }

  get covers(): FolderCovers {
    return this.#covers;
  }

  /** Whether a scan found a link to a folder, inside or outside this one. */
  get hasLinks(): boolean {
    return this.#hasLinks;
  }

  /** Resolves when no scan is running. */
  get scanned(): Promise<void> {
    return this.#scanning?.catch(() => {}) ?? Promise.resolve();
  }

  /** A song as it is now; undefined if it is gone or has another content. */
  current({ name, etag }: KnownSong): KnownSong | undefined {
    const now = this.catalog.get(name);
    return now?.etag === etag ? now : undefined;
  }

  /** Adds or replaces a song, or deletes the one of that name. */
  put(name: string, entry: KnownSong | null): void {
    // Behind all others, where a running scan takes it over again.
    this.#changes.delete(name);
    this.#changes.set(name, entry);
    this.#apply(name, entry);
  }

  /** Deletes a song whose file is missing: a scan may find that elsewhere. */
  miss({ name }: KnownSong): void {
    if (this.#missing.size < MOST_MISSING) this.#missing.add(name);
    this.put(name, null);
  }

  /** Shows the songs of the index, and begins the first scan. */
  async start(removeTemporary: boolean): Promise<void> {
    const { index } = this.#options.known;
    const { orders } = index;
    const areKept = await this.catalog.fill(
      index.load(Date.now()),
      orders.load(),
    );
    if (!areKept) orders.clear();
    this.#begin({ removeTemporary });
  }

  /**
   * Scans the folder again. A call during a scan waits for the next one.
   *
   * @param changes What may have changed; everything by default.
   */
  async rescan(changes = new FolderChanges(true)): Promise<void> {
    this.#reported.join(changes);
    if (this.#scanning) await this.#scanning.catch(() => {});
    await (this.#scanning ?? this.#begin());
  }

  /** Ends a running scan. */
  close(): void {
    this.#closed.abort();
  }

  /** The running scan; it rejects if the folder cannot be listed. */
  get scan(): Promise<void> {
    return this.#scanning ?? Promise.resolve();
  }

  #begin(options: { removeTemporary?: boolean } = {}): Promise<void> {
    const scan = this.#scan(options)
      .finally(() => this.#scanning = null);
    scan.catch(() => {}); // The next scan fails as well.
    return this.#scanning = scan;
  }

  async #scan(options: { removeTemporary?: boolean }): Promise<void> {
    const { folder, known, leftOut, playlists } = this.#options;
    await this.catalog.warm(turns);
    this.#closed.signal.throwIfAborted();
    this.#changes = new Map();
    const reported = this.#reported;
    this.#reported = new FolderChanges();
    const names: string[] = [];
    const pictures: string[] = [];
    const moved = new MovedFiles();
    leftOut.begin();
    const { learned, gone } = await lookAtFolder(this.catalog, {
      ...this.#options,
      ...options,
      linked: () => this.#hasLinks = true,
      playlist: (name) => names.push(name),
      cover: (name) => pictures.push(name),
      some: async (learned) => {
        await this.#noteNew(learned, moved);
        await this.#show(learned, []);
      },
      signal: this.#closed.signal,
      reported,
    }).catch((error) => {
      this.#reported.addAll(); // The changes were not processed.
      throw error;
    });
    await playlists.update(names);
    leftOut.end();
    this.#covers = await FolderCovers.of(
      ...[pictures, folder, this.#covers, reported] as const,
    );
    this.#closed.signal.throwIfAborted();
    await this.#noteNew(learned, moved);
    // A listener may have noticed before the scan.
    const missing = this.#missing.values()
      .filter((name) => !this.catalog.has(name)).toArray();
    if (reported.isAll) this.#missing.clear();
    await this.#show(learned, [...gone, ...missing]);
    await this.#followMoved([...gone, ...missing], moved);
    await this.#showCovers();
    known.index.scanned();
    await this.catalog.warm(turns);
    await this.#keepOrders();
  }

  /** The first scan, whose songs are all new, has nothing that was elsewhere. */
  async #noteNew(learned: KnownSong[], moved: MovedFiles): Promise<void> {
    if (this.#options.known.index.isNew) return;
    const isNew = ({ name }: KnownSong) => !this.catalog.has(name);
    for (const song of await inTurns(learned, isNew)) moved.add(song);
  }

  /** What names a song by its former name follows its file. */
  async #followMoved(gone: string[], moved: MovedFiles): Promise<void> {
    if (moved.isEmpty) return;
    const { index } = this.#options.known;
    const renamed: Renamed[] = [];
    for (const name of gone) {
      const song = index.get(name);
      const now = song && moved.nameOf(song);
      if (now) renamed.push([name, now]);
      const pause = turns.next(CHANGE_STEPS);
      if (pause) await pause;
    }
    if (renamed.length === 0) return;
    await index.formerNames.note(renamed);
    this.#options.moved(renamed.map(([, now]) => now));
  }

  /** Keeps all orders for the next start, unless songs change meanwhile. */
  async #keepOrders(): Promise<void> {
    const { index } = this.#options.known;
    if (index.orders.isComplete) return;
    const { version } = this.catalog;
    for await (const [name, order] of this.catalog.orders(turns)) {
      this.#closed.signal.throwIfAborted();
      if (this.catalog.version !== version || !index.isSaved) return;
      index.orders.put(name, order);
      await systemClock.sleep(0); // Each write takes milliseconds.
    }
  }

  /** Stores and shows what a scan has found. */
  async #show(learned: KnownSong[], gone: string[]): Promise<void> {
    const isOld = (name: string) => !this.#changes.has(name);
    const songs = await inTurns(learned, ({ name }) => isOld(name));
    const names = await inTurns(gone, isOld);
    const marked = songs.map((song) => this.#covers.marked(song));
    await this.#options.known.index.putAll(marked, names, Date.now());
    await this.catalog.change(marked, names, turns);
    for (const [name, entry] of this.#changes) {
      this.#apply(name, entry);
      const pause = turns.next(CHANGE_STEPS);
      if (pause) await pause;
    }
  }

  /** Shows the songs of folders whose pictures have come or gone. */
  async #showCovers(): Promise<void> {
    let some: KnownSong[] = [];
    for (const { name, hasCover } of this.catalog.list()) {
      const pause = turns.next();
      if (pause) await pause;
      if (hasCover === (this.#covers.coverOf(name) !== undefined)) continue;
      const song = this.catalog.get(name);
      if (song !== undefined) some.push(song);
      if (some.length < COVERED_AT_ONCE) continue;
      await this.#show(some, []);
      some = [];
    }
    await this.#show(some, []);
  }

  #apply(name: string, entry: KnownSong | null): void {
    if (entry === null) return this.catalog.delete(name);
    const marked = this.#covers.marked(entry);
    this.#options.known.index.put(marked);
    this.catalog.put(marked);
  }
}
