/**
 * The places of a server: how many clients it serves at once, and how many of them
 * from one address.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { peerHost } from "../model/address.ts";
import { AddressTally } from "../model/address_tally.ts";
import type { Connection } from "./connection.ts";
import type { Receiver } from "./groups/receiver.ts";

/**
 * Connections beyond `maxClients` that may still say `hello`, so that a device
 * that reconnects can replace its own older connection.
 */
export const MOST_BEYOND = 64;

/** How many there are. */
export interface PlaceLimits {
  maxClients: number;
  /** The most clients of one address, those on this machine not counted. */
  maxClientsPerAddress: number;
}

export class Places {
  readonly #limits: PlaceLimits;
  readonly #sessions = new Set<Connection>();
  /** Those without a place: the server was full, or they were replaced. */
  readonly #beyond = new Set<Receiver>();
  /** Those of songs that are sent over HTTP, and of apps. */
  #others = 0;
  readonly #addresses: AddressTally;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
    this.#addresses = new AddressTally(limits.maxClientsPerAddress);
  }

  /** The connections of sessions, those without a place included. */
  get sessions(): ReadonlySet<Connection> {
    return this.#sessions;
  }

  /**
   * Admits a connection. While the server is full, it has no place yet; see
   * {@linkcode settle}.
   *
   * @throws {OndacastError} `busy`.
   */
  admit(connection: Connection): void {
    const isFull = this.#isFull;
    if (isFull && this.#beyond.size >= MOST_BEYOND) throw this.#full();
    if (!this.#addresses.enter(hostOf(connection))) {
      throw new OndacastError(
        "busy",
        `Cannot accept another client of this address: ${this.#addresses.limit} are connected. Close one of them, or raise --max-clients-per-address on the server`,
      );
    }
    this.#sessions.add(connection);
    if (isFull) this.#beyond.add(connection);
  }

  /**
   * Ensures that a connection has a place: its own, a free one, or that of the
   * older connection of its device.
   *
   * @param older Undefined: there is none.
   * @throws {OndacastError} `busy`.
   */
  settle(connection: Connection, older: Receiver | undefined): void {
    if (!this.#beyond.has(connection)) return;
    if (this.#isFull) {
      if (older === undefined) throw this.#full();
      this.#beyond.add(older);
    }
    this.#beyond.delete(connection);
  }

  /**
   * Takes a place for what is no session.
   *
   * @param ip The peer's address, without brackets.
   * @returns Gives the place back; call it once. Null: none is free.
   */
  take(ip: string): (() => void) | null {
    if (this.#isFull || !this.#addresses.enter(ip)) return null;
    this.#others++;
    return () => {
      this.#others--;
      this.#addresses.leave(ip);
    };
  }

  dismiss(connection: Connection): void {
    if (this.#sessions.delete(connection)) {
      this.#addresses.leave(hostOf(connection));
    }
    this.#beyond.delete(connection);
  }

  get #isFull(): boolean {
    const taken = this.#sessions.size - this.#beyond.size + this.#others;
    return taken >= this.#limits.maxClients;
  }

  #full(): OndacastError {
    return new OndacastError(
      "busy",
      `Cannot accept another client: ${this.#limits.maxClients} are connected. Close one of them, or raise --max-clients on the server`,
    );
  }
}

function hostOf(connection: Connection): string {
  return peerHost(connection.channel.transport.peer);
}
