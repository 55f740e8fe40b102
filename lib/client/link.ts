/**
 * The link to a server, over all its connections: opens the first, and
 * another one when it is lost.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { Clock, Connector } from "../ports/common.ts";
import type { ToClient } from "../wire/messages.ts";
import { ClientSession, type Identity } from "./client_session.ts";

/** Waits between tries: the first, and the longest that doubling comes to. */
const RETRY_MS = { first: 250, longest: 4_000 };
/** How long one try may take at a server that was met before. */
const CONNECT_MS = 10_000;

/** What a link needs. */
export interface LinkOptions {
  connector: Connector;
  clock: Clock;
  identity: Identity;
  /** Data that may be under way, in bytes, unless a song needs more. */
  windowBytes: number;
  /** Ends all waiting. */
  signal: AbortSignal;
}

/** A server, through whichever connection leads there now. */
export class Link {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly #options: LinkOptions;
  #session: ClientSession | null = null;
  #opening: Promise<ClientSession> | null = null;
  /** Called with each connection before anything can come over it. */
  onOpened: (session: ClientSession) => void = () => {};
  /** Called with each connection, once there is one. */
  onSession: (session: ClientSession) => void = () => {};
  /** Called when the server is lost, or is not there when it is waited for. */
  onAway: (error: OndacastError) => void = () => {};
  /** Called when it is there after that. */
  onBack: (welcome: ToClient<"welcome">) => void = () => {};
  /** How often a connection was lost and made again. */
  reconnects = 0;
  #hasMet = false;
  #isAway = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.signal = options.signal;
  }

  /** The server as a person would write it. */
  get place(): string {
    return this.#options.connector.place;
  }

  /** The connection; null: there is none now. */
  get current(): ClientSession | null {
    return this.#session?.failure === null ? this.#session : null;
  }

  /** The connection, opened if there is none. @throws {OndacastError} `unreachable`. */
  async session(): Promise<ClientSession> {
    if (this.#session?.failure === null) return this.#session;
    // Whoever asks meanwhile gets the same: a second one would take the first
    // one's place at the server.
    this.#opening ??= this.#open().finally(() => this.#opening = null);
    return await this.#opening;
  }

  /**
   * Another connection, tried again and again.
   *
   * @param forMs How long to try; then the last failure is thrown.
   * @param over Ends the trying, besides the link's own signal.
   * @throws {OndacastError} `interrupted`, when it is ended; what trying again
   * does not help.
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

  /** Ends the connection, saying so. */
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
    const { connector } = this.#options;
    const opened = new AbortController();
    const signal = this.#hasMet ? this.#patience(opened.signal) : this.signal;
    const session = await ClientSession.open(connector, {
      ...this.#options,
      signal,
    }).finally(() => opened.abort());
    this.#session = session;
    session.over.addEventListener("abort", () => {
      const { failure } = session;
      if (session.isWelcome && isPassing(failure!)) this.miss(failure!);
    });
    session.welcome.then((welcome) => this.#meet(welcome), () => {});
    this.onOpened(session);
    this.onSession(session);
    return session;
  }

  /**
   * Ends a try that takes too long. A network that swallows what is sent is
   * waited for by the system for minutes, also when it is well again by then.
   * Only a server that was never met may take longer: a person may be asked
   * about it.
   */
  #patience(opened: AbortSignal): AbortSignal {
    const tooLong = new AbortController();
    this.clock.sleep(CONNECT_MS, opened).then(() => {
      if (!opened.aborted) tooLong.abort();
    });
    return AbortSignal.any([this.signal, tooLong.signal]);
  }

  /**
   * Whether trying again may help. At the place of a server that was met,
   * something else may answer for a while: as long as its machine starts.
   */
  #mayPass(error: OndacastError): boolean {
    const isElse = ["not-ondacast", "tls-mismatch"].includes(error.code);
    return isPassing(error) || (this.#hasMet && isElse);
  }

  #meet(welcome: ToClient<"welcome">): void {
    if (this.#hasMet && this.#isAway) this.reconnects++;
    this.#hasMet = true;
    if (!this.#isAway) return;
    this.#isAway = false;
    this.onBack(welcome);
  }

  /** Says that the server is not there, where that was not said by now. */
  miss(error: OndacastError): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.onAway(error);
  }
}

function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new OndacastError("interrupted", "Interrupted");
}

/** Whether trying again may help: the server is away, ending, full or slow. */
export function isPassing(error: OndacastError): boolean {
  return ["lost", "unreachable", "busy", "timeout"].includes(error.code);
}
