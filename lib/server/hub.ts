/**
 * The hub: what all sessions of a server share, and what is done for all of
 * them at once, such as looking once a while who has gone silent.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { peerHost } from "../model/address.ts";
import { AddressTally } from "../model/address_tally.ts";
import type { Page } from "../model/catalog.ts";
import { Presence } from "../model/presence.ts";
import { Standstill } from "../model/standstill.ts";
import type { Clock } from "../ports/common.ts";
import type { SongStore, Turns } from "../ports/server.ts";
import { MAX_ROWS, type OnlineClient } from "../wire/messages.ts";
import { Counters } from "./counters.ts";
import { onlineFrame } from "./online_frame.ts";
import type { PageMemory } from "./page_memory.ts";
import type { Session } from "./session.ts";
import { type AdmittedDevices, TokenGate } from "./token_gate.ts";
import { Watchers } from "./watchers.ts";

/** How often silent and stuck connections are looked for. */
export const SWEEP_MS = 500;
/** Sessions that are looked after before others have their turn. */
const SWEPT_A_TURN = 256;

/** So many sockets are read in one turn of the event loop (tokio, `task/coop`). */
export const READS_A_TURN = 128;

/**
 * Connections beyond the most clients that may still say which device they
 * are, so that one that reconnects can take its own older connection's place.
 */
export const MOST_BEYOND = 64;

/** How a server is set up, as far as its sessions are concerned. */
export interface HubOptions {
  /** The name that clients see. */
  serverName: string;
  /** The secret that each `hello` must carry; null: none. */
  token: string | null;
  maxClients: number;
  /** Most clients of one address; this machine's own are not counted. */
  maxClientsPerAddress: number;
  /** Whether no songs are taken. */
  readOnly: boolean;
}

/** What all sessions share. */
export class Hub {
  readonly songs: SongStore;
  readonly memory: PageMemory;
  readonly clock: Clock;
  /** Shared by the work for all sessions. */
  readonly turns: Turns;
  readonly options: HubOptions;
  /** A name for this run of the clock, new at each start. */
  readonly clockName: string = crypto.randomUUID();
  readonly presence: Presence<Session> = new Presence();
  readonly counters: Counters = new Counters();
  readonly gate: TokenGate;
  readonly #sessions = new Set<Session>();
  /** Those of them that hold no place: the server was full, or they were replaced. */
  readonly #beyond = new Set<Session>();
  readonly #addresses: AddressTally;
  readonly #standstill: Standstill;
  readonly #watchers: Watchers;

  constructor(
    world: {
      songs: SongStore;
      memory: PageMemory;
      clock: Clock;
      turns: Turns;
      admitted?: AdmittedDevices;
    },
    options: HubOptions,
  ) {
    this.songs = world.songs;
    this.memory = world.memory;
    this.clock = world.clock;
    this.turns = world.turns;
    this.options = options;
    this.gate = new TokenGate(options.token, world.clock, world.admitted);
    this.#addresses = new AddressTally(options.maxClientsPerAddress);
    this.#standstill = new Standstill(SWEEP_MS, world.clock.now());
    this.#watchers = new Watchers(
      world.clock,
      () => onlineFrame(this.online()),
    );
    this.presence.onChange = () => this.#watchers.changed();
  }

  /** Microseconds of the server's monotonic clock. */
  get clockUs(): number {
    return Math.round(this.clock.now() * 1000);
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** Whether there are more clients than are read in one turn. */
  get hasCrowd(): boolean {
    return this.#sessions.size > READS_A_TURN;
  }

  /**
   * Takes a connection in. While the server is full it holds no place yet; see
   * {@linkcode settle}.
   *
   * @throws {OndacastError} `busy`.
   */
  admit(session: Session): void {
    const isFull = this.#placed >= this.options.maxClients;
    if (isFull && this.#beyond.size >= MOST_BEYOND) throw this.#full();
    if (!this.#addresses.enter(hostOf(session))) {
      throw new OndacastError(
        "busy",
        `Cannot take another client of this address: ${this.#addresses.limit} are connected (--max-clients-per-address)`,
      );
    }
    this.#sessions.add(session);
    if (isFull) this.#beyond.add(session);
  }

  /**
   * Gives a session a place: its own since it was admitted, a free one, or
   * that of the older connection of its device.
   *
   * @param key The device's; see `deviceKey()`.
   * @throws {OndacastError} `busy`.
   */
  settle(session: Session, key: string): void {
    if (!this.#beyond.has(session)) return;
    const older = this.presence.get(key);
    if (this.#placed >= this.options.maxClients) {
      if (older === undefined) throw this.#full();
      this.#beyond.add(older.link);
    }
    this.#beyond.delete(session);
  }

  dismiss(session: Session): void {
    if (this.#sessions.delete(session)) this.#addresses.leave(hostOf(session));
    this.#beyond.delete(session);
    this.watch(session, false);
  }

  /** Places that are taken. */
  get #placed(): number {
    return this.#sessions.size - this.#beyond.size;
  }

  #full(): OndacastError {
    return new OndacastError(
      "busy",
      `Cannot take another client: ${this.options.maxClients} are connected`,
    );
  }

  /** Has a session told of every change of who is online, or no longer. */
  watch(session: Session, on: boolean): void {
    if (on) this.#watchers.add(session.channel);
    else this.#watchers.delete(session.channel);
  }

  /** A page of who is online. */
  online(after?: string, limit: number = MAX_ROWS): Page<OnlineClient> {
    return this.presence.page({ after, limit }, this.clock.now());
  }

  /**
   * Looks after silent and stuck connections; to be called each
   * {@linkcode SWEEP_MS}.
   *
   * @returns Since when the server has run without a standstill: nobody counts
   * as silent for longer.
   */
  sweep(): number {
    const nowMs = this.clock.now();
    const awakeSinceMs = this.#standstill.look(nowMs);
    this.#lookAfter(nowMs, awakeSinceMs);
    return awakeSinceMs;
  }

  /** Thousands that are pinged at once let others have their turn. */
  async #lookAfter(nowMs: number, awakeSinceMs: number): Promise<void> {
    let swept = 0;
    for (const session of this.#sessions) {
      session.checkLife(nowMs, awakeSinceMs);
      if (++swept % SWEPT_A_TURN === 0) await this.clock.sleep(0);
    }
  }

  /** Tells every client that the server ends, and waits until all have gone. */
  async close(error: OndacastError): Promise<void> {
    await Promise.all(
      [...this.#sessions].map((session) => session.end(error)),
    );
  }
}

function hostOf(session: Session): string {
  return peerHost(session.channel.transport.peer);
}
