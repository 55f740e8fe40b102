/**
 * The pictures of the songs: made when somebody first wants one, one song at
 * a time beside the streams, and kept for each content.
 *
 * @module
 */

import {
  MOST_PIECE_BYTES,
  notePeak,
  peakPieces,
  PEAKS,
} from "../audio/peaks.ts";
import { OndacastError } from "../errors.ts";
import type { SongEntry, SongStore } from "../ports.ts";
import type { PeaksFile } from "./peaks_file.ts";

/** Pictures that are kept; those unused for longest go. 2 MB in all. */
const MOST_KEPT = 4096;
/** Pictures that may wait to be made. */
const MOST_WAITING = 64;

/** Makes and keeps the pictures. */
export class SongPeaks {
  readonly #songs: SongStore;
  readonly #file: PeaksFile | null;
  /** The least recently used first. */
  readonly #kept = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #making = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  #last: Promise<unknown>;

  /** @param file Where they outlive the program; null: nowhere. */
  constructor(songs: SongStore, file: PeaksFile | null = null) {
    this.#songs = songs;
    this.#file = file;
    this.#last = file === null ? Promise.resolve() : this.#load(file);
  }

  /**
   * A song's picture, {@linkcode PEAKS} bytes.
   *
   * @param etag What the song must be.
   * @throws {OndacastError} `not-found`; `changed`; `busy`, if too many wait.
   */
  async of(name: string, etag: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#songs.find(name);
    if (entry === undefined || entry.format === null) {
      throw new OndacastError(
        "not-found",
        `Cannot draw ${JSON.stringify(name)}: there is no such song`,
      );
    }
    const key = `${etag} ${entry.name}`;
    const kept = this.#kept.get(key);
    if (kept) {
      this.#keep(key, kept);
      return kept;
    }
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
        (peaks) => {
          this.#keep(key, peaks);
          this.#file?.save(this.#kept);
        },
        () => {}, // Whoever asked is told.
      );
    }
    return await making;
  }

  async #load(file: PeaksFile): Promise<void> {
    for (const [key, peaks] of await file.load()) this.#keep(key, peaks);
  }

  #keep(key: string, peaks: Uint8Array<ArrayBuffer>): void {
    this.#kept.delete(key);
    this.#kept.set(key, peaks);
    if (this.#kept.size <= MOST_KEPT) return;
    const [oldest] = this.#kept.keys();
    this.#kept.delete(oldest);
  }

  async #make(
    entry: SongEntry,
    etag: string,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const song = await this.#songs.open(entry);
    try {
      const { entry: { name, format, etag: now } } = song;
      if (now !== etag || format === null) {
        throw new OndacastError(
          "changed",
          `Cannot draw ${name}: its content has changed`,
        );
      }
      const peaks = new Uint8Array(PEAKS);
      const buffer = new Uint8Array(MOST_PIECE_BYTES);
      for (const { peak, offsetBytes, bytes } of peakPieces(format)) {
        const piece = buffer.subarray(0, bytes);
        await song.read(piece, offsetBytes);
        notePeak(peaks, format, peak, piece);
      }
      return peaks;
    } finally {
      song.close();
    }
  }
}
