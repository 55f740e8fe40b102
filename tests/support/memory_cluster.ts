/**
 * Several servers that are one, in memory. Their clocks are hours apart, and drift.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Cluster } from "../../lib/cluster/cluster.ts";
import type { Connector } from "../../lib/ports/common.ts";
import type { GroupStore } from "../../lib/ports/group_store.ts";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import { UnkeptGroups } from "../../lib/server/groups/unkept_groups.ts";
import { OndacastError } from "../../lib/errors.ts";
import { FakeClock, settle } from "./fake_clock.ts";
import type { GroupDevice } from "./group_device.ts";
import { MemoryTable } from "./memory_bus.ts";
import { MemoryServer } from "./memory_server.ts";
import { MemorySongs } from "./memory_songs.ts";
import type { Message } from "./raw_peer.ts";
import { SkewedClock } from "./skewed_clock.ts";

/** A song each, by name. */
export type NodeSongs = Record<string, Uint8Array>;

export class MemoryNode {
  readonly server: MemoryServer;
  readonly cluster: Cluster;
  readonly log: string[] = [];
  /** It accepts no connections any more. */
  hasStopped = false;
  readonly #all: MemoryCluster;

  constructor(
    readonly name: string,
    all: MemoryCluster,
    songs: NodeSongs,
    readonly clock: SkewedClock,
    store: GroupStore,
  ) {
    this.#all = all;
    const own = new MemorySongs();
    for (const [name, file] of Object.entries(songs)) own.add(name, file);
    const turns = { next: () => null };
    const wallMs = () => all.clock.now() + 1.7e12;
    let ids = 0;
    const random = () => (++ids).toString(16).padStart(64, "0");
    const clockName = `clock of ${name} ${all.starts++}`;
    this.cluster = new Cluster({
      ...{ name, address: `${name}:4040`, admission: "all" },
      ...{ cluster: "home", secret: "only they know it" },
    }, {
      ...{ bus: all.table.bus(name), clock, clockName, turns, random },
      ...{ local: own, groups: store },
      ...{ wallMs, newHash },
      newId: () => `${name} ${++ids} ${all.starts++}`,
      connector: (host) => all.connector(name, host),
      log: (_, text) =>
        this.log.push(`${(all.clock.now() / 1000).toFixed(1)} s: ${text}`),
    });
    this.server = new MemoryServer({
      ...{ clock, clockName, songs: own, catalogue: this.cluster.songs },
      ...{ store: this.cluster.groups, wallMs },
      maxClients: 100,
      prefix: `${name} `,
    });
  }

  /** @param isKept Whether it takes up the groups of its store before. */
  async begin(isKept: boolean): Promise<void> {
    if (isKept) await this.server.hub.groups.load();
    this.cluster.begin(this.server.hub);
  }

  /** A client that asks, and fails unless it is answered within ten seconds. */
  async client(): Promise<
    (message: Message | Record<string, unknown>) => Promise<Message>
  > {
    const { peer } = await this.server.connectWelcomed({
      hello: { device: this.name, name: "person", features: ["groups"] },
    });
    let id = 0;
    return async (message) => {
      const re = ++id;
      await peer.send({ ...message, id: re });
      for (let i = 0; i < 1_000; i++) {
        const answer = peer.messages().find((it) => it.re === re);
        if (answer) return answer;
        await this.server.clock.advance(10);
      }
      assert.fail(`no answer to ${message.type}`);
    };
  }

  /** The term of the owner of a group, as this server knows. */
  term(group: string): number {
    return this.cluster.owners.terms.term(group);
  }

  /** It is stopped properly. @returns Resolves once it has left. */
  async stop(): Promise<void> {
    this.hasStopped = true;
    const left = this.cluster.close();
    this.server.hub.close(new OndacastError("lost", "It ends"));
    await left;
  }

  /** It dies, with all its connections. */
  kill(): void {
    this.#all.part(this.name);
    for (const { cut } of this.server.connections) cut();
    this.clock.stop();
  }
}

export class MemoryCluster {
  readonly clock = new FakeClock();
  readonly table: MemoryTable;
  readonly #nodes = new Map<string, MemoryNode>();
  /** Servers that reach nothing but their own devices. */
  readonly #parted = new Set<string>();
  /** The connections between servers. */
  #links: { ends: string[]; cut(): void }[] = [];
  starts = 0;

  /** @param random Makes what they share slow, by up to 60 ms each way. */
  constructor(random?: () => number) {
    this.table = new MemoryTable(
      random && { clock: this.clock, random, mostMs: 60 },
    );
  }

  /** Starts servers, by their names, and waits until they know each other. */
  static async start(
    nodes: Record<string, NodeSongs>,
    { ppm = 80, random }: { ppm?: number; random?: () => number } = {},
  ): Promise<MemoryCluster> {
    const all = new MemoryCluster(random);
    for (const [i, [name, songs]] of Object.entries(nodes).entries()) {
      all.open(name, songs, { hours: i * 7 + 1, ppm: i * ppm });
    }
    await all.run([], 3_000);
    return all;
  }

  open(
    name: string,
    songs: NodeSongs,
    skew: { hours: number; ppm: number },
    store?: GroupStore,
  ): MemoryNode {
    const clock = new SkewedClock({ base: this.clock, ...skew });
    const kept = store ?? new UnkeptGroups();
    const node = new MemoryNode(name, this, songs, clock, kept);
    node.begin(store !== undefined);
    this.#nodes.set(name, node);
    this.#parted.delete(name);
    return node;
  }

  /** How one server connects to another. */
  connector(from: string, to: string): Connector {
    const ends = [from, to];
    return {
      place: `${to}:4040`,
      connect: () => {
        const isAway = ends.some((it) => this.#parted.has(it)) ||
          this.node(to).hasStopped;
        if (isAway) {
          return Promise.reject(new OndacastError("unreachable", "No route"));
        }
        const { client, cut } = this.node(to).server.connect();
        this.#links.push({ ends, cut });
        return Promise.resolve(client);
      },
    };
  }

  /** Cuts a server off from all others, and from what they share. */
  part(name: string): void {
    this.#parted.add(name);
    this.table.cut(name);
    const isIts = ({ ends }: { ends: string[] }) => ends.includes(name);
    for (const { cut } of this.#links.filter(isIts)) cut();
    this.#links = this.#links.filter((it) => !isIts(it));
  }

  meet(name: string): void {
    this.#parted.delete(name);
    this.table.join(name);
  }

  node(name: string): MemoryNode {
    return this.#nodes.get(name)!;
  }

  /** Advances the time in steps, in which devices consume what they sound. */
  async run(
    devices: readonly GroupDevice[],
    ms: number,
    check: () => void = () => {},
  ): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      await this.clock.advance(100);
      if (passed % 500 === 0) {
        for (const { server } of this.#nodes.values()) server.hub.sweep();
      }
      for (let i = 0; i < 4; i++) await settle();
      for (const device of devices) device.look();
      check();
      for (const device of devices) await device.consume();
      await settle();
    }
  }
}
