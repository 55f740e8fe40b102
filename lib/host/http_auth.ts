/**
 * The server's token in requests of the HTTP port.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { TokenGate } from "../server/token_gate.ts";
import { HttpError } from "./http_answer.ts";

/**
 * Refuses a request without the server's token, where it has one.
 *
 * @param ip The peer's address, without brackets.
 * @throws {HttpError} 401; 429 after too many wrong ones from that address.
 */
export async function requireToken(
  gate: TokenGate,
  headers: ReadonlyMap<string, string>,
  ip: string,
): Promise<void> {
  try {
    await gate.check(bearerToken(headers.get("authorization") ?? ""), {
      ip,
      device: headers.get("ondacast-device") || undefined,
    });
  } catch (error) {
    if (!(error instanceof OndacastError)) throw error;
    if (error.code === "busy") throw new HttpError(429, `${error.message}.`);
    throw new HttpError(401, "This needs the server's token.", {
      "www-authenticate": "Bearer",
    });
  }
}

/** The token of an `Authorization` field (RFC 6750, section 2.1). */
function bearerToken(field: string): string | undefined {
  const scheme = "bearer ";
  if (field.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  return fromUtf8(field.slice(scheme.length).trimStart()) || undefined;
}

/** Decodes a header value, one byte per character, as UTF-8. */
function fromUtf8(header: string): string {
  return new TextDecoder().decode(
    Uint8Array.from(header, (character) => character.charCodeAt(0)),
  );
}
