/**
 * What servers that are one share, in memory: beats, and tables of records. Servers
 * can be cut off from it, and it can be slow.
 *
 * @module
 */

import type {
  Bus,
  RecordListener,
  Table,
  TableEntry,
} from "../../lib/cluster/bus.ts";
import type { Clock } from "../../lib/ports/common.ts";

/** How slow it is: each way takes up to so long. */
export interface Slowness {
  clock: Clock;
  random(): number;
  mostMs: number;
}

/** Changes that it can lose. */
export const MOST_LOST = 30;

/** One server's way to it. */
interface Way {
  isOpen: boolean;
  /** Rises with each cut. */
  cuts: number;
  /** When what changed last is seen: changes come in their order. */
  seenMs: number;
  listeners: RecordListener[];
  heard: ((from: string, payload: Uint8Array) => void) | null;
}

/** Values by key, each with the number of its change. */
class Values {
  readonly entries = new Map<string, TableEntry>();
  #revision = 0;
  /** What the latest changes have replaced, the latest last. */
  readonly #before: (readonly [string, TableEntry | undefined])[] = [];

  get(key: string): TableEntry {
    return this.entries.get(key) ?? { value: null, revision: 0 };
  }

  put(key: string, value: Uint8Array | null): number {
    const revision = ++this.#revision;
    this.#before.push([key, this.entries.get(key)]);
    if (this.#before.length > MOST_LOST) this.#before.shift();
    this.entries.set(key, { value, revision });
    return revision;
  }

  /** Loses nothing of what was changed until now. */
  keep(): void {
    this.#before.length = 0;
  }

  /** Loses the latest changes, whose revisions are used again. */
  lose(count: number): void {
    for (const [key, entry] of this.#before.splice(-count).reverse()) {
      if (entry) this.entries.set(key, entry);
      else this.entries.delete(key);
      this.#revision--;
    }
  }

  swap(
    key: string,
    value: Uint8Array | null,
    revision: number,
  ): number | null {
    return this.get(key).revision === revision ? this.put(key, value) : null;
  }
}

export class MemoryTable {
  readonly #records = new Values();
  readonly #queues = new Values();
  readonly #ways = new Map<string, Way>();
  readonly #slowness: Slowness | undefined;
  /** Beats come through, but no request. */
  isAway = false;

  constructor(slowness?: Slowness) {
    this.#slowness = slowness;
  }

  /** Each way takes up to so long from now on. */
  set mostMs(ms: number) {
    this.#slowness!.mostMs = ms;
  }

  /** Keys of queues that have a value. */
  get queueKeys(): string[] {
    return [...this.#queues.entries].filter(([, { value }]) => value !== null)
      .map(([key]) => key);
  }

  /** The value of a record. */
  record(key: string): Uint8Array | null {
    return this.#records.get(key).value;
  }

  /** The way of one server to it. */
  bus(name: string): Bus {
    const way: Way = {
      ...{ isOpen: true, cuts: 0, seenMs: 0, listeners: [], heard: null },
    };
    this.#ways.set(name, way);
    const ask = <T>(act: () => T) => this.#ask(way, act);
    const hasRecords = () => way.isOpen && !this.isAway;
    const changed = (key: string) => this.#changed(key);
    const records = this.#records;
    const queues = this.#queues;
    return {
      beat: (payload) => {
        if (!way.isOpen) return;
        for (const { isOpen, heard } of this.#ways.values()) {
          if (isOpen) heard?.(name, payload);
        }
      },
      hear: (heard) => way.heard = heard,
      put: (key, value) =>
        ask(() => {
          const revision = records.put(key, value);
          changed(key);
          return value === null ? 0 : revision;
        }),
      swap: (key, value, revision) =>
        ask(() => {
          const at = records.swap(key, value, revision);
          if (at !== null) changed(key);
          return at;
        }),
      watch: (listener) => {
        way.listeners.push(listener);
        if (way.isOpen) this.#showAll(listener);
      },
      get hasRecords() {
        return hasRecords();
      },
      isWritable: () => Promise.resolve(hasRecords()),
      close: () => {
        way.isOpen = false;
        if (this.#ways.get(name) === way) this.#ways.delete(name);
        return Promise.resolve();
      },
      queues: {
        get: (key) => ask(() => queues.get(key)),
        put: (key, value) => ask(() => void queues.put(key, value)),
        swap: (key, value, revision) =>
          ask(() => queues.swap(key, value, revision)),
        drop: (key) => ask(() => void queues.put(key, null)),
        keys: (prefix) =>
          ask(() =>
            this.queueKeys.filter((key) => key.startsWith(`${prefix}.`))
          ),
      } satisfies Table,
    };
  }

  /** Cuts a server off: it hears nothing, and nothing of it is heard. */
  cut(name: string): void {
    const way = this.#ways.get(name);
    if (!way) return;
    way.isOpen = false;
    way.cuts++;
  }

  /** A server that was cut off follows all records anew. */
  join(name: string): void {
    const way = this.#ways.get(name)!;
    if (way.isOpen) return;
    way.isOpen = true;
    for (const listener of way.listeners) this.#showAll(listener);
  }

  /** Loses nothing of what was written until now. */
  keep(): void {
    this.#records.keep();
    this.#queues.keep();
  }

  /** Loses what was written last, which servers notice within so long. */
  lose(
    { records, queues, noticedMs }: Record<
      "records" | "queues" | "noticedMs",
      number
    >,
  ): void {
    const { clock, random } = this.#slowness!;
    this.#records.lose(records);
    this.#queues.lose(queues);
    for (const way of this.#ways.values()) {
      const { cuts } = way;
      clock.sleep(Math.ceil(random() * noticedMs)).then(() => {
        if (!way.isOpen || way.cuts !== cuts) return;
        for (const listener of way.listeners) this.#showAll(listener);
      });
    }
  }

  #showAll(listener: RecordListener): void {
    listener.begin();
    for (const [key, { value, revision }] of this.#records.entries) {
      listener.record(key, value, revision);
    }
    listener.complete();
  }

  /** Those that are cut off now see the change when they are back. */
  #changed(key: string): void {
    const { value, revision } = this.#records.get(key);
    for (const way of this.#ways.values()) {
      const { cuts } = way;
      if (!way.isOpen) continue;
      this.#turn(way).then(() => {
        if (!way.isOpen || way.cuts !== cuts) return;
        for (const it of way.listeners) it.record(key, value, revision);
      });
    }
  }

  async #turn(way: Way): Promise<void> {
    if (!this.#slowness) return;
    const { clock, random, mostMs } = this.#slowness;
    const nowMs = clock.now();
    way.seenMs = Math.max(way.seenMs, nowMs + Math.ceil(random() * mostMs));
    await clock.sleep(way.seenMs - nowMs);
  }

  /** Carries out a request. One whose answer is lost may have had its effect. */
  async #ask<T>(way: Way, act: () => T): Promise<T> {
    const { cuts } = way;
    await this.#delay();
    const isLost = () => way.cuts !== cuts || this.isAway;
    if (!way.isOpen || isLost()) throw new Error("it is away");
    const result = act();
    await this.#delay();
    if (isLost()) throw new Error("it is away");
    return result;
  }

  async #delay(): Promise<void> {
    if (!this.#slowness) return;
    const { clock, random, mostMs } = this.#slowness;
    await clock.sleep(Math.ceil(random() * mostMs));
  }
}
