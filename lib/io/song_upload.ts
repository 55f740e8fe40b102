/**
 * A song on its way into the folder: written beside its place under a name
 * that nobody lists, checked, synced, and renamed in one step. A crash leaves
 * the old song and at most a file that the next start removes.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import { dirname } from "@std/path/dirname";
import { join } from "@std/path/join";
import { OndacastError } from "../errors.ts";
import type { SongEntry, SongWriter } from "../ports.ts";
import { fileProblem } from "./file_problem.ts";
import type { NewPlace } from "./song_folder.ts";
import { temporaryName } from "./temporary_name.ts";

/** How often the free space is looked at, in bytes written. */
const LOOK_BYTES = 64 << 20;

/** Limits of what is stored. */
export interface UploadLimits {
  /** Largest song, in bytes. */
  maxUploadBytes: number;
  /** Disk space that must stay free, in bytes. */
  minFreeBytes: number;
  /** Most songs in the folder. */
  maxSongs: number;
}

/** Writes one song. */
export class SongUpload implements SongWriter {
  readonly #file: Deno.FsFile;
  readonly #temporary: string;
  readonly #place: NewPlace;
  readonly #limits: UploadLimits;
  readonly #publish: (temporary: string) => Promise<SongEntry>;
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #lookAtBytes = 0;
  #closed = false;

  private constructor(
    file: Deno.FsFile,
    temporary: string,
    place: NewPlace,
    limits: UploadLimits,
    publish: (temporary: string) => Promise<SongEntry>,
  ) {
    this.#file = file;
    this.#temporary = temporary;
    this.#place = place;
    this.#limits = limits;
    this.#publish = publish;
  }

  /**
   * Begins a file in the folder of a song's place.
   *
   * @param publish Checks the finished file and moves it to its place.
   * @throws {OndacastError} `too-large`, `no-space`.
   */
  static async begin(
    place: NewPlace,
    bytes: number,
    limits: UploadLimits,
    publish: (temporary: string) => Promise<SongEntry>,
  ): Promise<SongUpload> {
    try {
      checkSize(bytes, limits);
      await checkSpace(place.folder, bytes, limits);
      const temporary = join(place.folder, temporaryName());
      const file = await openNew(temporary, place);
      return new SongUpload(file, temporary, place, limits, publish);
    } catch (cause) {
      await place.giveUp();
      throw diskError(cause);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    checkSize(this.#bytes + bytes.length, this.#limits);
    try {
      if (this.#bytes >= this.#lookAtBytes) {
        this.#lookAtBytes += LOOK_BYTES;
        await checkSpace(this.#temporary, bytes.length, this.#limits);
      }
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await this.#file.write(rest));
      }
    } catch (cause) {
      throw diskError(cause);
    }
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  async store(
    expected: { bytes: number; sha256: string },
  ): Promise<SongEntry> {
    const sha256 = this.#hash.digest("hex");
    if (this.#bytes !== expected.bytes || sha256 !== expected.sha256) {
      throw new OndacastError(
        "bad-hash",
        `Cannot store the song: its SHA-256 is ${sha256}, expected ${expected.sha256}`,
      );
    }
    try {
      await this.#file.sync();
      this.#close();
      const entry = await this.#publish(this.#temporary);
      await syncFolder(dirname(this.#temporary));
      return entry;
    } catch (cause) {
      throw diskError(cause);
    }
  }

  async abandon(): Promise<void> {
    this.#close();
    try {
      await Deno.remove(this.#temporary);
    } catch {
      // It was moved to its place, or somebody cleaned up already.
    }
    await this.#place.giveUp();
  }

  #close(): void {
    if (!this.#closed) this.#file.close();
    this.#closed = true;
  }
}

/** A new file; if its folder has become a link that leads outside, none. */
async function openNew(path: string, place: NewPlace): Promise<Deno.FsFile> {
  const file = await Deno.open(path, { createNew: true, write: true });
  try {
    await place.check(path);
    return file;
  } catch (error) {
    file.close();
    await Deno.remove(path).catch(() => {});
    throw error;
  }
}

function checkSize(bytes: number, { maxUploadBytes }: UploadLimits): void {
  if (bytes <= maxUploadBytes) return;
  throw new OndacastError(
    "too-large",
    `Cannot store a song of ${bytes} bytes: expected at most ${maxUploadBytes} (--max-upload)`,
  );
}

async function checkSpace(
  path: string,
  bytes: number,
  { minFreeBytes }: UploadLimits,
): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  checkFree(bavail * bsize, bytes, minFreeBytes);
}

/**
 * Checks that a disk has room for so many bytes more.
 *
 * @throws {OndacastError} `no-space`.
 */
export function checkFree(
  free: number,
  bytes: number,
  minFreeBytes: number,
): void {
  if (free - bytes >= minFreeBytes) return;
  throw new OndacastError(
    "no-space",
    `Cannot store ${bytes} bytes: ${free} are free, of which ${minFreeBytes} are kept (--min-free)`,
  );
}

/** Makes a rename last through a power failure, where the system can. */
async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Windows syncs folders by itself, and lets nobody open them.
  }
}

/** What the client is told of a failure; paths of the server are not. */
function diskError(cause: unknown): OndacastError {
  if (cause instanceof OndacastError) return cause;
  const code = (cause as { code?: string }).code;
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return new OndacastError(
    isFull ? "no-space" : "internal",
    isFull
      ? "Cannot store the song: the server's disk is full"
      : `Cannot store the song: ${fileProblem(cause)}`,
    { cause },
  );
}
