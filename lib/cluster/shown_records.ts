/**
 * Shows the devices, groups and songs of other servers to the clients of this one,
 * while those servers are alive.
 *
 * @module
 */

import type { Turns } from "../ports/server.ts";
import type { Kept, Node } from "./nodes.ts";
import { type RecordKind, songId } from "./records.ts";
import type { RemoteDevices } from "./remote_devices.ts";
import type { RemoteGroups } from "./remote_groups.ts";
import type { SharedLive } from "./shared_live.ts";
import type { SharedSongs } from "./shared_songs.ts";

type Kind = Exclude<RecordKind, "node">;

export class ShownRecords {
  readonly songs: SharedSongs;
  readonly live: SharedLive;
  readonly devices: RemoteDevices;
  readonly groups: RemoteGroups;
  readonly #turns: Turns;

  constructor(
    { songs, live, devices, groups, turns }: {
      songs: SharedSongs;
      live: SharedLive;
      devices: RemoteDevices;
      groups: RemoteGroups;
      /** Others have one while many songs come or go. */
      turns: Turns;
    },
  ) {
    this.songs = songs;
    this.live = live;
    this.devices = devices;
    this.groups = groups;
    this.#turns = turns;
  }

  /** Shows all records of a server, or none any more; songs follow soon. */
  turned(node: Node): void {
    const { device, group, isAlive } = node;
    for (const [id, it] of device) this.#show(node, "device", id, isAlive, it);
    for (const [id, it] of group) this.#show(node, "group", id, isAlive, it);
    this.#turnSongs(node);
  }

  /** Until the server is dead, or alive again. */
  async #turnSongs(node: Node): Promise<void> {
    const { song, isAlive } = node;
    for (const [id, it] of [...song]) {
      if (node.isAlive !== isAlive) return;
      const hasChanged = isAlive && song.get(id) !== it;
      if (!hasChanged) this.#show(node, "song", id, isAlive, it);
      const turn = this.#turns.next(8);
      if (turn) await turn;
    }
  }

  /** @param before The record; undefined: there was none. */
  changed<K extends Kind>(
    node: Node,
    kind: K,
    id: string,
    before: Kept<K> | undefined,
  ): void {
    const kept = node[kind].get(id) as Kept<K> | undefined;
    // A name can be a live song's now and a file's then.
    if (before && kept && isLive(before) !== isLive(kept)) {
      this.#show(node, kind, id, false, before);
    }
    this.#show(node, kind, id, kept !== undefined, kept ?? before!);
  }

  #show<K extends Kind>(
    node: Node,
    kind: K,
    id: string,
    isThere: boolean,
    kept: Kept<K>,
  ): void {
    const { devices, groups } = this;
    if (kind === "song") {
      const { value } = kept as Kept<"song">;
      if (songId(value.name) !== id) return;
      const songs = value.live ? this.live : this.songs;
      if (isThere) songs.put(node, value);
      else songs.delete(node, value.name);
    } else if (kind === "device") {
      if (isThere) devices.put(node, id, kept as Kept<"device">);
      else devices.delete(node, id);
    } else if (isThere) groups.put(node, id, kept as Kept<"group">);
    else groups.delete(node, id);
  }
}

function isLive({ value }: Kept<Kind>): boolean {
  return "live" in value;
}
