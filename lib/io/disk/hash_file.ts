/**
 * Incremental SHA-256. Web Crypto cannot hash incrementally, so this uses Node's
 * API, which runs the same native code.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { StreamHash } from "../../ports/common.ts";

/** Starts a SHA-256. */
export function newHash(): StreamHash {
  const hash = createHash("sha256");
  return {
    update: (bytes) => hash.update(bytes),
    hex: () => hash.digest("hex"),
  };
}

const READ_BYTES = 256 * 1024;

/** Hashes an open file from its position, up to `lengthBytes`. */
export async function hashFile(
  file: Deno.FsFile,
  lengthBytes = Infinity,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(READ_BYTES);
  let bytes = 0;
  while (bytes < lengthBytes) {
    const some = await file.read(
      buffer.subarray(0, Math.min(READ_BYTES, lengthBytes - bytes)),
    );
    if (some === null) break;
    hash.update(buffer.subarray(0, some));
    bytes += some;
  }
  return { sha256: hash.digest("hex"), bytes };
}
