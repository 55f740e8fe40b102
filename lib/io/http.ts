/**
 * The HTTP port: the page, and whether the server is alive and ready.
 *
 * @module
 */

import { listenError } from "./listen.ts";
import { plainHost } from "./tcp.ts";

/** What the HTTP port needs to know. */
export interface HttpOptions {
  hostname: string;
  /** 0: any free one. */
  port: number;
  /** Names that requests may be for, beside addresses and `localhost`. */
  hosts: string[];
  serverName: string;
  /** Whether a client of this address is served. */
  admits(ip: string): boolean;
  isReady(): boolean;
}

/**
 * Opens the port.
 *
 * @throws {OndacastError} As `listen` does.
 */
export function serveHttp(
  options: HttpOptions,
): Deno.HttpServer<Deno.NetAddr> {
  const { hostname, port } = options;
  try {
    return Deno.serve(
      { hostname, port, onListen() {} },
      (request, info) => answer(options, request, info.remoteAddr.hostname),
    );
  } catch (cause) {
    throw listenError(hostname, port, cause);
  }
}

type Route = (options: HttpOptions) => Response;

const ROUTES: Record<string, Route> = {
  "/": (options) => html(welcomePage(options)),
  "/healthz": () => text(200, "ok\n"),
  "/readyz": ({ isReady }) =>
    isReady() ? text(200, "ready\n") : text(503, "shutting down\n"),
};

function answer(
  options: HttpOptions,
  request: Request,
  remoteHost: string,
): Response {
  const url = new URL(request.url);
  if (!isOurHost(url.hostname, options.hosts)) {
    return text(421, "This server does not answer to that host name.\n");
  }
  const route = ROUTES[url.pathname];
  if (!route) return text(404, "There is no such page.\n");
  if (url.pathname !== "/healthz" && !options.admits(plainHost(remoteHost))) {
    return text(403, "This server serves its home network only.\n");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return text(405, "Only GET is answered.\n", { allow: "GET, HEAD" });
  }
  return route(options);
}

/**
 * Whether a request is for this server. Names that a stranger's DNS could
 * point here are not (DNS rebinding): only addresses, and names of this
 * machine or its link.
 */
function isOurHost(hostname: string, hosts: string[]): boolean {
  const name = hostname.toLowerCase();
  return /^\d+\.\d+\.\d+\.\d+$/.test(name) || name.startsWith("[") ||
    name === "localhost" || name.endsWith(".local") ||
    hosts.some((host) => host.toLowerCase() === name);
}

function welcomePage({ serverName }: HttpOptions): string {
  const name = serverName.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Ondacast on ${name}</title>
<h1>Ondacast on ${name}</h1>
<p>This server plays its songs to the <code>ondacast</code> program:</p>
<pre>ondacast play --server ${name}</pre>
</html>
`;
}

function html(body: string): Response {
  return new Response(body, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'",
      "x-content-type-options": "nosniff",
    },
  });
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
