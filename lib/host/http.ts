/**
 * The HTTP port: the page, the session as a WebSocket, metrics and health.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import { peerHost } from "../model/address.ts";
import { AddressTally } from "../model/address_tally.ts";
import { isPassedOn } from "../model/web_origin.ts";
import type { Clock, Transport } from "../ports/common.ts";
import { Channel } from "../wire/channel.ts";
import { systemClock } from "../io/clock/clock.ts";
import { setDeadline } from "../io/clock/deadline.ts";
import { readRequest, writeResponse } from "./http_connection.ts";
import { BadRequest } from "./http_head.ts";
import { type HttpWorld, respond, text, UPGRADE } from "./http_routes.ts";
import type { WebSocketTransport } from "./web_socket.ts";

/** How long a request and its answer may take together. */
const REQUEST_MS = 10_000;
/**
 * Most requests at once; beyond them the answer is 503. WebSockets do not
 * count.
 */
const MAX_REQUESTS = 256;

/** The same per address; requests of this machine do not count. */
const MAX_REQUESTS_PER_ADDRESS = 64;

/** What the HTTP port needs from the server. */
export interface HttpOptions extends HttpWorld {
  /** Serves a session until it is over. */
  serveSession(transport: WebSocketTransport): Promise<void>;
  /** Called when a connection ends, with the reason. */
  ended(peer: string, reason: string): void;
}

/** Polled by health checks, and therefore not logged. */
const PROBES = new Set(["/healthz", "/readyz", "/metrics"]);

/** Why a connection ended; null: too common to be logged. */
type Outcome = { reason: string | null };

/** Serves the connections of the HTTP port, one request each. */
export class HttpPort {
  readonly #options: HttpOptions;
  readonly #clock: Clock;
  readonly #addresses = new AddressTally(MAX_REQUESTS_PER_ADDRESS);
  #requests = 0;

  constructor(options: HttpOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
  }

  /**
   * Serves one connection to its end.
   *
   * @param closing Aborted when the server ends.
   */
  async serve(transport: Transport, closing: AbortSignal): Promise<void> {
    const close = () => transport.close();
    closing.addEventListener("abort", close);
    const met = setDeadline(this.#clock, REQUEST_MS, close);
    this.#requests++;
    const ip = peerHost(transport.peer);
    const hasPlace = this.#addresses.enter(ip);
    let outcome: WebSocketTransport | Outcome;
    try {
      const isTaken = hasPlace && this.#requests <= MAX_REQUESTS;
      outcome = await this.#answer(transport, ip, isTaken);
    } catch (thrown) {
      transport.close();
      // The peer is gone or too slow, so no answer can reach it.
      const { code, message } = toOndacastError(thrown);
      if (code !== "lost") throw thrown;
      outcome = { reason: `lost: ${message}` };
    } finally {
      this.#requests--;
      if (hasPlace) this.#addresses.leave(ip);
      met();
      closing.removeEventListener("abort", close);
    }
    if (!("reason" in outcome)) return this.#options.serveSession(outcome);
    await new Channel(transport, this.#clock).closeAfterSending();
    const { reason } = outcome;
    if (reason !== null) this.#options.ended(transport.peer, reason);
  }

  /** Answers the request, unless it became a WebSocket. */
  async #answer(
    transport: Transport,
    ip: string,
    isTaken: boolean,
  ): Promise<WebSocketTransport | Outcome> {
    let response: Response;
    let withBody = true;
    let isProbe = false;
    try {
      if (!isTaken) throw new BadRequest(503, "Too many requests at once.");
      const request = await readRequest(transport);
      if (request === null) return { reason: "closed by the client" };
      withBody = request.method !== "HEAD";
      isProbe = PROBES.has(request.path);
      response = await respond(this.#options, request, ip);
      if (response === UPGRADE) {
        const { upgradeToWebSocket } = await import("./web_socket.ts");
        const socket = await upgradeToWebSocket(transport, request, {
          isPassedOn: isPassedOn(request.headers),
        });
        return socket ?? { reason: "refused: no right WebSocket" };
      }
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      response = text(error.status, `${error.message}\n`, error.headers);
    }
    await writeResponse(transport, response, { withBody });
    if (isProbe && response.ok) return { reason: null };
    return { reason: `answered ${response.status}` };
  }
}
