/**
 * Plays a complete song from the cache, without the network.
 *
 * @module
 */

import {
  bytesToSeconds,
  secondsToBytes,
  type SongFormat,
} from "../audio/format.ts";
import type { CachedBytes, CachedSong, SongCache } from "../ports/client.ts";
import { bufferBytes } from "./buffer_size.ts";
import type { CacheNotice } from "./cache_notice.ts";
import { Notify } from "./notify.ts";
import type { PcmFeed } from "./pcm_feed.ts";
import type { PcmSource, StateOf } from "./pcm_source.ts";

const READ_BYTES = 64 * 1024;
/** Capacity of the smallest buffer. */
const MIN_BUFFER_BYTES = 4 * READ_BYTES;

/** A complete song in the cache. */
export class CachedSource implements PcmSource {
  readonly #cache: SongCache;
  readonly #song: CachedSong;
  readonly #notice: CacheNotice | null;
  readonly #sought = new Notify();
  readonly #capacityBytes: number;
  #feed: PcmFeed | null = null;
  #file: { close(): void } | null = null;
  /** The next byte of PCM to read; null before the start. */
  #position: number | null = null;

  /** @param notice Sends the song's state to the server, if it should know. */
  constructor(cache: SongCache, song: CachedSong, notice?: CacheNotice) {
    this.#cache = cache;
    this.#song = song;
    this.#notice = notice ?? null;
    // A smaller buffer would never hold what is gathered before a start.
    const bytes = bufferBytes(song.format, song.song);
    this.#capacityBytes = Math.max(MIN_BUFFER_BYTES, bytes);
  }

  get name(): string {
    return this.#song.song;
  }

  get format(): SongFormat {
    return this.#song.format;
  }

  /** @throws {OndacastError} `changed`. */
  async start(feed: PcmFeed, fromSeconds = 0): Promise<void> {
    this.#feed = feed;
    const file = await this.#cache.openWhole(this.#song);
    if (feed.over) return file.close();
    this.#file = file;
    if (this.#position === null) this.#begin(feed, fromSeconds);
    feed.changed();
    this.#notice?.run(feed.closed);
    this.#read(feed, file).catch((error) => feed.fail(error));
  }

  seek(seconds: number): boolean {
    const feed = this.#feed;
    if (feed === null) return true;
    feed.discard();
    this.#begin(feed, seconds);
    this.#sought.notify();
    feed.changed();
    return true;
  }

  report(state: StateOf): void {
    this.#notice?.report(state);
  }

  close(): Promise<void> {
    this.#sought.notify();
    this.#file?.close();
    return Promise.resolve();
  }

  #begin(feed: PcmFeed, seconds: number): void {
    const { format } = this.#song;
    const length = bytesToSeconds(format, format.dataBytes ?? 0);
    const from = Math.min(Math.max(0, seconds), length);
    this.#position = secondsToBytes(format, from);
    feed.pump.begin(format, this.#position, this.#capacityBytes);
  }

  async #read(feed: PcmFeed, file: CachedBytes): Promise<void> {
    const { dataOffset, dataBytes } = this.#song.format;
    const buffer = new Uint8Array(READ_BYTES);
    while (!feed.over) {
      await feed.roomFor(buffer.length);
      const from = this.#position!;
      const most = Math.min(buffer.length, (dataBytes ?? 0) - from);
      const read = most === 0
        ? 0
        : await file.read(buffer.subarray(0, most), dataOffset + from);
      if (feed.over) return;
      if (this.#position !== from) continue; // A seek happened meanwhile.
      if (read === 0) {
        feed.pump.complete();
        await this.#sought.notified();
      } else {
        this.#position += read;
        feed.pump.push(buffer.subarray(0, read));
      }
    }
  }
}
