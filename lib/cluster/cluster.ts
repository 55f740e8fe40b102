/**
 * A server as one of several: shows its own clients, groups and songs to the others,
 * and theirs to its own clients. All that it does at another server it does as that
 * one's client.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { parseAddress } from "../model/address.ts";
import type { Present } from "../model/presence.ts";
import type { Clock, Connector } from "../ports/common.ts";
import type { Turns } from "../ports/server.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type {
  Asker,
  Elsewhere,
  Introduction,
  PassedType,
} from "../server/elsewhere.ts";
import { findSong } from "../server/find_song.ts";
import type { Group } from "../server/groups/group.ts";
import type { Hub } from "../server/hub.ts";
import { describeTagged } from "../server/list_songs.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import type { Bus, RecordListener } from "./bus.ts";
import {
  BEAT_MS,
  type Kept,
  type Node,
  Nodes,
  type NodesListener,
} from "./nodes.ts";
import { OwnRecords } from "./own_records.ts";
import { Passing } from "./passing.ts";
import { Peer } from "./peer.ts";
import {
  type DeviceRecord,
  type GroupRecord,
  type NodeRecord,
  type RecordKind,
  songId,
} from "./records.ts";
import { RemoteDevices } from "./remote_devices.ts";
import { RemoteGroups } from "./remote_groups.ts";
import { ClusterSecret, isSameProof, type Meeting } from "./secret.ts";
import { type LocalSongs, SharedSongs } from "./shared_songs.ts";

/** Addresses of others that a client is told. */
const MOST_ALSO = 8;

export interface ClusterOptions {
  /** The name of this server among them; see `isPlaceName()`. */
  name: string;
  /** `host:port` where the others reach it. */
  address: string;
  cluster: string;
  secret: string;
  /** What decides whom it admits: servers that differ in it are not one. */
  admission: unknown;
  /** PEM; absent: sessions are not encrypted. */
  certificate?: string;
}

export interface ClusterWorld {
  bus: Bus;
  clock: Clock;
  clockName: string;
  wallMs(): number;
  turns: Turns;
  local: LocalSongs;
  random(): string;
  newId(): string;
  /** @param certificate PEM that the server has to present; absent: no TLS. */
  connector(host: string, port: number, certificate?: string): Connector;
  log(level: "info" | "warn", text: string): void;
}

