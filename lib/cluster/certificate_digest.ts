/**
 * The digest by which a client recognises the certificate of another server.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";

/**
 * The SHA-256 of a PEM text's first certificate, as 64 hexadecimal digits; "" if it
 * has none, which no certificate matches.
 */
export function certificateDigest(pem: string = ""): string {
  const [, base64 = ""] = pem.split(/-----(?:BEGIN|END) CERTIFICATE-----/, 2);
  try {
    return base64 === "" ? "" : sha256(Uint8Array.fromBase64(base64)).toHex();
  } catch {
    return "";
  }
}
