/**
 * The key for programs that cannot send a header: it stands in the address of
 * what they read, and opens nothing else. The token cannot be found from it.
 *
 * @module
 */

import { hmac } from "@noble/hashes/hmac";
import { sha256 } from "@noble/hashes/sha2";

const encoder = new TextEncoder();
const PURPOSE = encoder.encode("ondacast read 1");
const KEY_BYTES = 16;

/**
 * Derives the key from the server's token: the first 16 bytes of HMAC-SHA256, in
 * base64url without padding (RFC 2104; RFC 4648, section 5).
 *
 * @example
 * ```ts
 * import { readKeyOf } from "./read_key.ts";
 * import assert from "node:assert/strict";
 *
 * assert.match(readKeyOf("secret"), /^[\w-]{22}$/);
 * ```
 */
export function readKeyOf(token: string): string {
  return hmac(sha256, encoder.encode(token), PURPOSE).subarray(0, KEY_BYTES)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}
