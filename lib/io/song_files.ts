/**
 * The songs of a folder: which WAV files are in it and below, and reading
 * them. This is "file" on the walk of one byte; where the files lie is the
 * {@linkcode SongFolder}'s to say.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { OndacastError } from "../errors.ts";
import { Catalog } from "../model/catalog.ts";
import type {
  Clock,
  OpenSong,
  SongEntry,
  SongStore,
  SongWriter,
  StoreOptions,
} from "../ports.ts";
import { bareStamp } from "./file_stamp.ts";
import { fileProblem } from "./file_problem.ts";
import { KnownSongs, type SongFilesEvents } from "./known_songs.ts";
import { OpenSongs } from "./open_songs.ts";
import { type FoundSong, SongFolder } from "./song_folder.ts";
import { SongHashes } from "./song_hashes.ts";
import { type KnownSong, SongIndex } from "./song_index.ts";
import { SongIntake } from "./song_intake.ts";
import type { UploadLimits } from "./song_upload.ts";

/** Files looked at in one go. */
const AT_ONCE = 32;

/** The songs of one folder and its subfolders. */
export class SongFiles implements SongStore {
  readonly #folder: SongFolder;
  readonly #known: KnownSongs;
  readonly #limits: UploadLimits;
  readonly #events: SongFilesEvents;
  readonly #intake: SongIntake;
  readonly #open: OpenSongs;
  readonly #hashes: SongHashes;
  #catalog = new Catalog<KnownSong>([]);
  #scanning: Promise<void> | null = null;
  #probing: Promise<void> | null = null;
  /** Songs put in or taken out while the folder is looked at. */
  #changes = new Map<string, KnownSong | null>();
  /** Whether it was said that there are too many songs. */
  #saidOver = false;

