/**
 * The bytes of a song's file, and the WAV that it is read as.
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

/** Bytes read to recognise a file; they usually include its whole header. */
export const HEAD_BYTES = 4096;
