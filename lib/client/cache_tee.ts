/**
 * Stores a song in the cache while it is played: takes a copy of each piece
 * of its file, in order, and writes them behind the playing.
 *
 * @module
 */

import type { CacheWriter } from "../ports/client.ts";

/** One song on its way into the cache. */
export class CacheTee {
  readonly #onStored: (bytes: number) => void;
  readonly #onStopped: () => void;
  #writer: CacheWriter | null = null;
  #last: Promise<void>;
  #stopped = false;

  /**
   * @param opening The cache's writer; null: it cannot be stored.
   * @param fromBytes Where in the file the first piece begins.
   * @param events Told of what is stored, and when nothing more will be.
   */
  constructor(
    opening: Promise<CacheWriter | null>,
    fromBytes: number,
    events: { stored(bytes: number): void; stopped(): void },
  ) {
    this.#onStored = events.stored;
    this.#onStopped = events.stopped;
    this.#last = opening.then(async (writer) => {
      this.#writer = writer;
      if (writer?.storedBytes !== fromBytes) await this.#stop();
    }).catch(() => this.#stop());
  }

  /** Takes the next piece of the file; it is copied. */
  take(piece: Uint8Array): void {
    if (this.#stopped) return;
    const copy = piece.slice();
    this.#last = this.#last.then(() => this.#write(copy));
  }

  /**
   * All has come: puts the song into the cache.
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

  /** Stores no more; what there is, is kept for another time. */
  async stop(): Promise<void> {
    this.#last = this.#last.then(() => this.#stop());
    await this.#last;
  }

  async #write(piece: Uint8Array): Promise<void> {
    if (this.#stopped) return;
    try {
      await this.#writer!.write(piece);
      this.#onStored(piece.length);
    } catch {
      // A full disk is no reason not to hear the song.
      await this.#stop();
    }
  }

  async #stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#onStopped();
    await this.#writer?.close();
  }
}
