/**
 * The routes of the HTTP port, a row for each path, and the checks that precede
 * them.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { isLoopback } from "../model/address.ts";
import { isOwnHost, isOwnOrigin, isPassedOn } from "../model/web_origin.ts";
import { safeText } from "../safe_text.ts";
import type { TokenGate } from "../server/token_gate.ts";
import { hasTag, takesGzip } from "./http_fields.ts";
import { BadRequest, type RequestHead } from "./http_head.ts";
import { METRICS_TYPE } from "./metrics.ts";
import { PAGE_FILES, PAGE_HEADERS, pageFile } from "./page_files.ts";

/** What the routes need from the server. */
export interface HttpWorld {
  /** Host names accepted in addition to those of {@linkcode isOwnHost}. */
  hosts: string[];
  /** Checks the tokens of other machines that read the metrics. */
  gate: TokenGate;
  /** Whether clients of this address are served. */
  admits(ip: string): boolean;
  isReady(): boolean;
  metricsText(): string;
  /** A song's waveform; see `Waveforms.of`. */
  peaks(song: string, etag: string): Promise<Uint8Array<ArrayBuffer>>;
}

type Route = (
  world: HttpWorld,
  request: RequestHead,
  ip: string,
) => Response | Promise<Response>;

const ROUTES: Record<string, Route> = {
  ...Object.fromEntries(Object.keys(PAGE_FILES).map((path) => [path, page])),
  "/session": openSession,
  "/peaks": peaks,
  "/metrics": metrics,
  "/healthz": () => text(200, "ok\n"),
  "/readyz": ({ isReady }) =>
    isReady() ? text(200, "ready\n") : text(503, "shutting down\n"),
};

/** The answer that turns the connection into a session. */
export const UPGRADE: Response = new Response();

/**
 * Answers a request, after the checks in their order.
 *
 * @param ip The peer's address, without brackets.
 * @throws {BadRequest} The error status to answer with.
 */
export function respond(
  world: HttpWorld,
  request: RequestHead,
  ip: string,
): Response | Promise<Response> {
  const { method, path, host, headers } = request;
  if (!isOwnHost(host, world.hosts)) return misdirected(host);
  const origin = headers.get("origin");
  if (origin !== undefined && !isOwnOrigin(origin, host)) {
    return text(403, "Pages of other origins may not use this server.\n");
  }
  const route = ROUTES[path];
  if (route === undefined) return text(404, "There is no such page.\n");
  if (path !== "/healthz" && !world.admits(ip)) {
    return text(403, "This server serves its home network only.\n");
  }
  const reads = method === "GET" || method === "HEAD";
  if (!reads) return text(405, "Only GET is allowed.\n", ALLOW);
  return route(world, request, ip);
}

/** Explains to a visitor how the owner can allow the host name. */
function misdirected(host: string): Response {
  const name = safeText(host).slice(0, 255);
  return text(
    421,
    `This server does not answer to the host name "${name}".

If it is a name of this server's, start it with --http-host and that name.
Else open the page by the server's address, such as http://192.168.1.5:4042/.
`,
  );
}

const ALLOW = { allow: "GET, HEAD" };

const WEB_SOCKET_VERSION = "13";
/** What the client must send (RFC 6455, section 4.2.2). */
const UPGRADE_HEADERS = {
  "upgrade": "websocket",
  "sec-websocket-version": WEB_SOCKET_VERSION,
};

function openSession(_: HttpWorld, { method, headers }: RequestHead) {
  if (method === "HEAD") {
    return text(405, "Only GET is allowed.\n", { allow: "GET" });
  }
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return text(426, "A session is a WebSocket.\n", UPGRADE_HEADERS);
  }
  // A handshake without a version is as incomplete as any other.
  const version = headers.get("sec-websocket-version") ?? WEB_SOCKET_VERSION;
  if (version !== WEB_SOCKET_VERSION) {
    return text(426, "Only version 13 is supported.\n", UPGRADE_HEADERS);
  }
  return UPGRADE;
}

async function metrics(
  { gate, metricsText }: HttpWorld,
  request: RequestHead,
  ip: string,
): Promise<Response> {
  if (!isLoopback(ip) || isPassedOn(request.headers)) {
    if (gate.isOpen) {
      return text(
        403,
        "Without a token, metrics are available on this machine only.\n",
      );
    }
    await requireToken(gate, request, ip);
  }
  return new Response(metricsText(), {
    headers: { "content-type": METRICS_TYPE, "cache-control": "no-store" },
  });
}

/** A file of the page. It needs no token, since the page asks for it. */
async function page(
  _: HttpWorld,
  { path, headers }: RequestHead,
): Promise<Response> {
  const { type, bytes, gzipped, etag } = await pageFile(path);
  if (hasTag(headers.get("if-none-match") ?? "", etag)) {
    return new Response(null, { status: 304, headers: { etag } });
  }
  const packed = takesGzip(headers.get("accept-encoding") ?? "");
  return new Response(packed ? gzipped : bytes, {
    headers: {
      ...PAGE_HEADERS,
      "content-type": type,
      "vary": "accept-encoding",
      etag,
      ...(packed && { "content-encoding": "gzip" }),
    },
  });
}

/** A song's waveform, which is immutable for an etag. */
async function peaks(
  { gate, peaks }: HttpWorld,
  request: RequestHead,
  ip: string,
): Promise<Response> {
  await requireToken(gate, request, ip);
  const song = request.query.get("song") ?? "";
  const etag = request.query.get("etag") ?? "";
  try {
    return new Response(await peaks(song, etag), {
      headers: {
        "content-type": "application/octet-stream",
        "cache-control": "private, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
      },
    });
  } catch (thrown) {
    const { code, message } = toOndacastError(thrown);
    return text(PEAKS_STATUS[code] ?? 500, `${message}\n`);
  }
}

const PEAKS_STATUS: Record<string, number> = {
  "not-found": 404,
  ambiguous: 409,
  changed: 404,
  busy: 503,
};

/**
 * Refuses a request without the server's token, where it has one.
 *
 * @throws {BadRequest} 401; 429 after too many wrong ones from that address.
 */
async function requireToken(
  gate: TokenGate,
  { headers }: RequestHead,
  ip: string,
): Promise<void> {
  try {
    await gate.check(bearerToken(headers.get("authorization") ?? ""), {
      ip,
      device: headers.get("ondacast-device") || undefined,
    });
  } catch (error) {
    if (!(error instanceof OndacastError)) throw error;
    if (error.code === "busy") throw new BadRequest(429, `${error.message}.`);
    throw new BadRequest(401, "This needs the server's token.", {
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

export function text(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(body, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}
