/**
 * The key by which pictures are read from a server with a token.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";

/** Of SHA-256. */
const BLOCK_BYTES = 64;

/** See "Over HTTP" in docs/protocol.md. */
export function readKey(token: string): string {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const key = hmac(bytes(token), bytes("ondacast read 1"));
  // Not every browser has `toBase64()` yet.
  return btoa(String.fromCharCode(...key.subarray(0, 16)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** HMAC-SHA256 (RFC 2104, section 2), in less code than that of the library. */
function hmac(key: Uint8Array, text: Uint8Array): Uint8Array {
  const secret = key.length > BLOCK_BYTES ? sha256(key) : key;
  const hash = (pad: number, rest: Uint8Array) => {
    const bytes = new Uint8Array(BLOCK_BYTES + rest.length).fill(pad);
    secret.forEach((byte, i) => bytes[i] ^= byte);
    bytes.set(rest, BLOCK_BYTES);
    return sha256(bytes);
  };
  return hash(0x5c, hash(0x36, text));
}
