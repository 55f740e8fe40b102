/**
 * The bus over NATS: beats are messages of core NATS, records and queues key-value
 * buckets of JetStream.
 *
 * @module
 */

import { jetstream, type StreamInfo } from "@nats-io/jetstream";
import type { KV } from "@nats-io/kv";
import { toOndacastError } from "../errors.ts";
import { within } from "../model/within.ts";
import type { Clock } from "../ports/common.ts";
import { isWritable } from "./bucket_servers.ts";
import type { Bus, RecordListener, Table } from "./bus.ts";
import {
  bucketInfo,
  connectNats,
  isWritableAt,
  type NatsAccess,
  type NatsConnection,
  refusalOf,
} from "./nats_connection.ts";
import { followRecords } from "./nats_moves.ts";
import { openBucket, REQUEST_MS } from "./nats_bucket.ts";
import { NatsTable } from "./nats_table.ts";
import { NatsWatch } from "./nats_watch.ts";

/** How long a NATS server may take to accept a connection, before another is tried. */
const CONNECT_MS = 5_000;
/** How often NATS is pinged: it is away once two of them are not answered. */
const PING_MS = 2_500;
/** How long the last messages may take. */
const FLUSH_MS = 300;
/** JetStream, which is asked each second or two, is away after as long. */
const AWAY_MS = 6_000;
/** After a failed attempt to connect. */
const AGAIN_MS = 500;

export interface NatsOptions extends NatsAccess {
  /** The name of the cluster, as in subjects. */
  cluster: string;
  /** The name of this server, as in subjects. */
  place: string;
  clock: Clock;
  /** Notified of what keeps the bus from working, and null when it works again. */
  trouble(reason: string | null): void;
  /** Notified when all records were read, after the first time as well. */
  read?(count: number): void;
}

/** Connects; waits for as long as NATS is away, until aborted. */
export async function openNatsBus(
  options: NatsOptions,
  signal: AbortSignal,
): Promise<Bus> {
  const { clock, trouble } = options;
  while (true) {
    signal.throwIfAborted();
    try {
      return await NatsBus.open(options);
    } catch (error) {
      trouble(refusalOf(error) ?? toOndacastError(error).message);
      await clock.sleep(2 * AGAIN_MS, signal);
    }
  }
}

/** The server to connect to next; null: any. */
interface NextServer {
  listen: string | null;
}

class NatsBus implements Bus {
  readonly #options: NatsOptions;
  readonly #connection: NatsConnection;
  readonly #kv: KV;
  readonly #records: NatsTable;
  readonly queues: Table;
  readonly #bucket: string;
  readonly #watch: NatsWatch;
  readonly #beats: string;
  readonly #closing = new AbortController();
  /** When JetStream said last that it works. */
  #answeredMs: number;

  private constructor(
    options: NatsOptions,
    connection: NatsConnection,
    { records, queues }: { records: KV; queues: KV },
    bucket: string,
    next: NextServer,
  ) {
    this.#options = options;
    this.#connection = connection;
    this.#kv = records;
    const client = jetstream(connection, { timeout: REQUEST_MS });
    this.#records = new NatsTable(records, client, bucket);
    this.queues = new NatsTable(queues, client, queuesOf(bucket));
    this.#bucket = bucket;
    this.#beats = `ondacast.${options.cluster}.beat`;
    this.#answeredMs = options.clock.now();
    this.#watch = new NatsWatch({
      ...{ connection, kv: records, bucket, clock: options.clock },
      info: () => this.#info(),
      queuesInfo: () => bucketInfo(connection, queuesOf(bucket)),
      read: (count) => options.read?.(count),
    });
    this.#follow();
    this.#move(next);
  }

  static async open(options: NatsOptions): Promise<NatsBus> {
    const { cluster, place } = options;
    const next: NextServer = { listen: null };
    const connection = await connectNats(options, {
      ...{ name: `ondacast ${place}`, timeout: CONNECT_MS },
      ...{ maxReconnectAttempts: -1, reconnectTimeWait: AGAIN_MS },
      ...{ pingInterval: PING_MS, maxPingOut: 2 },
      // NATS may refuse it for a while, or be too busy to let it in.
      ignoreAuthErrorAbort: true,
      reconnectToServer(pool) {
        const { listen } = next;
        next.listen = null;
        return pool.find((it) => it.listen === listen) ?? null;
      },
    });
    try {
      const bucket = `ondacast_${cluster}`;
      const records = await openBucket(connection, bucket, true);
      const queues = await openBucket(connection, queuesOf(bucket), false);
      const buckets = { records, queues };
      return new NatsBus(options, connection, buckets, bucket, next);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  beat(payload: Uint8Array): void {
    if (this.#connection.isClosed()) return;
    this.#connection.publish(`${this.#beats}.${this.#options.place}`, payload);
  }

  hear(heard: (from: string, payload: Uint8Array) => void): void {
    this.#connection.subscribe(`${this.#beats}.*`, {
      callback: (error, { subject, data }) => {
        if (!error) heard(subject.slice(this.#beats.length + 1), data);
      },
    });
  }

  async put(key: string, value: Uint8Array | null): Promise<number> {
    if (value !== null) return await this.#kv.put(key, value);
    // After a purge, watches of NATS 2.9 miss what was written just before it.
    await this.#kv.delete(key);
    return 0;
  }

  swap(...swap: Parameters<Bus["swap"]>): ReturnType<Bus["swap"]> {
    return this.#records.swap(...swap);
  }

  watch(listener: RecordListener): Promise<void> {
    return this.#watch.run(listener, this.#closing.signal);
  }

  get hasRecords(): boolean {
    return this.#options.clock.now() - this.#answeredMs < AWAY_MS;
  }

  async isWritable(): Promise<boolean> {
    return await this.#info().then(isWritable, () => false);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    // What was published, such as the last beat; NATS may be away.
    const sent = this.#connection.flush().catch(() => {});
    await within(this.#options.clock, FLUSH_MS, sent);
    await this.#connection.close();
  }

  async #info(): Promise<StreamInfo> {
    const info = await bucketInfo(this.#connection, this.#bucket);
    if (isWritable(info)) this.#answeredMs = this.#options.clock.now();
    return info;
  }

  async #move(next: NextServer): Promise<void> {
    const connection = this.#connection;
    await followRecords({
      clock: this.#options.clock,
      answeredMs: () => this.#answeredMs,
      ask: () => this.isWritable(),
      others: () =>
        connection.getServers().map(({ listen }) => listen)
          .filter((it) => it !== connection.getServer()),
      hasRecords: (server) => isWritableAt(server, this.#options, this.#bucket),
      async moveTo(server) {
        next.listen = server;
        await connection.reconnect();
      },
    }, this.#closing.signal);
  }

  async #follow(): Promise<void> {
    const { trouble, place } = this.#options;
    let refusal: string | null = null;
    for await (const status of this.#connection.status()) {
      const { type } = status;
      if (type === "disconnect") trouble(refusal ?? "NATS is away");
      else if (type === "reconnect") trouble(refusal = null);
      else if (type === "error") {
        const reason = refusalOf(status.error, `${this.#beats}.${place}`);
        if (reason !== null) trouble(refusal = reason);
      }
    }
  }
}

/** The bucket of queues beside one of records. */
function queuesOf(bucket: string): string {
  return `${bucket}_queues`;
}
