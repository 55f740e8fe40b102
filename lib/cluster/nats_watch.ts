/**
 * Follows the records of a bucket of JetStream, and is not content with a watch: one
 * of NATS 2.9 may stand still, lack something, or not begin for half a minute.
 *
 * @module
 */

import type { StreamInfo } from "@nats-io/jetstream";
import type { KV } from "@nats-io/kv";
import type { Clock } from "../ports/common.ts";
import type { RecordListener } from "./bus.ts";
import { untilLacking } from "./lacking_watch.ts";
import { latestRevision, type NatsConnection } from "./nats_connection.ts";
import { recordsAfter } from "./records_after.ts";

/** After a failed watch. */
const AGAIN_MS = 500;
/** As often a watch that lacks records is begun again, before it is all there is. */
const MOST_LACKING = 3;
/** How long records are read in a row before others have a turn. */
const TURN_MS = 5;

export interface NatsWatchWorld {
  readonly connection: NatsConnection;
  readonly kv: KV;
  readonly bucket: string;
  readonly clock: Clock;
  /** What JetStream says of the bucket, and of that of the queues. */
  info(): Promise<StreamInfo>;
  queuesInfo(): Promise<StreamInfo>;
  /** All records have been read. */
  read(count: number): void;
}

export class NatsWatch {
  readonly #world: NatsWatchWorld;
  /** When the bucket was made, and its highest revision that a watch has had since. */
  #created = "";
  #seen = 0;
  /** Whether all records have come once. */
  #isWhole = false;
  /** Watches in a row that had fewer records than there are. */
  #lacking = 0;
  /** The revisions of records that were read beside the present watch. */
  readonly #beside = new Map<string, number>();
  #besideTo = 0;

  constructor(world: NatsWatchWorld) {
    this.#world = world;
  }

  /** Notifies of all records until aborted. Never rejects. */
  async run(listener: RecordListener, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        await this.#watchOnce(listener);
      } catch {
        // JetStream is away; its records are followed again when it is back.
      }
      if (over.aborted) return;
      await this.#readBeside(listener, over);
      await this.#world.clock.sleep(AGAIN_MS, over);
    }
  }

  async #watchOnce(listener: RecordListener): Promise<void> {
    const { clock, connection, kv, bucket, info, queuesInfo, read } =
      this.#world;
    const { values, streamInfo } = await kv.status();
    // A copy that lags behind may feed the watch, and say that this is all.
    const last = streamInfo.state.last_seq;
    this.#checkNew(streamInfo);
    const watch = await kv.watch();
    // Only now: until then, what is known goes on.
    listener.begin();
    this.#beside.clear();
    this.#besideTo = 0;
    let [seen, count, isComplete] = [0, 0, false];
    const come = (revision: number) => {
      seen = Math.max(seen, revision);
      if (isComplete || seen < last) return;
      if (count < values && this.#lacking < MOST_LACKING) {
        this.#lacking++;
        return watch.stop();
      }
      this.#lacking = 0;
      isComplete = this.#isWhole = true;
      listener.complete();
      if (values > 0) read(values);
    };
    if (values === 0) come(last);
    const over = new AbortController();
    untilLacking({
      ...{ clock, seen: () => seen, hasAll: come, info, queuesInfo },
      latest: () => latestRevision(connection, bucket),
      leaderless: () => this.#readBeside(listener, over.signal),
      isAstray: () => this.#beside.size > 0,
    }, over.signal).then(() => watch.stop());
    let turnMs = clock.now();
    try {
      for await (const entry of watch) {
        const { key, operation, value, revision } = entry;
        this.#seen = Math.max(this.#seen, revision);
        count++;
        // What was read beside it may be later.
        if (revision >= (this.#beside.get(key) ?? 0)) {
          this.#beside.delete(key);
          listener.record(key, operation === "PUT" ? value : null, revision);
        }
        come(revision);
        if (clock.now() - turnMs < TURN_MS) continue;
        await clock.sleep(0);
        turnMs = clock.now();
      }
    } finally {
      over.abort();
    }
  }

  /** @throws If less is there than was seen: a leader that is cut off may answer. */
  #checkNew({ created, state }: StreamInfo): void {
    if (this.#created !== `${created}`) this.#seen = 0;
    this.#created = `${created}`;
    if (state.last_seq < this.#seen) throw new Error("A copy lags behind");
  }

  /**
   * Reads what was written since from any server that has it, which takes no leader:
   * JetStream can be half a minute without one that begins watches, or feeds them.
   */
  async #readBeside(
    listener: RecordListener,
    over: AbortSignal,
  ): Promise<void> {
    if (!this.#isWhole) return; // All have to come first.
    const { connection, bucket } = this.#world;
    const seen = Math.max(this.#seen, this.#besideTo);
    try {
      for await (const it of recordsAfter(connection, bucket, seen)) {
        if (over.aborted) return;
        this.#beside.set(it.key, it.revision);
        this.#besideTo = it.revision;
        listener.record(it.key, it.value, it.revision);
      }
    } catch {
      // It is away, or closed.
    }
  }
}
