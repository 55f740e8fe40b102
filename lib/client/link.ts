/**
 * The link to a server, over all its connections: opens the first, and
 * another one when it is lost.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { Clock, Connector } from "../ports.ts";
import { ClientSession, type Identity } from "./client_session.ts";

/** Waits between tries: the first, and the longest that doubling comes to. */
const RETRY_MS = { first: 250, longest: 4_000 };

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
  /** Called with each connection, once there is one. */
  onSession: (session: ClientSession) => void = () => {};
  /** How often a connection was lost and made again. */
  reconnects = 0;

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
   */
  async reconnect(forMs: number): Promise<ClientSession> {
    const startMs = this.clock.now();
    let waitMs = RETRY_MS.first;
    while (true) {
      await this.clock.sleep(waitMs, this.signal);
      this.#throwIfInterrupted();
      try {
        const session = await this.session();
        await session.welcome;
        this.reconnects++;
        return session;
      } catch (thrown) {
        const error = toOndacastError(thrown, "unreachable");
        const tried = this.clock.now() - startMs + waitMs;
        if (!isPassing(error) || tried > forMs) throw error;
        waitMs = Math.min(waitMs * 2, RETRY_MS.longest);
      }
    }
  }

  /** Ends the connection, saying so. */
  close(): void {
    if (this.#session?.failure === null) this.#session.close();
    this.#session = null;
  }

  async #open(): Promise<ClientSession> {
    const { connector } = this.#options;
    const session = await ClientSession.open(connector, this.#options);
    this.#session = session;
    this.onSession(session);
    return session;
  }

  #throwIfInterrupted(): void {
    if (this.signal.aborted) {
      throw new OndacastError("interrupted", "Interrupted");
    }
  }
}

/** Whether trying again may help: the server is away, ending, full or slow. */
export function isPassing(error: OndacastError): boolean {
  return ["lost", "unreachable", "busy", "timeout"].includes(error.code);
}
