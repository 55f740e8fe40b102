/**
 * An open song that other servers have: each part is read from one of them, and from
 * another one with the same content if that is gone.
 *
 * @module
 */

import { AbandonedError, OndacastError, toOndacastError } from "../errors.ts";
import { InvalidationSignal } from "../model/invalidation.ts";
import type { OpenSong } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";

/** A place from which a song can be read. */
export interface Holder {
  /**
   * @param isOnly Whether no other one is left, so that it is waited for.
   * @throws {OndacastError} `changed`, `not-found`; `lost`.
   */
  read(into: Uint8Array, offsetBytes: number, isOnly: boolean): Promise<void>;
}

export class RemoteSong implements OpenSong {
  readonly entry: SongEntry;
  readonly gone = new InvalidationSignal();
  /** Read ahead: each read waits for the network. */
  readonly isSlow = true;
  readonly #holders: () => Iterable<Holder>;
  #isAbandoned = false;

  /** @param holders Those that have it now, the best one first. */
  constructor(entry: SongEntry, holders: () => Iterable<Holder>) {
    this.entry = entry;
    this.#holders = holders;
  }

  partEnd(offsetBytes: number): number {
    return offsetBytes;
  }

  async read(into: Uint8Array, offsetBytes: number): Promise<void> {
    let failure: OndacastError | null = null;
    const holders = [...this.#holders()];
    for (const [i, holder] of holders.entries()) {
      if (this.#isAbandoned) throw new AbandonedError();
      const isOnly = i === holders.length - 1;
      try {
        return await holder.read(into, offsetBytes, isOnly);
      } catch (thrown) {
        failure = toOndacastError(thrown, "lost");
      }
    }
    const error = failure?.code === "changed" ? failure : new OndacastError(
      "lost",
      `Cannot read ${this.entry.name}: no server that has it can be reached`,
      { cause: failure },
    );
    throw error;
  }

  hurry(): void {}

  abandon(): void {
    this.#isAbandoned = true;
  }

  close(): void {
    this.#isAbandoned = true;
  }
}
