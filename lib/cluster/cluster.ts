/**
 * A server as one of several: shows its own clients, groups and songs to the others,
 * and theirs to its own clients. All that it does at another server it does as that
 * one's client.
 *
 * @module
 */

import { within } from "../model/within.ts";
import type { Clock, NewHash } from "../ports/common.ts";
import type { GroupStore } from "../ports/group_store.ts";
import type { Turns } from "../ports/server.ts";
import type {
  Asker,
  Elsewhere,
  Introduction,
  LoanCommand,
  PassedType,
  PeerConnection,
} from "../server/elsewhere.ts";
import type { Hub } from "../server/hub.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import { Admission, type AdmissionOptions } from "./admission.ts";
import { Beats } from "./beats.ts";
import type { Bus } from "./bus.ts";
import {
  type ClusterNumbers,
  clusterNumbers,
  clusterPlaces,
  type Reported,
} from "./cluster_report.ts";
import { JoinedHub } from "./joined_hub.ts";
import type { Borrower, LoanNews } from "./loan.ts";
import { movedNames } from "./moved_names.ts";
import { type Kept, type Node, Nodes, type NodesListener } from "./nodes.ts";
import { OwnName } from "./own_name.ts";
import { OwnRecords } from "./own_records.ts";
import { OwnRows } from "./own_rows.ts";
import { Owners } from "./owners.ts";
import { Peers, type PeersWorld } from "./peers.ts";
import { PlaylistServer } from "./playlist_server.ts";
import {
  MOST,
  recordKey,
  type RecordKind,
  songId,
  splitKey,
} from "./records.ts";
import { recordsOf } from "./records_of.ts";
import { ClusterSecret } from "./secret.ts";
import { SharedGroups } from "./shared_groups.ts";
import { type LocalSongs, SharedSongs } from "./shared_songs.ts";
import { SongProofs } from "./song_proofs.ts";

/** How long a server may take to delete the records that a run before has left. */
const CLEAR_MS = 3_000;

export interface ClusterOptions
  extends Omit<AdmissionOptions, "clockName" | "secret" | "random"> {
  cluster: string;
  secret: string;
}

export interface ClusterWorld extends Pick<PeersWorld, "connector"> {
  bus: Bus;
  clock: Clock;
  clockName: string;
  wallMs(): number;
  turns: Turns;
  local: LocalSongs;
  /** Keeps the groups on this machine. */
  groups: GroupStore;
  random(): string;
  newId(): string;
  newHash: NewHash;
  log(level: "info" | "warn", text: string): void;
}

export class Cluster implements Elsewhere, NodesListener {
  readonly songs: SharedSongs;
  readonly groups: SharedGroups;
  readonly #options: ClusterOptions;
  readonly #world: ClusterWorld;
  readonly #closing = new AbortController();
  readonly #admission: Admission;
  readonly #own: OwnRecords;
  readonly #rows: OwnRows;
  readonly #nodes: Nodes;
  readonly #peers: Peers;
  readonly owners: Owners;
  readonly #beats: Beats;
  /** Whether a server was left out. */
  #isCrowded = false;
  /** Why this server is alone for good; null: it is not. */
  #alone: string | null = null;
  /** What there is once this server has begun to serve. */
  #joined: JoinedHub | null = null;
  /** The connections of servers that have proved themselves. */
  readonly #borrowers = new WeakMap<object, Borrower>();

