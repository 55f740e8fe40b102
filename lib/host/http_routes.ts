/**
 * The routes of the HTTP port, a row for each path, and the checks that precede
 * them.
 *
 * @module
 */

import { isLoopback } from "../model/address.ts";
import { SESSION_PORT_FIELD } from "../model/right_port.ts";
import { isOwnHost, isOwnOrigin, isPassedOn } from "../model/web_origin.ts";
import { safeText } from "../safe_text.ts";
import { type Answer, text } from "./http_answer.ts";
import { refusalOf, refused } from "./http_api_answer.ts";
import { requireToken } from "./http_auth.ts";
import { songArt } from "./http_art.ts";
import { hasTag, takesGzip } from "./http_fields.ts";
import type { HttpRequest } from "./http_request.ts";
import { albumSongs, allSongs } from "./http_playlists.ts";
import { songFile } from "./http_songs.ts";
import { listedWaveform, songWaveform } from "./http_waveform.ts";
import type { HttpWorld } from "./http_world.ts";
import { METRICS_TYPE } from "./metrics.ts";
import { PAGE_FILES, PAGE_HEADERS, pageFile } from "./page_files.ts";

const NOTHING = new Uint8Array(0);

/** The answer that turns the connection into a session. */
export const UPGRADE = "upgrade";
type Handled = Answer | typeof UPGRADE;

/** A row of {@linkcode ROUTES}. */
interface Route {
  /** A `*` at its end stands for one character or more. */
  path: string;
  methods: readonly string[];
  /** Throws `HttpError` for an error status. */
  handle(world: HttpWorld, request: HttpRequest): Handled | Promise<Handled>;
}

const READS = ["GET", "HEAD"];
/** Served to every address; it also leads clients to the port of sessions. */
const HEALTH = "/healthz";

/** Every route. */
export const ROUTES: readonly Route[] = [
  ...Object.keys(PAGE_FILES).map((path) => ({
    path,
    methods: READS,
    handle: page,
  })),
  { path: "/session", methods: ["GET"], handle: openSession },
  { path: "/peaks", methods: READS, handle: listedWaveform },
  { path: "/waveform/*", methods: READS, handle: songWaveform },
  { path: "/songs/*", methods: READS, handle: songFile },
  { path: "/songs.m3u8", methods: READS, handle: allSongs },
  { path: "/albums/*", methods: READS, handle: albumSongs },
  { path: "/art/*", methods: READS, handle: songArt },
  {
    path: "/api/*",
    methods: ["POST"],
    handle: (world, request) => world.api(request),
  },
  { path: "/jsonrpc", methods: ["POST"], handle: rpc },
  { path: "/metrics", methods: READS, handle: metrics },
  {
    path: HEALTH,
    methods: READS,
    handle: ({ sessionPort }) =>
      text(200, "ok\n", { [SESSION_PORT_FIELD]: String(sessionPort) }),
  },
  {
    path: "/readyz",
    methods: READS,
    handle: ({ readiness }) => {
      const { isReady, details } = readiness();
      const lines = [isReady ? "ready" : "not ready", ...details, ""];
      return text(isReady ? 200 : 503, lines.join("\n"));
    },
  },
];

const EXACT = new Map(ROUTES.map((route) => [route.path, route]));
const PREFIXES = ROUTES.filter(({ path }) => path.endsWith("*"))
  .map((route) => ({ route, prefix: route.path.slice(0, -1) }));

/** The route of a path, and the part that matches its `*`. */
function findRoute(path: string): { route: Route; tail: string } | null {
  const exact = EXACT.get(path);
  if (exact) return { route: exact, tail: "" };
  for (const { route, prefix } of PREFIXES) {
    if (path.startsWith(prefix) && path.length > prefix.length) {
      return { route, tail: path.slice(prefix.length) };
    }
  }
  return null;
}

/**
 * Answers a request, after the checks in their order.
 *
 * @throws {HttpError} The error status to answer with.
 */
export function respond(
  world: HttpWorld,
  request: Omit<HttpRequest, "tail">,
): Handled | Promise<Handled> {
  const { method, path, host, headers } = request;
  const refuse = refusalOf(path);
  if (!isOwnHost(host, world.hosts)) return refuse(421, misdirected(host));
  const found = findRoute(path);
  const origin = headers.get("origin");
  if (origin !== undefined && !isOwnOrigin(origin, host)) {
    return refuse(403, "Pages of other origins may not use this server.\n");
  }
  if (found === null) return refuse(404, "The page does not exist.\n");
  const { route: { methods, handle }, tail } = found;
  if (path !== HEALTH && !world.admits(request.ip)) {
    return refuse(403, "This server serves its home network only.\n");
  }
  if (!methods.includes(method)) {
    const allow = methods.join(", ");
    return refuse(405, `Only ${allow} is allowed.\n`, { allow });
  }
  return handle(world, { ...request, tail });
}

/** Explains to a visitor how the owner can allow the host name. */
function misdirected(host: string): string {
  const name = safeText(host).slice(0, 255);
  return `This server does not answer to the host name "${name}".

If it is a name of this server's, start it with --http-host and that name.
Else open the page by the server's address, such as http://192.168.1.5:4042/.
`;
}

const WEB_SOCKET_VERSION = "13";
/** Fields that the client must send (RFC 6455, section 4.2.2). */
const UPGRADE_HEADERS = {
  "upgrade": "websocket",
  "sec-websocket-version": WEB_SOCKET_VERSION,
};

function openSession(_: HttpWorld, { headers }: HttpRequest): Handled {
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

/** Answers Snapcast's apps, where these are served. */
function rpc(
  world: HttpWorld,
  request: HttpRequest,
): Handled | Promise<Handled> {
  return world.rpc?.(request) ??
    refused(404, "Snapcast's apps are served with --snapcast-control-port");
}

async function metrics(
  { gate, metricsText }: HttpWorld,
  request: HttpRequest,
): Promise<Answer> {
  if (!isLoopback(request.ip) || isPassedOn(request.headers)) {
    if (gate.isOpen) {
      return text(
        403,
        "Without a token, metrics are available on this machine only.\n",
      );
    }
    await requireToken(gate, request);
  }
  return {
    status: 200,
    headers: { "content-type": METRICS_TYPE, "cache-control": "no-store" },
    body: new TextEncoder().encode(metricsText()),
  };
}

/** A file of the page. It needs no token, because the page prompts for it. */
async function page(
  _: HttpWorld,
  { path, headers }: HttpRequest,
): Promise<Answer> {
  const { type, bytes, gzipped, etag } = await pageFile(path);
  if (hasTag(headers.get("if-none-match") ?? "", etag)) {
    return { status: 304, headers: { ...PAGE_HEADERS, etag }, body: NOTHING };
  }
  const packed = takesGzip(headers.get("accept-encoding") ?? "");
  return {
    status: 200,
    headers: {
      ...PAGE_HEADERS,
      "content-type": type,
      "vary": "accept-encoding",
      etag,
      ...(packed && { "content-encoding": "gzip" }),
    },
    body: packed ? gzipped : bytes,
  };
}
