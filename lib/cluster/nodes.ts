/**
 * The other servers: their records, and which of them are alive, by their beats.
 * Records of one that is dead are kept, and not shown.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { Bus, RecordListener } from "./bus.ts";
import { type Kept, Node } from "./node.ts";
import {
  MOST,
  MOST_RECORDS_BYTES,
  type NodeRecord,
  readRecord,
  type RecordKind,
  splitKey,
} from "./records.ts";

export { type Kept, Node };

/** Between two beats. */
export const BEAT_MS = 1_000;
/** A server that was not heard for as long is dead. */
const DEAD_MS = 4_000;
/** One that was not heard for as long is asked over its session, again and again. */
const ASK_MS = 1_500;
/**
 * It is not dead yet if anything came from it within this time: it may be busy, or
 * behind a link that songs fill for seconds.
 */
const ANSWERED_MS = 3_000;
/** The bus carries beats if one was heard within this time, an own one too. */
const HEARD_MS = 1_500;
/**
 * NATS may lose a record, which its server writes again once it notices. One that is
 * alive deletes a record, which leaves a marker: until then it is shown.
 */
const LOST_MS = 60_000;
/** Most lost records that are forgotten in a look, so that others have their turn. */
const MOST_DROPPED = 1_000;
/** Between two looks at all servers. */
const LOOK_MS = 250;

/** Notified of the other servers. */
export interface NodesListener {
  /** A server that may join is left out: there are too many, of which some are dead. */
  crowded(name: string, dead: number): void;
  /** A server is alive, or dead; its records are shown, or not. */
  turned(node: Node): void;
  /**
   * A record of a server that is alive has changed, or a song of any is gone;
   * `before` is undefined if there was none.
   */
  changed<K extends Exclude<RecordKind, "node">>(
    node: Node,
    kind: K,
    id: string,
    before: Kept<K> | undefined,
  ): void;
}

export interface NodesOptions {
  own: string;
  bus: Pick<Bus, "isWritable">;
  clock: Clock;
  signal: AbortSignal;
  listener: NodesListener;
  /** Why a server may not join; null: it may. */
  refusal(name: string, record: NodeRecord): string | null;
  /**
   * Asks a silent server, and resolves to when anything came last over the
   * connections to it that are open; without one, to -Infinity.
   */
  lastHeardMs(node: Node): Promise<number>;
  /** Most bytes of records; {@linkcode MOST_RECORDS_BYTES} by default. */
  mostBytes?: number;
}

export class Nodes implements RecordListener {
  readonly #options: NodesOptions;
  readonly all = new Map<string, Node>();
  /** Keys that have not been seen since `begin()`. */
  #stale: Set<string> | null = null;
  /** By server: since when the table lacks its records, the longest first. */
  readonly #lost = new Map<string, Map<string, number>>();
  #isOld = true;
  /** Of all records that are kept. */
  #bytes = 0;
  #heardMs = -Infinity;
  /** Since when beats have come through. */
  #connectedMs = -Infinity;

  constructor(options: NodesOptions) {
    this.#options = options;
  }

  /** Beats that were heard. */
  beats = 0;

