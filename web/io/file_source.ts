/**
 * A file that a person chose, read from front to back.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";
import type { FileBytes } from "../../lib/audio/containers.ts";
import { OndacastError } from "../../lib/errors.ts";
import type { ByteSource, StreamHash } from "../../lib/ports/common.ts";

/** What is read of a file at once. */
const READ_BYTES = 512 * 1024;

/** The bytes of a file. */
export class FileSource implements ByteSource {
  readonly #file: Blob;
  #offset = 0;
  #piece: Uint8Array = new Uint8Array(0);

  constructor(file: Blob) {
    this.#file = file;
  }

  async read(into: Uint8Array): Promise<number | null> {
    if (this.#piece.length === 0) {
      const end = this.#offset + READ_BYTES;
      this.#piece = await bytesOf(this.#file.slice(this.#offset, end));
      this.#offset += this.#piece.length;
    }
    if (this.#piece.length === 0) return null;
    const part = this.#piece.subarray(0, into.length);
    into.set(part);
    this.#piece = this.#piece.subarray(part.length);
    return part.length;
  }
}

/** A file that a person chose, read at any offset. @throws As `FileSource`. */
export function blobBytes(file: Blob): FileBytes {
  return {
    bytes: file.size,
    async read(into, offsetBytes) {
      const end = offsetBytes + into.length;
      const piece = await bytesOf(file.slice(offsetBytes, end));
      into.set(piece);
      return piece.length;
    },
  };
}

/**
 * The bytes of a piece of a file.
 *
 * @throws {OndacastError} `bad-file`, if the file is not what was chosen.
 */
async function bytesOf(piece: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await piece.arrayBuffer());
  } catch (cause) {
    throw new OndacastError(
      "bad-file",
      "Cannot read it: it was changed, moved or deleted since it was chosen",
      { cause },
    );
  }
}

/** Begins a SHA-256; `crypto.subtle` takes no pieces, and is often missing. */
export function newHash(): StreamHash {
  const hash = sha256.create();
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () => bytesToHex(hash.digest()),
  };
}
