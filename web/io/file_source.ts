/**
 * A file chosen by the user, read sequentially.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import { OndacastError } from "../../lib/errors.ts";
import type { ByteSource, StreamHash } from "../../lib/ports/common.ts";

const READ_BYTES = 512 * 1024;

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

/**
 * Reads a slice of a file.
 *
 * @throws {OndacastError} `bad-file`, if the file changed after it was chosen.
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

/** Starts a SHA-256; `crypto.subtle` cannot hash in pieces, and is often missing. */
export function newHash(): StreamHash {
  const hash = sha256.create();
  return {
    update: (bytes) => void hash.update(bytes),
    hex: () =>
      Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0"))
        .join(""),
  };
}
