/**
 * The table of file formats that songs come in. It stands between the disk and
 * the pages of a song: whatever a file contains, it is read as a WAV.
 *
 * @module
 */

import type { SongFormat } from "./format.ts";
import { wavContainer } from "./wav_container.ts";

/** Random access to the bytes of a file. */
export interface FileBytes {
  /** Length of the file. */
  readonly bytes: number;
  /**
   * Fills the buffer from an offset.
   *
   * @returns Bytes read: fewer than the buffer holds only at the end of the file.
   */
  read(into: Uint8Array, offsetBytes: number): Promise<number>;
}

/** The WAV that a file is read as. */
export interface WavContent {
  readonly format: SongFormat;
  /** Length of the whole WAV, header included. */
  readonly bytes: number;
}

/** Fills the buffer with bytes of the WAV from an offset; throws if it cannot. */
export type ReadWav = (into: Uint8Array, offsetBytes: number) => Promise<void>;

/** One file format. */
export interface Container {
  readonly name: string;
  /** Name endings of its files, in lower case, the most common one first. */
  readonly endings: readonly string[];
  /** Its media types (RFC 6838). */
  readonly mediaTypes: readonly string[];
  /** Whether a file has this format, by its first {@linkcode HEAD_BYTES} bytes. */
  sniff(head: Uint8Array): boolean;
  /**
   * Examines a file. This happens once per content; the result is stored and
   * passed to {@linkcode open}, so that opening needs no reads.
   *
   * @throws {OndacastError} `not-wav`, `unsupported`.
   */
  inspect(file: FileBytes, head: Uint8Array): Promise<WavContent>;
  /** Opens a file, already inspected, as a WAV. */
  open(file: FileBytes, content: WavContent): ReadWav;
}

/** Bytes read to recognise a file; they usually include its whole header. */
export const HEAD_BYTES = 4096;

/** All formats. Unrecognised files are read as the first one. */
export const CONTAINERS: readonly [Container, ...Container[]] = [wavContainer];

/** The endings of all formats, the most common one first. */
export const SONG_ENDINGS: readonly string[] = CONTAINERS
  .flatMap(({ endings }) => endings);

/** The ending added to names without one. */
export const DEFAULT_ENDING: string = SONG_ENDINGS[0];

/**
 * Recognises a file by its first bytes. An unrecognised file gets the first
 * format, whose error names what was found instead.
 */
export function containerByHead(head: Uint8Array): Container {
  return CONTAINERS.find((container) => container.sniff(head)) ??
    CONTAINERS[0];
}

/**
 * Recognises and examines a file, whatever its name.
 *
 * @throws {OndacastError} `not-wav`, `unsupported`; errors of `file.read()`.
 *
 * @example
 * ```ts
 * import { inspectFile } from "./containers.ts";
 * import { wavHeader } from "./wav_writer.ts";
 * import assert from "node:assert/strict";
 *
 * const cd = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
 * const wav = new Uint8Array(444);
 * wav.set(wavHeader(cd, 400));
 * const { format, bytes } = await inspectFile({
 *   bytes: wav.length,
 *   read: (into, at) => {
 *     const piece = wav.subarray(at, at + into.length);
 *     into.set(piece);
 *     return Promise.resolve(piece.length);
 *   },
 * });
 * assert.deepEqual(format, { ...cd, dataOffset: 44, dataBytes: 400 });
 * assert.equal(bytes, 444);
 * ```
 */
export async function inspectFile(file: FileBytes): Promise<WavContent> {
  const head = new Uint8Array(HEAD_BYTES);
  const begin = head.subarray(0, await file.read(head, 0));
  return await containerByHead(begin).inspect(file, begin);
}
