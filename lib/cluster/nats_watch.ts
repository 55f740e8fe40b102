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
import { isWritable } from "./bucket_servers.ts";
import { untilLacking } from "./lacking_watch.ts";
import { latestRevision, type NatsConnection } from "./nats_connection.ts";
import { recordsAfter } from "./records_after.ts";

/** After a failed watch. */
const AGAIN_MS = 500;
/** As often a watch that lacks records is begun again, before it is all there is. */
const MOST_LACKING = 3;
/** How long a record that was written as a watch began may be on its way. */
const LATE_MS = 1_000;
/** A bucket that has less than was seen for as long has lost it. */
const LAGS_MS = 10_000;
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
  /** Since when it has had less than that; null: it has all. */
  #lessMs: number | null = null;
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
    const over = new AbortController();
    const stop = () => {
      over.abort();
      watch.stop();
    };
    let [seen, isLate, isComplete] = [0, false, false];
    // Until it is complete.
    const keys = new Set<string>();
    const complete = () => {
      this.#lacking = 0;
      isComplete = this.#isWhole = true;
      keys.clear();
      listener.complete();
      if (values > 0) read(values);
    };
    const judge = () => {
      if (isComplete || over.signal.aborted) return;
      if (keys.size >= values || this.#lacking >= MOST_LACKING) complete();
      else {
        this.#lacking++;
        stop();
      }
    };
    const come = (revision: number) => {
      seen = Math.max(seen, revision);
      if (isComplete || seen < last) return;
      if (keys.size >= values) return complete();
      if (isLate) return;
      // A key that was written since `last` comes later.
      isLate = true;
      clock.sleep(LATE_MS, over.signal).then(judge);
    };
    if (values === 0) come(last);
    untilLacking({
      ...{ clock, seen: () => seen, hasAll: come, info, queuesInfo },
      latest: () => latestRevision(connection, bucket),
      leaderless: () => this.#readBeside(listener, over.signal),
      isAstray: () => this.#beside.size > 0,
    }, over.signal).then(stop);
    let turnMs = clock.now();
    try {
      for await (const entry of watch) {
        // One that has stopped still gives what it has in store.
        if (over.signal.aborted) return;
        const { key, operation, value, revision } = entry;
        this.#seen = Math.max(this.#seen, revision);
        if (!isComplete) keys.add(key);
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

  /**
   * @throws If less is there than was seen: a leader that is cut off may answer. What
   * is still not there after a while is lost, and its revisions are used again.
   */
  #checkNew(info: StreamInfo): void {
    const { created, state } = info;
    if (this.#created !== `${created}`) this.#seen = 0;
    this.#created = `${created}`;
    if (state.last_seq < this.#seen) {
      const nowMs = this.#world.clock.now();
      this.#lessMs ??= nowMs;
      if (!isWritable(info) || nowMs - this.#lessMs < LAGS_MS) {
        throw new Error("A copy lags behind");
      }
      this.#seen = state.last_seq;
      this.#beside.clear();
      this.#besideTo = 0;
    }
    this.#lessMs = null;
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
