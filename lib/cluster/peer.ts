/**
 * The connections to another server, whose client this one is: one for requests,
 * one for devices that are borrowed, and a few for songs. Both sides prove the secret
 * on each.
 *
 * @module
 */

import { ClientSession } from "../client/client_session.ts";
import { OndacastError, PeerError } from "../errors.ts";
import { within } from "../model/within.ts";
import type { Clock, Connector } from "../ports/common.ts";
import type { Introduction } from "../server/elsewhere.ts";
import { TO_PEER } from "../wire/to_peer.ts";
import type { RelayListener } from "./live_relay.ts";
import { PeerSongs } from "./peer_songs.ts";
import { readStream } from "./peer_stream.ts";
import { type ClusterSecret, isSameProof } from "./secret.ts";

/** Data that may be on its way over each: the largest part that is read. */
const WINDOW_BYTES = 2 << 20;
/** How long a server may take to connect and prove itself. */
const MEET_MS = 5_000;
/** How long it may take to answer whether it is there. */
const ANSWER_MS = 900;

/** What goes on over the connections to all other servers. */
export interface PeerNumbers {
  sessions: number;
  requests: number;
  readBytes: number;
}

/** What a server needs to be a client of another one. */
export interface PeerOptions {
  /** The other one, as its record names it. */
  name: string;
  address: string;
  /** As `NodeRecord.certificate`. */
  certificate?: string;
  own: { name: string; address: string };
  connector: Connector;
  clock: Clock;
  secret: ClusterSecret;
  numbers: PeerNumbers;
  /** 64 random hexadecimal digits. */
  random(): string;
  /** Random: the device of one connection. */
  newId(): string;
}

export class Peer {
  readonly #options: PeerOptions;
  readonly #closed = new AbortController();
  #session: Promise<ClientSession> | null = null;
  readonly #open = new Set<ClientSession>();
  #following = 0;
  readonly songs: PeerSongs;

  constructor(options: PeerOptions) {
    this.#options = options;
    const { clock, numbers } = options;
    this.songs = new PeerSongs({
      ...{ clock, numbers, signal: this.#closed.signal },
      connect: () => this.#connect(),
      isFollowed: () => this.#following > 0,
    });
  }

  /** Whether it is still the same, as its record says. */
  isAt(address: string, certificate: string | undefined): boolean {
    const its = this.#options;
    return its.address === address && its.certificate === certificate;
  }

  /** The connection for requests; a new one if the last is over. */
  session(): Promise<ClientSession> {
    return this.#session ??= this.#newSession();
  }

  /**
   * A connection for the devices that are borrowed: no request holds up what they
   * are sent, and no pong.
   */
  async lending(): Promise<ClientSession> {
    const session = await this.#connect();
    whenAborted(this.#closed.signal, () => session.close());
    return session;
  }

  #newSession(): Promise<ClientSession> {
    const session = this.#connect();
    const forget = () => {
      if (this.#session === session) this.#session = null;
    };
    session.then(({ over }) => whenAborted(over, forget), forget);
    return session;
  }

  /**
   * Asks whether it is there, over its connection or a new one, and waits a while.
   *
   * @returns When anything came last over a connection that is open; of a server
   * without one: -Infinity.
   */
  async lastHeardMs(): Promise<number> {
    const { clock } = this.#options;
    const asked = this.session().then((session) => session.ping())
      .catch(() => {});
    await within(clock, ANSWER_MS, asked, this.#closed.signal);
    return Math.max(...[...this.#open].map(({ heardAtMs }) => heardAtMs));
  }

  /**
   * Follows a live song, over a connection of its own.
   *
   * @returns Resolves at its end.
   * @throws {OndacastError} `not-found`; `lost`, if it may go on.
   */
  async follow(
    song: string,
    listener: RelayListener,
    signal: AbortSignal,
  ): Promise<void> {
    const { numbers } = this.#options;
    this.#following++;
    try {
      const session = await this.#connect();
      const close = () => session.close();
      whenAborted(AbortSignal.any([signal, this.#closed.signal]), close);
      try {
        await readStream(session, { song, as: "live" }, {
          begun: (start) => listener.begun(start),
          data(piece) {
            numbers.readBytes += piece.length;
            listener.data(piece);
          },
        });
      } finally {
        close();
      }
    } finally {
      this.#following--;
    }
  }

  close(): void {
    this.#closed.abort();
    this.#session?.then((it) => it.close(), () => {});
    this.songs.close();
  }

  async #connect(): Promise<ClientSession> {
    const { clock, connector, own, random, newId, numbers } = this.#options;
    const late = new AbortController();
    const met = new AbortController();
    clock.sleep(MEET_MS, met.signal).then(() => {
      if (!met.signal.aborted) late.abort();
    });
    try {
      const client = { ...own, random: random() };
      const identity = { name: own.name, device: newId(), peer: client };
      const session = await ClientSession.open(connector, {
        ...{ clock, identity, windowBytes: WINDOW_BYTES, messages: TO_PEER },
        signal: AbortSignal.any([late.signal, this.#closed.signal]),
      });
      late.signal.addEventListener("abort", () => session.close());
      await this.#meet(session, client);
      numbers.sessions++;
      this.#open.add(session);
      whenAborted(session.over, () => {
        numbers.sessions--;
        this.#open.delete(session);
      });
      return session;
    } catch (error) {
      if (error instanceof PeerError) {
        throw new OndacastError("lost", error.message, { cause: error });
      }
      throw error;
    } finally {
      met.abort();
    }
  }

  /** @throws {OndacastError} `unauthorized`, if it does not know the secret. */
  async #meet(session: ClientSession, client: Introduction): Promise<void> {
    const { secret, name, address } = this.#options;
    const { peer: server, clock } = await session.welcome;
    const isRight = server?.name === name && server.address === address &&
      isSameProof(
        server.proof,
        secret.proof("server", { client, server, clock }),
      );
    if (!isRight) {
      session.close();
      throw new OndacastError(
        "unauthorized",
        `Cannot trust the server ${name} at ${address}: it does not prove that it knows the secret`,
        { fatal: false },
      );
    }
    const proof = secret.proof("client", { client, server, clock });
    await session.request({ type: "prove", proof });
  }
}

/** Does something once a signal is aborted, also if it is by now. */
function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act);
}
