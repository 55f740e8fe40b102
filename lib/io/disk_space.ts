/**
 * Disk space for what is being uploaded: set aside before it is written, so
 * that uploads at the same time do not count on the same bytes.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import { OndacastError } from "../errors.ts";

/** What is set aside at once of an upload that did not say its length. */
const STEP_BYTES = 4 << 20;

/** Free bytes of the disk that a folder is on. */
export type FreeBytes = (folder: string) => Promise<number>;

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The space of all uploads; of several disks it takes the sum for each. */
export class DiskSpace {
  readonly #minFreeBytes: number;
  readonly #free: FreeBytes;
  #reservedBytes = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** @param minFreeBytes What must stay free. */
  constructor(minFreeBytes: number, free: FreeBytes = freeBytes) {
    this.#minFreeBytes = minFreeBytes;
    this.#free = free;
  }

  /**
   * Begins to set space aside; to be released by its owner.
   *
   * @param bytes What is known to come.
   * @throws {OndacastError} `no-space`.
   */
  async reserve(folder: string, bytes: number): Promise<ReservedSpace> {
    const space = new ReservedSpace(this, folder);
    await space.take(bytes);
    return space;
  }

  /** Sets more aside; one asks at a time, so that the first one gets it. */
  take(folder: string, bytes: number): Promise<void> {
    const taken = this.#last.then(async () => {
      const free = await this.#free(folder) - this.#reservedBytes;
      if (free - bytes < this.#minFreeBytes) {
        throw new OndacastError(
          "no-space",
          `Cannot store ${bytes} bytes: ${
            Math.max(0, free)
          } are free, of which ${this.#minFreeBytes} are kept (--min-free)`,
        );
      }
      this.#reservedBytes += bytes;
    });
    this.#last = taken.catch(() => {});
    return taken;
  }

  giveBack(bytes: number): void {
    this.#reservedBytes -= bytes;
  }
}

/** The space of one upload that is not written to yet. */
export class ReservedSpace {
  readonly #space: DiskSpace;
  readonly #folder: string;
  #bytes = 0;

  constructor(space: DiskSpace, folder: string) {
    this.#space = space;
    this.#folder = folder;
  }

  /**
   * Sees to it that so many bytes can be written, and some more where there
   * is room.
   *
   * @throws {OndacastError} `no-space`.
   */
  async need(bytes: number): Promise<void> {
    const missing = bytes - this.#bytes;
    if (missing <= 0) return;
    const step = Math.max(missing, STEP_BYTES);
    try {
      await this.take(step);
    } catch (error) {
      if (step === missing) throw error;
      await this.take(missing);
    }
  }

  /** So many bytes were written: the disk counts them itself now. */
  wrote(bytes: number): void {
    const done = Math.min(bytes, this.#bytes);
    this.#bytes -= done;
    this.#space.giveBack(done);
  }

  /** Gives back what is left. Any number of calls. */
  release(): void {
    this.wrote(this.#bytes);
  }

  /** Sets so much more aside. @throws {OndacastError} `no-space`. */
  async take(bytes: number): Promise<void> {
    await this.#space.take(this.#folder, bytes);
    this.#bytes += bytes;
  }
}
