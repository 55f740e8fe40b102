/**
 * The real server in memory: its hub and sessions, with songs and connections
 * in memory.
 *
 * @module
 */

import type { Connector } from "../../lib/ports/common.ts";
import type { SongStore, Turns } from "../../lib/ports/server.ts";
import type { BlockSize } from "../../lib/model/block_size.ts";
import { Hub, type HubOptions } from "../../lib/server/hub.ts";
import type { GroupStore } from "../../lib/ports/group_store.ts";
import { UnkeptGroups } from "../../lib/server/groups/unkept_groups.ts";
import { Framer } from "../../lib/server/framer.ts";
import { SongPages } from "../../lib/server/song_pages.ts";
import type { AdmittedDevices } from "../../lib/server/token_gate.ts";
import { Session } from "../../lib/server/session.ts";
import { FakeClock } from "./fake_clock.ts";
import { MemorySongs } from "./memory_songs.ts";
import {
  type PairOptions,
  type TransportPair,
  transportPair,
} from "./memory_transport.ts";
import { RawPeer } from "./raw_peer.ts";

/** A valid `hello`. */
export const HELLO = {
  type: "hello",
  version: 1,
  name: "kitchen",
  device: "00000000-0000-4000-8000-000000000001",
  window: 1 << 20,
} as const;

/** The wall clock when the server starts, in milliseconds since 1970. */
const WALL_MS = 1_700_000_000_000;

/** A turn that is never used up. */
const ENDLESS: Turns = { next: () => null };

/** A connection to the server, with both of its ends. */
export interface Connection extends TransportPair {
  session: Session;
  /** The reason of the session's end. */
  ended: Promise<string>;
}

/** A server in memory. */
export class MemoryServer {
  readonly clock: FakeClock;
  readonly songs: MemorySongs;
  readonly hub: Hub;
  /** All connections made so far. */
  readonly connections: Connection[] = [];
  #ids = 0;

  constructor(
    options: Partial<HubOptions> & {
      block?: BlockSize;
      admitted?: AdmittedDevices;
      turns?: Turns;
      store?: GroupStore;
      wallMs?: () => number;
      clock?: FakeClock;
      clockName?: string;
      /** Of the ids of its groups. */
      prefix?: string;
      songs?: MemorySongs;
      /** What clients can play; by default its songs. */
      catalogue?: SongStore;
    } = {},
  ) {
    const { block = { bytes: 1000 }, admitted, turns = ENDLESS, ...rest } =
      options;
    this.clock = options.clock ?? new FakeClock();
    this.songs = options.songs ?? new MemorySongs();
    this.hub = new Hub({
      songs: options.catalogue ?? this.songs,
      framer: new Framer(new SongPages(block, 64 << 20), this.clock),
      clock: this.clock,
      clockName: options.clockName ?? "this run",
      turns,
      admitted,
      groups: {
        store: options.store ?? new UnkeptGroups(),
        wallMs: options.wallMs ?? (() => WALL_MS + this.clock.now()),
        random: () => 0,
        newId: () => `${options.prefix ?? ""}group-${++this.#ids}`,
      },
    }, {
      serverName: "studio",
      serverId: "0c8d6f1e-5d4b-4f0e-9a63-2f6d1c7b8e90",
      token: null,
      maxClients: 10,
      maxClientsPerAddress: 1000,
      readOnly: false,
      ...rest,
    });
  }

  /** Opens a connection. */
  connect(options: PairOptions = {}): Connection {
    const pair = transportPair(this.clock, options);
    const session = new Session(this.hub, pair.server);
    const connection = { ...pair, session, ended: session.run() };
    this.connections.push(connection);
    return connection;
  }

  /** Opens a connection whose client is driven by the test, without a hello. */
  connectRaw(
    options: PairOptions & { reads?: boolean } = {},
  ): Connection & { peer: RawPeer } {
    const connection = this.connect(options);
    const peer = new RawPeer(connection.client, options.reads);
    return { ...connection, peer };
  }

  /** As {@linkcode connectRaw}, after the `welcome`. */
  async connectWelcomed(
    options: PairOptions & { hello?: Record<string, unknown> } = {},
  ): Promise<Connection & { peer: RawPeer }> {
    const connection = this.connectRaw(options);
    await connection.peer.send({ ...HELLO, ...options.hello });
    await connection.peer.next("welcome");
    return connection;
  }

  /**
   * The connector of clients.
   *
   * @param attempt The options of each connection, by its number from 0; an
   * error is thrown instead of connecting.
   */
  connector(
    attempt: (number: number) => PairOptions | Error = () => ({}),
  ): Connector {
    let attempts = 0;
    return {
      place: "memory:4040",
      connect: () => {
        const options = attempt(attempts++);
        if (options instanceof Error) return Promise.reject(options);
        return Promise.resolve(this.connect(options).client);
      },
    };
  }

  /** Advances the time, with the two sweeps a second of the real server. */
  async sweepFor(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      await this.clock.advance(500);
      this.hub.sweep();
    }
    await this.clock.advance(0);
  }
}
