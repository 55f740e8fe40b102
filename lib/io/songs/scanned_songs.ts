/**
 * The songs of the latest scan and of the changes since: runs one scan at a time,
 * and keeps what was changed while it ran.
 *
 * @module
 */

import { Catalog, CHANGE_STEPS } from "../../model/catalog.ts";
import { inTurns, turns } from "../clock/shared_turns.ts";
import { FolderChanges } from "./folder_changes.ts";
import { FolderCovers } from "./folder_covers.ts";
import { type FolderLook, lookAtFolder } from "./folder_look.ts";
import type { KnownSongs } from "./known_songs.ts";
import type { LeftOut } from "./left_out.ts";
import type { PlaylistFiles } from "./playlist_files.ts";
import type { SongFolder } from "./song_folder.ts";
import type { KnownSong } from "./known_song.ts";

/** Up to this many changes are applied one by one; each one copies the list. */
const FEW = 256;

export interface ScannedSongsOptions {
  folder: SongFolder;
  known: KnownSongs;
  /** Notified of skipped files and folders. */
  leftOut: LeftOut;
  playlists: PlaylistFiles;
  /** Songs beyond this number are skipped. */
  maxSongs: number;
}

export class ScannedSongs {
  readonly #options: ScannedSongsOptions;
  #catalog = new Catalog<KnownSong>([]);
  #covers = new FolderCovers();
  readonly #closed = new AbortController();
  #hasLinks = false;
  #scanning: Promise<void> | null = null;
  /** What may have changed since the last scan. */
  #reported = new FolderChanges(true);
  /** Songs put (or, with null, deleted) during a scan. */
  #changes = new Map<string, KnownSong | null>();

  constructor(options: ScannedSongsOptions) {
    this.#options = options;
  }

  get catalog(): Catalog<KnownSong> {
    return this.#catalog;
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

  isCurrent(song: KnownSong): boolean {
    return this.#catalog.get(song.name) === song;
  }

  /** Adds or replaces a song, or deletes the one of that name. */
  put(name: string, entry: KnownSong | null): void {
    // Behind all others, where a running scan takes it over again.
    this.#changes.delete(name);
    this.#changes.set(name, entry);
    this.#apply(this.#catalog, name, entry);
  }

  /** Shows the songs of the index, and begins the first scan. */
  async start(removeTemporary: boolean): Promise<void> {
    const indexed = await this.#options.known.index.load(Date.now());
    this.#catalog = await Catalog.build(indexed, turns);
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
    const scan = this.#scan(this.#catalog, options)
      .finally(() => this.#scanning = null);
    scan.catch(() => {}); // The next scan fails as well.
    return this.#scanning = scan;
  }

  async #scan(
    before: Catalog<KnownSong>,
    options: { removeTemporary?: boolean },
  ): Promise<void> {
    const { folder, known, leftOut, playlists } = this.#options;
    this.#changes = new Map();
    const reported = this.#reported;
    this.#reported = new FolderChanges();
    const names: string[] = [];
    const pictures: string[] = [];
    leftOut.begin();
    const { songs, learned, gone } = await lookAtFolder(before, {
      ...this.#options,
      ...options,
      linked: () => this.#hasLinks = true,
      playlist: (name) => names.push(name),
      cover: (name) => pictures.push(name),
      some: (learned) => this.#showSome(learned),
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
    const covered = await this.#covers.mark(songs, learned);
    await this.#show(before, {
      ...{ songs, gone, learned: [...learned, ...covered] },
    });
    await known.index.putAll(
      await inTurns(learned, (song) => this.isCurrent(song)),
      await inTurns(gone, (name) => this.#catalog.get(name) === undefined),
      Date.now(),
    );
  }

  /** Publishes and stores new songs of an unfinished scan. */
  async #showSome(learned: KnownSong[]): Promise<void> {
    const before = this.#catalog;
    const songs = [...before.songs, ...learned];
    await this.#publish(await Catalog.build(songs, turns, before));
    await this.#options.known.index.putSome(
      await inTurns(learned, (song) => this.isCurrent(song)),
    );
  }

  /** Publishes a scan's result: applies a few changes, or builds a new catalogue. */
  async #show(
    before: Catalog<KnownSong>,
    { songs, learned, gone }: FolderLook,
  ): Promise<void> {
    const areFew = learned.length + gone.length <= FEW;
    const catalog = areFew && before === this.#catalog
      ? before
      : await Catalog.build(songs, turns, this.#catalog);
    if (catalog === before) await before.change(learned, gone, turns);
    await this.#publish(catalog);
  }

  /** Publishes a catalogue with what was changed since the scan began. */
  async #publish(catalog: Catalog<KnownSong>): Promise<void> {
    for (const [name, entry] of this.#changes) {
      this.#apply(catalog, name, entry);
      const pause = turns.next(CHANGE_STEPS);
      if (pause) await pause;
    }
    this.#catalog = catalog;
  }

  #apply(
    catalog: Catalog<KnownSong>,
    name: string,
    entry: KnownSong | null,
  ): void {
    if (entry) catalog.put(this.#covers.marked(entry));
    else catalog.delete(name);
  }
}
