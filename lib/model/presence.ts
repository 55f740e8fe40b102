/**
 * Presence: who is connected, and what each is doing. The one place that
 * `welcome`, `online`, casting and control ask.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils";
import type { Activity, OnlineClient } from "../wire/messages.ts";
import type { Page } from "./catalog.ts";

/** A client that is connected, and how to reach it. */
export interface Present<Link> {
  /** Opaque, unique over all servers; see {@linkcode deviceKey}. */
  readonly key: string;
  /** `ip:port`. */
  readonly id: string;
  readonly name: string;
  receiving: boolean;
  activity: Activity;
  /** When the activity was told, so that a position can be told on. */
  activityAtMs: number;
  /** Where the song ends that is played, in seconds. */
  endsAtSeconds?: number;
  readonly link: Link;
}

/**
 * What a client does that plays nothing.
 *
 * @param volume How loud a receiver is to be with what is cast to it next,
 * where that is known.
 */
export function resting(receiving: boolean, volume?: number): Activity {
  if (!receiving) return { doing: "idle" };
  return { doing: "waiting", ...(volume !== undefined && { volume }) };
}

/**
 * The public key of a device: the same at every server and after each
 * reconnect, and telling nothing of the random device id it is made from.
 */
export function deviceKey(device: string): string {
  const hash = sha256(utf8ToBytes(`ondacast device key\n${device}`));
  return bytesToHex(hash).slice(0, KEY_DIGITS);
}

/** Digits of a key: 96 bits, of which no two are the same by chance. */
const KEY_DIGITS = 24;

/**
 * Who is connected, by key.
 *
 * @example
 * ```ts
 * import { Presence } from "./presence.ts";
 * import assert from "node:assert/strict";
 *
 * const presence = new Presence<null>();
 * presence.join({
 *   key: "k",
 *   id: "192.0.2.7:4711",
 *   name: "kitchen",
 *   receiving: true,
 *   activity: { doing: "waiting" },
 *   activityAtMs: 0,
 *   link: null,
 * });
 * assert.equal(presence.page({}, 0).rows[0].name, "kitchen");
 * ```
 */
export class Presence<Link> {
  readonly #byKey = new Map<string, Present<Link>>();
  /** By key. Kept in order, since sorting thousands for each who comes is slow. */
  readonly #sorted: Present<Link>[] = [];
  readonly #byId = new Map<string, Present<Link>>();
  /** All of a name, in the order they came. */
  readonly #byName = new Map<string, Set<Present<Link>>>();
  #onChange: () => void = () => {};

  get size(): number {
    return this.#byKey.size;
  }

  /** Calls back after every change that others see. */
  set onChange(listener: () => void) {
    this.#onChange = listener;
  }

  /** @returns The client that had the key before, if any: its connection is over. */
  join(client: Present<Link>): Present<Link> | undefined {
    const before = this.#byKey.get(client.key);
    if (before) this.#forget(before);
    this.#byKey.set(client.key, client);
    this.#byId.set(client.id, client);
    const namesakes = this.#byName.get(client.name);
    if (namesakes) namesakes.add(client);
    else this.#byName.set(client.name, new Set([client]));
    this.#sorted.splice(this.#place(client.key), before ? 1 : 0, client);
    this.#onChange();
    return before;
  }

  /** Takes a client out, unless a newer connection has its key by now. */
  leave(client: Present<Link>): void {
    if (!this.has(client)) return;
    this.#forget(client);
    this.#byKey.delete(client.key);
    this.#sorted.splice(this.#place(client.key), 1);
    this.#onChange();
  }

  /**
   * Says what a client does now. A position that moves on by itself is no
   * change; one that jumps is.
   */
  update(
    client: Present<Link>,
    now: Partial<
      Pick<Present<Link>, "receiving" | "activity" | "endsAtSeconds">
    >,
    nowMs: number,
  ): void {
    const { receiving, activity } = client;
    const { position } = activityAt(client, nowMs);
    Object.assign(client, now);
    if (now.activity) client.activityAtMs = nowMs;
    const same = client.receiving === receiving &&
      sameActivity(client.activity, activity) &&
      !isFar(client.activity.position, position);
    if (!same && this.has(client)) this.#onChange();
  }

  /** Whether a client is connected, and no newer connection has its key. */
  has(client: Present<Link>): boolean {
    return this.#byKey.get(client.key) === client;
  }

  /** The client with this key. */
  get(key: string): Present<Link> | undefined {
    return this.#byKey.get(key);
  }

  /**
   * The clients that a word means: the one with the key or `ip:port`, else all
   * of the name. It costs the same however many others are connected.
   */
  named(word: string): Present<Link>[] {
    return [...this.meant(word)];
  }

  /** The same without a list of them: thousands may share a name. */
  meant(word: string): Iterable<Present<Link>> {
    const one = this.#byKey.get(word) ?? this.#byId.get(word);
    return one ? [one] : this.#byName.get(word) ?? [];
  }

  /** The clients after a key, at most so many. */
  page(
    query: { after?: string; limit?: number },
    nowMs: number,
  ): Page<OnlineClient> {
    const { after, limit = Infinity } = query;
    const all = this.#sorted;
    let first = after === undefined ? 0 : this.#place(after);
    if (first < all.length && all[first].key === after) first++;
    const rows = all.slice(first, first + limit)
      .map((client) => describe(client, nowMs));
    return { rows, more: first + rows.length < all.length, total: all.length };
  }

  /** Takes a client out of what finds it by another word than its key. */
  #forget(client: Present<Link>): void {
    if (this.#byId.get(client.id) === client) this.#byId.delete(client.id);
    const namesakes = this.#byName.get(client.name);
    namesakes?.delete(client);
    if (namesakes?.size === 0) this.#byName.delete(client.name);
  }

  /** Where the key is among the sorted, or would be. */
  #place(key: string): number {
    let [from, to] = [0, this.#sorted.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#sorted[middle].key < key) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

function describe(client: Present<unknown>, nowMs: number): OnlineClient {
  return {
    key: client.key,
    id: client.id,
    name: client.name,
    receiving: client.receiving,
    state: activityAt(client, nowMs),
  };
}

/** How much later than reckoned a song may end, in seconds. */
const END_SECONDS = 2;

/** What a client does by now: a song goes on, and ends, without its telling. */
function activityAt(client: Present<unknown>, nowMs: number): Activity {
  const { activity, endsAtSeconds } = client;
  if (activity.doing !== "playing" || activity.position === undefined) {
    return activity;
  }
  const seconds = activity.position + (nowMs - client.activityAtMs) / 1000;
  if (endsAtSeconds !== undefined && seconds > endsAtSeconds + END_SECONDS) {
    return resting(client.receiving, activity.volume);
  }
  const position = Math.min(seconds, endsAtSeconds ?? seconds);
  return { ...activity, position: Math.round(position * 1000) / 1000 };
}

function sameActivity(a: Activity, b: Activity): boolean {
  return a.doing === b.doing && a.song === b.song && a.volume === b.volume &&
    a.underruns === b.underruns && a.problem === b.problem;
}

/** A position that is so far from where it was reckoned was sought. */
const JUMP_SECONDS = 1.5;

function isFar(position = 0, reckoned = position): boolean {
  return Math.abs(position - reckoned) > JUMP_SECONDS;
}
