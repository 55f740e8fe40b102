/**
 * Reads the header of a WAV file, given in any split, into the format of its
 * PCM and where that lies. It is the first step for a file, and for PCM again
 * where it comes out of frames, on the walk "file -> blocks -> frames -> TCP
 * -> frames -> PCM -> player".
 *
 * @module
 */

import { type SongFormat, wholeSampleFrames } from "./format.ts";
import { EXTENSIBLE_BYTES, notWav } from "./wav_fmt.ts";
import {
  MOST_CHUNKS,
  MOST_HEADER_BYTES,
  type Place,
  readHeader,
  type Want,
  type WavHeader,
} from "./wav_steps.ts";

export { MOST_CHUNKS, MOST_HEADER_BYTES, type WavHeader };

/**
 * Raised whenever a file may be read otherwise than before, as what was read
 * is kept.
 */
export const HEADER_REVISION = 2;

/**
 * An incremental reader of WAV headers: RIFF ("Multimedia Programming
 * Interface and Data Specifications 1.0", IBM and Microsoft, 1991, chapters 2
 * and 3), `WAVEFORMATEXTENSIBLE` (Microsoft, mmreg.h), and with 64-bit sizes
 * RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088). Numbers are little-endian.
 * It holds 40 bytes and takes {@linkcode MOST_CHUNKS} chunks of
 * {@linkcode MOST_HEADER_BYTES} in all, whatever a file claims.
 *
 * Real files deviate. So the size of the file and the bytes a second are not
 * believed, a forgotten pad byte is noticed, and of several `fmt ` chunks the
 * first counts, as in FFmpeg, so that ffplay and Ondacast hear the same. An ID3
 * tag in front is passed over.
 *
 * @example A byte at a time
 * ```ts
 * import { WavHeaderReader } from "./wav.ts";
 * import { wavHeader } from "./wav_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const reader = new WavHeaderReader();
 * const found = Array.from(wavHeader(cd, 400), (byte) => reader.push(Uint8Array.of(byte)));
 * assert.equal(found[42], null);
 * assert.deepEqual(found[43], { format: cd, dataOffset: 44, dataBytes: 400 });
 * ```
 */
export class WavHeaderReader {
  readonly #place: Place = { position: 0, within: null };
  readonly #steps: ReturnType<typeof readHeader>;
  readonly #seen = new Uint8Array(EXTENSIBLE_BYTES);
  #want: Want;
  /** Bytes of what is wanted that came. */
  #came = 0;
  #header: WavHeader | null = null;
  #failure: unknown;

  /**
   * @param fileBytes The size of a file of which any part can be read again.
   * By it sizes are known that wrapped, and its PCM may come before its
   * format; of a stream the size is not known.
   */
  constructor(fileBytes?: number) {
    this.#steps = readHeader(this.#place, fileBytes);
    this.#want = this.#steps.next().value as Want;
  }

  /** Bytes of the file taken or skipped so far, at most to its PCM. */
  get position(): number {
    return this.#place.position;
  }

  /**
   * How many of the file's next bytes it need not see, so that a file can be
   * read on behind them. A file may claim more than it has.
   */
  get skippable(): number {
    return this.#want.skip ? this.#want.bytes - this.#came : 0;
  }

  /**
   * Takes the file's next bytes. Null: more are needed. With the header the
   * bytes from `dataOffset` on are left alone; any further push gives the same
   * header, or throws the same error, again. They lie before
   * {@linkcode position} where the PCM comes before its format.
   *
   * @throws {NotWavError} if the file is ill-formed.
   * @throws {UnsupportedWavError} if it is of a kind that is not played.
   */
  push(bytes: Uint8Array): WavHeader | null {
    if (this.#failure) throw this.#failure;
    let rest = bytes;
    while (!this.#header && rest.length > 0) {
      const piece = rest.subarray(0, this.#want.bytes - this.#came);
      if (!this.#want.skip) this.#seen.set(piece, this.#came);
      this.#pass(piece.length);
      rest = rest.subarray(piece.length);
    }
    return this.#header;
  }

  /**
   * Says that the caller passed over so many bytes.
   *
   * @throws {RangeError} if that is not 0 to {@linkcode skippable}.
   */
  skip(bytes: number): void {
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > this.skippable) {
      const expected = `0 to ${this.skippable}`;
      throw new RangeError(`Cannot skip bytes: ${bytes}, expected ${expected}`);
    }
    this.#pass(bytes);
  }

  /**
   * Says that the file ended before its PCM.
   *
   * @throws {NotWavError} always, with what was missing.
   */
  end(): never {
    if (this.#failure) throw this.#failure;
    const { position, within } = this.#place;
    const where = within === null ? "" : ` in ${within}`;
    const found = position === 0 ? "empty file" : `end of file${where}`;
    throw notWav(found, '"fmt " and "data"', position);
  }

  #pass(bytes: number): void {
    this.#came += bytes;
    this.#place.position += bytes;
    if (this.#came < this.#want.bytes) return;
    try {
      const seen = this.#want.skip ? 0 : this.#want.bytes;
      const step = this.#steps.next(new DataView(this.#seen.buffer, 0, seen));
      if (step.done) this.#header = step.value;
      else this.#want = step.value;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    this.#came = 0;
  }
}

/**
 * The format of a song, with its PCM cut to the whole sample frames that a
 * file of so many bytes has of it.
 *
 * @example A file that was cut
 * ```ts
 * import { songFormat } from "./wav.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const header = { format: cd, dataOffset: 44, dataBytes: 176400 };
 * assert.equal(songFormat(header, 1047).dataBytes, 1000);
 * ```
 */
export function songFormat(header: WavHeader, fileBytes: number): SongFormat {
  const { format, dataOffset, dataBytes } = header;
  const there = Math.max(0, fileBytes - dataOffset);
  const bytes = Math.min(there, dataBytes ?? there);
  const pcm = wholeSampleFrames(format, bytes);
  return { ...format, dataOffset, dataBytes: pcm };
}
