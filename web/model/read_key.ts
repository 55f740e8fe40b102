/**
 * The key by which pictures are read from a server with a token.
 *
 * @module
 */

import { hmac } from "@noble/hashes/hmac";
import { sha256 } from "@noble/hashes/sha2";

/** See "Over HTTP" in docs/protocol.md. */
export function readKey(token: string): string {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const key = hmac(sha256, bytes(token), bytes("ondacast read 1"));
  // Not every browser has `toBase64()` yet.
  return btoa(String.fromCharCode(...key.subarray(0, 16)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
