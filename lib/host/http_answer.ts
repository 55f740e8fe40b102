/**
 * Responses of the HTTP port: the result of a route, and its encoded head.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import type { ByteSource } from "../ports/common.ts";

/** How long a connection may be idle between two requests. */
export const IDLE_MS = 30_000;

/** A body that is read while it is sent, such as a file. */
export interface BodySource extends ByteSource {
  readonly bytes: number;
  /** Called once it was sent, was not needed, or its connection ended. Idempotent. */
  close(): void;
}

/** The response of a route. */
export interface Answer {
  status: number;
  /** Names in lower case; without those of {@linkcode encodeHead}. */
  headers: Readonly<Record<string, string>>;
  /** To be sent unless the request is a HEAD. */
  body: Uint8Array | BodySource;
  /** Units of the rate limit that it costs beyond any request; none by default. */
  cost?: number;
  /** Called once it was sent, or cannot be. */
  release?(): void;
}

/** A request that is answered by an error status. */
export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  /** Additional header fields of the answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** The path of a request whose head is refused after it. */
  path?: string;

  constructor(
    status: number,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** The statuses of error codes of songs; 500 for others. */
const STATUS: Readonly<Record<string, number>> = {
  "bad-name": 400,
  "not-found": 404,
  changed: 404,
  ambiguous: 409,
  "not-wav": 422,
  unsupported: 422,
  busy: 503,
  lost: 503,
};

/** An error of the server as one with a status. */
export function httpErrorOf(thrown: unknown): HttpError {
  if (thrown instanceof HttpError) return thrown;
  const { code, message } = toOndacastError(thrown);
  return new HttpError(STATUS[code] ?? 500, message);
}

/** An answer in plain text. */
export function text(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      ...headers,
    },
    body: new TextEncoder().encode(body),
  };
}

/** The length of a body in bytes. */
export function bodyBytes({ body }: Answer): number {
  return body instanceof Uint8Array ? body.length : body.bytes;
}

/**
 * Encodes the head of an answer, with the fields of every answer, its length, its
 * date and whether another request may follow.
 *
 * @example
 * ```ts
 * import { encodeHead, text } from "./http_answer.ts";
 * import assert from "node:assert/strict";
 *
 * const head = encodeHead(text(404, "None.\n"), { isLast: true });
 * assert.match(new TextDecoder().decode(head), /^HTTP\/1\.1 404 Not Found\r\n/);
 * ```
 */
export function encodeHead(
  answer: Answer,
  { isLast }: { isLast: boolean },
): Uint8Array {
  const { status, headers } = answer;
  const lines = [`HTTP/1.1 ${status} ${REASONS[status] ?? "Status"}`];
  const fields = { ...EVERY_HEAD, ...headers };
  for (const [name, value] of Object.entries(fields)) {
    lines.push(`${name}: ${value}`);
  }
  // RFC 9110, section 8.6: the length of a 304 is that of the 200, a 204 has none.
  if (status !== 304 && status !== 204) {
    lines.push(`content-length: ${bodyBytes(answer)}`);
  }
  lines.push(
    `date: ${new Date().toUTCString()}`,
    ...(isLast ? CLOSES : KEEPS),
    "\r\n",
  );
  return new TextEncoder().encode(lines.join("\r\n"));
}

/** Fields of every answer, which an answer may have another value of. */
const EVERY_HEAD: Readonly<Record<string, string>> = {
  "cache-control": "private",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const CLOSES = ["connection: close"];
const KEEPS = [
  "connection: keep-alive",
  `keep-alive: timeout=${IDLE_MS / 1000}`,
];

/** Lets a client send the body of its request (RFC 9110, section 15.2.1). */
export const CONTINUE: Uint8Array<ArrayBuffer> = new TextEncoder().encode(
  "HTTP/1.1 100 Continue\r\n\r\n",
);

/** Reason phrases (RFC 9110, section 15) of the statuses in use. */
const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  206: "Partial Content",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  411: "Length Required",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  416: "Range Not Satisfiable",
  421: "Misdirected Request",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
  507: "Insufficient Storage",
};
