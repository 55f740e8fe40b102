/**
 * Servers of a cluster that are only records and beats: what a real one has to keep
 * and to list of others.
 *
 * @module
 */

import { type KV, Kvm } from "@nats-io/kv";
import { connect } from "@nats-io/transport-node";
import { Admission } from "../lib/cluster/admission.ts";
import {
  type DeviceRecord,
  recordKey,
  type RecordOf,
  songId,
} from "../lib/cluster/records.ts";
import { ClusterSecret } from "../lib/cluster/secret.ts";

/** Records that are written at once. */
const AT_ONCE = 500;
/** Samples of a CD second. */
const RATE = 44_100;

export interface SimulatedOptions {
  /** Of a NATS server. */
  url: string;
  secret: string;
  nodes: number;
  /** Of all of them together. */
  devices: number;
  songs: number;
}

export class SimulatedNodes implements AsyncDisposable {
  readonly #connection: Awaited<ReturnType<typeof connect>>;
  readonly #kv: KV;
  readonly #options: SimulatedOptions;
  readonly #beats: ReturnType<typeof setInterval>;
  /** Bytes of all records. */
  bytes = 0;

  private constructor(
    connection: Awaited<ReturnType<typeof connect>>,
    kv: KV,
    options: SimulatedOptions,
  ) {
    this.#connection = connection;
    this.#kv = kv;
    this.#options = options;
    this.#beats = setInterval(() => this.#beat(), 1_000);
    this.#beat();
  }

  /** Begins to beat, once all records are written. */
  static async start(options: SimulatedOptions): Promise<SimulatedNodes> {
    const connection = await connect({ servers: options.url });
    const kv = await new Kvm(connection).create("ondacast_home", {
      history: 1,
    });
    const nodes = new SimulatedNodes(connection, kv, options);
    await nodes.#write();
    return nodes;
  }

  /** Changes a device, as when it begins a song. */
  async change(device: number, song: string): Promise<void> {
    await this.#put(...this.#device(device, song));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beats);
    await this.#connection.close();
  }

  #beat(): void {
    for (let i = 0; i < this.#options.nodes; i++) {
      this.#connection.publish(`ondacast.home.beat.${nameOf(i)}`);
    }
  }

  async #write(): Promise<void> {
    const { nodes, devices, songs } = this.#options;
    const all: [key: string, value: unknown][] = [];
    for (let i = 0; i < devices; i++) all.push(this.#device(i, "Song 1.wav"));
    for (let i = 0; i < songs; i++) {
      const { name } = songOf(i);
      all.push([
        recordKey("song", nameOf(i % nodes), songId(name)),
        songOf(i),
      ]);
    }
    for (let i = 0; i < nodes; i++) {
      all.push([recordKey("node", nameOf(i)), this.#admission(i).record]);
    }
    for (let i = 0; i < all.length; i += AT_ONCE) {
      await Promise.all(
        all.slice(i, i + AT_ONCE).map((record) => this.#put(...record)),
      );
    }
  }

  #device(i: number, song: string): [key: string, value: DeviceRecord] {
    const { nodes } = this.#options;
    const key = `device${i}`.padEnd(32, "x");
    return [recordKey("device", nameOf(i % nodes), key), {
      ...{ key, id: `10.0.${i >> 8 & 255}.${i & 255}:50000` },
      ...{ name: `Speaker ${i}`, receiving: true, endsAt: 200 },
      state: { doing: "playing", song, position: 1 },
      mark: this.#admission(i % nodes).deviceMark(key),
    }];
  }

  #admission(node: number): Admission {
    return new Admission({
      ...{ name: nameOf(node), address: `127.0.0.1:${node + 1}` },
      ...{ clockName: `clock ${node}`, random: () => "0".repeat(64) },
      admission: { token: null, open: false },
      secret: new ClusterSecret(this.#options.secret, "home"),
    });
  }

  async #put(key: string, value: unknown): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    this.bytes += bytes.length;
    await this.#kv.put(key, bytes);
  }
}

function nameOf(node: number): string {
  return `sim-${String(node).padStart(3, "0")}`;
}

function songOf(i: number): RecordOf["song"] {
  const dataBytes = RATE * 4 * 200;
  const bytes = dataBytes + 44;
  const content = i.toString(16).padStart(64, "0");
  return {
    name: `Artist ${i % 1_000}/Album ${i % 5_000}/Song ${i}.wav`,
    ...{ bytes, seconds: 200, etag: content, content },
    format: {
      ...{ encoding: "s16le", rate: RATE, channels: 2, bits: 16 },
      ...{ dataOffset: 44, dataBytes },
    },
    ...{ title: `Song ${i}`, artist: `Artist ${i % 1_000}` },
    ...{ album: `Album ${i % 5_000}`, track: i % 20 + 1, year: 1990 + i % 30 },
    ...{ codec: "pcm", added: 1_700_000_000 },
  };
}
