/**
 * A song on its way into the cache: stored as it comes, read back while it
 * does, hashed on the way, and published once it is whole.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { OndacastError } from "../../errors.ts";
import type { CachedSong } from "./cache_entries.ts";
import { type CacheFolder, diskError, type Metadata } from "./cache_folder.ts";
import type { FileLock } from "../disk/file_lock.ts";

const READ_BYTES = 256 * 1024;

/** A file that is read and written at any place, one call after the other. */
export class PlacedFile {
  readonly #file: Deno.FsFile;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  /** Fills the buffer as far as the file goes, and says how far that is. */
  async read(into: Uint8Array, offsetBytes: number): Promise<number> {
    await this.#file.seek(offsetBytes, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < into.length) {
      const bytes = await this.#file.read(into.subarray(filled));
      if (bytes === null) break;
      filled += bytes;
    }
    return filled;
  }

  /** Writes all of it. */
  async write(bytes: Uint8Array, offsetBytes: number): Promise<void> {
    await this.#file.seek(offsetBytes, Deno.SeekMode.Start);
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(await this.#file.write(rest));
    }
  }

  async truncate(bytes: number): Promise<void> {
    await this.#file.truncate(bytes);
  }

  async sync(): Promise<void> {
    await this.#file.sync();
  }

  /** Does what is asked for after all that was asked for before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const done = this.#last
      .then(() => {
        if (this.#closed) throw new Error("The file is closed");
        return work();
      })
      .finally(() => this.#waiting--);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Ends it once what is under way has ended. Any number of calls. */
  close(): void {
    if (this.#closed) return;
    if (this.#waiting === 0) this.closeInTurn();
    else void this.inTurn(() => Promise.resolve(this.closeInTurn()));
  }

  /** Ends it now, when nothing else is under way. */
  closeInTurn(): void {
    if (!this.#closed) this.#file.close();
    this.#closed = true;
  }
}

/** A song of the cache while it is stored. */
export interface CacheWriter {
  /** Bytes stored so far: those of an earlier download of the same content, too. */
  readonly storedBytes: number;
  /** Fills the buffer from what is stored so far; so many bytes. */
  read(into: Uint8Array, offset: number): Promise<number>;
  /**
   * Appends. The piece is the caller's again when this has resolved.
   *
   * @throws {OndacastError} `no-space`, `output-failed` or `too-large`: nothing
   * of the piece is stored, and all before it still is.
   */
  write(piece: Uint8Array): Promise<void>;
  /**
   * Makes it a song of the cache, if its length and its hash are right.
   * Reading goes on until it is closed.
   *
   * @param sha256 The server's hash, where it has told it.
   * @throws {OndacastError} `bad-hash`: what was stored is gone. `no-space`,
   * `output-failed`: it is kept.
   */
  publish(sha256: string | undefined): Promise<CachedSong>;
  /** Ends it. What is not published is kept, to be continued. Any number of calls. */
  close(): Promise<void>;
}

/** What a writer needs of its cache. */
export interface WriterHost {
  readonly folder: CacheFolder;
  /** Reads back what was published. */
  published(id: string): Promise<CachedSong>;
  /** Makes room again after something was stored. */
  stored(id: string, published: boolean): Promise<void>;
}

/** A {@linkcode CacheWriter} on a part file, whose lock it holds. */
export class PartWriter implements CacheWriter {
  readonly #host: WriterHost;
  readonly #id: string;
  readonly #about: Metadata;
  readonly #lock: FileLock;
  /** One for writing and one for reading, so that playing never waits for a sync. */
  readonly #file: PlacedFile;
  readonly #reader: PlacedFile;
  readonly #hash = createHash("sha256");
  #bytes = 0;
  /** Published or refused: nothing more can be stored. */
  #over = false;
  #closing: Promise<void> | null = null;

  private constructor(
    host: WriterHost,
    id: string,
    about: Metadata,
    lock: FileLock,
    files: { file: PlacedFile; reader: PlacedFile },
  ) {
    this.#host = host;
    this.#id = id;
    this.#about = about;
    this.#lock = lock;
    this.#file = files.file;
    this.#reader = files.reader;
  }

  /**
   * Goes on with the part of the same content, or begins one. The lock is the
   * writer's from here on.
   */
  static async open(
    host: WriterHost,
    id: string,
    about: Metadata,
    lock: FileLock,
  ): Promise<PartWriter> {
    const { folder } = host;
    const path = folder.indexPath(id, "part");
    const before = await folder.read(id, "part.json");
    const part = await folder.look(path);
    const goesOn = part && part.size <= about.bytes &&
      before?.about.etag === about.etag && before.about.bytes === about.bytes;
    // The old part goes before the new names come, so that they never mix.
    if (!goesOn) await folder.removeIndex(id, "part");
    await folder.write(id, about);
    const file = new PlacedFile(
      await Deno.open(path, { create: true, write: true, mode: 0o600 }),
    );
    let reader: PlacedFile | null = null;
    try {
      reader = new PlacedFile(await Deno.open(path));
      const writer = new PartWriter(host, id, about, lock, { file, reader });
      if (goesOn) await writer.#hashStored();
      return writer;
    } catch (error) {
      file.close();
      reader?.close();
      throw error;
    }
  }

  get storedBytes(): number {
    return this.#bytes;
  }

  read(into: Uint8Array, offset: number): Promise<number> {
    return this.#reader.inTurn(() => {
      const stored = Math.max(0, this.#bytes - offset);
      return this.#reader.read(into.subarray(0, stored), offset);
    });
  }

  write(piece: Uint8Array): Promise<void> {
    return this.#file.inTurn(() => this.#append(piece));
  }

  publish(sha256: string | undefined): Promise<CachedSong> {
    return this.#file.inTurn(() => this.#publish(sha256));
  }

  close(): Promise<void> {
    this.#reader.close();
    return this.#closing ??= this.#file.inTurn(() => this.#close());
  }

  async #hashStored(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    while (true) {
      const bytes = await this.#reader.read(buffer, this.#bytes);
      if (bytes === 0) return;
      this.#hash.update(buffer.subarray(0, bytes));
      this.#bytes += bytes;
    }
  }

  async #append(piece: Uint8Array): Promise<void> {
    const { song, bytes } = this.#about;
    if (this.#over) throw new Error(`${song} is stored already`);
    if (this.#bytes + piece.length > bytes) {
      throw new OndacastError(
        "too-large",
        `Cannot store ${
          this.#bytes + piece.length
        } bytes of ${song}: expected at most ${bytes}`,
      );
    }
    try {
      await this.#file.write(piece, this.#bytes);
    } catch (cause) {
      await this.#file.truncate(this.#bytes).catch(() => {});
      throw diskError(`store ${song}`, cause);
    }
    this.#hash.update(piece);
    this.#bytes += piece.length;
  }

  async #publish(expected: string | undefined): Promise<CachedSong> {
    const { folder } = this.#host;
    const { song, bytes } = this.#about;
    if (this.#over) throw new Error(`${song} is stored already`);
    const sha256 = this.#hash.copy().digest("hex");
    if (this.#bytes !== bytes) {
      throw await this.#refuse(`${this.#bytes} bytes`, `${bytes}`);
    }
    if (expected !== undefined && expected.toLowerCase() !== sha256) {
      throw await this.#refuse(`the SHA-256 ${sha256}`, expected);
    }
    try {
      await this.#file.sync();
      await folder.write(this.#id, { ...this.#about, sha256 });
      await folder.settle(this.#id);
      this.#over = true;
      const entry = await this.#host.published(this.#id);
      this.#lock.release();
      await this.#host.stored(this.#id, true);
      return entry;
    } catch (cause) {
      throw diskError(`store ${song}`, cause);
    }
  }

  async #refuse(found: string, expected: string): Promise<OndacastError> {
    this.#over = true;
    const { song } = this.#about;
    await this.#host.folder.removeIndex(this.#id, "part", "part.json")
      .catch(() => {});
    this.#lock.release();
    return new OndacastError(
      "bad-hash",
      `Cannot store ${song}: it has ${found}, expected ${expected}`,
    );
  }

  async #close(): Promise<void> {
    const { folder } = this.#host;
    this.#file.closeInTurn();
    if (this.#over) return;
    if (this.#bytes === 0) {
      await folder.removeIndex(this.#id, "part", "part.json").catch(() => {});
    }
    this.#lock.release();
    await this.#host.stored(this.#id, false);
  }
}
