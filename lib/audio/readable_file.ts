/**
 * Synchronous random access to the bytes of a file, for the parsers and the
 * decoders of songs, which run in workers.
 *
 * @module
 */

/** A file that is read synchronously. */
export interface ReadableFile {
  /** Length of the file. */
  readonly bytes: number;
  /**
   * Fills the buffer from an offset.
   *
   * @returns Bytes read: fewer than the buffer holds only at the end of the file.
   */
  read(into: Uint8Array, offsetBytes: number): number;
}

/**
 * Reads bytes of a file into a new array.
 *
 * @returns The bytes: fewer than asked for only at the end of the file.
 */
export function readAt(
  file: ReadableFile,
  offsetBytes: number,
  length: number,
): Uint8Array {
  const most = Math.max(0, Math.min(length, file.bytes - offsetBytes));
  const into = new Uint8Array(most);
  return into.subarray(0, most === 0 ? 0 : file.read(into, offsetBytes));
}

/**
 * A stretch of a file as a file of its own.
 *
 * @param from Its first byte.
 * @param to The byte behind its last one.
 */
export function windowOf(
  file: ReadableFile,
  from: number,
  to: number,
): ReadableFile {
  const bytes = Math.max(0, Math.min(to, file.bytes) - from);
  return {
    bytes,
    read(into, offsetBytes) {
      const most = Math.max(0, Math.min(into.length, bytes - offsetBytes));
      if (most === 0) return 0;
      return file.read(into.subarray(0, most), from + offsetBytes);
    },
  };
}