  private constructor(
    folder: SongFolder,
    index: SongIndex,
    limits: UploadLimits,
    events: SongFilesEvents,
  ) {
    this.#folder = folder;
    this.#limits = limits;
    this.#events = events;
    this.#open = new OpenSongs(folder, {
      isSame: async (song) => await this.#lookAgain(song) === song,
      learned: (song, before) => this.#learned(song, before),
    });
    this.#intake = new SongIntake(folder, limits, {
      find: (name) => this.find(name)?.name,
      size: () => this.size,
      stored: (name, sha256) => this.#stored(name, sha256),
    });
    this.#hashes = new SongHashes(folder, (...of) => this.#hashed(...of));
    this.#known = new KnownSongs(
      folder,
      index,
      events,
      (song) => this.#hashes.want(song, true),
    );
  }

  /**
   * Opens a folder and looks at what is in it.
   *
   * @param openDb Opens the database in which what is known of a folder is
   * kept, by its real path.
   * @throws {OndacastError} `bad-folder`, if it is missing or unreadable.
   */
  static async openFolder(
    folder: string,
    limits: UploadLimits,
    events: SongFilesEvents = {},
    openDb: (root: string) => Promise<DatabaseSync> = openInMemory,
  ): Promise<SongFiles> {
    try {
      const opened = await SongFolder.open(folder);
      const db = await openDb(opened.root);
      const index = new SongIndex(db, limits.maxSongs, events.indexFailed);
      const files = new SongFiles(opened, index, limits, events);
      await files.#scan(index.load(), { removeTemporary: true });
      return files;
    } catch (cause) {
      throw new OndacastError(
        "bad-folder",
        `Cannot use the song folder ${folder}: ${fileProblem(cause)}`,
        { cause },
      );
    }
  }

  /** The folder's real path. */
  get root(): string {
    return this.#folder.root;
  }

  /** Songs in the folder. */
  get size(): number {
    return this.#catalog.songs.length;
  }

  find(name: string): KnownSong | undefined {
    return this.#catalog.find(name);
  }

  page(
    query: { match?: string; after?: string; limit?: number },
  ): { rows: SongEntry[]; more: boolean } {
    return this.#catalog.page(query);
  }

  async open(entry: SongEntry): Promise<OpenSong> {
    const before = entry as KnownSong; // as all that this store gives out
    try {
      return await this.#open.use(before);
    } catch (error) {
      const now = await this.#lookAgain(before);
      if (now === null || now.format === null) throw error;
      return await this.#open.useAnew(now);
    }
  }

  create(name: string, options: StoreOptions): Promise<SongWriter> {
    return this.#intake.create(name, options);
  }

  wantHash(entry: SongEntry): void {
    this.#hashes.want(entry as KnownSong);
  }

  /** Resolves when the hashes wanted so far are known. */
  get hashed(): Promise<void> {
    return this.#hashes.idle;
  }

  /** Looks at the folder again; a call during a look waits for the next one. */
  async rescan(): Promise<void> {
    if (this.#scanning) await this.#scanning.catch(() => {});
    this.#scanning ??= this.#scan(this.#byName()).finally(() =>
      this.#scanning = null
    );
    await this.#scanning;
  }

  /**
   * Takes the probes of songs that have none, one after the other, and rests
   * after each as long as it took: whoever plays comes first.
   */
  probeNew(clock: Clock, signal: AbortSignal): Promise<void> {
    return this.#probing ??= this.#probeNew(clock, signal).finally(() =>
      this.#probing = null
    );
  }

  async #probeNew(clock: Clock, signal: AbortSignal): Promise<void> {
    for (let looked: Catalog<KnownSong> | null = null;;) {
      if (looked === this.#catalog) return;
      looked = this.#catalog;
      for (const song of looked.songs) {
        if (song.probe !== undefined || song.format === null) continue;
        if (signal.aborted) return;
        const beganMs = clock.now();
        await this.#known.probe(song).catch(() => {}); // The next look will say.
        await clock.sleep(Math.max(1, clock.now() - beganMs), signal);
      }
    }
  }

  /** Puts a song that was just stored into the catalogue. */
  async #stored(name: string, sha256: string): Promise<KnownSong> {
    const before = this.#catalog.find(name);
    const read = await this.#known.read(name);
    if (read === null) {
      throw new OndacastError(
        "internal",
        `Cannot find ${name} after storing it`,
      );
    }
    const isSame = before?.sha256 === sha256;
    const song = { ...read, sha256, ...(isSame && { etag: before.etag }) };
    this.#known.index.put(song);
    this.#put(name, song);
    return song;
  }

  /** A song whose file may have changed since the folder was looked at. */
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

  /** A song's hash is known; if it was another one, its content has changed. */
  #hashed(song: KnownSong, sha256: string): void {
    if (song.sha256 === undefined || song.sha256 === sha256) {
      song.sha256 = sha256;
      if (this.#isCurrent(song)) this.#known.index.put(song);
      return;
    }
    if (this.#isCurrent(song)) {
      const etag = bareStamp(song.stamp); // of another time, as that has moved
      const now = { ...song, sha256, etag };
      this.#known.index.put(now);
      this.#put(song.name, now);
    }
    this.#open.vanish(song);
  }

  #isCurrent(song: KnownSong): boolean {
    return this.#catalog.find(song.name) === song;
  }

  #put(name: string, entry: KnownSong | null): void {
    this.#changes.set(name, entry);
    const others = this.#catalog.songs.filter((song) => song.name !== name);
    this.#catalog = new Catalog(entry ? [...others, entry] : others);
  }

  #byName(): Map<string, KnownSong> {
    return new Map(this.#catalog.songs.map((entry) => [entry.name, entry]));
  }

  async #scan(
    before: ReadonlyMap<string, KnownSong>,
    options: { removeTemporary?: boolean } = {},
  ): Promise<void> {
    this.#changes = new Map();
    const found = this.#within(
      await this.#folder.songs({
        ...options,
        ...this.#events,
        known: [...before.keys()],
      }),
      before,
    );
    const now = new Map<string, KnownSong>();
    for (let i = 0; i < found.length; i += AT_ONCE) {
      const some = found.slice(i, i + AT_ONCE);
      const looked = await Promise.all(
        some.map((song) => this.#known.look(song, before.get(song.name))),
      );
      for (const entry of looked) if (entry) now.set(entry.name, entry);
    }
    for (const [name, entry] of this.#changes) {
      if (entry) now.set(name, entry);
      else now.delete(name);
    }
    const learned = [...now.values()].filter((song) =>
      before.get(song.name) !== song
    );
    const gone = [...before.keys()].filter((name) => !now.has(name));
    const isNew = learned.length > 0 || gone.length > 0;
    if (isNew || now.size !== this.size) {
      this.#catalog = new Catalog(now.values());
    }
    await this.#known.index.putAll(learned, gone, Date.now());
  }

  /** As many as may be, those that are known first; what is left out is said once. */
  #within(
    found: FoundSong[],
    known: ReadonlyMap<string, KnownSong>,
  ): FoundSong[] {
    const { maxSongs } = this.#limits;
    const over = found.length - maxSongs;
    if (over > 0 && !this.#saidOver) {
      const reason = `there are more than ${maxSongs} songs (--max-songs)`;
      this.#events.skipped?.(`${over} songs`, reason);
    }
    this.#saidOver = over > 0;
    if (over <= 0) return found;
    return [
      ...found.filter(({ name }) => known.has(name)),
      ...found.filter(({ name }) => !known.has(name)),
    ].slice(0, maxSongs);
  }
}

function openInMemory(): Promise<DatabaseSync> {
  return Promise.resolve(new DatabaseSync(":memory:"));
}
