/**
 * Waveforms of songs: computed on first request, one song at a time beside the
 * streams, and kept per content.
 *
 * @module
 */

import {
  addToWaveform,
  MOST_PIECE_BYTES,
  WAVEFORM_POINTS,
  waveformPieces,
} from "../audio/waveform.ts";
import { OndacastError } from "../errors.ts";
import { AddressQueue } from "../model/address_queue.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { SongStore } from "../ports/server.ts";
import type { WaveformTable } from "./waveform_table.ts";

/** Most waveforms that may wait to be computed, in all and for one address. */
const MOST_WAITING = 64;
const MOST_OF_ADDRESS = 16;

/** Computes waveforms and keeps them. */
export class Waveforms {
  readonly #songs: SongStore;
  readonly #kept: WaveformTable;
  readonly #making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  readonly #waiting = new AddressQueue<() => Promise<void>>(
    MOST_WAITING,
    MOST_OF_ADDRESS,
  );
  #isWorking = false;

  constructor(songs: SongStore, kept: WaveformTable) {
    this.#songs = songs;
    this.#kept = kept;
  }

  /**
   * A song's waveform: {@linkcode WAVEFORM_POINTS} bytes, 255 for full scale; of a
   * live song, that of its last 30 s.
   *
   * @param etag The content that the song must have, unless it is live.
   * @param ip The address of the client.
   * @throws {OndacastError} `not-found`; `changed`; `busy` if too many wait.
   */
  async of(
    name: string,
    etag: string,
    ip: string,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#songs.find(name, etag);
    if (entry === undefined || entry.format === null) {
      throw new OndacastError(
        "not-found",
        `Cannot draw ${
          JSON.stringify(name)
        }: it does not exist or cannot be played`,
      );
    }
    if (entry.bytes === null) return await this.#live(entry);
    const key = `${etag} ${entry.name}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    return await (this.#making.get(key) ?? this.#begin(key, entry, etag, ip));
  }

  /** That of what has just come, which is not kept. */
  async #live(entry: SongEntry): Promise<Uint8Array<ArrayBuffer>> {
    const song = await this.#songs.open(entry);
    song.close();
    return song.live!.peaks;
  }

  #begin(
    key: string,
    entry: SongEntry,
    etag: string,
    ip: string,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { promise, resolve } = Promise.withResolvers<
      Uint8Array<ArrayBuffer>
    >();
    const made = this.#waiting.add(ip, async () => {
      const making = this.#make(entry, etag);
      resolve(making);
      const peaks = await making.catch(() => null); // The caller gets the error.
      if (peaks) this.#kept.put(key, peaks);
      this.#making.delete(key);
    });
    if (!made) {
      throw new OndacastError(
        "busy",
        `Cannot draw ${entry.name} now: too many songs wait for it`,
      );
    }
    this.#making.set(key, promise);
    this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let next; (next = this.#waiting.next());) await next();
    this.#isWorking = false;
  }

  async #make(
    entry: SongEntry,
    etag: string,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const song = await this.#songs.open(entry, { isIdle: true });
    try {
      const { entry: { name, format, etag: now } } = song;
      if (now !== etag || format === null) {
        throw new OndacastError(
          "changed",
          `Cannot draw ${name}: its content has changed`,
        );
      }
      const peaks = new Uint8Array(WAVEFORM_POINTS);
      const buffer = new Uint8Array(MOST_PIECE_BYTES);
      for (const { peak, offsetBytes, bytes } of waveformPieces(format)) {
        const piece = buffer.subarray(0, bytes);
        await song.read(piece, offsetBytes);
        addToWaveform(peaks, format, peak, piece);
      }
      return peaks;
    } finally {
      song.close();
    }
  }
}
