/**
 * Plays a song that is whole in the cache: no byte of it comes over the
 * network.
 *
 * @module
 */

import {
  bytesToSeconds,
  secondsToBytes,
  type SongFormat,
} from "../audio/format.ts";
import type { CachedBytes, CachedSong, SongCache } from "../ports/client.ts";
import type { Clock } from "../ports/common.ts";
import { Notify } from "./notify.ts";
import type { CacheNotice } from "./cache_notice.ts";
import { bufferBytes } from "./buffer_size.ts";
import type { Output } from "./output.ts";
import { Playback, type PlaybackSummary } from "./playback.ts";

const READ_BYTES = 64 * 1024;
/** What the buffer holds at the least, in bytes. */
const MIN_BUFFER_BYTES = 4 * READ_BYTES;

/** One song from the cache. */
export class CachedPlayback extends Playback {
  readonly #cache: SongCache;
  readonly #song: CachedSong;
  readonly #sought = new Notify();
  readonly #capacityBytes: number;
  readonly #notice: CacheNotice | null;
  /** The byte of the PCM that is read next. */
  #position = 0;

  constructor(
    options: {
      cache: SongCache;
      song: CachedSong;
      output: Output;
      clock: Clock;
      signal: AbortSignal;
      /** Tells the server of it; left out: nothing does. */
      notice?: CacheNotice;
    },
  ) {
    const { format, song } = options.song;
    // Less than what is gathered at a start would be waited for in vain.
    const capacityBytes = Math.max(MIN_BUFFER_BYTES, bufferBytes(format, song));
    super({ ...options, capacityBytes });
    this.#notice = options.notice ?? null;
    this.#capacityBytes = capacityBytes;
    this.#cache = options.cache;
    this.#song = options.song;
  }

  /**
   * Plays to the end, or until skipped.
   *
   * @throws {OndacastError} `changed`, `interrupted`, the player's.
   */
  async run(fromSeconds = 0): Promise<PlaybackSummary> {
    const file = await this.#cache.openWhole(this.#song);
    try {
      this.#begin(fromSeconds);
      this.changed();
      this.#notice?.run(this.left);
      const fed = this.#feed(file);
      fed.catch((error) => this.fail(error));
      await this.playWhile(Promise.resolve());
      return this.summary(this.#song.song, 0);
    } finally {
      this.stop();
      this.changed();
      this.#sought.notify();
      file.close();
    }
  }

  seek(seconds: number): boolean {
    this.clear();
    this.pump.drop();
    this.#begin(seconds);
    this.#sought.notify();
    this.changed();
    return true;
  }

  protected override changed(): void {
    this.#notice?.tell((stream) => this.stateOf(stream));
  }

  protected get playing(): { name: string; format: SongFormat } {
    return { name: this.#song.song, format: this.#song.format };
  }

  get #dataBytes(): number {
    return this.#song.format.dataBytes ?? 0;
  }

  #begin(seconds: number): void {
    const { format } = this.#song;
    const length = bytesToSeconds(format, this.#dataBytes);
    const from = Math.min(Math.max(0, seconds), length);
    this.#position = secondsToBytes(format, from);
    this.pump.begin(format, this.#position, this.#capacityBytes);
  }

  async #feed(file: CachedBytes): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    while (!this.pump.over) {
      await this.roomFor(buffer.length);
      const from = this.#position;
      const most = Math.min(buffer.length, this.#dataBytes - from);
      const read = most === 0 ? 0 : await file.read(
        buffer.subarray(0, most),
        this.#song.format.dataOffset + from,
      );
      if (this.pump.over) return;
      if (this.#position !== from) continue; // somebody has sought meanwhile
      if (read === 0) {
        this.pump.complete();
        await this.#sought.notified();
      } else {
        this.#position += read;
        this.pump.push(buffer.subarray(0, read));
      }
    }
  }
}
