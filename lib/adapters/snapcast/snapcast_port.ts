/**
 * The port of Snapcast clients: each that connects is a device. A client says
 * `hello`, is told its settings and how sound is coded, and asks for the time once
 * a second.
 *
 * @module
 */

import type { OpenResampler } from "../../audio/resampler.ts";
import { errorText, OndacastError } from "../../errors.ts";
import { peerHost } from "../../model/address.ts";
import { LruCache } from "../../model/lru_cache.ts";
import { checkDeviceName } from "../../model/song_name.ts";
import type { Transport } from "../../ports/common.ts";
import type { Device } from "../../server/groups/device.ts";
import type { Hub } from "../../server/hub.ts";
import type { ClientFacts } from "./client_facts.ts";
import { Connection, type ConnectionPort } from "./connection.ts";
import { Conversions } from "./conversions.ts";

/** How often sound is sent, by one timer for all rooms. */
const TICK_MS = 30;
/** How often clients are looked after while no room has anything to send. */
const REST_MS = 500;
/** Clients remembered after they have left; beyond, the first to leave is not. */
const MOST_REMEMBERED = 4096;

/** What the port needs from the server. */
export interface SnapcastWorld {
  readonly hub: Hub;
  readonly openResampler: OpenResampler;
  /** Why a peer is refused; null: it is not. */
  refusal(peer: string): OndacastError | null;
}

/** A client that is a device, and what it says of itself. */
interface Joined {
  readonly connection: Connection;
  readonly facts: ClientFacts;
}

export class SnapcastPort implements ConnectionPort {
  readonly hub: Hub;
  readonly conversions: Conversions;
  readonly #connections = new Set<Connection>();
  /** Those that have said `hello`, by the keys of their devices. */
  readonly #joined = new Map<string, Joined>();
  /** What those that have left said of themselves, likewise. */
  readonly #facts = new LruCache<string, ClientFacts>(MOST_REMEMBERED);
  readonly #refusal: SnapcastWorld["refusal"];
  readonly #closing: AbortSignal;
  #isPumping = false;
  #isWoken = false;
  /** Ends a rest; null: there is none. */
  #rest: AbortController | null = null;

  /** @param closing Once aborted, every client is disconnected. */
  constructor(
    { hub, openResampler, refusal }: SnapcastWorld,
    closing: AbortSignal,
  ) {
    this.hub = hub;
    this.#refusal = refusal;
    this.#closing = closing;
    const pause = () => hub.clock.sleep(0);
    this.conversions = new Conversions(openResampler, pause);
    closing.addEventListener("abort", () => {
      for (const it of this.#connections) it.end("the server is shutting down");
      this.wake();
    });
  }

  /**
   * Serves one client to its end; never rejects.
   *
   * @returns Its name, and why the connection has ended.
   */
  async serve(
    transport: Transport,
  ): Promise<{ name: string | undefined; reason: string }> {
    const refused = this.#refusal(transport.peer);
    const leave = refused
      ? null
      : this.hub.places.take(peerHost(transport.peer));
    if (leave === null) {
      transport.close();
      const reason = refused?.message ?? "too many clients are connected";
      return { name: undefined, reason };
    }
    const connection = new Connection(this, transport);
    this.#connections.add(connection);
    if (!this.#isPumping) this.#pump();
    try {
      await connection.run();
    } catch (error) {
      connection.end(errorText(error));
    } finally {
      this.#connections.delete(connection);
      leave();
    }
    return connection;
  }

  /** What the client of a device says of itself; undefined: it is none. */
  factsOf(key: string): ClientFacts | undefined {
    return this.#joined.get(key)?.facts ?? this.#facts.get(key);
  }

  joined(key: string, connection: Connection, facts: ClientFacts): void {
    this.#joined.set(key, { connection, facts });
  }

  left(key: string, connection: Connection): void {
    const joined = this.#joined.get(key);
    if (joined?.connection !== connection) return;
    this.#joined.delete(key);
    this.#facts.set(key, joined.facts);
  }

  /**
   * Names a device; an empty name is that of its client's host.
   *
   * @throws {OndacastError} `unsupported`, if its client is none of Snapcast's that
   * is connected; `bad-name`.
   */
  rename({ key, name }: Device, to: string): void {
    const joined = this.#joined.get(key);
    if (!joined) {
      throw new OndacastError(
        "unsupported",
        `Cannot rename ${name}: only connected Snapcast clients are renamed here`,
      );
    }
    const { connection, facts } = joined;
    connection.rename(checkDeviceName(to === "" ? facts.host : to));
  }

  /** The connection of a device. */
  find(key: string): Connection | undefined {
    return this.#joined.get(key)?.connection;
  }

  wake(): void {
    this.#isWoken = true;
    this.#rest?.abort();
  }

  async #pump(): Promise<void> {
    const { clock } = this.hub;
    this.#isPumping = true;
    while (this.#connections.size > 0 && !this.#closing.aborted) {
      const nowMs = clock.now();
      let isBusy = this.#isWoken = false;
      for (const it of this.#connections) isBusy = it.tick(nowMs) || isBusy;
      isBusy ||= this.#isWoken; // By another room, in its turn.
      this.#rest = isBusy ? null : new AbortController();
      const { signal } = this.#rest ?? {};
      await clock.sleep(isBusy ? TICK_MS : REST_MS, signal ?? this.#closing);
    }
    this.#isPumping = false;
  }
}
