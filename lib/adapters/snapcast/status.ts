/**
 * The state of the server as Snapcast's control API describes it (badaix/snapcast,
 * `doc/json_rpc_api/control.md`): each device is a client, and the queue of each
 * group a stream.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { peerHost } from "../../model/address.ts";
import type { Device } from "../../server/groups/device.ts";
import type { Group } from "../../server/groups/group.ts";
import type { Hub } from "../../server/hub.ts";
import { VERSION } from "../../version.ts";
import { type ClientFacts, keyOfId } from "./client_facts.ts";
import { LAYOUT } from "./wire.ts";

/** The version of Snapcast whose methods there are; some apps look at it. */
const SNAPCAST_VERSION = "0.26.0";
/** Steps of a group, whose song is read from the index. */
const READ_STEPS = 8;

/** A repeat of ours, as Snapcast calls it. */
export const LOOP_STATUS = {
  off: "none",
  all: "playlist",
  one: "track",
} as const;

/** What the state is read from. */
export interface StatusWorld {
  readonly hub: Hub;
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** What a Snapcast client said of itself; undefined: the device is none. */
  factsOf(key: string): ClientFacts | undefined;
}

export class Status {
  readonly #world: StatusWorld;

  constructor(world: StatusWorld) {
    this.#world = world;
  }

  /** The id of a device: that of a Snapcast client, unless it is another's key. */
  idOf({ key }: Device): string {
    const id = this.#world.factsOf(key)?.id;
    return id === undefined || this.#devices.has(id) ? key : id;
  }

  /** @throws {OndacastError} `not-found`. */
  device(id: string): Device {
    const device = this.#devices.get(id) ?? this.#devices.get(keyOfId(id));
    if (device) return device;
    throw new OndacastError("not-found", "Client not found");
  }

  /** @throws {OndacastError} `not-found`. */
  group(id: string): Group {
    const group = this.#world.hub.groups.all.get(id);
    if (group?.isListed) return group;
    throw new OndacastError("not-found", "Group not found");
  }

  /** A `client` of the API. */
  client(device: Device): Record<string, unknown> {
    const { hub, factsOf, wallMs } = this.#world;
    const { key, name, volume, muted, delayMs, link } = device;
    const facts = factsOf(key);
    const peer = hub.presence.get(key)?.id;
    const { host = name, instance = 1, arch = "", os = "", mac = "" } = facts ??
      {};
    const ip = peer === undefined ? "" : peerHost(peer);
    const seenMs = link ? wallMs() : device.seenMs;
    return {
      config: {
        instance,
        latency: delayMs,
        name: name === host ? "" : name,
        volume: { muted, percent: Math.round(volume) },
      },
      connected: link !== null,
      host: { arch, ip, mac, name: host, os },
      id: this.idOf(device),
      lastSeen: {
        sec: Math.floor(seenMs / 1000),
        usec: Math.floor(seenMs % 1000) * 1000,
      },
      snapclient: {
        name: facts ? "Snapclient" : "Ondacast",
        protocolVersion: 2,
        version: facts ? facts.version : VERSION,
      },
    };
  }

  /** A `group` of the API. */
  groupStatus(group: Group): Record<string, unknown> {
    return {
      clients: group.devices.map((it) => this.client(it)),
      id: group.id,
      muted: isMuted(group),
      name: group.name,
      stream_id: group.id,
    };
  }

  /** A `stream` of the API. */
  stream(group: Group): Record<string, unknown> {
    const { name } = this.#world.hub.groups.row(group);
    const { rate, channels } = LAYOUT;
    const query = {
      chunk_ms: "20",
      codec: "pcm",
      name,
      sampleformat: `${rate}:16:${channels}`,
    };
    return {
      id: group.id,
      properties: this.properties(group),
      status: streamState(group),
      uri: {
        fragment: "",
        host: "",
        path: `/${group.id}`,
        query,
        raw: `ondacast:///${group.id}?${new URLSearchParams(query)}`,
        scheme: "ondacast",
      },
    };
  }

  /** The `properties` of a stream. */
  properties(group: Group): Record<string, unknown> {
    const row = this.#world.hub.groups.row(group);
    const { title, artist, seconds, song, entry, songs } = row;
    const has = songs > 0;
    return {
      canControl: true,
      canGoNext: has,
      canGoPrevious: has,
      canPause: has,
      canPlay: has,
      canSeek: has && seconds !== null,
      loopStatus: LOOP_STATUS[row.repeat],
      mute: isMuted(group),
      playbackStatus: row.state,
      position: group.seconds,
      rate: 1,
      shuffle: row.shuffle,
      volume: Math.round(row.volume),
      ...(song !== null && {
        metadata: {
          title,
          ...(artist !== undefined && { artist: [artist] }),
          ...(seconds !== null && { duration: seconds }),
          trackId: String(entry),
          url: song,
        },
      }),
    };
  }

  /** All of it, as `Server.GetStatus` answers. */
  async server(): Promise<Record<string, unknown>> {
    const { hub } = this.#world;
    const groups: unknown[] = [];
    const streams: unknown[] = [];
    for (const group of [...hub.groups.all.values()]) {
      if (!group.isListed) continue;
      groups.push(this.groupStatus(group));
      streams.push(this.stream(group));
      const turn = hub.turns.next(READ_STEPS, "request");
      if (turn) await turn;
    }
    const { serverName: name } = hub.options;
    return {
      server: {
        groups,
        server: {
          host: { arch: "", ip: "", mac: "", name, os: "" },
          snapserver: {
            controlProtocolVersion: 1,
            name: "Ondacast",
            protocolVersion: 1,
            version: SNAPCAST_VERSION,
          },
        },
        streams,
      },
    };
  }

  get #devices(): ReadonlyMap<string, Device> {
    return this.#world.hub.groups.devices;
  }
}

/** Snapcast mutes groups and clients apart; here, a group is all of its devices. */
export function isMuted({ devices }: Group): boolean {
  return devices.length > 0 && devices.every(({ muted }) => muted);
}

/** The `status` of a stream. */
export function streamState({ playback }: Group): "playing" | "idle" {
  return playback.state === "playing" ? "playing" : "idle";
}
