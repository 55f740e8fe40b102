/**
 * Presence: who is connected, and what each is doing. The one place that
 * `welcome`, `online`, casting and control ask.
 *
 * @module
 */

import { encodeHex } from "@std/encoding/hex";
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
  readonly link: Link;
}

/**
 * The public key of a device: the same at every server and after each
 * reconnect, and telling nothing of the random device id it is made from.
 */
export async function deviceKey(device: string): Promise<string> {
  const bytes = new TextEncoder().encode(`ondacast device key\n${device}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return encodeHex(digest.subarray(0, 12));
}

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
 *   link: null,
 * });
 * assert.equal(presence.page({}).rows[0].name, "kitchen");
 * ```
 */
export class Presence<Link> {
  readonly #byKey = new Map<string, Present<Link>>();
  #sorted: Present<Link>[] | null = null;
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
    this.#byKey.set(client.key, client);
    this.#changed();
    return before;
  }

  /** Takes a client out, unless a newer connection has its key by now. */
  leave(client: Present<Link>): void {
    if (this.#byKey.get(client.key) !== client) return;
    this.#byKey.delete(client.key);
    this.#changed();
  }

  /** Says what a client does now. A moving position alone is no change. */
  update(
    client: Present<Link>,
    now: { receiving?: boolean; activity?: Activity },
  ): void {
    const before = client.activity;
    const receiving = now.receiving ?? client.receiving;
    const activity = now.activity ?? before;
    const same = receiving === client.receiving &&
      sameActivity(before, activity);
    client.receiving = receiving;
    client.activity = activity;
    if (!same && this.#byKey.get(client.key) === client) this.#onChange();
  }

  get(key: string): Present<Link> | undefined {
    return this.#byKey.get(key);
  }

  /** All who are there, by key. */
  all(): readonly Present<Link>[] {
    return this.#sorted ??= [...this.#byKey.values()].sort((a, b) =>
      a.key < b.key ? -1 : 1
    );
  }

  /** The clients after a key, at most so many. */
  page(
    query: { after?: string; limit?: number },
  ): Page<OnlineClient> {
    const { after, limit = Infinity } = query;
    const all = this.all();
    const found = after === undefined
      ? 0
      : all.findIndex((client) => client.key > after);
    const first = found === -1 ? all.length : found;
    const rows = all.slice(first, first + limit).map(describe);
    return { rows, more: first + rows.length < all.length, total: all.length };
  }

  #changed(): void {
    this.#sorted = null;
    this.#onChange();
  }
}

function describe(client: Present<unknown>): OnlineClient {
  return {
    key: client.key,
    id: client.id,
    name: client.name,
    receiving: client.receiving,
    state: client.activity,
  };
}

function sameActivity(a: Activity, b: Activity): boolean {
  return a.doing === b.doing && a.song === b.song && a.volume === b.volume &&
    a.underruns === b.underruns && a.problem === b.problem;
}
