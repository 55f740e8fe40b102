/**
 * The songs of a folder and the live ones, as one store: nothing else in the
 * server tells them apart by name.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { parseSelection } from "../../model/selection.ts";
import { placeOfCursor, songCursor } from "../../model/song_orders.ts";
import type {
  Found,
  Selected,
  SongLibrary,
  SongQuery,
  SongSort,
} from "../../ports/library.ts";
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
import type { LiveSongs } from "./live_songs.ts";

/** All that are selected at once without their names are files: a live song has no end. */
export class LiveStore implements SongStore {
  readonly library: SongLibrary;
  readonly #files: SongStore;
  readonly #live: LiveSongs;

  constructor(files: SongStore, live: LiveSongs) {
    this.#files = files;
    this.#live = live;
    this.library = new LiveLibrary(files.library, live);
  }

  find(name: string, etag?: string): SongEntry | undefined {
    const live = this.#live.named(name)?.entry;
    return live ?? this.#files.find(name, etag) ??
      this.#live.catalog.find(name);
  }

  get(name: string): SongEntry | undefined {
    return this.#files.get(name) ?? this.#live.named(name)?.entry;
  }

  async open(entry: SongEntry, options?: OpenOptions): Promise<OpenSong> {
    const live = this.#liveOf(entry);
    return await (live ? live.open() : this.#files.open(entry, options));
  }

  async openFile(entry: SongEntry): Promise<OpenFile> {
    if (!isLive(entry)) return await this.#files.openFile(entry);
    throw new OndacastError(
      "not-found",
      `${entry.name} has no file: it is live`,
    );
  }

  async picture(entry: SongEntry): Promise<SongPicture | null> {
    return isLive(entry) ? null : await this.#files.picture(entry);
  }

  /** @throws {OndacastError} `exists`, if a live song has that name. */
  async create(name: string, options: StoreOptions): Promise<SongWriter> {
    this.#checkFree(name);
    return await this.#files.create(name, options);
  }

  remove(name: string, etag: string): Promise<string> {
    return this.#files.remove(name, etag);
  }

  async restore(name: string): Promise<SongEntry> {
    this.#checkFree(name);
    return await this.#files.restore(name);
  }

  async rename(name: string, to: string): Promise<SongEntry> {
    this.#checkFree(to);
    return await this.#files.rename(name, to);
  }

  presentName(name: string): string {
    return this.#files.presentName(name);
  }

  wantHash(entry: SongEntry): void {
    if (!isLive(entry)) this.#files.wantHash(entry);
  }

  /** A file would be hidden behind a live song that its name may mean. */
  #checkFree(name: string): void {
    if (!this.#live.isTaken(name)) return;
    throw new OndacastError(
      "exists",
      `Cannot store ${name}: a song is sent live by that name`,
    );
  }

  /** @throws {OndacastError} `not-found`, if a live song has ended meanwhile. */
  #liveOf(entry: SongEntry) {
    if (!isLive(entry)) return null;
    const song = this.#live.named(entry.name);
    if (song?.entry === entry) return song;
    throw new OndacastError("not-found", `${entry.name} is over`);
  }
}

function isLive(entry: SongEntry): boolean {
  return entry.bytes === null;
}

class LiveLibrary implements SongLibrary {
  readonly #files: SongLibrary;
  readonly #live: LiveSongs;
  readonly names: SongLibrary["names"];
  readonly albums: SongLibrary["albums"];
  readonly artists: SongLibrary["artists"];
  readonly playlists: SongLibrary["playlists"];

  constructor(files: SongLibrary, live: LiveSongs) {
    this.#files = files;
    this.#live = live;
    this.names = (query) => files.names(query);
    this.albums = (...asked) => files.albums(...asked);
    this.artists = (...asked) => files.artists(...asked);
    this.playlists = (isOwn) => files.playlists(isOwn);
  }

  async search(
    { live, ...query }: SongQuery,
    isOver?: () => boolean,
  ): Promise<Found> {
    const found = await this.#files.search(query, isOver);
    if (!live || this.#live.catalog.size === 0) return found;
    return merged(query, found, await this.#live.library.search(query, isOver));
  }

  async select(
    selection: string,
    isOver?: () => boolean,
  ): Promise<Selected> {
    const { catalog, library } = this.#live;
    const { kind } = parseSelection(selection);
    if (kind !== "song") return await this.#files.select(selection, isOver);
    const live = this.#live.named(selection)?.entry;
    if (live) return { songs: [live.name], compared: 1 };
    try {
      return await this.#files.select(selection, isOver);
    } catch (error) {
      const isMissing = error instanceof OndacastError &&
        error.code === "not-found";
      if (!isMissing || catalog.size === 0) throw error;
      return await library.select(selection, isOver);
    }
  }
}

/** The first rows of both, in their order. */
function merged({ sort, limit }: SongQuery, a: Found, b: Found): Found {
  if (b.rows.length === 0) return { ...a, more: a.more || b.more };
  const keyed = (rows: readonly SongEntry[]) =>
    rows.map((song) => ({ song, key: keyOf(sort, song) }));
  const all = [...keyed(a.rows), ...keyed(b.rows)];
  all.sort((one, other) => one.key < other.key ? -1 : +(one.key > other.key));
  const rows = all.map(({ song }) => song).slice(0, limit);
  return {
    rows,
    more: a.more || b.more || rows.length < all.length,
    compared: a.compared + b.compared,
  };
}

function keyOf(sort: SongSort | undefined, song: SongEntry): string {
  return sort === undefined
    ? song.name
    : placeOfCursor(sort, songCursor(sort, song));
}
