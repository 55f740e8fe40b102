/**
 * HTTP requests with any header fields, including those that fetch does not
 * allow, such as `Host` and `Origin`.
 *
 * @module
 */

import { concat } from "@std/bytes/concat";
import { writeAll } from "../../lib/write_all.ts";

/** A request. */
export interface RawRequest {
  method?: string;
  path?: string;
  /** In addition to `Host` and `Connection: close`. */
  headers?: Record<string, string>;
  hostname?: string;
  /** Sent with its length. */
  body?: string;
}

/** An answer. */
export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Headers;
  body: string;
}

/** The fields that request a WebSocket (RFC 6455, section 1.3). */
export const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** A request's head. */
export function requestHead(port: number, request: RawRequest): Uint8Array {
  const { method = "GET", path = "/", hostname = "127.0.0.1" } = request;
  const headers = {
    ...{ host: `${hostname}:${port}`, connection: "close" },
    ...request.headers,
  };
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return new TextEncoder().encode(
    `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`,
  );
}

/** Sends a request to a port of this machine. */
export async function askRaw(
  port: number,
  request: RawRequest,
): Promise<RawAnswer> {
  const { hostname = "127.0.0.1" } = request;
  using conn = await Deno.connect({ hostname, port });
  const body = new TextEncoder().encode(request.body ?? "");
  const headers = {
    ...(body.length > 0 && { "content-length": `${body.length}` }),
    ...request.headers,
  };
  await writeAll(
    conn,
    concat([requestHead(port, { ...request, headers }), body]),
  );
  const text = await new Response(conn.readable).text();
  const end = text.indexOf("\r\n\r\n");
  const [first, ...lines] = text.slice(0, end).split("\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d+) /.exec(first)?.[1]),
    headers: new Headers(
      lines.map((line) => line.split(": ", 2) as [string, string]),
    ),
    body: text.slice(end + 4),
  };
}

/** The server's metrics: name with labels → value. */
export async function readMetrics(port: number): Promise<Map<string, number>> {
  const { status, body } = await askRaw(port, { path: "/metrics" });
  if (status !== 200) throw new Error(`Cannot read the numbers: ${status}`);
  return new Map(
    body.split("\n").filter((line) => line && !line.startsWith("#"))
      .map((line) => {
        const at = line.lastIndexOf(" ");
        return [line.slice(0, at), Number(line.slice(at + 1))];
      }),
  );
}
