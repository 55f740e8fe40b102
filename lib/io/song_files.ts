/**
 * The songs of a folder: which WAV files are in it and below, and reading
 * them. This is "file" on the walk of one byte; where the files lie is the
 * {@linkcode SongFolder}'s to say.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { Catalog } from "../model/catalog.ts";
import { checkSongName, hasSongEnding } from "../model/song_name.ts";
import type {
  OpenSong,
  SongEntry,
  SongStore,
  SongWriter,
  StoreOptions,
} from "../ports.ts";
import { fileProblem } from "./file_problem.ts";
import { etagOf, SharedFile } from "./shared_file.ts";
import { type FoundSong, type Skipped, SongFolder } from "./song_folder.ts";
import type { UploadLimits } from "./song_upload.ts";
import { readFormat, readHeader } from "./wav_file.ts";

/** Files looked at in one go. */
const AT_ONCE = 32;

/** A change of the folder, or a file in it that is no song. */
export interface SongFilesEvents {
  /** A file that is left out, and why. */
  skipped?: Skipped;
}

/** The songs of one folder and its subfolders. */
export class SongFiles implements SongStore {
  readonly #folder: SongFolder;
  readonly #limits: UploadLimits;
  readonly #events: SongFilesEvents;
  readonly #open = new Map<string, SharedFile>();
  #hashing: Promise<void> = Promise.resolve();
  /** Songs that are to be hashed, or are being. */
  readonly #wanted = new Set<SongEntry>();
  #catalog = new Catalog<SongEntry>([]);
  #scanning: Promise<void> | null = null;
  /** Whether it was said that there are too many songs. */
  #saidOver = false;

  private constructor(
    folder: SongFolder,
    limits: UploadLimits,
    events: SongFilesEvents,
  ) {
    this.#folder = folder;
    this.#limits = limits;
    this.#events = events;
  }

  /**
   * Opens a folder and looks at what is in it.
   *
   * @throws {OndacastError} `bad-folder`, if it is missing or unreadable.
   */
  static async openFolder(
    folder: string,
    limits: UploadLimits,
    events: SongFilesEvents = {},
  ): Promise<SongFiles> {
    try {
      const opened = await SongFolder.open(folder);
      const files = new SongFiles(opened, limits, events);
      await files.#scan({ removeTemporary: true });
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

  find(name: string): SongEntry | undefined {
    return this.#catalog.find(name);
  }

  page(
    query: { match?: string; after?: string; limit?: number },
  ): { rows: SongEntry[]; more: boolean } {
    return this.#catalog.page(query);
  }

  async open(entry: SongEntry): Promise<OpenSong> {
    try {
      return await this.#shared(entry).use();
    } catch (error) {
      const now = await this.#lookAgain(entry);
      if (now === null || now.format === null) throw error;
      return await this.#shared(now).use();
    }
  }

  #shared(entry: SongEntry): SharedFile {
    const key = contentKey(entry);
    let shared = this.#open.get(key);
    if (!shared || shared.gone.happened) {
      shared = new SharedFile(
        entry,
        {
          open: () => this.#folder.open(entry.name),
          path: () => this.#folder.path(entry.name),
        },
        () => {
          if (this.#open.get(key) === shared) this.#open.delete(key);
        },
      );
      this.#open.set(key, shared);
    }
    return shared;
  }

  async create(name: string, options: StoreOptions): Promise<SongWriter> {
    const wanted = checkSongName(hasSongEnding(name) ? name : `${name}.wav`);
    const there = this.#catalog.find(wanted)?.name;
    const target = there ?? wanted;
    this.#refuseExisting(target, options);
    if (there === undefined) this.#refuseMore(target);
    const place = await this.#folder.place(target);
    const { SongUpload } = await import("./song_upload.ts");
    return await SongUpload.begin(
      place,
      options.bytes ?? 0,
      this.#limits,
      async (temporary) => {
        await readHeader(temporary);
        this.#refuseExisting(target, options);
        await place.take(temporary, options);
        return await this.#added(target);
      },
    );
  }

  wantHash(entry: SongEntry): void {
    if (entry.sha256 !== undefined || this.#wanted.has(entry)) return;
    this.#wanted.add(entry);
    this.#hashing = this.#hashing.then(async () => {
      try {
        const { hashFile } = await import("./hash_file.ts");
        using file = await this.#folder.open(entry.name);
        const { sha256 } = await hashFile(file);
        if (await this.#isUnchanged(entry)) entry.sha256 = sha256;
      } catch {
        // A file that went away needs no hash.
      } finally {
        this.#wanted.delete(entry);
      }
    });
  }

  /** Resolves when the hashes wanted so far are known. */
  get hashed(): Promise<void> {
    return this.#hashing;
  }

  /** Looks at the folder again; a call during a look waits for the next one. */
  async rescan(): Promise<void> {
    if (this.#scanning) await this.#scanning.catch(() => {});
    this.#scanning ??= this.#scan().finally(() => this.#scanning = null);
    await this.#scanning;
  }

  #refuseExisting(name: string, { replace }: StoreOptions): void {
    if (replace || this.#catalog.find(name) === undefined) return;
    throw new OndacastError(
      "exists",
      `Cannot store ${name}: there is a song of that name (--replace takes its place)`,
    );
  }

  #refuseMore(name: string): void {
    const { maxSongs } = this.#limits;
    if (this.size < maxSongs) return;
    throw new OndacastError(
      "no-space",
      `Cannot store ${name}: the server has ${maxSongs} songs, as many as may be (--max-songs)`,
    );
  }

  /** Puts a song that was just stored into the catalogue. */
  async #added(name: string): Promise<SongEntry> {
    const entry = await this.#look({ name, isPlain: false }, undefined);
    if (entry === null) {
      throw new OndacastError(
        "internal",
        `Cannot find ${name} after storing it`,
      );
    }
    this.#put(name, entry);
    return entry;
  }

  /** A song whose file may have changed since the folder was looked at. */
  async #lookAgain(before: SongEntry): Promise<SongEntry | null> {
    const { name } = before;
    const entry = await this.#look({ name, isPlain: false }, before);
    if (this.#catalog.find(name) === before && entry !== before) {
      this.#put(name, entry);
    }
    return entry;
  }

