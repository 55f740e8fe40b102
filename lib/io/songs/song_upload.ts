/**
 * An upload in progress: written to a hidden file next to its final place,
 * checked, synced, and atomically renamed. After a crash the old song is intact,
 * and the next start removes the hidden file.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "@std/path/join";
import { type ErrorCode, OndacastError } from "../../errors.ts";
import type { SongEntry } from "../../ports/song_entry.ts";
import type { SongWriter } from "../../ports/server.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import type { DiskSpace, ReservedSpace } from "../disk/disk_space.ts";
import type { NewPlace } from "./new_place.ts";
import { temporaryName } from "../disk/temporary_name.ts";
import { writeAll } from "../../write_all.ts";

export interface UploadLimits {
  /** Largest song, in bytes. */
  maxUploadBytes: number;
  /** Disk space that must stay free, in bytes. */
  minFreeBytes: number;
  /** Most songs in the folder. */
  maxSongs: number;
}

/** Checks a complete file and moves it to its place. */
export type Publish = (temporary: string, sha256: string) => Promise<SongEntry>;

export class SongUpload implements SongWriter {
  readonly #file: Deno.FsFile;
  readonly #temporary: string;
  readonly #space: ReservedSpace;
  readonly #maxBytes: number;
  readonly #publish: Publish;
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #closed = false;

  private constructor(
    file: Deno.FsFile,
    temporary: string,
    space: ReservedSpace,
    maxBytes: number,
    publish: Publish,
  ) {
    this.#file = file;
    this.#temporary = temporary;
    this.#space = space;
    this.#maxBytes = maxBytes;
    this.#publish = publish;
  }

  /**
   * Creates the hidden file.
   *
   * @param bytes The announced length; 0 if unknown.
   * @throws {OndacastError} `too-large`, `no-space`.
   * @throws The system's error, if the file cannot be created.
   */
  static async begin(
    place: NewPlace,
    bytes: number,
    disk: { space: DiskSpace; maxBytes: number },
    publish: Publish,
  ): Promise<SongUpload> {
    checkSize(bytes, disk.maxBytes);
    const space = await disk.space.reserve(place.folder, bytes);
    try {
      const temporary = join(place.folder, temporaryName());
      const file = await openNew(temporary, place);
      const { maxBytes } = disk;
      return new SongUpload(file, temporary, space, maxBytes, publish);
    } catch (error) {
      space.release();
      throw error;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    checkSize(this.#bytes + bytes.length, this.#maxBytes);
    try {
      await this.#space.need(bytes.length);
      await writeAll(this.#file, bytes);
    } catch (cause) {
      throw diskError(cause);
    }
    this.#space.wrote(bytes.length);
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
      return await this.#publish(this.#temporary, sha256);
    } catch (cause) {
      throw diskError(cause);
    } finally {
      this.#space.release();
    }
  }

  async abandon(): Promise<void> {
    this.#close();
    this.#space.release();
    try {
      await Deno.remove(this.#temporary);
    } catch {
      // It was moved to its place, or already removed.
    }
  }

  #close(): void {
    if (!this.#closed) this.#file.close();
    this.#closed = true;
  }
}

/** Creates a file, unless its folder has become a link that leads outside. */
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

function checkSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw new OndacastError(
    "too-large",
    `Cannot store a song of ${bytes} bytes: expected at most ${maxBytes} (--max-upload)`,
  );
}

/** Converts a failure to an error for the client, without paths of the server. */
export function diskError(
  cause: unknown,
  what = "store the song",
): OndacastError {
  if (cause instanceof OndacastError) return cause;
  const code = (cause as { code?: string }).code ?? "";
  const [errorCode, reason] = REASONS[code] ??
    ["internal", describeFileError(cause)];
  return new OndacastError(errorCode, `Cannot ${what}: ${reason}`, { cause });
}

const FULL = ["no-space", "the server's disk is full"] as const;
const UNWRITABLE = [
  "read-only",
  "the server may not write to its song folder",
] as const;

/** System error codes, with our code and a reason. */
const REASONS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: FULL,
  EDQUOT: FULL,
  EACCES: UNWRITABLE,
  EPERM: UNWRITABLE,
  EROFS: UNWRITABLE,
  ENAMETOOLONG: [
    "bad-name",
    "its path would be longer than the server's system allows",
  ],
};
