/**
 * Disk space for what is being uploaded: set aside before it is written, so
 * that uploads at the same time do not count on the same bytes, and given to
 * others where an upload that announced much sends little.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import { OndacastError } from "../../errors.ts";
import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";

/** What is set aside at once of an upload that did not say its length. */
const STEP_BYTES = 4 << 20;
/** An upload shows its pace for so long; then it keeps what it writes at that pace in so long. */
const HOLD = { shownMs: 5000, keptMs: 60_000 } as const;

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
  readonly #uploads = new Set<ReservedSpace>();
  readonly #clock: Pick<Clock, "now">;
  #last: Promise<unknown> = Promise.resolve();

  /** @param minFreeBytes What must stay free. */
  constructor(
    minFreeBytes: number,
    free: FreeBytes = freeBytes,
    clock: Pick<Clock, "now"> = systemClock,
  ) {
    this.#minFreeBytes = minFreeBytes;
    this.#free = free;
    this.#clock = clock;
  }

  /**
   * Begins to set space aside; to be released by its owner.
   *
   * @param bytes What is known to come.
   * @throws {OndacastError} `no-space`.
   */
  async reserve(folder: string, bytes: number): Promise<ReservedSpace> {
    const space = new ReservedSpace(this, folder, this.#clock.now());
    await space.take(bytes);
    this.#uploads.add(space);
    return space;
  }

  /** Sets more aside; one asks at a time, so that the first one gets it. */
  take(folder: string, bytes: number): Promise<void> {
    const taken = this.#last.then(async () => {
      // What is written while the disk counts is set aside still, or counted.
      const reserved = this.#reservedBytes;
      const needed = bytes + this.#minFreeBytes;
      let free = await this.#free(folder) - reserved;
      free += this.#takeBack(needed - free);
      if (free < needed) {
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

  /** An upload is over. */
  forget(upload: ReservedSpace): void {
    this.#uploads.delete(upload);
  }

  /** Takes bytes back from uploads that will not use them before long, where some are missing. */
  #takeBack(missing: number): number {
    const nowMs = this.#clock.now();
    let back = 0;
    for (const upload of this.#uploads) {
      if (back >= missing) break;
      back += upload.spare(nowMs);
    }
    return back;
  }
}

/** The space of one upload that is not written to yet. */
export class ReservedSpace {
  readonly #space: DiskSpace;
  readonly #folder: string;
  readonly #beganMs: number;
  #bytes = 0;
  /** What is being written. */
  #neededBytes = 0;
  #writtenBytes = 0;

  constructor(space: DiskSpace, folder: string, beganMs: number) {
    this.#space = space;
    this.#folder = folder;
    this.#beganMs = beganMs;
  }

  /**
   * Sees to it that so many bytes can be written, and some more where there
   * is room.
   *
   * @throws {OndacastError} `no-space`.
   */
  async need(bytes: number): Promise<void> {
    this.#neededBytes = bytes;
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
    this.#neededBytes = 0;
    this.#writtenBytes += bytes;
    this.#giveBack(Math.min(bytes, this.#bytes));
  }

  /** Gives back what it does not need at its pace; so many bytes. */
  spare(nowMs: number): number {
    const tookMs = nowMs - this.#beganMs;
    if (tookMs < HOLD.shownMs) return 0;
    const soon = Math.ceil(this.#writtenBytes * HOLD.keptMs / tookMs);
    const kept = Math.max(this.#neededBytes, soon);
    const spared = Math.max(0, this.#bytes - kept);
    this.#giveBack(spared);
    return spared;
  }

  /** Gives back what is left. Any number of calls. */
  release(): void {
    this.#giveBack(this.#bytes);
    this.#space.forget(this);
  }

  #giveBack(bytes: number): void {
    this.#bytes -= bytes;
    this.#space.giveBack(bytes);
  }

  /** Sets so much more aside. @throws {OndacastError} `no-space`. */
  async take(bytes: number): Promise<void> {
    await this.#space.take(this.#folder, bytes);
    this.#bytes += bytes;
  }
}
