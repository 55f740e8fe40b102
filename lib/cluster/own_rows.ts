/**
 * Shows the clients, groups and songs of this server to the others, as records.
 *
 * @module
 */

import type { Present } from "../model/presence.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { Group } from "../server/groups/group.ts";
import type { Hub } from "../server/hub.ts";
import { describeTagged } from "../server/list_songs.ts";
import type { Admission } from "./admission.ts";
import type { OwnRecords } from "./own_records.ts";
import {
  type DeviceRecord,
  type GroupRecord,
  recordKey,
  songId,
} from "./records.ts";

export interface OwnRowsWorld {
  /** The name of this server. */
  place: string;
  records: OwnRecords;
  admission: Pick<Admission, "deviceMark">;
  wallMs(): number;
}

/** The longest time until a group is at its position that a record can hold. */
const MOST_IN_MS = 60_000;

export class OwnRows {
  readonly #world: OwnRowsWorld;
  /** Keys of the own clients, and names of the own songs. */
  readonly #clients = new Set<string>();
  readonly #songs = new Set<string>();

  constructor(world: OwnRowsWorld) {
    this.#world = world;
  }

  /** How many this server has. */
  get counts(): { devices: number; songs: number } {
    return { devices: this.#clients.size, songs: this.#songs.size };
  }

  /** @param client Undefined, or of another server: it is not this server's any more. */
  client(key: string, client: Present<unknown> | undefined): void {
    const isOwn = client && client.place === undefined;
    if (isOwn) this.#clients.add(key);
    else this.#clients.delete(key);
    this.#set("device", key, isOwn ? this.#deviceRecord(client) : null);
  }

  group({ groups, clock }: Hub, group: Group): void {
    const { wallMs } = this.#world;
    const record = (): GroupRecord => {
      const row = groups.row(group);
      // A song that is about to begin.
      const inMs = Math.round(row.positionAt / 1000 - clock.now());
      return {
        ...row,
        atWallMs: Math.round(wallMs()),
        ...(inMs > 0 && { inMs: Math.min(inMs, MOST_IN_MS) }),
      };
    };
    const isShown = group.isListed && group.present.length > 0;
    this.#set("group", group.id, isShown ? record : null);
  }

  noGroup(id: string): void {
    this.#set("group", id, null);
  }

  /** @param entry Null: the song is gone. */
  song(name: string, entry: SongEntry | null): void {
    const row = entry && describeTagged(entry);
    this.#set("song", songId(name), row && (() => row));
    if (row) this.#songs.add(name);
    else this.#songs.delete(name);
  }

  #deviceRecord(client: Present<unknown>): () => DeviceRecord {
    const mark = this.#world.admission.deviceMark(client.key);
    return () => ({ ...deviceRecord(client), mark });
  }

  #set(
    kind: "device" | "group" | "song",
    id: string,
    make: (() => unknown) | null,
  ): void {
    const { records, place } = this.#world;
    records.set(recordKey(kind, place, id), make);
  }
}

function deviceRecord(client: Present<unknown>): DeviceRecord {
  const { key, id, name, kind, receiving, isUnverified } = client;
  const { activity, endsAtSeconds } = client;
  const isFinite = endsAtSeconds !== undefined && endsAtSeconds < Infinity;
  return {
    ...{ key, id, name, receiving, state: activity },
    ...(kind !== undefined && { kind }),
    ...(isUnverified && { unverified: true }),
    ...(isFinite && { endsAt: endsAtSeconds }),
  };
}
