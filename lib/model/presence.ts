/**
 * Presence: the connected clients and their activity. `welcome`, `online`,
 * casting and control all use it.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import type { Page } from "../ports/library.ts";
import type { Activity, OnlineClient } from "../wire/messages.ts";
import { firstIndex } from "./binary_search.ts";
import { pageOf } from "./page_of.ts";

/** A connected client. */
export interface Present<Link> {
  /** Opaque and globally unique; see {@linkcode deviceKey}. */
  readonly key: string;
  /** `ip:port`. */
  readonly id: string;
  readonly name: string;
  /** What it is; absent: it has not said. */
  readonly kind?: string;
  receiving: boolean;
  /** Whether anyone could take its key: it rests on an id that nothing proves. */
  readonly isUnverified?: boolean;
  /** The server that it is connected to; absent: this one. */
  readonly place?: string;
  activity: Activity;
  /** When the activity was reported, to extrapolate its position. */
  activityAtMs: number;
  /** The length of the song being played, in seconds. */
  endsAtSeconds?: number;
  /** How to reach the client. */
  readonly link: Link;
}

/** Notified of what happens to the connected clients. */
export interface PresenceListener {
  /** Something changed that other clients can see. */
  changed(key: string): void;
}

/**
 * The activity of a client that plays nothing.
 *
 * @param volume A receiver's volume for the next cast, if known.
 */
export function resting(receiving: boolean, volume?: number): Activity {
  if (!receiving) return { doing: "idle" };
  return { doing: "waiting", ...(volume !== undefined && { volume }) };
}

/**
 * The public key of a device: the same on every server and after each reconnect.
 * It reveals nothing about the secret device id it is derived from.
 */
export function deviceKey(device: string): string {
  const text = new TextEncoder().encode(`ondacast device key\n${device}`);
  return sha256(text).toHex().slice(0, KEY_DIGITS);
}

/** Hexadecimal digits of a key: 96 bits, so that collisions are negligible. */
const KEY_DIGITS = 24;

/**
 * The connected clients, indexed by key, address and name.
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
  /** By key. Kept in order because sorting thousands at each join is slow. */
  readonly #sorted: Present<Link>[] = [];
  readonly #byId = new Map<string, Present<Link>>();
  /** All clients of a name, in the order they joined. */
  readonly #byName = new Map<string, Set<Present<Link>>>();
  readonly #listeners: PresenceListener[];

  constructor(...listeners: PresenceListener[]) {
    this.#listeners = listeners;
  }

  listen(listener: PresenceListener): void {
    this.#listeners.push(listener);
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Adds a client. @returns The one it replaces, which had the same key. */
  join(client: Present<Link>): Present<Link> | undefined {
    const before = this.#byKey.get(client.key);
    if (before) this.#forget(before);
    this.#byKey.set(client.key, client);
    this.#byId.set(client.id, client);
    const namesakes = this.#byName.get(client.name);
    if (namesakes) namesakes.add(client);
    else this.#byName.set(client.name, new Set([client]));
    this.#sorted.splice(this.#place(client.key), before ? 1 : 0, client);
    this.#changed(client.key);
    return before;
  }

  /** Removes a client, unless a newer connection has taken over its key. */
  leave(client: Present<Link>): void {
    if (!this.has(client)) return;
    this.#forget(client);
    this.#byKey.delete(client.key);
    this.#sorted.splice(this.#place(client.key), 1);
    this.#changed(client.key);
  }

  /**
   * Updates a client's activity. A position that advances with time is not a
   * change; a seek is.
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
    if (!same && this.has(client)) this.#changed(client.key);
  }

  /** Whether a client is connected and no newer connection has its key. */
  has(client: Present<Link>): boolean {
    return this.#byKey.get(client.key) === client;
  }

  /** The client with this key. */
  get(key: string): Present<Link> | undefined {
    return this.#byKey.get(key);
  }

  /**
   * The client with this key or `ip:port`, else all clients of this name. Takes
   * constant time in the number of other clients.
   */
  named(word: string): Present<Link>[] {
    return [...this.meant(word)];
  }

  /** The same without making a list, because thousands may share a name. */
  meant(word: string): Iterable<Present<Link>> {
    const one = this.#byKey.get(word) ?? this.#byId.get(word);
    return one ? [one] : this.#byName.get(word) ?? [];
  }

  /**
   * Up to `limit` clients by key, starting behind the key `after`.
   *
   * @param here The name of this server, if it is one of several.
   */
  page(
    query: { after?: string; limit?: number },
    nowMs: number,
    here?: string,
  ): Page<OnlineClient> {
    const { after, limit = Infinity } = query;
    const first = after === undefined
      ? 0
      : firstIndex(this.#sorted, ({ key }) => key > after);
    const page = pageOf(this.#sorted, first, limit);
    return { ...page, rows: page.rows.map((it) => describe(it, nowMs, here)) };
  }

  #changed(key: string): void {
    for (const listener of this.#listeners) listener.changed(key);
  }

  /** Removes a client from the indexes by address and name. */
  #forget(client: Present<Link>): void {
    if (this.#byId.get(client.id) === client) this.#byId.delete(client.id);
    const namesakes = this.#byName.get(client.name);
    namesakes?.delete(client);
    if (namesakes?.size === 0) this.#byName.delete(client.name);
  }

  /** The index of a key among the sorted clients, or where to insert it. */
  #place(key: string): number {
    return firstIndex(this.#sorted, (client) => client.key >= key);
  }
}

/** The row of a client. @param here As in {@linkcode Presence.page}. */
export function describe(
  client: Present<unknown>,
  nowMs: number,
  here?: string,
): OnlineClient {
  const place = client.place ?? here;
  return {
    key: client.key,
    id: client.id,
    name: client.name,
    ...(client.kind !== undefined && { kind: client.kind }),
    receiving: client.receiving,
    ...(client.isUnverified && { unverified: true }),
    ...(place !== undefined && { node: place }),
    state: activityAt(client, nowMs),
  };
}

/** How much later than expected a song may end, in seconds. */
const END_SECONDS = 2;

/** The extrapolated activity: a song advances and ends without a report. */
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

/** A position further than this from the expected one means a seek. */
const JUMP_SECONDS = 1.5;

function isFar(position = 0, expected = position): boolean {
  return Math.abs(position - expected) > JUMP_SECONDS;
}