  #put(name: string, entry: SongEntry | null): void {
    const others = this.#catalog.songs.filter((song) => song.name !== name);
    this.#catalog = new Catalog(entry ? [...others, entry] : others);
  }

  async #scan(options: { removeTemporary?: boolean } = {}): Promise<void> {
    const before = new Map(
      this.#catalog.songs.map((entry) => [entry.name, entry]),
    );
    const found = this.#within(
      await this.#folder.songs({
        ...options,
        ...this.#events,
        known: [...before.keys()],
      }),
      before,
    );
    const entries: SongEntry[] = [];
    for (let i = 0; i < found.length; i += AT_ONCE) {
      const some = found.slice(i, i + AT_ONCE);
      const looked = await Promise.all(
        some.map((song) => this.#look(song, before.get(song.name))),
      );
      for (const entry of looked) if (entry) entries.push(entry);
    }
    this.#catalog = new Catalog(entries);
  }

  /** As many as may be, those that are known first; what is left out is said once. */
  #within(
    found: FoundSong[],
    known: ReadonlyMap<string, SongEntry>,
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

  /**
   * A file as a song; what was known of it is kept while it is unchanged. Of
   * many songs each step counts, so a plain file is looked at where it lies,
   * and a new one not before it is opened.
   */
  async #look(
    { name, isPlain }: FoundSong,
    before: SongEntry | undefined,
  ): Promise<SongEntry | null> {
    try {
      const path = isPlain
        ? this.#folder.plainPath(name)
        : await this.#folder.path(name);
      if (before || !isPlain) {
        const info = await Deno.stat(path);
        if (!info.isFile) return null;
        // A failure of this machine says nothing of the song: it may be over.
        const isKnown = before?.problem !== "internal";
        if (isKnown && before?.etag === etagOf(info)) return before;
      }
      const { info, ...format } = await readFormat(path);
      return { name, bytes: info.size, etag: etagOf(info), ...format };
    } catch (error) {
      this.#events.skipped?.(name, toOndacastError(error).message);
      return null;
    }
  }

  async #isUnchanged(entry: SongEntry): Promise<boolean> {
    try {
      const path = await this.#folder.path(entry.name);
      return etagOf(await Deno.stat(path)) === entry.etag;
    } catch {
      return false;
    }
  }
}

/** What a content under a name is kept by. */
function contentKey({ etag, name }: SongEntry): string {
  return `${etag} ${name}`;
}
