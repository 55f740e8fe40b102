/**
 * Files in memory for the parsers of songs. It needs no permission.
 *
 * @module
 */

import type { ReadableFile } from "../../lib/audio/readable_file.ts";

/** Latin-1 characters as bytes. */
export function latin1Bytes(characters: string): Uint8Array {
  return Uint8Array.from(characters, (it) => it.charCodeAt(0));
}

/** A file in memory that counts its reads. */
export function memoryFile(
  bytes: Uint8Array,
): ReadableFile & { reads: number } {
  return {
    bytes: bytes.length,
    reads: 0,
    read(into: Uint8Array, offset: number) {
      this.reads++;
      const piece = bytes.subarray(offset, offset + into.length);
      into.set(piece);
      return piece.length;
    },
  };
}
