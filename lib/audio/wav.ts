/**
 * Reads the header of a WAV file, split in any way, to get the format and the
 * position of its PCM. On the walk "file -> blocks -> frames -> TCP -> frames ->
 * PCM -> player" it is used for the file, and again for the bytes from frames.
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

/** Increased when the reader's results change, because results are stored. */
export const HEADER_REVISION = 3;

/**
 * An incremental reader of WAV headers: RIFF ("Multimedia Programming
 * Interface and Data Specifications 1.0", IBM and Microsoft, 1991, chapters 2
 * and 3), `WAVEFORMATEXTENSIBLE` (Microsoft, mmreg.h), and with 64-bit sizes
 * RF64 (EBU Tech 3306) and BW64 (ITU-R BS.2088). Numbers are little-endian.
 * Whatever a file claims, the reader buffers 40 bytes and accepts at most
 * {@linkcode MOST_CHUNKS} chunks and {@linkcode MOST_HEADER_BYTES} bytes.
 *
 * Real files deviate from the standards. The file size and the byte rate are
 * ignored, a missing pad byte is detected, and the first of several `fmt `
 * chunks counts, as in FFmpeg, so that ffplay and Ondacast agree. ID3 tags in
 * front are skipped.
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
  /** Bytes received of those wanted. */
  #came = 0;
  #header: WavHeader | null = null;
  #failure: unknown;

  /**
   * @param fileBytes The size of a seekable file, which helps to detect sizes
   * that wrapped at 4 GiB, and allows PCM in front of its format. Undefined for
   * a stream.
   */
  constructor(fileBytes?: number) {
    this.#steps = readHeader(this.#place, fileBytes);
    this.#want = this.#steps.next().value as Want;
  }

  /** Bytes of the file consumed or skipped so far, at most up to its PCM. */
  get position(): number {
    return this.#place.position;
  }

  /**
   * How many of the next bytes the reader does not need. The caller may seek
   * past them and call {@linkcode skip}. It may exceed the rest of the file.
   */
  get skippable(): number {
    return this.#want.skip ? this.#want.bytes - this.#came : 0;
  }

  /**
   * Reads the next bytes of the file. Bytes from `dataOffset` on are ignored.
   * Once it has returned a header or thrown an error, further calls do so again.
   * If the PCM precedes its format, `dataOffset` is below {@linkcode position}.
   *
   * @returns Null while more bytes are needed.
   * @throws {NotWavError} if the file is malformed.
   * @throws {UnsupportedWavError} if the file is well-formed but not supported.
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
   * Advances past bytes that the caller did not read.
   *
   * @throws {RangeError} if `bytes` is not 0 to {@linkcode skippable}.
   */
  skip(bytes: number): void {
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > this.skippable) {
      const expected = `0 to ${this.skippable}`;
      throw new RangeError(`Cannot skip bytes: ${bytes}, expected ${expected}`);
    }
    this.#pass(bytes);
  }

  /**
   * Call this if the file ends before {@linkcode push} returns a header.
   *
   * @throws {NotWavError} always, with what is missing.
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
 * The format of a song, with its PCM limited to the whole sample frames that are
 * in the file.
 *
 * @example A truncated file
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
