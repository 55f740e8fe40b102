/**
 * The link to a server, over all its connections: opens the first one, and
 * another when it is lost.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { Clock, Connector } from "../ports/common.ts";
import type { ToClient } from "../wire/messages.ts";
import { ClientSession, type Identity } from "./client_session.ts";
import { Listeners } from "./listeners.ts";

/** The waits between attempts: each is twice the one before, up to the longest. */
const RETRY_MS = { first: 250, longest: 4_000 };
/** The limit of one attempt to reach a server that was met before. */
const CONNECT_MS = 10_000;

/** Options of a link. */
export interface LinkOptions {
  connector: Connector;
  clock: Clock;
  identity: Identity;
  /** Data that may be in transit, in bytes, unless a song needs more. */
  windowBytes: number;
  /** Ends all waiting. */
  signal: AbortSignal;
  /**
   * The id of the server that it keeps to, or to its cluster; null: that of the
   * first one that it meets. By default any server is taken that is there.
   */
  serverId?: string | null;
}

/** Notified of the connections of a link. */
export interface LinkListener {
  /** A connection was opened; nothing has come over it yet. */
  opened?(session: ClientSession): void;
  /** The server has greeted this client; what it sends next comes after this. */
  greeted?(session: ClientSession, welcome: ToClient<"welcome">): void;
  /** The server was lost, or cannot be reached. */
  away?(error: OndacastError): void;
  /** The server has greeted this client after it was away. */
  back?(welcome: ToClient<"welcome">): void;
}

/** A server, through the connection that leads there now. */
export class Link {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly #options: LinkOptions;
  #session: ClientSession | null = null;
  #opening: Promise<ClientSession> | null = null;
  readonly #listeners = new Listeners<LinkListener>();
  /** Connections that were lost and replaced. */
  reconnects = 0;
  #hasMet = false;
  #isAway = false;
  /** The id of the only server that is taken; null: not known yet, or any. */
  #serverId: string | null;
  /** The id of the last server, and the cluster that it belongs to. */
  #last: Pick<ToClient<"welcome">, "serverId" | "cluster"> = {};

  constructor(options: LinkOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.signal = options.signal;
    this.#serverId = options.serverId ?? null;
  }

  /** The server as a user would write it. */
  get place(): string {
    return this.#options.connector.place;
  }

  /** The id of the server that it keeps to; null: of none, or not known yet. */
  get serverId(): string | null {
    return this.#serverId;
  }

  /** The id of the server that it was connected to last; undefined: it has none. */
  get lastServerId(): string | undefined {
    return this.#last.serverId;
  }

  /** The connection; null: there is none now. */
  get current(): ClientSession | null {
    return this.#session?.failure === null ? this.#session : null;
  }

  /** Adds a listener until the signal is aborted. */
  listen(listener: LinkListener, until?: AbortSignal): void {
    this.#listeners.add(listener, until);
  }

