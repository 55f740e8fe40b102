/**
 * The received part of one song, over all streams: extracts the PCM, stores the
 * file, and grants bytes again. It is "source (→ cache tee) → pcm" on the walk
 * of one byte.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { ToClient } from "../wire/messages.ts";
import type { CacheTee } from "./cache_tee.ts";
import { CreditQueue } from "./credit_queue.ts";
import type { IncomingStream } from "./incoming_stream.ts";
import { PcmExtractor } from "./pcm_extractor.ts";

/** A song, and the part of its file that a stream brings. */
export type SongPart = Pick<
  ToClient<"start">,
  "song" | "etag" | "offset" | "bytes" | "format"
>;

/**
 * Opens where the file is stored.
 *
 * @param done Called with the number of bytes that are both played and stored.
 */
export type OpenTee = (done: (bytes: number) => void) => CacheTee;

/** One song, from its first stream to its last. */
export class ReceivedSong {
  readonly #credit = new CreditQueue();
  #part: SongPart | null = null;
  #extractor: PcmExtractor | null = null;
  #tee: CacheTee | null = null;
  /** Set once all has come up to the song's end. */
  #whole: { sha256?: string } | null = null;

  /** The latest part; null: none has begun. */
  get part(): SongPart | null {
    return this.#part;
  }

  /** Whether all has come up to the song's end. */
  get isWhole(): boolean {
    return this.#whole !== null;
  }

  /** The next byte of the file; null: none that can be played. */
  get nextByte(): number | null {
    return this.#extractor?.offset ?? null;
  }

  /** Whether a part continues exactly where the previous one was cut off. */
  fits(part: SongPart): boolean {
    return part.etag === this.#part?.etag && part.offset === this.nextByte;
  }

  /** A part begins. @param isPlayable If not, its data has no PCM. */
  begin(part: SongPart, isPlayable = true): void {
    this.#part = part;
    this.#extractor = isPlayable
      ? new PcmExtractor(part.format, part.offset)
      : null;
  }

  /** Stores the file behind the playback. */
  storeIn(open: OpenTee): void {
    this.#tee = open((bytes) => this.#credit.used(bytes));
  }

  /** The PCM in the next bytes of a stream, as a view. */
  receive(stream: IncomingStream, piece: Uint8Array): Uint8Array {
    this.#credit.received(stream, piece.length);
    if (this.#extractor === null) return piece.subarray(0, 0);
    this.#tee?.store(piece);
    return this.#extract(this.#extractor, piece);
  }

  /** The PCM in the next bytes of what is stored, as a view. */
  receiveStored(piece: Uint8Array): Uint8Array {
    this.#credit.received(null, piece.length);
    return this.#extract(this.#extractor!, piece);
  }

  /**
   * A part is complete.
   *
   * @throws {OndacastError} `lost`, if that is before its end.
   */
  complete(sha256: string | undefined): void {
    const { song, offset, bytes } = this.#part!;
    if (bytes !== null && this.nextByte !== offset + bytes) {
      throw new OndacastError(
        "lost",
        `Lost a part of ${song}: expected ${bytes} bytes`,
      );
    }
    this.#whole = { sha256 };
  }

  /** Bytes of its PCM have left the buffer. */
  used(bytes: number): void {
    if (this.#tee) this.#tee.played(bytes);
    else this.#credit.used(bytes);
  }

  /** See {@linkcode CreditQueue.foreignBytes}. */
  foreignBytes(session: IncomingStream["session"]): number {
    return this.#credit.foreignBytes(session);
  }

  /** A seek has left this place of the song: storing ends. */
  leave(): void {
    this.#whole = null;
    this.#tee?.stop().catch(() => {});
  }

  /** The song has another content now: what was stored is deleted. */
  drop(): void {
    this.#whole = null;
    this.#tee?.discard().catch(() => {});
  }

  /**
   * Puts a complete song into the cache.
   *
   * @throws {OndacastError} `bad-hash`, `no-space`, `output-failed`.
   */
  async publish(): Promise<void> {
    if (this.#whole) await this.#tee?.publish(this.#whole.sha256);
  }

  /** Ends the storing. */
  async close(): Promise<void> {
    await this.#tee?.stop();
  }

  #extract(extractor: PcmExtractor, piece: Uint8Array): Uint8Array {
    const pcm = extractor.extract(piece);
    if (pcm.length < piece.length) this.used(piece.length - pcm.length);
    return pcm;
  }
}
