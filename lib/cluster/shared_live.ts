/**
 * The live songs of all servers, by the names of songs: bare here, or at the first
 * other server by name; `NODE:name` reaches each.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { OpenSong } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import {
  type Live,
  type LiveSongs,
  MOST_LIVE,
} from "../server/live/live_songs.ts";
import type { SongRow } from "../wire/messages.ts";
import { OndacastError } from "../errors.ts";
import { LiveRelay, type RelayListener } from "./live_relay.ts";
import type { Node } from "./nodes.ts";
import { songOfRow } from "./records.ts";

export interface SharedLiveWorld {
  /** The name of this server. */
  readonly place: string;
  readonly live: LiveSongs;
  readonly clock: Clock;
  /** Follows a song of another server; see {@linkcode LiveRelay}. */
  follow(
    node: Node,
    name: string,
    listener: RelayListener,
    signal: AbortSignal,
  ): Promise<void>;
  /** An own song has begun, or ended: null. */
  changed(name: string, entry: SongEntry | null): void;
}

/** A song of one other server. */
interface Remote {
  readonly node: Node;
  readonly row: SongRow;
  shown: Live | null;
  /** What is heard of it. */
  readonly relays: Set<LiveRelay>;
}

export class SharedLive {
  readonly #world: SharedLiveWorld;
  /** By name, and the name of the server. */
  readonly #songs = new Map<string, Map<string, Remote>>();
  /** Names by which others are shown, by the names there. */
  readonly #shown = new Map<string, string[]>();
  #relays = 0;

  constructor(world: SharedLiveWorld) {
    this.#world = world;
    world.live.place = world.place;
    world.live.listen((name) => {
      this.#show(name);
      world.changed(name, world.live.get(name)?.entry ?? null);
    });
  }

  /** A song of another server has begun. */
  put(node: Node, row: SongRow): void {
    const its = this.#songs.get(row.name) ?? new Map<string, Remote>();
    const before = its.get(node.name);
    if (before && JSON.stringify(before.row) === JSON.stringify(row)) return;
    if (!before && this.#countOf(node) >= MOST_LIVE) return;
    this.#songs.set(row.name, its);
    its.set(node.name, { node, row, shown: null, relays: new Set() });
    this.#show(row.name);
  }

  /** A song of another server has ended, or the server is gone. */
  delete(node: Node, name: string): void {
    const its = this.#songs.get(name);
    const gone = its?.get(node.name);
    if (!its || !gone) return;
    for (const relay of gone.relays) relay.unlisted();
    its.delete(node.name);
    if (its.size === 0) this.#songs.delete(name);
    this.#show(name);
  }

  #countOf({ name }: Node): number {
    return this.#songs.values().filter((its) => its.has(name)).toArray().length;
  }

  /** Shows all songs of a name as they are to be. */
  #show(name: string): void {
    const { live, place } = this.#world;
    for (const shown of this.#shown.get(name) ?? []) live.hide(shown);
    const own = live.get(name);
    const shown = new Map<string, Live>();
    if (own) shown.set(`${place}:${name}`, own);
    const its = [...this.#songs.get(name)?.values() ?? []]
      .sort((a, b) => a.node.name < b.node.name ? -1 : 1);
    for (const [i, remote] of its.entries()) {
      const full = `${remote.node.name}:${name}`;
      const isBare = i === 0 && !own;
      const it = this.#live(remote, isBare ? name : full);
      shown.set(full, it);
      if (isBare) shown.set(name, it);
    }
    for (const [key, it] of shown) live.show(key, it);
    if (shown.size > 0) this.#shown.set(name, [...shown.keys()]);
    else this.#shown.delete(name);
  }

  #live(remote: Remote, name: string): Live {
    if (remote.shown?.entry.name === name) return remote.shown;
    const entry = { ...songOfRow(remote.row, remote.node.name), name };
    let relay: LiveRelay | null = null;
    return remote.shown = {
      entry,
      open: async (): Promise<OpenSong> => {
        relay ??= this.#newRelay(remote, entry, () => relay = null);
        return await relay.open();
      },
    };
  }

  /** @throws {OndacastError} `busy`, if too many are heard. */
  #newRelay(
    { node, row, relays }: Remote,
    entry: SongEntry,
    over: () => void,
  ): LiveRelay {
    if (this.#relays >= MOST_LIVE) {
      throw new OndacastError(
        "busy",
        `Cannot hear ${entry.name}: ${MOST_LIVE} live songs of other servers are heard here already`,
        { fatal: false },
      );
    }
    const { clock, follow } = this.#world;
    const relay = new LiveRelay(entry, {
      clock,
      follow: (...how) => follow(node, row.name, ...how),
      over: () => {
        this.#relays--;
        relays.delete(relay);
        over();
      },
    });
    this.#relays++;
    relays.add(relay);
    return relay;
  }
}
