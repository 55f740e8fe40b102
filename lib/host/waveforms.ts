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
import type { SongEntry } from "../ports/song_entry.ts";
import type { SongStore } from "../ports/server.ts";
import type { WaveformTable } from "./waveform_table.ts";

/** Most waveforms that may wait to be computed. */
const MOST_WAITING = 64;

/** Computes waveforms and keeps them. */
export class Waveforms {
  readonly #songs: SongStore;
  readonly #kept: WaveformTable;
  readonly #making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(songs: SongStore, kept: WaveformTable) {
    this.#songs = songs;
    this.#kept = kept;
  }

  /**
   * A song's waveform: {@linkcode WAVEFORM_POINTS} bytes, 255 for full scale.
   *
   * @param etag The content that the song must have.
   * @throws {OndacastError} `not-found`; `changed`; `busy` beyond 64 that wait.
   */
  async of(name: string, etag: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#songs.find(name);
    if (entry === undefined || entry.format === null) {
      throw new OndacastError(
        "not-found",
        `Cannot draw ${
          JSON.stringify(name)
        }: it does not exist or cannot be played`,
      );
    }
    const key = `${etag} ${entry.name}`;
    const kept = this.#kept.get(key);
    if (kept) return kept;
    let making = this.#making.get(key);
    if (!making) {
      if (this.#making.size >= MOST_WAITING) {
        throw new OndacastError(
          "busy",
          `Cannot draw ${entry.name} now: ${MOST_WAITING} songs wait for it`,
        );
      }
      making = this.#last.then(() =>
        this.#kept.get(key) ?? this.#make(entry, etag)
      ).finally(() => this.#making.delete(key));
      this.#making.set(key, making);
      this.#last = making.then(
        (peaks) => this.#kept.put(key, peaks),
        () => {}, // The caller gets the error.
      );
    }
    return await making;
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
