/**
 * A house of servers that are one, in memory: servers die, start again with what
 * they have kept, and are cut off; devices go to another server meanwhile.
 *
 * @module
 */

import { type DeviceStream, GroupDevice } from "./group_device.ts";
import { KeptInMemory } from "./kept_in_memory.ts";
import type { MemoryCluster, MemoryNode, NodeSongs } from "./memory_cluster.ts";
import { MOST_LOST } from "./memory_bus.ts";
import { PHONE } from "./memory_songs.ts";

const PPM = 60;
/** What the table takes each way, at most, and while it is slow. */
/** How soon servers notice that it has lost something. */
const NOTICED_MS = 5_000;
const TABLE_MS = 60;
const SLOW_MS = 1_000;

/** A server, over its restarts. */
export class MemoryPlace {
  condition: "well" | "dead" | "cut off" = "well";
  node!: MemoryNode;
  /** Of all its runs. */
  readonly logs: string[][] = [];
  readonly #store = new KeptInMemory();
  readonly #skew: { hours: number; ppm: number };

  constructor(
    readonly name: string,
    number: number,
    readonly all: MemoryCluster,
    readonly songs: NodeSongs,
  ) {
    this.#skew = { hours: number * 7 + 1, ppm: number * PPM };
    this.#start();
  }

  /** Kills it, or cuts it off, or undoes that. @param part From 0 to 1. */
  disturb(part: number): void {
    if (this.condition !== "well") return this.heal();
    if (part < 0.5) {
      this.node.kill();
      this.condition = "dead";
    } else {
      this.all.part(this.name);
      this.condition = "cut off";
    }
  }

  heal(): void {
    if (this.condition === "dead") this.#start();
    if (this.condition === "cut off") this.all.meet(this.name);
    this.condition = "well";
  }

  /** Is stopped properly; {@linkcode heal} starts it again. */
  async stop(meanwhile: () => Promise<void>): Promise<void> {
    this.condition = "dead";
    let hasStopped = false;
    this.node.stop().then(() => hasStopped = true);
    while (!hasStopped) await meanwhile();
    this.node.kill();
  }

  #start(): void {
    const { all, name, songs } = this;
    this.node = all.open(name, songs, this.#skew, this.#store);
    this.logs.push(this.node.log);
  }
}

/** What the servers share, as a place that is disturbed. */
export class SharedPlace {
  readonly name = "the table";
  condition: "well" | "away" | "slow" | "losing" = "well";
  /** How often it has lost something that it had acknowledged. */
  losses = 0;

  constructor(readonly all: MemoryCluster, readonly random: () => number) {}

  disturb(part: number): void {
    if (this.condition !== "well") return this.heal();
    const { table } = this.all;
    if (part < 0.3) {
      table.isAway = true;
      this.condition = "away";
    } else if (part < 0.6) {
      table.mostMs = SLOW_MS;
      this.condition = "slow";
    } else {
      table.isAway = true;
      this.condition = "losing";
    }
  }

  heal(): void {
    const { random, all: { table } } = this;
    table.isAway = false;
    table.mostMs = TABLE_MS;
    if (this.condition === "losing") {
      this.losses++;
      table.lose({
        records: Math.floor(random() * MOST_LOST),
        queues: Math.floor(random() * MOST_LOST),
        noticedMs: NOTICED_MS,
      });
    }
    this.condition = "well";
  }
}

/** A device that goes to another server while its own is dead. */
export class RoamingPlayer {
  readonly device: GroupDevice;
  at: MemoryNode | null = null;
  readonly #home: MemoryPlace;
  #isConnecting = false;
  readonly #played = new WeakMap<DeviceStream, number>();

  constructor(name: string, home: MemoryPlace) {
    this.#home = home;
    this.device = new GroupDevice(home.node.server, name);
  }

  get name(): string {
    return this.device.name;
  }

  /** Connects, unless it is connected. */
  async look(places: readonly MemoryPlace[]): Promise<void> {
    const { device } = this;
    const place = [this.#home, ...places].find((it) => it.condition !== "dead");
    if (this.at || this.#isConnecting || !place) return;
    this.#isConnecting = true;
    device.server = place.node.server;
    try {
      await device.connect();
      const node = this.at = place.node;
      device.peer.closed.then(() => {
        if (this.at !== node) return;
        device.isConnected = false;
        this.at = null;
      });
    } catch {
      // It is tried again.
    } finally {
      this.#isConnecting = false;
    }
  }

  /** Leaves the server that it went to while its own was away. */
  goHome(): void {
    if (this.at !== this.#home.node) this.device.cut();
  }

  /** Plays what has no line, as fast as music is, and reports where it is. */
  playAlone(seconds: number): void {
    const { device } = this;
    if (device.line || device.pending || !device.isConnected) return;
    const bytes = this.#play(seconds * PHONE.rate);
    const [first] = device.streams;
    if (!first) return;
    const { stream, fromFrame, headBytes } = first;
    const played = this.#played.get(first) ?? 0;
    const frame = fromFrame + Math.max(0, played - headBytes);
    const send = (message: Record<string, unknown>) =>
      device.peer.send(message).catch(() => {});
    send({
      ...{ type: "state", stream, position: frame / PHONE.rate },
      ...{ playing: true, volume: 100, underruns: 0 },
    });
    if (bytes > 0) send({ type: "grant", bytes });
  }

  #play(most: number): number {
    const { streams } = this.device;
    let left = most;
    while (left > 0 && streams.length > 0) {
      const [first] = streams;
      const played = this.#played.get(first) ?? 0;
      const part = Math.min(left, first.receivedBytes - played);
      this.#played.set(first, played + part);
      left -= part;
      if (part > 0) continue;
      if (!first.isComplete) break;
      streams.shift();
    }
    return most - left;
  }
}