  /** Seconds since the last beat; infinite before the first one. */
  get lastBeatSeconds(): number {
    return (this.#options.clock.now() - this.#heardMs) / 1000;
  }

  /** Whether beats come through, so that silence means something. */
  get isConnected(): boolean {
    return this.#options.clock.now() - this.#heardMs < 2 * HEARD_MS;
  }

  /** Whether a server is dead or was never heard, in a time in which it would have been. */
  isGone(name: string): boolean {
    const { isAlive, heardMs, hasLeft } = this.all.get(name) ??
      { isAlive: false, heardMs: -Infinity, hasLeft: false };
    if (hasLeft) return this.isConnected;
    const sinceMs = Math.max(heardMs, this.#connectedMs);
    const silentMs = this.#options.clock.now() - sinceMs;
    return !isAlive && this.isConnected && silentMs >= DEAD_MS;
  }

  *alive(): Generator<Node> {
    for (const node of this.all.values()) if (node.isAlive) yield node;
  }

  /** A server's beat; one of this server shows that the bus carries them. */
  heard(name: string): void {
    const nowMs = this.#options.clock.now();
    if (!this.#isHearing) this.#connectedMs = nowMs;
    this.#heardMs = nowMs;
    this.beats++;
    if (name === this.#options.own) return;
    const node = this.#node(name);
    if (!node) return;
    node.heardMs = nowMs;
    node.hasLeft = false;
    this.#judge(node);
  }

  /** A server's last beat: nothing has to be waited for. */
  left(name: string): void {
    const node = this.all.get(name);
    if (!node || name === this.#options.own) return;
    node.heardMs = -Infinity;
    node.hasLeft = true;
    if (node.isAlive) this.#turn(node, "dead");
  }

  begin(): void {
    this.#isOld = true;
    this.#stale = new Set();
    for (const node of this.all.values()) {
      for (const kind of ["device", "group", "song"] as const) {
        for (const id of node[kind].keys()) {
          this.#stale.add(`${kind}.${node.name}.${id}`);
        }
      }
    }
  }

  record(key: string, bytes: Uint8Array | null, revision: number): void {
    const split = splitKey(key);
    if (!split || split.node === this.#options.own) return;
    this.#stale?.delete(key);
    this.#lost.get(split.node)?.delete(key);
    const { kind, id } = split;
    const node = this.#node(split.node) ??
      (kind === "node" && bytes ? this.#joining(split.node, bytes) : null);
    if (!node) return;
    const value = bytes && readRecord(kind, bytes);
    if (kind === "node") {
      // Without a valid one it is known by the last.
      if (value) node.record = value as NodeRecord;
      return this.#judge(node);
    }
    this.#put(
      node,
      kind,
      id,
      value && {
        ...{ value, revision, isOld: this.#isOld, bytes: bytes!.length },
        seenMs: this.#options.clock.now(),
      } as Kept<typeof kind>,
    );
  }

  complete(): void {
    this.#isOld = false;
    const nowMs = this.#options.clock.now();
    for (const key of this.#stale ?? []) {
      const { node } = splitKey(key)!;
      const lost = this.#lost.get(node) ?? new Map<string, number>();
      this.#lost.set(node, lost);
      if (!lost.has(key)) lost.set(key, nowMs);
    }
    this.#stale = null;
    this.#dropLost();
  }

  /** Looks for servers that have died, until aborted. */
  async watch(): Promise<void> {
    const { clock, signal } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal);
      this.#dropLost();
      const silent = [...this.alive()]
        .filter((it) => this.#isSilent(it, ASK_MS));
      await Promise.all(silent.map((node) => this.#lookAt(node)));
    }
  }

  /** Forgets what is not written again, without delay that of servers that are dead. */
  #dropLost(): void {
    const nowMs = this.#options.clock.now();
    let dropped = 0;
    for (const [name, lost] of this.#lost) {
      for (const [key, sinceMs] of lost) {
        const isAlive = this.all.get(name)?.isAlive;
        if (isAlive && nowMs - sinceMs < LOST_MS) break;
        if (dropped++ >= MOST_DROPPED) return;
        this.record(key, null, 0);
      }
      if (lost.size === 0) this.#lost.delete(name);
    }
  }

  #put<K extends Exclude<RecordKind, "node">>(
    node: Node,
    kind: K,
    id: string,
    kept: Kept<K> | null,
  ): void {
    const map = node[kind] as unknown as Map<string, Kept<K>>;
    const { mostBytes = MOST_RECORDS_BYTES } = this.#options;
    const before = map.get(id);
    // It is read again.
    if (before && kept && isSame(before, kept)) return;
    const more = (kept?.bytes ?? 0) - (before?.bytes ?? 0);
    // No server takes the room of the others: it has at most what it leaves free.
    const isRoom = before && more <= 0 ||
      (before || map.size < MOST[kind]) &&
        node.bytes + more <= mostBytes - this.#bytes - more;
    const now = isRoom ? kept : null;
    const change = (now?.bytes ?? 0) - (before?.bytes ?? 0);
    this.#bytes += change;
    node.bytes += change;
    if (now) map.set(id, now);
    else map.delete(id);
    // Songs of a server that has died go in turns.
    const isShown = node.isAlive || kind === "song" && now === null;
    if (isShown && (before || now)) {
      this.#options.listener.changed(node, kind, id, before);
    }
  }

  #node(name: string): Node | null {
    const known = this.all.get(name);
    if (known) return known;
    if (this.all.size >= MOST.node || !splitKey(`node.${name}`)) return null;
    const node = new Node(name);
    this.all.set(name, node);
    return node;
  }

  /** A server that may join has the place of one that has not shown that it may. */
  #joining(name: string, bytes: Uint8Array): Node | null {
    const record = readRecord("node", bytes);
    if (!record || this.#options.refusal(name, record) !== null) return null;
    for (const other of this.all.values()) {
      if (other.record && typeof other.state === "string") continue;
      this.all.delete(other.name);
      this.#lost.delete(other.name);
      this.#bytes -= other.bytes;
      return this.#node(name);
    }
    const dead = this.all.values().filter((it) => !it.isAlive);
    this.#options.listener.crowded(name, [...dead].length);
    return null;
  }

  #judge(node: Node): void {
    const { record, heardMs } = node;
    const { clock, refusal } = this.#options;
    const isHeard = clock.now() - heardMs < DEAD_MS;
    const reason = record && refusal(node.name, record);
    if (reason) return this.#turn(node, { refused: reason });
    if (record && isHeard) this.#turn(node, "alive");
  }

  #turn(node: Node, state: Node["state"]): void {
    const isSame = node.state === state ||
      (typeof node.state === "object" && typeof state === "object" &&
        node.state.refused === state.refused);
    if (isSame) return;
    node.state = state;
    this.#options.listener.turned(node);
  }

  /** Whether the bus has carried a beat just now. */
  get #isHearing(): boolean {
    return this.#options.clock.now() - this.#heardMs < HEARD_MS;
  }

  /** Silent for a time in which the bus has carried the beats of others. */
  #isSilent({ heardMs }: Node, forMs: number): boolean {
    const sinceMs = Math.max(heardMs, this.#connectedMs);
    const silentMs = this.#options.clock.now() - sinceMs;
    return this.#isHearing && silentMs >= forMs;
  }

  async #lookAt(node: Node): Promise<void> {
    const { bus, lastHeardMs } = this.#options;
    const [isWritable, answeredMs] = await Promise.all([
      bus.isWritable(),
      lastHeardMs(node),
    ]);
    const isMute = this.#options.clock.now() - answeredMs >= ANSWERED_MS;
    if (isWritable && isMute && this.#isSilent(node, DEAD_MS)) {
      this.#turn(node, "dead");
    }
  }
}

function isSame<K extends RecordKind>(a: Kept<K>, b: Kept<K>): boolean {
  return a.revision === b.revision && a.bytes === b.bytes &&
    JSON.stringify(a.value) === JSON.stringify(b.value);
}
