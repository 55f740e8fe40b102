/**
 * The kinds of files that songs come in, as a table. It stands between the
 * disk and the pages of a song: whatever a file holds, a WAV is read out of it.
 *
 * @module
 */

import type { SongFormat } from "./format.ts";
import { wavContainer } from "./wav_container.ts";

/** The bytes of a file, to be read at any offset. */
export interface FileBytes {
  /** Length of the file. */
  readonly bytes: number;
  /**
   * Fills the buffer from an offset, as far as the file goes.
   *
   * @returns How many bytes were read: fewer than asked for only at the end.
   */
  read(into: Uint8Array, offsetBytes: number): Promise<number>;
}

/** The WAV that is read out of a file. */
export interface WavContent {
  readonly format: SongFormat;
  /** Length of the whole WAV, header included. */
  readonly bytes: number;
}

/** Fills the buffer with the bytes of the WAV from an offset; throws if it can't. */
export type ReadWav = (into: Uint8Array, offsetBytes: number) => Promise<void>;

/** One kind of file. */
export interface Container {
  readonly name: string;
  /** What its files' names end with, in lower case; the usual one first. */
  readonly endings: readonly string[];
  /** Its media types (RFC 6838). */
  readonly mediaTypes: readonly string[];
  /** Whether a file is one, by its first {@linkcode HEAD_BYTES} bytes. */
  sniff(head: Uint8Array): boolean;
  /**
   * Reads what a file holds. It is done once for each content; the result is
   * kept and passed to {@linkcode open}, so that opening reads nothing again.
   *
   * @throws {OndacastError} `not-wav`, `unsupported`.
   */
  inspect(file: FileBytes, head: Uint8Array): Promise<WavContent>;
  /** Reads the WAV out of a file that was inspected. */
  open(file: FileBytes, content: WavContent): ReadWav;
}

/** Bytes that are read to recognise a file; its header mostly lies in them. */
export const HEAD_BYTES = 4096;

/** All kinds; the first is what a file of no known kind is read as. */
export const CONTAINERS: readonly [Container, ...Container[]] = [wavContainer];

/** The endings of all kinds, the usual one first. */
export const SONG_ENDINGS: readonly string[] = CONTAINERS
  .flatMap(({ endings }) => endings);

/** The ending of a song whose name has none. */
export const DEFAULT_ENDING: string = SONG_ENDINGS[0];

/**
 * The kind of a file by its first bytes. One of no known kind is left to the
 * first reader, whose error names what was found instead.
 */
export function containerByHead(head: Uint8Array): Container {
  return CONTAINERS.find((container) => container.sniff(head)) ??
    CONTAINERS[0];
}

/**
 * Reads which WAV a file holds, whatever its name.
 *
 * @throws {OndacastError} `not-wav`, `unsupported`; what reading throws.
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
