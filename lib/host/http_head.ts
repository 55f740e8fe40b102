/**
 * The head of an HTTP/1.1 request (RFC 9112): finding its end in the received
 * bytes, and parsing it. All of it takes linear time, since the bytes are
 * untrusted.
 *
 * @module
 */

import { HttpError } from "./http_answer.ts";

/** The head of a request. */
export interface RequestHead {
  method: string;
  /** Without its query. */
  path: string;
  query: URLSearchParams;
  /** The authority of the target, else the `Host` field. */
  host: string;
  /** Names in lower case; the values of one name joined by a comma. */
  headers: ReadonlyMap<string, string>;
  /** The length of the body that follows. */
  bodyBytes: number;
  /** Whether the body may wait for a 100 (RFC 9110, section 10.1.1). */
  awaitsContinue: boolean;
  /** Whether another request may follow on the connection. */
  keepsAlive: boolean;
}

const TAB = 9;
const CR = 13;
const LF = 10;

/**
 * Offset of the empty line that ends a head; -1: not received yet.
 *
 * @param from Bytes already searched.
 * @throws {HttpError} 400 at a control character, and at a CR or LF without
 * the other: parsers that disagree about line ends allow request smuggling (RFC
 * 9112, section 2.2).
 */
export function endOfHead(bytes: Uint8Array, from: number): number {
  for (let at = Math.max(0, from - 1); at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === CR) {
      if (at + 1 < bytes.length && bytes[at + 1] !== LF) throw bareLineEnd();
    } else if (byte === LF) {
      if (bytes[at - 1] !== CR) throw bareLineEnd();
      if (bytes[at - 2] === LF) return at - 3;
    } else if (isControl(byte)) {
      // Such as the start of TLS or of a session, which never becomes a
      // request.
      throw new HttpError(400, "The head has a control character.");
    }
  }
  return -1;
}

// RFC 9112: section 3 has the request line, section 5 the fields; folded
// lines and blanks before a colon must be refused. RFC 9110, section 5.5:
// values have no control characters but tabs.
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const TARGET = /^[!-~\x80-\xff]+$/;
const VALUE = /^[\t -~\x80-\xff]*$/;
/** At most 15 digits: any such length is an exact number. */
const LENGTH = /^\d{1,15}$/;
const VERSION = /^HTTP\/1\.[01]$/;

/**
 * Parses a head, without the empty line that ends it.
 *
 * @param head At most some 64 KiB. Each byte becomes one character, since HTTP
 * does not declare an encoding.
 * @throws {HttpError} 400; 411 for a body without `Content-Length`.
 *
 * @example
 * ```ts
 * import { parseHead } from "./http_head.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "GET /session?a=1 HTTP/1.1\r\nHost: pi.local:4042";
 * const { path, query, host } = parseHead(new TextEncoder().encode(text));
 * assert.deepEqual([path, query.get("a"), host], ["/session", "1", "pi.local:4042"]);
 * ```
 */
export function parseHead(head: Uint8Array): RequestHead {
  // One character per byte. TextDecoder's "latin1" is Windows-1252, which
  // differs.
  const [first, ...lines] = String.fromCharCode(...head).split("\r\n");
  const [method, target, version, ...rest] = first.split(" ");
  if (
    !TOKEN.test(method) || !TARGET.test(target ?? "") ||
    !VERSION.test(version ?? "") || rest.length > 0
  ) {
    throw new HttpError(400, "The request line cannot be understood.");
  }
  const parts = parseTarget(target);
  try {
    return { ...parseRest(parts, lines, version), method };
  } catch (error) {
    if (error instanceof HttpError) error.path = parts.path;
    throw error;
  }
}

/** What follows the request line, and what both decide. */
function parseRest(
  { authority, path, query }: Target,
  lines: string[],
  version: string,
): Omit<RequestHead, "method"> {
  const headers = parseFields(lines);
  // Several Host fields are joined by a comma, which no host contains.
  const field = headers.get("host");
  const host = authority ?? field;
  if (
    path === undefined || host === undefined || field === undefined ||
    field.includes(",")
  ) {
    throw new HttpError(400, "The request has no valid host.");
  }
  return {
    ...{ path, query: new URLSearchParams(query), host, headers },
    bodyBytes: bodyLength(headers),
    awaitsContinue: version === "HTTP/1.1" &&
      headers.get("expect")?.toLowerCase() === "100-continue",
    keepsAlive: version === "HTTP/1.1" && !isUpgrade(headers) &&
      !hasToken(headers.get("connection") ?? "", "close"),
  };
}

/**
 * The length of a request's body (RFC 9112, section 6.3). Chunks are refused: a
 * request with both lengths is how requests are smuggled past a proxy.
 */
function bodyLength(headers: ReadonlyMap<string, string>): number {
  const length = headers.get("content-length") ?? "0";
  if (headers.has("transfer-encoding")) {
    throw headers.has("content-length")
      ? new HttpError(400, "The body has two lengths.")
      : new HttpError(411, "The body has no Content-Length.");
  }
  if (!LENGTH.test(length)) {
    throw new HttpError(400, "The length of the body is not a number.");
  }
  return Number(length);
}

/** After an upgrade that is refused, bytes of the other protocol may follow. */
function isUpgrade(headers: ReadonlyMap<string, string>): boolean {
  return headers.has("upgrade") &&
    hasToken(headers.get("connection") ?? "", "upgrade");
}

function hasToken(field: string, token: string): boolean {
  return field.toLowerCase().split(",").some((one) =>
    withoutBlanks(one) === token
  );
}

/**
 * A plain map: Deno's `Headers` takes quadratic time in the number of names
 * (0.7 s for 2,500).
 */
function parseFields(lines: string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = withoutBlanks(line.slice(colon + 1));
    if (!TOKEN.test(name) || !VALUE.test(value)) {
      throw new HttpError(400, "A header cannot be understood.");
    }
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}

/** A target in origin-form or absolute-form (RFC 9112, section 3.2). */
interface Target {
  authority?: string;
  path?: string;
  query?: string;
}

function parseTarget(target: string): Target {
  const [, authority, path, query] =
    /^(?:https?:\/\/([^/?#]*))?(\/[^?#]*)(?:\?([^#]*))?/i.exec(target) ?? [];
  return { authority, path, query };
}

/** Trims spaces and tabs only; other white space may be part of UTF-8. */
function withoutBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value.charCodeAt(start))) start++;
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/**
 * Whether a byte is forbidden in a head: any control except tab (RFC 9110,
 * section 5.5).
 */
function isControl(byte: number): boolean {
  return (byte < 32 && byte !== TAB) || byte === 127;
}

function bareLineEnd(): HttpError {
  return new HttpError(
    400,
    "The head has a CR or LF alone: expected both at each line end.",
  );
}