  /** The connection, opened if there is none. @throws {OndacastError} `unreachable`. */
  async session(): Promise<ClientSession> {
    if (this.#session?.failure === null) return this.#session;
    // All callers get the same one: a second would replace it at the server.
    this.#opening ??= this.#open().finally(() => this.#opening = null);
    return await this.#opening;
  }

  /**
   * Another connection, after as many attempts as it takes.
   *
   * @param forMs The time for all attempts; then the last failure is thrown.
   * @param over Ends the attempts, besides the link's own signal.
   * @throws {OndacastError} `interrupted`; an error that another attempt cannot
   * mend.
   */
  async reconnect(
    forMs: number,
    over: AbortSignal = this.signal,
  ): Promise<ClientSession> {
    const signal = AbortSignal.any([this.signal, over]);
    const startMs = this.clock.now();
    let waitMs = RETRY_MS.first;
    while (true) {
      await this.clock.sleep(waitMs, signal);
      throwIfInterrupted(signal);
      try {
        return await this.#again();
      } catch (thrown) {
        const error = toOndacastError(thrown, "unreachable");
        const tried = this.clock.now() - startMs + waitMs;
        if (!this.#mayPass(error) || tried > forMs) throw error;
        this.miss(error);
        waitMs = Math.min(waitMs * 2, RETRY_MS.longest);
      }
    }
  }

  /** Says bye and ends the connection. */
  close(): void {
    if (this.#session?.failure === null) this.#session.close();
    this.#session = null;
  }

  async #again(): Promise<ClientSession> {
    const session = await this.session();
    await session.welcome;
    return session;
  }

  async #open(): Promise<ClientSession> {
    const opened = new AbortController();
    const signal = this.#hasMet ? this.#patience(opened.signal) : this.signal;
    return await this.#openRight(signal).finally(() => opened.abort());
  }

  /** A connection to the server that the link keeps to, if it keeps to one. */
  async #openRight(signal: AbortSignal): Promise<ClientSession> {
    const { connector } = this.#options;
    while (true) {
      let begun: ClientSession | null = null;
      const begin = (session: ClientSession) => {
        if (begun === null) this.#begin(begun = session);
      };
      const keepsTo = this.#serverId;
      const session = await ClientSession.open(connector, {
        ...this.#options,
        signal,
        greeted: (session, welcome) => {
          if (keepsTo !== null && !this.#isRight(welcome)) return;
          begin(session);
          this.#meet(welcome);
          this.#listeners.notify((it) => it.greeted?.(session, welcome));
        },
      });
      if (keepsTo === null) begin(session);
      else await session.welcome;
      if (begun !== null) return session;
      session.close();
      if (connector.avoid?.()) continue;
      throw new OndacastError(
        "unreachable",
        `Cannot reach the server: another one answers at ${connector.place}, and it is nowhere else in this network`,
      );
    }
  }

  #isRight({ serverId, cluster }: ToClient<"welcome">): boolean {
    return serverId === this.#serverId ||
      cluster !== undefined && cluster === this.#last.cluster;
  }

  #begin(session: ClientSession): void {
    this.#session = session;
    session.over.addEventListener("abort", () => {
      const { failure } = session;
      if (session.isWelcome && isPassing(failure!)) this.miss(failure!);
    });
    this.#listeners.notify((listener) => listener.opened?.(session));
  }

  /**
   * Ends an attempt that takes too long. The system waits for minutes for a
   * network that swallows packets, even if it has recovered meanwhile. The
   * first attempt has no limit, since a user may be asked about the server.
   */
  #patience(opened: AbortSignal): AbortSignal {
    const tooLong = new AbortController();
    this.clock.sleep(CONNECT_MS, opened).then(() => {
      if (!opened.aborted) tooLong.abort();
    });
    return AbortSignal.any([this.signal, tooLong.signal]);
  }

  /**
   * Whether another attempt may succeed. While the machine of a known server
   * starts, another service may answer at its address.
   */
  #mayPass(error: OndacastError): boolean {
    const isElse = ["not-ondacast", "tls-mismatch"].includes(error.code);
    return isPassing(error) || (this.#hasMet && isElse);
  }

  #meet(welcome: ToClient<"welcome">): void {
    if (this.#hasMet && this.#isAway) this.reconnects++;
    this.#hasMet = true;
    const { serverId, cluster } = welcome;
    this.#last = { serverId, cluster };
    if (this.#options.serverId === null) {
      this.#serverId ??= serverId ?? null;
    }
    this.#options.connector.note?.(welcome);
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#listeners.notify((listener) => listener.back?.(welcome));
  }

  /** Notifies the listeners that the server is away, once. */
  miss(error: OndacastError): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#listeners.notify((listener) => listener.away?.(error));
  }
}

function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new OndacastError("interrupted", "Interrupted");
}

/** Whether an error may pass: the server is away, ending, full or slow. */
export function isPassing(error: OndacastError): boolean {
  return ["lost", "unreachable", "busy", "timeout"].includes(error.code);
}
