/**
 * Reserves disk space for uploads before they are written, so that concurrent
 * uploads do not rely on the same bytes. An upload that is slower than announced
 * loses part of its reservation to others.
 *
 * @module
 */

import { statfs } from "node:fs/promises";
import { OndacastError } from "../../errors.ts";
import type { Clock } from "../../ports/common.ts";
import { systemClock } from "../clock/clock.ts";

/** The step of reservations for uploads of unknown length. */
const STEP_BYTES = 4 << 20;
/**
 * After `measuredMs`, an upload keeps only as much space reserved as it writes in
 * `keptMs` at its average rate.
 */
const HOLD = { measuredMs: 5000, keptMs: 60_000 } as const;

/** Queries the free bytes of the disk that a folder is on. */
export type FreeBytes = (folder: string) => Promise<number>;

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Reservations of all uploads; all count on every disk, if there are several. */
export class DiskSpace {
  readonly #minFreeBytes: number;
  readonly #free: FreeBytes;
  #reservedBytes = 0;
  readonly #uploads = new Set<ReservedSpace>();
  readonly #clock: Pick<Clock, "now">;
  #last: Promise<unknown> = Promise.resolve();

  /** @param minFreeBytes Bytes that must stay free. */
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
   * Reserves space for an upload, which must release it.
   *
   * @param bytes The announced length; 0 if unknown.
   * @throws {OndacastError} `no-space`.
   */
  async reserve(folder: string, bytes: number): Promise<ReservedSpace> {
    const space = new ReservedSpace(this, folder, this.#clock.now());
    await space.extend(bytes);
    this.#uploads.add(space);
    return space;
  }

  /** Reserves more bytes. Requests are serialized, so the first one wins. */
  claim(folder: string, bytes: number): Promise<void> {
    const claimed = this.#last.then(async () => {
      // Read before the query, so that bytes written during it are counted as
      // reserved, as used, or as both.
      const reserved = this.#reservedBytes;
      const needed = bytes + this.#minFreeBytes;
      let free = await this.#free(folder) - reserved;
      free += this.#reclaim(needed - free);
      if (free < needed) {
        throw new OndacastError(
          "no-space",
          `Cannot store ${bytes} bytes: ${
            Math.max(0, free)
          } are free, of which ${this.#minFreeBytes} must stay free (--min-free)`,
        );
      }
      this.#reservedBytes += bytes;
    });
    this.#last = claimed.catch(() => {});
    return claimed;
  }

  giveBack(bytes: number): void {
    this.#reservedBytes -= bytes;
  }

  /** Call this at the end of an upload. */
  forget(upload: ReservedSpace): void {
    this.#uploads.delete(upload);
  }

  /** Reclaims up to `missing` bytes or more from slow uploads. @returns Bytes. */
  #reclaim(missing: number): number {
    const nowMs = this.#clock.now();
    let back = 0;
    for (const upload of this.#uploads) {
      if (back >= missing) break;
      back += upload.spare(nowMs);
    }
    return back;
  }
}

/** The space reserved for the rest of one upload. */
export class ReservedSpace {
  readonly #space: DiskSpace;
  readonly #folder: string;
  readonly #beganMs: number;
  #bytes = 0;
  /** Bytes of the current write. */
  #neededBytes = 0;
  #writtenBytes = 0;

  constructor(space: DiskSpace, folder: string, beganMs: number) {
    this.#space = space;
    this.#folder = folder;
    this.#beganMs = beganMs;
  }

  /**
   * Ensures that `bytes` can be written, and reserves some more if possible.
   *
   * @throws {OndacastError} `no-space`.
   */
  async need(bytes: number): Promise<void> {
    this.#neededBytes = bytes;
    const missing = bytes - this.#bytes;
    if (missing <= 0) return;
    const step = Math.max(missing, STEP_BYTES);
    try {
      await this.extend(step);
    } catch (error) {
      if (step === missing) throw error;
      await this.extend(missing);
    }
  }

  /** Converts reserved bytes to written ones, which the disk counts as used. */
  wrote(bytes: number): void {
    this.#neededBytes = 0;
    this.#writtenBytes += bytes;
    this.#giveBack(Math.min(bytes, this.#bytes));
  }

  /** Gives back bytes that it does not need soon. @returns Their number. */
  spare(nowMs: number): number {
    const tookMs = nowMs - this.#beganMs;
    if (tookMs < HOLD.measuredMs) return 0;
    const soon = Math.ceil(this.#writtenBytes * HOLD.keptMs / tookMs);
    const kept = Math.max(this.#neededBytes, soon);
    const spared = Math.max(0, this.#bytes - kept);
    this.#giveBack(spared);
    return spared;
  }

  /** Gives back the rest. Idempotent. */
  release(): void {
    this.#giveBack(this.#bytes);
    this.#space.forget(this);
  }

  #giveBack(bytes: number): void {
    this.#bytes -= bytes;
    this.#space.giveBack(bytes);
  }

  /** Reserves more bytes. @throws {OndacastError} `no-space`. */
  async extend(bytes: number): Promise<void> {
    await this.#space.claim(this.#folder, bytes);
    this.#bytes += bytes;
  }
}
