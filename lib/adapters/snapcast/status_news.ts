/**
 * What has changed of the state that the control API describes, as its
 * notifications. A change of who is in which group is none of them: after it the
 * whole state is sent.
 *
 * @module
 */

import type { Device } from "../../server/groups/device.ts";
import type { Group } from "../../server/groups/group.ts";
import type { Groups } from "../../server/groups/groups.ts";
import type { GroupsListener } from "../../server/groups/kept_groups.ts";
import { isMuted, type Status, streamState } from "./status.ts";

/** A notification of JSON-RPC. */
export interface Notification {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** What was known of a client last. */
interface KnownClient {
  readonly device: Device;
  readonly isConnected: boolean;
  readonly volume: number;
  readonly muted: boolean;
  readonly latency: number;
  readonly name: string;
}

/** What was known of a group last. */
interface KnownGroup {
  readonly name: string;
  readonly muted: boolean;
  readonly state: string;
  /** All that the properties of its stream are made of, but its position. */
  readonly playing: string;
  readonly clients: ReadonlyMap<string, KnownClient>;
}

/** What is new. */
export interface News {
  readonly notifications: Notification[];
  /** Whether groups or their clients are others than before. */
  readonly isStructural: boolean;
}

const NOBODY: ReadonlyMap<string, KnownClient> = new Map();

/** Costs nothing until it is {@linkcode begin begun}. */
export class StatusNews implements GroupsListener {
  readonly #groups: Groups;
  readonly #status: Status;
  readonly #known = new Map<string, KnownGroup>();
  /** The ids of groups that have changed or are gone. */
  readonly #dirty = new Set<string>();
  #isOn = false;

  constructor(groups: Groups, status: Status) {
    this.#groups = groups;
    this.#status = status;
    groups.listen(this);
  }

  /** Follows changes from now on. */
  begin(): void {
    this.#isOn = true;
    for (const group of this.#groups.all.values()) {
      if (group.isListed) this.#known.set(group.id, this.#factsOf(group));
    }
  }

  /** Follows them no longer. */
  end(): void {
    this.#isOn = false;
    this.#known.clear();
    this.#dirty.clear();
  }

  changed({ id }: Group): void {
    if (this.#isOn) this.#dirty.add(id);
  }

  gone(id: string): void {
    if (this.#isOn) this.#dirty.add(id);
  }

  /** What is new since the last call. */
  take(): News {
    const notifications: Notification[] = [];
    const were = new Map<string, KnownClient>();
    const are = new Map<string, KnownClient>();
    let isStructural = false;
    for (const id of this.#dirty) {
      const group = this.#groups.all.get(id);
      const before = this.#known.get(id);
      const now = group?.isListed ? this.#factsOf(group) : undefined;
      if (now) this.#known.set(id, now);
      else this.#known.delete(id);
      for (const it of before?.clients ?? NOBODY) were.set(...it);
      for (const it of now?.clients ?? NOBODY) are.set(...it);
      if (before && now && isSame(before.clients, now.clients)) {
        this.#compare(group!, before, now, notifications);
      } else if (before || now) isStructural = true;
      if (before && !now) notifications.push(...this.#joined(id, before));
    }
    this.#dirty.clear();
    notifications.unshift(...this.#arrived(were, are));
    return { notifications, isStructural };
  }

  #factsOf(group: Group): KnownGroup {
    const { queue, playback, devices } = group;
    const { playing, repeat, shuffle, entries } = queue;
    const { state } = playback;
    const plays = [
      ...[state, repeat, shuffle, group.volume.percent, entries.length > 0],
      ...[playing?.entry, playing?.song],
    ];
    return {
      name: group.name,
      muted: isMuted(group),
      state: streamState(group),
      playing: JSON.stringify(plays),
      clients: new Map(
        devices.map((it) => [this.#status.idOf(it), knownOf(it)]),
      ),
    };
  }

  /** A group with the same clients. */
  #compare(
    group: Group,
    before: KnownGroup,
    now: KnownGroup,
    into: Notification[],
  ): void {
    const { id } = group;
    const add = (method: string, params: Record<string, unknown>) =>
      into.push({ method, params });
    for (const [id, is] of now.clients) {
      const was = before.clients.get(id)!;
      const { volume: percent, muted, latency, name } = is;
      if (was.volume !== percent || was.muted !== muted) {
        const volume = { muted, percent: Math.round(percent) };
        add("Client.OnVolumeChanged", { id, volume });
      }
      if (was.latency !== latency) {
        add("Client.OnLatencyChanged", { id, latency });
      }
      if (was.name !== name) add("Client.OnNameChanged", { id, name });
    }
    if (before.muted !== now.muted) {
      add("Group.OnMute", { id, mute: now.muted });
    }
    if (before.name !== now.name) {
      add("Group.OnNameChanged", { id, name: now.name });
    }
    if (before.state !== now.state) {
      add("Stream.OnUpdate", { id, stream: this.#status.stream(group) });
    } else if (before.playing !== now.playing) {
      const properties = this.#status.properties(group);
      add("Stream.OnProperties", { id, properties });
    }
  }

  /** A group that is gone because all of its devices play what another does. */
  #joined(id: string, { clients }: KnownGroup): Notification[] {
    const ids = new Set(
      clients.values().map(({ device }) =>
        this.#groups.devices.get(device.key) === device
          ? this.#groups.group(device).id
          : null
      ),
    );
    const [stream_id] = ids;
    const isOne = ids.size === 1 && typeof stream_id === "string";
    if (!isOne || stream_id === id) return [];
    return [{ method: "Group.OnStreamChanged", params: { id, stream_id } }];
  }

  #arrived(
    were: ReadonlyMap<string, KnownClient>,
    are: ReadonlyMap<string, KnownClient>,
  ): Notification[] {
    const notifications: Notification[] = [];
    for (const id of new Set([...were.keys(), ...are.keys()])) {
      const was = were.get(id);
      const is = are.get(id);
      const isConnected = is?.isConnected ?? false;
      if ((was?.isConnected ?? false) === isConnected) continue;
      const method = isConnected ? "Client.OnConnect" : "Client.OnDisconnect";
      const client = this.#status.client((is ?? was)!.device);
      notifications.push({ method, params: { client, id } });
    }
    return notifications;
  }
}

function knownOf(device: Device): KnownClient {
  const { volume, muted, delayMs: latency, name, link } = device;
  return { device, isConnected: link !== null, volume, muted, latency, name };
}

function isSame(
  before: ReadonlyMap<string, unknown>,
  now: ReadonlyMap<string, unknown>,
): boolean {
  return before.size === now.size && now.keys().every((it) => before.has(it));
}
