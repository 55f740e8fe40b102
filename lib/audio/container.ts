/**
 * A file format that songs come in, as the table in `containers.ts` lists it.
 *
 * @module
 */

import type { SongFormat } from "./format.ts";

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

/** One file format. */
export interface Container {
  readonly name: string;
  /** Name endings of its files, in lower case, the most common one first. */
  readonly endings: readonly string[];
  /** Its media types (RFC 6838). */
  readonly mediaTypes: readonly string[];
  /** Whether only ffmpeg decodes it. */
  readonly needsFfmpeg?: true;
  /** Whether a file has this format, by its first {@linkcode HEAD_BYTES} bytes. */
  sniff(head: Uint8Array): boolean;
}

/** Bytes read to recognise a file; they usually include its whole header. */
export const HEAD_BYTES = 4096;