export class Cluster implements Elsewhere, NodesListener {
  readonly songs: SharedSongs;
  readonly #options: ClusterOptions;
  readonly #world: ClusterWorld;
  readonly #closing = new AbortController();
  readonly #secret: ClusterSecret;
  readonly #own: OwnRecords;
  readonly #nodes: Nodes;
  readonly #peers = new Map<string, Peer>();
  /** Servers that have introduced themselves, and have yet to prove it. */
  readonly #meetings = new WeakMap<object, Meeting>();
  #shown: {
    hub: Hub;
    devices: RemoteDevices;
    groups: RemoteGroups;
    passing: Passing;
  } | null = null;
  /** Keys of the own clients, and names of the own songs. */
  readonly #clients = new Set<string>();
  readonly #songNames = new Set<string>();

  constructor(options: ClusterOptions, world: ClusterWorld) {
    this.#options = options;
    this.#world = world;
    const { bus, clock, turns, local } = world;
    const { signal } = this.#closing;
    this.#secret = new ClusterSecret(options.secret, options.cluster);
    this.#own = new OwnRecords(bus, clock, signal);
    this.#nodes = new Nodes({
      ...{ own: options.name, bus, clock, signal, listener: this },
      refusal: (name, record) => this.#refusal(name, record),
      answers: async ({ name }) =>
        await this.#peers.get(name)?.answers() ?? false,
    });
    this.songs = new SharedSongs({
      ...{ local, place: options.name, turns },
      seed: Number.parseInt(world.random().slice(0, 8), 16),
      read: (node, ...part) => this.#peer(node.name).read(...part),
      changed: (name, entry) => this.#songChanged(name, entry),
    });
  }

  get place(): string {
    return this.#options.name;
  }

  get also(): string[] {
    return this.#nodes.alive()
      .map(({ record }) => record!.address).take(MOST_ALSO).toArray();
  }

  /** Whether the other servers can be heard of. */
  get isConnected(): boolean {
    return this.#nodes.isConnected;
  }

  /** Shows the clients and groups of a server from now on, and those of others to it. */
  begin(hub: Hub): void {
    const { clock, wallMs, bus } = this.#world;
    const { presence, groups } = hub;
    const ownRevision = (key: string) =>
      this.#own.revision(this.#key("device", key));
    const remote = {
      devices: new RemoteDevices({ presence, clock, ownRevision }),
      groups: new RemoteGroups({
        ...{ list: hub.groupList, clock, wallMs },
        isOwn: (id) => (groups.all.get(id)?.present.length ?? 0) > 0,
      }),
    };
    const passing = new Passing({
      ...{ presence, groups: remote.groups, options: hub.options },
      ask: (place, message) => this.#ask(place, message),
      songName: (name) => this.songs.fullName(findSong(this.songs, name)),
      songNames: (selections) => this.songs.fullNames(selections),
    });
    this.#shown = { hub, ...remote, passing };
    hub.elsewhere = this;
    presence.listen({ changed: (key) => this.#clientChanged(hub, key) });
    groups.listen({
      changed: (group) => this.#groupChanged(hub, group),
      gone: (id) => {
        this.#own.set(this.#key("group", id), null);
        remote.groups.showAgain(id);
      },
    });
    for (const group of groups.all.values()) this.#groupChanged(hub, group);
    this.#own.set(this.#key("node"), () => this.#record);
    bus.hear((from) => this.#nodes.heard(from));
    bus.watch(this.#records());
    this.#nodes.watch();
    this.#beat();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const peer of this.#peers.values()) peer.close();
    await this.#world.bus.close();
  }

  pass<K extends PassedType>(
    asker: Asker,
    message: ToServer<K>,
    here: (message: ToServer<K>) => Answer<K> | Promise<Answer<K>>,
  ): Promise<Answer<K>> | null {
    const passed = this.#shown!.passing.pass(
      asker,
      message as ToServer<PassedType>,
      here as never,
    );
    return passed as Promise<Answer<K>> | null;
  }

  meet(
    connection: object,
    client: Introduction,
  ): NonNullable<Answer<"hello">["peer"]> {
    const { name, address } = this.#options;
    const { random, clockName: clock } = this.#world;
    const server = { name, address, random: random() };
    const meeting = { client, server, clock };
    this.#meetings.set(connection, meeting);
    return { ...server, proof: this.#secret.proof("server", meeting) };
  }

  prove(connection: object, proof: string): void {
    const meeting = this.#meetings.get(connection);
    const isRight = meeting !== undefined &&
      isSameProof(proof, this.#secret.proof("client", meeting));
    this.#meetings.delete(connection);
    if (isRight) return;
    throw new OndacastError(
      "unauthorized",
      "Cannot accept the server: it does not prove that it knows the secret",
    );
  }

  places(): Answer<"places"> {
    const { name, address } = this.#options;
    const here = {
      ...{ node: name, address, state: "here" as const },
      devices: this.#clients.size,
      songs: this.#songNames.size,
    };
    const others = this.#nodes.all.values().filter((it) => it.record !== null)
      .map(({ name, record, state, device, song }) => ({
        ...{ node: name, address: record!.address },
        ...(typeof state === "object"
          ? { state: "refused" as const, reason: state.refused }
          : { state }),
        ...{ devices: device.size, songs: song.size },
      }));
    const places = [here, ...others].sort((a, b) => a.node < b.node ? -1 : 1);
    return { places, connected: this.isConnected };
  }

  turned(node: Node): void {
    const { name, state } = node;
    const text = typeof state === "object"
      ? `refused: ${state.refused}`
      : state;
    const level = state === "alive" ? "info" : "warn";
    this.#world.log(level, `server ${name} is ${text}`);
    const { device, group, song } = node;
    const isThere = node.isAlive;
    if (isThere) {
      // A connection that breaks shows at once that it has died.
      this.#peer(name).session().catch((error) =>
        this.#world.log("warn", `cannot reach server ${name}: ${error.message}`)
      );
    } else this.#forgetPeer(name);
    for (const [id, kept] of device) {
      this.#show(node, "device", id, isThere, kept);
    }
    for (const [id, kept] of group) {
      this.#show(node, "group", id, isThere, kept);
    }
    for (const [id, kept] of song) this.#show(node, "song", id, isThere, kept);
  }

  changed<K extends Exclude<RecordKind, "node">>(
    node: Node,
    kind: K,
    id: string,
    before: Kept<K> | undefined,
  ): void {
    const kept = node[kind].get(id) as Kept<K> | undefined;
    this.#show(node, kind, id, kept !== undefined, kept ?? before!);
  }

  /** Shows a record of another server, or no longer. */
  #show<K extends Exclude<RecordKind, "node">>(
    node: Node,
    kind: K,
    id: string,
    isThere: boolean,
    kept: Kept<K>,
  ): void {
    const { devices, groups } = this.#shown!;
    if (kind === "song") {
      const { value } = kept as Kept<"song">;
      if (songId(value.name) !== id) return;
      if (isThere) this.songs.put(node, value);
      else this.songs.delete(node, value.name);
    } else if (kind === "device") {
      if (isThere) devices.put(node, id, kept as Kept<"device">);
      else devices.delete(node, id);
    } else if (isThere) groups.put(node, id, kept as Kept<"group">);
    else groups.delete(node, id);
  }

  #key(kind: RecordKind, id = ""): string {
    const { name } = this.#options;
    return id === "" ? `${kind}.${name}` : `${kind}.${name}.${id}`;
  }

  #records(): RecordListener {
    const both = [this.#own, this.#nodes];
    return {
      begin: () => both.forEach((it) => it.begin()),
      record: (key, value, revision) => {
        const [, name] = key.split(".", 2);
        const isOwn = name === this.#options.name;
        (isOwn ? this.#own : this.#nodes).record(key, value, revision);
      },
      complete: () => both.forEach((it) => it.complete()),
    };
  }

  async #beat(): Promise<void> {
    const { bus, clock } = this.#world;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      bus.beat(new Uint8Array());
      await clock.sleep(BEAT_MS, signal);
    }
  }

  get #record(): NodeRecord {
    const { address, certificate } = this.#options;
    const said = {
      ...{ address, admission: this.#admission },
      clock: this.#world.clockName,
      ...(certificate !== undefined && { certificate }),
    };
    return { ...said, mark: this.#mark(this.#options.name, said) };
  }

  get #admission(): string {
    return this.#secret.sign(["admission", this.#options.admission]);
  }

  #mark(
    name: string,
    { address, admission, clock, certificate }: Omit<NodeRecord, "mark">,
  ): string {
    return this.#secret.sign([
      ...["node", name, address, admission, clock, certificate ?? null],
    ]);
  }

  #refusal(name: string, record: NodeRecord): string | null {
    if (!isSameProof(record.mark, this.#mark(name, record))) {
      return "it does not know the secret of the cluster";
    }
    return record.admission === this.#admission
      ? null
      : "it admits other clients: the token and --open have to be the same everywhere";
  }

  #clientChanged(hub: Hub, key: string): void {
    const client = hub.presence.get(key);
    const isOwn = client && client.place === undefined;
    if (isOwn) this.#clients.add(key);
    else this.#clients.delete(key);
    const record = isOwn ? () => deviceRecord(client) : null;
    this.#own.set(this.#key("device", key), record);
    if (client) return;
    // The device may be connected elsewhere as well.
    for (const node of this.#nodes.alive()) {
      const kept = node.device.get(key);
      if (kept) this.#shown!.devices.put(node, key, kept);
    }
  }

  #groupChanged(hub: Hub, group: Group): void {
    const { wallMs } = this.#world;
    const record = (): GroupRecord => ({
      ...hub.groups.row(group),
      atWallMs: Math.round(wallMs()),
    });
    const isShown = group.isListed && group.present.length > 0;
    this.#own.set(this.#key("group", group.id), isShown ? record : null);
    this.#shown!.groups.showAgain(group.id);
  }

  #songChanged(name: string, entry: SongEntry | null): void {
    const key = this.#key("song", songId(name));
    const row = entry && describeTagged(entry);
    this.#own.set(key, row ? () => row : null);
    if (row) this.#songNames.add(name);
    else this.#songNames.delete(name);
  }

  async #ask(
    place: string,
    message: ToServer<PassedType>,
  ): Promise<Answer<PassedType>> {
    const session = await this.#peer(place).session();
    const { id: _, re: __, ...asked } = message;
    const { type: ___, re: ____, ...answer } = await session.request(
      asked as ToServer<"cast">,
    );
    return answer as Answer<PassedType>;
  }

  /** @throws {OndacastError} `lost`, if that server is not alive. */
  #peer(name: string): Peer {
    const { record, isAlive } = this.#nodes.all.get(name) ?? {};
    if (!record || !isAlive) {
      throw new OndacastError(
        "lost",
        `Cannot reach the server ${name}: it is away`,
      );
    }
    const known = this.#peers.get(name);
    if (known?.address === record.address) return known;
    known?.close();
    const { clock, random, newId, connector } = this.#world;
    const { address, certificate } = record;
    const { host, port } = parseAddress(address, 4040);
    const peer = new Peer({
      ...{ name, address, clock, random, newId, secret: this.#secret },
      own: { name: this.#options.name, address: this.#options.address },
      connector: connector(host, port, certificate),
    });
    this.#peers.set(name, peer);
    return peer;
  }

  #forgetPeer(name: string): void {
    this.#peers.get(name)?.close();
    this.#peers.delete(name);
  }
}

function deviceRecord(client: Present<unknown>): DeviceRecord {
  const { key, id, name, receiving, isUnverified, activity, endsAtSeconds } =
    client;
  const isFinite = endsAtSeconds !== undefined && endsAtSeconds < Infinity;
  return {
    ...{ key, id, name, receiving, state: activity },
    ...(isUnverified && { unverified: true }),
    ...(isFinite && { endsAt: endsAtSeconds }),
  };
}
