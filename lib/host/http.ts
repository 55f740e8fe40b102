/**
 * The HTTP port: the page, the session as a WebSocket, metrics and health.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import { addressGroup } from "../model/address.ts";
import { AddressTally } from "../model/address_tally.ts";
import { RateLimit } from "../model/rate_limit.ts";
import { isPassedOn } from "../model/web_origin.ts";
import type { Clock, Transport } from "../ports/common.ts";
import { RATE_LIMIT } from "../server/cost.ts";
import { Channel } from "../wire/channel.ts";
import { systemClock } from "../io/clock/clock.ts";
import { type Answer, HttpError, text } from "./http_answer.ts";
import { refusalOf } from "./http_api_answer.ts";
import { HttpConnection } from "./http_connection.ts";
import type { RequestHead } from "./http_head.ts";
import { respond, UPGRADE } from "./http_routes.ts";
import type { HttpWorld } from "./http_world.ts";
import type { WebSocketTransport } from "./web_socket.ts";

/**
 * Most connections; beyond them the one that is idle for longest is closed, or
 * the answer is 503. WebSockets, and those that are sent a song, do not count.
 */
const MAX_CONNECTIONS = 256;

/** The same per address; connections of this machine do not count. */
const MAX_CONNECTIONS_PER_ADDRESS = 64;

/** Units of {@linkcode RATE_LIMIT} that a request costs: some 0.2 ms. */
const REQUEST_COST = 20;

/** Steps of `Turns` that a request takes: enough to look at the clock. */
const REQUEST_STEPS = 64;

/** What the HTTP port needs from the server. */
export interface HttpOptions extends HttpWorld {
  /**
   * Takes a client's place for a song that is sent.
   *
   * @returns Gives it back; null: none is free.
   */
  takePlace(ip: string): (() => void) | null;
  /** Serves a session until it is over. */
  serveSession(transport: WebSocketTransport): Promise<void>;
  /** Called when a request or a connection ends, with the reason. */
  ended(peer: string, reason: string): void;
}

/** Polled by health checks, and therefore not logged. */
const PROBES = new Set(["/healthz", "/readyz", "/metrics"]);

/** The requests of one connection. */
interface Talk {
  readonly limit: RateLimit;
  /** Whether an answer has been logged. */
  isLogged: boolean;
  /** Later answers by status: a line for each could fill the disk. */
  readonly unlogged: Map<number, number>;
}

/** Serves the connections of the HTTP port. */
export class HttpPort {
  readonly #options: HttpOptions;
  readonly #closing: AbortSignal;
  readonly #clock: Clock;
  readonly #addresses = new AddressTally(MAX_CONNECTIONS_PER_ADDRESS);
  readonly #connections = new Set<HttpConnection>();
  /** Those of them that count, while they send no song. */
  readonly #placed = new Set<HttpConnection>();

  /** @param closing Aborted when the server ends. */
  constructor(
    options: HttpOptions,
    closing: AbortSignal,
    clock: Clock = systemClock,
  ) {
    this.#options = options;
    this.#closing = closing;
    this.#clock = clock;
    closing.addEventListener("abort", () => {
      for (const one of this.#connections) one.cut("the server shuts down");
    });
  }

  /**
   * Closes connections that are idle or late. Call it twice a second.
   *
   * @param awakeSinceMs When the process last resumed after a suspension.
   */
  sweep(nowMs: number, awakeSinceMs: number): void {
    for (const connection of this.#connections) {
      const lateness = connection.lateness(nowMs, awakeSinceMs);
      if (lateness !== null) connection.cut(lateness);
    }
  }

  /** Serves one connection to its end. */
  async serve(transport: Transport): Promise<void> {
    const connection = new HttpConnection(transport, this.#clock);
    this.#connections.add(connection);
    const isAdmitted = this.#place(connection);
    const talk: Talk = {
      limit: new RateLimit(RATE_LIMIT, this.#clock.now()),
      ...{ isLogged: false, unlogged: new Map() },
    };
    let socket: WebSocketTransport | null = null;
    try {
      const served = isAdmitted
        ? this.#answerAll(connection, talk)
        : this.#refuse(connection);
      socket = await Promise.race([served, connection.over]);
    } catch (thrown) {
      transport.close();
      // The peer is gone or too slow, so no answer can reach it.
      const { code, message } = toOndacastError(thrown);
      if (code !== "lost") throw thrown;
      if (!connection.isIdle) this.#ended(connection, `lost: ${message}`);
      return;
    } finally {
      this.#connections.delete(connection);
      this.#displace(connection);
      this.#logRest(connection, talk);
    }
    if (socket !== null) return this.#options.serveSession(socket);
    await new Channel(transport, this.#clock).closeAfterSending();
  }

  /** Answers request after request, until one becomes a WebSocket or is the last. */
  async #answerAll(
    connection: HttpConnection,
    talk: Talk,
  ): Promise<WebSocketTransport | null> {
    const { limit } = talk;
    while (true) {
      const answered = await this.#answerOne(connection, talk);
      if (answered !== "next") return answered;
      limit.refill(this.#clock.now());
      if (limit.waitMs > 0) await this.#clock.sleep(limit.waitMs);
      const turn = this.#options.turns.next(REQUEST_STEPS);
      if (turn) await turn;
    }
  }

  async #answerOne(
    connection: HttpConnection,
    talk: Talk,
  ): Promise<"next" | WebSocketTransport | null> {
    let head: RequestHead | null = null;
    let answer: Answer;
    try {
      head = await connection.readHead();
      if (head === null) {
        if (!connection.isIdle) this.#ended(connection, "closed by the client");
        return null;
      }
      const handled = await respond(this.#options, {
        ...head,
        ip: connection.ip,
        isOver: () => connection.isCut,
        readBody: (mostBytes) => connection.readBody(mostBytes),
      });
      if (handled === UPGRADE) return await this.#upgrade(connection, head);
      answer = handled;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      const refuse = refusalOf(head?.path ?? error.path);
      answer = refuse(error.status, `${error.message}\n`, error.headers);
    }
    talk.limit.spend(REQUEST_COST + (answer.cost ?? 0));
    const sending = this.#send(connection, answer, {
      withBody: head?.method !== "HEAD",
      isLast: !head?.keepsAlive,
    });
    const { status, mayFollow } = await Promise.race([sending, connection.over])
      .finally(() => answer.release?.());
    const isProbe = head !== null && PROBES.has(head.path);
    if (!isProbe || status !== 200) this.#log(connection, talk, status);
    return mayFollow ? "next" : null;
  }

