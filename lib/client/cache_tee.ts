/**
 * Stores a song in the cache while it is played: copies each piece of its
 * file, in order, and writes it behind the playback. A byte may be granted
 * again when it is both played and stored.
 *
 * @module
 */

import type { CacheWriter } from "../ports/client.ts";
import { JointProgress } from "./joint_progress.ts";

/** One song on its way into the cache. */
export class CacheTee {
  readonly #done: (bytes: number) => void;
  readonly #progress = new JointProgress();
  #writer: CacheWriter | null = null;
  #last: Promise<void>;
  #stopped = false;

  /**
   * @param opening The cache's writer; null: it cannot be stored.
   * @param fromBytes Where in the file the first piece begins. What lies
   * before counts as stored.
   * @param done Called with the bytes that have become both played and stored.
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

  /** Bytes were played. */
  played(bytes: number): void {
    this.#done(this.#progress.played(bytes));
  }

  /** Stores the next piece of the file; it is copied. */
  store(piece: Uint8Array): void {
    if (this.#stopped) return;
    const copy = piece.slice();
    this.#last = this.#last.then(() => this.#write(copy));
  }

  /**
   * Puts the song into the cache once all of it has come.
   *
   * @throws {OndacastError} `bad-hash`, `no-space`, `output-failed`.
   */
  async publish(sha256: string | undefined): Promise<void> {
    await this.#last;
    if (this.#stopped || this.#writer === null) return;
    try {
      await this.#writer.publish(sha256);
    } finally {
      await this.#stop();
    }
  }

  /** Waits for nothing more to be stored: playing alone counts from now on. */
  release(): void {
    this.#done(this.#progress.storeNoMore());
  }

  /** Stores no more, and keeps what there is for another time. */
  async stop(): Promise<void> {
    this.release();
    this.#last = this.#last.then(() => this.#stop());
    await this.#last;
  }

  async #write(piece: Uint8Array): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.#writer!.write(piece);
      this.#done(this.#progress.stored(piece.length));
    } catch {
      // A full disk is no reason not to hear the song.
      await this.#stop();
    }
  }

  async #stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.release();
    await this.#writer?.close();
  }
}
