/**
 * Synchronous random access to the bytes of a file, for the parsers and the
 * decoders of songs, which run in workers.
 *
 * @module
 */

export interface ReadableFile {
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
 * @returns The bytes: fewer than `length` only at the end of the file.
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
 * A range of a file as a file of its own.
 *
 * @param from The first byte.
 * @param to The byte after the last one.
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

/** A file with some bytes replaced. */
export function patched(
  file: ReadableFile,
  at: number,
  patch: Uint8Array,
): ReadableFile {
  return {
    bytes: file.bytes,
    read(into, offsetBytes) {
      const read = file.read(into, offsetBytes);
      const from = Math.max(at, offsetBytes);
      const to = Math.min(at + patch.length, offsetBytes + read);
      if (from < to) {
        into.set(patch.subarray(from - at, to - at), from - offsetBytes);
      }
      return read;
    },
  };
}

/** Bytes that a cursor reads at once. */
const CHUNK_BYTES = 256 * 1024;
/** Bytes that a cursor keeps before its new position, for short steps back. */
const KEPT_BYTES = 32 * 1024;

/** A view of a file for mostly sequential scans: few reads, constant memory. */
export class FileCursor {
  /** The byte after the last one in view. */
  readonly end: number;
  readonly #file: ReadableFile;
  readonly #buffer: Uint8Array<ArrayBuffer>;
  #start = 0;
  #filled = 0;

  /** @param end Bytes from here on are out of view. */
  constructor(file: ReadableFile, end = file.bytes, chunkBytes = CHUNK_BYTES) {
    this.#file = file;
    this.end = Math.min(end, file.bytes);
    this.#buffer = new Uint8Array(
      Math.max(0, Math.min(chunkBytes, this.end)),
    );
  }

  /**
   * Bytes of the file, valid until the next call.
   *
   * @param length At most 64 KiB.
   * @returns Exactly that many; null: the view ends before.
   */
  view(at: number, length: number): Uint8Array<ArrayBuffer> | null {
    if (at < 0 || at + length > this.end) return null;
    if (at < this.#start || at + length > this.#start + this.#filled) {
      const room = this.#buffer.length;
      this.#start = Math.max(
        0,
        Math.min(at - Math.min(KEPT_BYTES, room - length), this.end - room),
      );
      this.#filled = this.#file.read(this.#buffer, this.#start);
      if (at + length > this.#start + this.#filled) return null;
    }
    const from = at - this.#start;
    return this.#buffer.subarray(from, from + length);
  }

  /** An unsigned 32-bit number, big-endian; null: the view ends before. */
  u32(at: number): number | null {
    const i = at - this.#start;
    const b = this.#buffer;
    if (i < 0 || i + 4 > this.#filled || at + 4 > this.end) {
      const view = this.view(at, 4);
      return view && viewOf(view).getUint32(0);
    }
    return (b[i] * 0x1000000) + (b[i + 1] << 16 | b[i + 2] << 8 | b[i + 3]);
  }
}

/** A `DataView` of exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as Latin-1 text, such as a FourCC. */
export function latin1(bytes: Uint8Array, from = 0, to = bytes.length): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** Bytes followed by a range of a file, as a file of its own. */
export function joined(
  head: Uint8Array,
  file: ReadableFile,
  from: number,
  to: number,
): ReadableFile {
  const rest = windowOf(file, from, to);
  return {
    bytes: head.length + rest.bytes,
    read(into, offsetBytes) {
      const piece = head.subarray(
        Math.min(offsetBytes, head.length),
        offsetBytes + into.length,
      );
      into.set(piece);
      if (piece.length === into.length) return piece.length;
      const at = Math.max(0, offsetBytes - head.length);
      return piece.length + rest.read(into.subarray(piece.length), at);
    },
  };
}