  /** Sends an answer. A song counts among the clients while it is sent. */
  async #send(
    connection: HttpConnection,
    answer: Answer,
    options: { withBody: boolean; isLast: boolean },
  ): Promise<{ status: number; mayFollow: boolean }> {
    const { body, status } = answer;
    if (body instanceof Uint8Array || !options.withBody) {
      return { status, mayFollow: await connection.send(answer, options) };
    }
    const leave = this.#options.takePlace(connection.ip);
    if (leave === null) {
      body.close();
      const refusal = text(503, "Too many clients are connected.\n");
      return await this.#send(connection, refusal, options);
    }
    this.#displace(connection);
    try {
      const sent = connection.send(answer, options);
      const mayFollow = await Promise.race([sent, connection.over]);
      return { status, mayFollow: mayFollow && this.#place(connection) };
    } finally {
      leave();
    }
  }

  async #upgrade(
    connection: HttpConnection,
    { method, headers }: RequestHead,
  ): Promise<WebSocketTransport | null> {
    const { upgradeToWebSocket } = await import("./web_socket.ts");
    const socket = await upgradeToWebSocket(
      connection.transport,
      { method, headers, rest: connection.rest() },
      { isPassedOn: isPassedOn(headers) },
    );
    if (socket === null) this.#ended(connection, "refused: no right WebSocket");
    return socket;
  }

  async #refuse(connection: HttpConnection): Promise<null> {
    const answer = text(503, "Too many connections at once.\n");
    await connection.send(answer, { withBody: true, isLast: true });
    this.#ended(connection, `answered ${answer.status}`);
    return null;
  }

  /** Gives a connection a place, at the cost of an idle one where all are taken. */
  #place(connection: HttpConnection): boolean {
    const { ip } = connection;
    if (!this.#addresses.enter(ip)) {
      const group = addressGroup(ip);
      const isSame = (one: HttpConnection) => addressGroup(one.ip) === group;
      if (!this.#closeIdle(isSame)) return false;
      this.#addresses.enter(ip);
    }
    const isFull = this.#placed.size >= MAX_CONNECTIONS;
    if (isFull && !this.#closeIdle(() => true)) {
      this.#addresses.leave(ip);
      return false;
    }
    this.#placed.add(connection);
    return true;
  }

  #displace(connection: HttpConnection): void {
    if (!this.#placed.delete(connection)) return;
    this.#addresses.leave(connection.ip);
  }

  /** Closes the connection that is idle for longest. @returns False if none is. */
  #closeIdle(where: (connection: HttpConnection) => boolean): boolean {
    let oldest: HttpConnection | null = null;
    for (const one of this.#placed) {
      if (!one.isIdle || !where(one)) continue;
      if (oldest === null || one.idleSinceMs < oldest.idleSinceMs) oldest = one;
    }
    if (oldest === null) return false;
    oldest.cut("idle");
    this.#displace(oldest);
    return true;
  }

  /** Logs the first answer of a connection, and counts the others. */
  #log(connection: HttpConnection, talk: Talk, status: number): void {
    const { isLogged, unlogged } = talk;
    if (isLogged) unlogged.set(status, (unlogged.get(status) ?? 0) + 1);
    else this.#ended(connection, `answered ${status}`);
    talk.isLogged = true;
  }

  #logRest(connection: HttpConnection, { unlogged }: Talk): void {
    if (unlogged.size === 0) return;
    const counts = [...unlogged].map(([status, count]) =>
      `${count} × ${status}`
    );
    this.#ended(connection, `then answered ${counts.join(", ")}`);
  }

  #ended({ transport }: HttpConnection, reason: string): void {
    this.#options.ended(transport.peer, reason);
  }
}
