/**
 * HTTP/1.1 as far as a small server needs it: one request without a body,
 * one answer, and the connection is over or becomes a WebSocket. It stands
 * on a {@linkcode Transport}, so that a connection can be handed on with
 * its backpressure, its address and its limits (docs/decisions/web-socket.md).
 *
 * @module
 */

import type { Transport } from "../ports.ts";

/** The longest request head that is taken, in bytes. */
export const MAX_HEAD_BYTES = 16 * 1024;
/** What is read at once. */
const READ_BYTES = 2048;

/** A request, as far as its head tells. */
export interface HttpRequest {
  method: string;
  /** Without its query. */
  path: string;
  query: URLSearchParams;
  headers: Headers;
  /** What came behind the head. */
  rest: Uint8Array;
}

/** A request that is answered by a status alone, as it cannot be understood. */
export class BadRequest extends Error {
  override name = "BadRequest";
  readonly status: number;
  /** What the answer's head says besides. */
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Reads one request's head; null: the connection ended before it was whole.
 *
 * @throws {BadRequest} 400 or 431.
 */
export async function readRequest(
  transport: Transport,
): Promise<HttpRequest | null> {
  let bytes: Uint8Array = new Uint8Array(READ_BYTES);
  let fill = 0;
  while (true) {
    const count = await transport.read(bytes.subarray(fill));
    if (count === null) return null;
    const from = Math.max(0, fill - 3);
    fill += count;
    const end = endOfHead(bytes.subarray(0, fill), from);
    if (end !== -1) {
      return {
        ...parseHead(bytes.subarray(0, end)),
        rest: bytes.slice(end + 4, fill),
      };
    }
    if (fill === MAX_HEAD_BYTES) {
      throw new BadRequest(431, "The head of the request is too long.");
    }
    if (fill === bytes.length) {
      const grown = new Uint8Array(
        Math.min(bytes.length * 2, MAX_HEAD_BYTES),
      );
      grown.set(bytes);
      bytes = grown;
    }
  }
}

/** Writes an answer, after which the connection is to be closed. */
export async function writeResponse(
  transport: Transport,
  response: Response,
  options: { withBody: boolean },
): Promise<void> {
  const body = new Uint8Array(await response.arrayBuffer());
  const { status, headers } = response;
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? "Status"}\r\n`;
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
  head += `content-length: ${body.length}\r\n`;
  head += `date: ${new Date().toUTCString()}\r\nconnection: close\r\n\r\n`;
  const start = new TextEncoder().encode(head);
  const bytes = new Uint8Array(
    start.length + (options.withBody ? body.length : 0),
  );
  bytes.set(start);
  if (options.withBody) bytes.set(body, start.length);
  await transport.write(bytes);
}

/** Reason phrases (RFC 9110, section 15) of the statuses in use. */
const REASONS: Record<number, string> = {
  200: "OK",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  421: "Misdirected Request",
  426: "Upgrade Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Where the empty line begins that ends a head; -1: not there yet. */
function endOfHead(bytes: Uint8Array, from: number): number {
  for (
    let at = bytes.indexOf(13, from);
    at !== -1;
    at = bytes.indexOf(13, at + 1)
  ) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) {
      return at;
    }
  }
  return -1;
}

// RFC 9112: section 3 has the request line, section 5 the fields; folded
// lines and blanks before a colon must be refused.
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP\/1\.[01]$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;

function parseHead(head: Uint8Array): Omit<HttpRequest, "rest"> {
  const [first, ...lines] = new TextDecoder("latin1").decode(head)
    .split("\r\n");
  const [, method, target] = REQUEST_LINE.exec(first) ?? [];
  if (method === undefined) {
    throw new BadRequest(400, "The request line cannot be understood.");
  }
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value] = FIELD.exec(line) ?? [];
    if (name === undefined || !appended(headers, name, value)) {
      throw new BadRequest(400, "A header cannot be understood.");
    }
  }
  const [, path, query] =
    /^(?:https?:\/\/[^/?#]*)?(\/[^?#]*)(?:\?([^#]*))?/i.exec(target) ?? [];
  const host = headers.get("host");
  // More than one are joined by a comma, which no host has.
  if (path === undefined || host === null || host.includes(",")) {
    throw new BadRequest(400, "The request does not say what it is for.");
  }
  return { method, path, query: new URLSearchParams(query), headers };
}

function appended(headers: Headers, name: string, value: string): boolean {
  try {
    headers.append(name, value);
    return true;
  } catch {
    return false; // A character that no header may have.
  }
}
