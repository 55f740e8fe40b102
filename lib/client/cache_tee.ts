/**
 * Stores a song in the cache while it plays. Each piece of its file is copied, and
 * written without delaying the playback. A byte is granted again once it is both
 * played and stored.
 *
 * @module
 */

import type { CacheWriter } from "../ports/client.ts";
import { JointProgress } from "./joint_progress.ts";

/** Copies one song to the cache. */
export class CacheTee {
  readonly #done: (bytes: number) => void;
  readonly #progress = new JointProgress();
  #writer: CacheWriter | null = null;
  #last: Promise<void>;
  /** `stopping`: accepts no more, but has not written all that it had. */
  #phase: "open" | "stopping" | "stopped" = "open";

  /**
   * @param opening The cache's writer; null if the song cannot be stored.
   * @param fromBytes The offset of the first piece in the file. The bytes before
   * count as stored.
   * @param done Called with the number of bytes that are now both played and stored.
   */
  constructor(
    opening: Promise<CacheWriter | null>,
    fromBytes: number,
    done: (bytes: number) => void,
  ) {
    this.#done = done;
    this.#progress.stored(fromBytes);
    this.#last = opening.then(async (writer) => {
      this.#writer = writer;
      if (writer?.storedBytes !== fromBytes) await this.#stop();
    }).catch(() => this.#stop());
  }

  played(bytes: number): void {
    this.#done(this.#progress.played(bytes));
  }

  /** Stores a copy of the next piece of the file. */
  store(piece: Uint8Array): void {
    if (this.#phase !== "open") return;
    const copy = piece.slice();
    this.#last = this.#last.then(() => this.#write(copy));
  }

  /**
   * Makes the complete download a song of the cache.
   *
   * @throws {OndacastError} `bad-hash`, `no-space`, `output-failed`.
   */
  async publish(sha256: string | undefined): Promise<void> {
    await this.#last;
    if (this.#isStopped || this.#writer === null) return;
    try {
      await this.#writer.publish(sha256);
    } finally {
      await this.#stop();
    }
  }

  /** Stops the download, which can be resumed. */
  stop(): Promise<void> {
    return this.#stopBehind();
  }

  /** Stops the download, and deletes what it has stored. */
  discard(): Promise<void> {
    return this.#stopBehind((writer) => writer.discard());
  }

  async #write(piece: Uint8Array): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.#writer!.write(piece);
      this.#done(this.#progress.stored(piece.length));
    } catch {
      // The song can be played even if the disk is full.
      await this.#stop();
    }
  }

  get #isStopped(): boolean {
    return this.#phase === "stopped";
  }

  /** Bytes need only be played to be granted again: more would pile up here. */
  #release(): void {
    this.#done(this.#progress.storeNoMore());
  }

  /** Stops once all pieces so far are written. */
  async #stopBehind(end?: (writer: CacheWriter) => Promise<void>) {
    if (this.#phase === "open") this.#phase = "stopping";
    this.#release();
    this.#last = this.#last.then(() => this.#stop(end));
    await this.#last;
  }

  async #stop(
    end = (writer: CacheWriter) => writer.close(),
  ): Promise<void> {
    if (this.#isStopped) return;
    this.#phase = "stopped";
    this.#release();
    if (this.#writer) await end(this.#writer);
  }
}
