/**
 * Hashes a decoded song while it is read: the WAV that is sent, and its PCM where
 * the file contains the MD5 of that.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { flacMd5Bytes } from "../../audio/flac_md5.ts";
import { turns } from "../clock/shared_turns.ts";
import type { SongDecoding } from "../codecs/decoder_jobs.ts";

/** Bytes hashed in one step, which takes about a millisecond: whole samples of any size. */
const HASH_BYTES = 3 << 18;
const HASH_STEPS = 64;

/** The hashes of a song, from its segments in order. */
export class SegmentHash {
  readonly #sha256: Hash;
  readonly #decoding: SongDecoding;
  /** Of the PCM only, as FLAC defines it; null: it is not compared. */
  readonly #md5: Hash | null;
  #last: Promise<void> = Promise.resolve();
  /** Resolves when all segments but the last one added have been hashed. */
  previous: Promise<void> = this.#last;
  #isGivenUp = false;
  /** The number of the next segment; NaN: none is needed. */
  next = 0;

  constructor(header: Uint8Array, decoding: SongDecoding) {
    this.#sha256 = createHash("sha256").update(header);
    this.#decoding = decoding;
    this.#md5 = decoding.md5 === undefined ? null : createHash("md5");
  }

  add(pcm: Uint8Array): void {
    this.next++;
    this.previous = this.#last;
    this.#last = this.#last.then(() => this.#update(pcm));
  }

  /** @returns Null if it was cancelled. */
  async end(): Promise<{ sha256: string; md5?: string } | null> {
    this.next = NaN;
    await this.#last;
    if (this.#isGivenUp) return null;
    const md5 = this.#md5?.digest("hex");
    return { sha256: this.#sha256.digest("hex"), md5 };
  }

  giveUp(): void {
    this.next = NaN;
    this.#isGivenUp = true;
  }

  async #update(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += HASH_BYTES) {
      const piece = bytes.subarray(at, at + HASH_BYTES);
      this.#sha256.update(piece);
      this.#md5?.update(flacMd5Bytes(piece, this.#decoding));
      const pause = turns.next(HASH_STEPS);
      if (pause) await pause;
    }
  }
}