  constructor(options: ClusterOptions, world: ClusterWorld) {
    this.#options = options;
    this.#world = world;
    const { name, address } = options;
    const { bus, clock, clockName, turns, local, wallMs } = world;
    const { random, newId, connector } = world;
    const { signal } = this.#closing;
    const secret = new ClusterSecret(options.secret, options.cluster);
    this.#admission = new Admission({ ...options, clockName, secret, random });
    this.#own = new OwnRecords(bus, clock, signal, (key) => {
      const { kind, id } = splitKey(key)!;
      if (kind === "device") this.#joined?.shown.devices.choose(id);
    });
    this.#rows = new OwnRows({
      ...{ place: name, records: this.#own, wallMs },
      admission: this.#admission,
    });
    this.#peers = new Peers({
      ...{ own: { name, address }, clock, secret, random, newId, connector },
      node: (name) => this.#nodes.all.get(name),
    });
    this.#nodes = new Nodes({
      ...{ own: name, bus, clock, signal, listener: this },
      refusal: (name, record) => this.#admission.refusal(name, record),
      lastHeardMs: ({ name }) => this.#peers.lastHeardMs(name),
    });
    this.owners = new Owners({
      ...{ own: name, bus, secret, clock, signal, wallMs },
      listener: {
        owned: (id, owner) => {
          this.groups.owned(id, owner);
          this.#joined?.owned(id, owner);
        },
        known: () => this.groups.known(),
      },
    });
    this.#beats = new Beats({
      ...{ place: name, clockName, secret, bus, clock, signal },
      ...{ nodes: this.#nodes, terms: this.owners.terms },
    });
    this.groups = new SharedGroups({
      ...{ local: world.groups, own: name, owners: this.owners, clock },
      ...{ table: bus.queues, secret, signal, log: world.log },
      names: movedNames(turns, {
        there: (name) =>
          this.#joined?.nameThere(name) ??
            this.songs.fullNameOf(name),
        here: (name) => this.#joined?.hub.songs.get(name)?.name ?? name,
      }),
      isConnected: () => this.isConnected && this.owners.isKnown,
      lost: (...lost) => this.#joined?.lost(...lost),
      outdated: (id) => this.#joined?.outdated(id),
    });
    this.songs = new SharedSongs({
      ...{ local, place: name, turns },
      lastRow: (place, name) =>
        this.#nodes.all.get(place)?.song.get(songId(name))?.value,
      seed: Number.parseInt(random().slice(0, 8), 16),
      peers: {
        read: (node, ...part) => this.#peers.get(node.name).songs.read(...part),
        opened: (node, ...song) =>
          this.#peers.get(node.name).songs.opened(...song),
        isStalled: (node) => this.#peers.get(node.name).songs.isStalled,
        picture: (node, song) => this.#peers.get(node.name).songs.picture(song),
      },
      proofs: new SongProofs({
        ...{ newHash: world.newHash, clock },
        lied: (place, { name, etag }) => {
          this.#joined?.hub.framer.pages.forget(etag);
          world.log(
            "warn",
            `server ${place} has sent something else than ${name}: it is read from others for a while`,
          );
        },
      }),
      playlists: () => this.#playlistServers(),
      changed: (name, entry) => this.#rows.song(name, entry),
    });
  }

  get place(): string {
    return this.#options.name;
  }

  get others(): Elsewhere["others"] {
    return this.#admission.others(
      this.#nodes.alive().map(({ record }) => record!),
    );
  }

  /** A snapshot for metrics. */
  get numbers(): ClusterNumbers {
    return clusterNumbers(this.#reported);
  }

  places(): Answer<"places"> {
    return clusterPlaces(this.#reported);
  }

  get #reported(): Reported {
    const { name, address } = this.#options;
    return {
      ...{ name, address, nodes: this.#nodes, peers: this.#peers },
      ...{ own: this.#own, rows: this.#rows, joined: this.#joined },
      ...{ alone: this.#alone, hasRecords: this.#world.bus.hasRecords },
    };
  }

  /** Whether the other servers can be heard of. */
  get isConnected(): boolean {
    return this.#nodes.isConnected;
  }

  /** The same, and whether they get what changes here. */
  get isReady(): boolean {
    return this.isConnected && this.#world.bus.hasRecords;
  }

  /** Shows the clients and groups of a server from now on, and those of others to it. */
  begin(hub: Hub): void {
    const { bus } = this.#world;
    const ownKey = recordKey("node", this.place);
    this.#joined = new JoinedHub(hub, {
      ...this.#world,
      ...{ place: this.place, signal: this.#closing.signal },
      ...{ songs: this.songs, shared: this.groups, rows: this.#rows },
      ...{ owners: this.owners, beats: this.#beats, peers: this.#peers },
      admission: this.#admission,
      ownRevision: (key) =>
        this.#own.revision(recordKey("device", this.place, key)),
      isGone: (node) => this.#nodes.isGone(node),
    });
    hub.elsewhere = this;
    this.#own.set(ownKey, () => this.#admission.record);
    this.#beats.hear();
    bus.watch(
      recordsOf({
        ...{ place: this.place, own: this.#ownName(), others: this.#nodes },
        owners: this.owners,
      }),
    );
    this.#nodes.watch();
    this.#joined.watch();
    this.#beat(hub.groups);
  }

  /**
   * Is alive to the others once they do not see any more what a run before has left,
   * whose devices may be elsewhere by now, or after a while.
   */
  async #beat(groups: Hub["groups"]): Promise<void> {
    const { clock } = this.#world;
    await within(clock, CLEAR_MS, this.#own.cleared, this.#closing.signal);
    await this.#beats.run(groups);
  }

  /**
   * Leaves the groups of this server to the others, which have all of them by then,
   * and goes. What borrowed devices play goes on.
   */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (this.#joined) this.#beats.beat(this.#joined.hub.groups);
    await this.groups.allCopied();
    this.#closing.abort();
    this.#peers.close();
    this.#beats.end();
    await this.#world.bus.close();
  }

  /** Follows the own records, and whether another server writes them, too. */
  #ownName(): OwnName {
    const { log } = this.#world;
    return new OwnName(this.place, this.#admission, this.#own, {
      kept: (address) =>
        log(
          "warn",
          `the server at ${address} is named ${this.place} as well: it is left out until it is started with another --node`,
        ),
      taken: (address) => this.#leave(address),
    });
  }

  /** Another server has had this one's name before. */
  async #leave(address: string): Promise<void> {
    const { log, bus } = this.#world;
    this.#alone =
      `the server at ${address} is named ${this.place} as well: this one is alone until it is started with another --node`;
    log("warn", this.#alone);
    this.#closing.abort();
    this.#peers.close();
    await bus.close().catch(() => {});
    for (const { name } of [...this.#nodes.alive()]) this.#nodes.left(name);
  }

  pass<K extends PassedType>(
    asker: Asker,
    message: ToServer<K>,
    here: (message: ToServer<K>) => Answer<K> | Promise<Answer<K>>,
  ): Promise<Answer<K>> | null {
    return this.#joined!.pass(asker, message, here);
  }

  meet(
    connection: object,
    client: Introduction,
  ): NonNullable<Answer<"hello">["peer"]> {
    return this.#admission.meet(connection, client);
  }

  prove(connection: PeerConnection, proof: string): void {
    const place = this.#admission.prove(connection, proof);
    const send = (news: LoanNews) => connection.channel.send(news);
    this.#borrowers.set(connection, { place, send });
  }

  borrow(
    connection: PeerConnection,
    message: ToServer<"borrow">,
  ): Answer<"borrow"> {
    return this.#joined!.lent.borrow(this.#borrowers.get(connection)!, message);
  }

  command(connection: PeerConnection, message: LoanCommand): void {
    this.#joined!.lent.command(this.#borrowers.get(connection)!, message);
  }

  parted(connection: PeerConnection): void {
    this.#joined!.lent.parted(this.#borrowers.get(connection)!);
  }

  crowded(name: string, dead: number): void {
    if (this.#isCrowded) return;
    this.#isCrowded = true;
    this.#world.log(
      "warn",
      `server ${name} is left out: there are ${MOST.node} others already, ${dead} of them dead. Where some never come back, delete their records from NATS (nats kv del ondacast_${this.#options.cluster} node.NAME), and start this server again`,
    );
  }

  turned(node: Node): void {
    const { name, state } = node;
    const text = typeof state === "object"
      ? `is refused: ${state.refused}`
      : node.hasLeft
      ? "has left"
      : `is ${state}`;
    const level = node.isAlive || node.hasLeft ? "info" : "warn";
    this.#world.log(level, `server ${name} ${text}`);
    if (node.isAlive) {
      // A connection that breaks shows at once that it has died.
      this.#peers.get(name).session().catch((error) =>
        this.#world.log("warn", `cannot reach server ${name}: ${error.message}`)
      );
    } else this.#peers.forget(name);
    this.#joined!.turned(node);
  }

  changed<K extends Exclude<RecordKind, "node">>(
    node: Node,
    kind: K,
    id: string,
    before: Kept<K> | undefined,
  ): void {
    this.#joined!.shown.changed(node, kind, id, before);
  }

  #playlistServers(): PlaylistServer[] {
    const { clock } = this.#world;
    const session = (name: string) => this.#peers.get(name).session();
    return [...this.#nodes.alive()].map(({ name }) => name).sort()
      .map((name) => new PlaylistServer(name, () => session(name), clock));
  }
}
