/**
 * The subset of HTTP/1.1 that a small server needs: one request without a body,
 * one answer, then the connection ends or becomes a WebSocket. It is built on a
 * {@linkcode Transport}, so that a connection can be handed on with its
 * backpressure, its address and its limits (docs/decisions/web-socket.md).
 *
 * @module
 */

import type { Transport } from "../ports/common.ts";
import {
  BadRequest,
  endOfHead,
  parseHead,
  type RequestHead,
} from "./http_head.ts";

/** Longest request head accepted, in bytes. */
export const MAX_HEAD_BYTES = 16 * 1024;
/** Bytes read at once. */
const READ_BYTES = 2048;

/** A request head and the bytes received with it. */
export interface HttpRequest extends RequestHead {
  /** Bytes received after the head. */
  rest: Uint8Array;
}

/**
 * Reads one request head; null: the connection ended before it was complete.
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
    const from = fill;
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

/** Writes an answer; the caller then closes the connection. */
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
