/**
 * The server's token in requests of the HTTP port.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { TokenGate } from "../server/token_gate.ts";
import { HttpError } from "./http_answer.ts";
import type { HttpRequest } from "./http_request.ts";

/** The parts of a request that identify its sender. */
export type Visit = Pick<HttpRequest, "headers" | "query" | "ip">;

/**
 * Refuses a request without the server's token, where it has one.
 *
 * @throws {HttpError} 401; 429 after too many wrong ones from that address.
 */
export async function requireToken(
  gate: TokenGate,
  { headers, ip }: Visit,
): Promise<void> {
  const device = headers.get("ondacast-device") || undefined;
  const token = bearerToken(headers.get("authorization") ?? "");
  await asHttp(gate.check(token, { ip, device }));
}

/**
 * Refuses a request for content of a player, which may present the read key
 * instead, as `key` in the query.
 *
 * @throws {HttpError} 401, 429.
 */
export async function requireReader(
  gate: TokenGate,
  visit: Visit,
): Promise<void> {
  const key = shownKey(gate, visit);
  if (key === null) return await requireToken(gate, visit);
  await asHttp(gate.check(key, { ip: visit.ip }, "readKey"));
}

/**
 * The read key that a request presents; null: it needs none, or presents the
 * token.
 */
export function shownKey(gate: TokenGate, visit: Visit): string | null {
  return gate.isOpen || visit.headers.has("authorization")
    ? null
    : visit.query.get("key");
}

/** Answers a refusal with its status. */
async function asHttp(check: Promise<void>): Promise<void> {
  try {
    await check;
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
