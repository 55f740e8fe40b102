/**
 * The HTTP port: the page, the session as a WebSocket, the server's numbers,
 * and whether it is alive and ready.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { isLoopback, peerHost } from "../model/address.ts";
import { AddressTally } from "../model/address_tally.ts";
import { isOwnHost, isOwnOrigin } from "../model/web_origin.ts";
import type { Transport } from "../ports.ts";
import type { TokenGate } from "../server/token_gate.ts";
import { Channel } from "../wire/channel.ts";
import { systemClock } from "./clock.ts";
import {
  BadRequest,
  type HttpRequest,
  readRequest,
  writeResponse,
} from "./http_connection.ts";
import { METRICS_TYPE } from "./metrics.ts";
import { PAGE_FILES, PAGE_HEADERS, pageFile } from "./page_files.ts";
import type { WebSocketTransport } from "./web_socket.ts";

/** How long a request and its answer may take together. */
const REQUEST_MS = 10_000;
/** Requests at once; more are told to come later. WebSockets are not among them. */
const MAX_REQUESTS = 256;

/** Requests of one address at once; this machine's own are not counted. */
const MAX_REQUESTS_PER_ADDRESS = 64;

/** What the HTTP port needs to know. */
export interface HttpOptions {
  /** Names that requests may be for, beside addresses and `localhost`. */
  hosts: string[];
  /** Where others than this machine show their token to read the numbers. */
  gate: TokenGate;
  /** Whether a client of this address is served. */
  admits(ip: string): boolean;
  isReady(): boolean;
  metricsText(): string;
  /** The picture of a song; see `SongPeaks.of`. */
  peaks(song: string, etag: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Serves a session until it is over. */
  serveSession(transport: WebSocketTransport): Promise<void>;
}

/** Answers the connections of the HTTP port, one request each. */
export class HttpPort {
  readonly #options: HttpOptions;
  readonly #addresses = new AddressTally(MAX_REQUESTS_PER_ADDRESS);
  #requests = 0;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /**
   * Serves one connection to its end.
   *
   * @param closing Aborted when the server ends.
   */
  async serve(transport: Transport, closing: AbortSignal): Promise<void> {
    const close = () => transport.close();
    closing.addEventListener("abort", close);
    const late = setTimeout(close, REQUEST_MS);
    this.#requests++;
    const ip = peerHost(transport.peer);
    const hasPlace = this.#addresses.enter(ip);
    let socket: WebSocketTransport | null = null;
    try {
      const isTaken = hasPlace && this.#requests <= MAX_REQUESTS;
      socket = await this.#answer(transport, ip, isTaken);
    } catch (error) {
      transport.close();
      // The peer has gone, or was too slow: there is nobody to tell.
      if (toOndacastError(error).code !== "lost") throw error;
    } finally {
      this.#requests--;
      if (hasPlace) this.#addresses.leave(ip);
      clearTimeout(late);
      closing.removeEventListener("abort", close);
    }
    if (socket !== null) return await this.#options.serveSession(socket);
    await new Channel(transport, systemClock).closeAfterSending();
  }

  /** Answers the request, unless it became a WebSocket. */
  async #answer(
    transport: Transport,
    ip: string,
    isTaken: boolean,
  ): Promise<WebSocketTransport | null> {
    let response: Response;
    let withBody = true;
    try {
      if (!isTaken) throw new BadRequest(503, "Too many requests at once.");
      const request = await readRequest(transport);
      if (request === null) return null;
      withBody = request.method !== "HEAD";
      response = await respond(this.#options, request, ip);
      if (response === UPGRADE) {
        const { upgradeToWebSocket } = await import("./web_socket.ts");
        return await upgradeToWebSocket(transport, request);
      }
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      response = text(error.status, `${error.message}\n`, error.headers);
    }
    await writeResponse(transport, response, { withBody });
    return null;
  }
}

type Route = (
  options: HttpOptions,
  request: HttpRequest,
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

/** The answer that says: this connection is a session's now. */
const UPGRADE = new Response();

/** The answer to a request, in the order of what must hold first. */
function respond(
  options: HttpOptions,
  request: HttpRequest,
  ip: string,
): Response | Promise<Response> {
  const { method, path, headers } = request;
  const host = headers.get("host") ?? "";
  if (!isOwnHost(host, options.hosts)) {
    return text(421, "This server does not answer to that host name.\n");
  }
  const route = ROUTES[path];
  if (route === undefined) return text(404, "There is no such page.\n");
  if (path !== "/healthz" && !options.admits(ip)) {
    return text(403, "This server serves its home network only.\n");
  }
  const reads = method === "GET" || method === "HEAD";
  const origin = headers.get("origin");
  if (
    (path === "/session" || !reads) && origin !== null &&
    !isOwnOrigin(origin, host)
  ) {
    return text(403, "Pages of other places may not use this server.\n");
  }
  if (!reads) return text(405, "Only GET is answered.\n", ALLOW);
  return route(options, request, ip);
}

const ALLOW = { allow: "GET, HEAD" };

function openSession(_: HttpOptions, { method, headers }: HttpRequest) {
  if (method === "HEAD") {
    return text(405, "Only GET is answered.\n", { allow: "GET" });
  }
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return text(426, "A session is a WebSocket.\n", { upgrade: "websocket" });
  }
  return UPGRADE;
}

async function metrics(
  { gate, metricsText }: HttpOptions,
  request: HttpRequest,
  ip: string,
): Promise<Response> {
  if (!isLoopback(ip)) {
    if (gate.isOpen) {
      return text(
        403,
        "Without a token the numbers are for this machine only.\n",
      );
    }
    await requireToken(gate, request, ip);
  }
  return new Response(metricsText(), {
    headers: { "content-type": METRICS_TYPE, "cache-control": "no-store" },
  });
}

/** A file of the page; without a token, as it is what asks for it. */
async function page(
  _: HttpOptions,
  { path, headers }: HttpRequest,
): Promise<Response> {
  const { type, bytes, gzipped, etag } = await pageFile(path);
  if (headers.get("if-none-match") === etag) {
    return new Response(null, { status: 304, headers: { etag } });
  }
  const packed = /\bgzip\b/i.test(headers.get("accept-encoding") ?? "");
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

/** A song's picture, which stays what it is as long as the etag does. */
async function peaks(
  { gate, peaks }: HttpOptions,
  request: HttpRequest,
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
  changed: 404,
  busy: 503,
};

/**
 * Refuses a request without the server's token, where it has one.
 *
 * @throws {BadRequest} 401; 429, if too many wrong ones came from there.
 */
async function requireToken(
  gate: TokenGate,
  { headers }: HttpRequest,
  ip: string,
): Promise<void> {
  const given = /^Bearer +(.+)$/i.exec(headers.get("authorization") ?? "");
  try {
    await gate.check(given ? fromUtf8(given[1]) : undefined, ip);
  } catch (error) {
    if (!(error instanceof OndacastError)) throw error;
    if (error.code === "busy") throw new BadRequest(429, `${error.message}.`);
    throw new BadRequest(401, "This needs the server's token.", {
      "www-authenticate": "Bearer",
    });
  }
}

/** A header's bytes, which come one a character, as the text that they are. */
function fromUtf8(header: string): string {
  return new TextDecoder().decode(
    Uint8Array.from(header, (character) => character.charCodeAt(0)),
  );
}

function text(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  });
}
