/**
 * Plays the stored part of a partial song from the cache, then continues over the
 * network, as after a reconnect.
 *
 * @module
 */

import { bytesToSeconds, type SongFormat } from "../audio/format.ts";
import type { CacheWriter, SongCache } from "../ports/client.ts";
import { bufferBytes } from "./buffer_size.ts";
import { CacheTee } from "./cache_tee.ts";
import type { Link } from "./link.ts";
import type { NetworkSource } from "./network_source.ts";
import type { PcmFeed } from "./pcm_feed.ts";
import type { PcmSource, StateOf } from "./pcm_source.ts";
import { ReceivedSong } from "./received_song.ts";
import type { FoundSong } from "./through_cache.ts";

const READ_BYTES = 64 * 1024;

/** The stored part while it is read. */
interface StoredPart {
  feed: PcmFeed;
  writer: CacheWriter;
  received: ReceivedSong;
}

/** `before`: the stored part was not opened yet. */
type Phase =
  | { is: "before" }
  | { is: "stored"; part: StoredPart }
  | { is: "network" };

/** A partial song in the cache. */
export class HalfCachedSource implements PcmSource {
  readonly #link: Link;
  readonly #cache: SongCache;
  readonly #found: FoundSong;
  readonly #network: NetworkSource;
  #phase: Phase = { is: "before" };
  #soughtSeconds: number | null = null;

  /** @param network The same song, which continues after the stored part. */
  constructor(
    link: Link,
    cache: SongCache,
    found: FoundSong,
    network: NetworkSource,
  ) {
    this.#link = link;
    this.#cache = cache;
    this.#found = found;
    this.#network = network;
  }

  get name(): string {
    return this.#found.song.song;
  }

  get format(): SongFormat | null {
    return this.#phase.is === "stored"
      ? this.#found.song.format
      : this.#network.format;
  }

  get soughtSeconds(): number | null {
    return this.#phase.is === "network"
      ? this.#network.soughtSeconds
      : this.#soughtSeconds;
  }

  get reconnects(): number {
    return this.#network.reconnects;
  }

  /** @throws {OndacastError} `unreachable`; the server's refusal. */
  async start(feed: PcmFeed, fromSeconds?: number): Promise<void> {
    const session = await this.#link.session();
    const from = this.#soughtSeconds ?? fromSeconds;
    const part = from === undefined && !feed.over
      ? await this.#open(feed)
      : null;
    if (part === null) {
      this.#phase = { is: "network" };
      if (feed.over) return;
      return await this.#network.start(feed, this.#soughtSeconds ?? from);
    }
    await this.#play(part);
    if (feed.over) return await part.received.close();
    this.#phase = { is: "network" };
    await this.#network.resume(
      feed,
      session,
      part.received,
      (state) => this.#found.notice.report(state),
      this.#soughtSeconds,
    );
  }

  seek(seconds: number): boolean {
    const phase = this.#phase;
    if (phase.is === "network") return this.#network.seek(seconds);
    const { format } = this.#found.song;
    if (format.dataBytes === null) return false;
    const length = bytesToSeconds(format, format.dataBytes);
    this.#soughtSeconds = Math.min(Math.max(0, seconds), length);
    if (phase.is === "before") return true;
    const { feed, received } = phase.part;
    received.leave();
    received.used(feed.discard());
    return true;
  }

  used(bytes: number): void {
    if (this.#phase.is === "stored") this.#phase.part.received.used(bytes);
    else this.#network.used(bytes);
  }

  report(state: StateOf): void {
    if (this.#phase.is === "stored") this.#found.notice.report(state);
    else this.#network.report(state);
  }

  stop(why: "ended" | "superseded"): void {
    this.#network.stop(why);
  }

  finish(): Promise<void> {
    return this.#network.finish();
  }

  async close(): Promise<void> {
    if (this.#phase.is === "stored") await this.#phase.part.received.close();
    await this.#network.close();
  }

  /** Opens the stored part; null if it cannot be read. */
  async #open(feed: PcmFeed): Promise<StoredPart | null> {
    const { song, etag, bytes, format } = this.#found.song;
    const about = { song, etag, bytes, format };
    const writer = await this.#cache.store(this.#link.place, about);
    if (writer === null) return null;
    const received = new ReceivedSong();
    received.begin({ ...about, offset: 0 });
    received.storeIn((done) =>
      new CacheTee(Promise.resolve(writer), writer.storedBytes, done)
    );
    return { feed, writer, received };
  }

  /** Plays the stored part until all of it is buffered, or a seek leaves it. */
  async #play(part: StoredPart): Promise<void> {
    const over = new AbortController();
    const { song, notice } = this.#found;
    this.#phase = { is: "stored", part };
    notice.run(over.signal);
    const capacity = bufferBytes(song.format, song.song);
    part.feed.pump.begin(song.format, 0, Math.max(2 * READ_BYTES, capacity));
    part.feed.changed();
    await this.#read(part).finally(() => over.abort());
  }

  async #read({ feed, writer, received }: StoredPart): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    let at = 0;
    const goesOn = () => !feed.over && this.#soughtSeconds === null;
    while (at < writer.storedBytes) {
      await feed.roomFor(buffer.length);
      if (!goesOn()) return;
      const most = Math.min(writer.storedBytes - at, buffer.length);
      const read = await writer.read(buffer.subarray(0, most), at);
      if (read === 0 || !goesOn()) return;
      at += read;
      feed.pump.push(received.receiveStored(buffer.subarray(0, read)));
    }
  }
}
