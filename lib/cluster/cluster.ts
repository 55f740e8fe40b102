/**
 * A server as one of several: shows its own clients, groups and songs to the others,
 * and theirs to its own clients. All that it does at another server it does as that
 * one's client.
 *
 * @module
 */

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
import { findSong } from "../server/find_song.ts";
import { GroupSongs } from "../server/group_songs.ts";
import type { Group } from "../server/groups/group.ts";
import type { Hub } from "../server/hub.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import { Admission, type AdmissionOptions } from "./admission.ts";
import { Beats } from "./beats.ts";
import { BorrowedDevices } from "./borrowed_devices.ts";
import type { Bus, RecordListener } from "./bus.ts";
import { GroupOwners } from "./group_owners.ts";
import { LentDevices } from "./lent_devices.ts";
import type { Borrower, LoanNews } from "./loan.ts";
import { GroupMoves } from "./group_moves.ts";
import { movedNames } from "./moved_names.ts";
import { type Kept, type Node, Nodes, type NodesListener } from "./nodes.ts";
import { OwnRecords } from "./own_records.ts";
import { OwnRows } from "./own_rows.ts";
import { Owners } from "./owners.ts";
import { Passing } from "./passing.ts";
import { passedSelections } from "./passed_selections.ts";
import { Peers, type PeersWorld } from "./peers.ts";
import type { PeerNumbers } from "./peer.ts";
import { PlaylistServer } from "./playlist_server.ts";
import { recordKey, type RecordKind, songId } from "./records.ts";
import { RemoteDevices } from "./remote_devices.ts";
import { RemoteGroups } from "./remote_groups.ts";
import { ClusterSecret } from "./secret.ts";
import { SharedGroups } from "./shared_groups.ts";
import { SharedLive } from "./shared_live.ts";
import { type LocalSongs, SharedSongs } from "./shared_songs.ts";
import { ShownRecords } from "./shown_records.ts";
import { SongProofs } from "./song_proofs.ts";

/** A snapshot of this server among the others, for metrics. */
export interface ClusterNumbers {
  servers: { alive: number; dead: number; refused: number };
  isConnected: boolean;
  beats: { heard: number; lastSecondsAgo: number };
  records: { own: number; waiting: number; others: number };
  peers: PeerNumbers;
}

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
  #moves: GroupMoves | null = null;
  #shown: ShownRecords | null = null;
  #passing: Passing | null = null;
  #lent: LentDevices | null = null;
  #borrowed: BorrowedDevices | null = null;
  /** The connections of servers that have proved themselves. */
  readonly #borrowers = new WeakMap<object, Borrower>();
  #hub: Hub | null = null;

  constructor(options: ClusterOptions, world: ClusterWorld) {
    this.#options = options;
    this.#world = world;
    const { name, address } = options;
    const { bus, clock, clockName, turns, local, wallMs } = world;
    const { random, newId, connector } = world;
    const { signal } = this.#closing;
    const secret = new ClusterSecret(options.secret, options.cluster);
    this.#admission = new Admission({ ...options, clockName, secret, random });
    this.#own = new OwnRecords(bus, clock, signal);
    this.#rows = new OwnRows({ place: name, records: this.#own, wallMs });
    this.#peers = new Peers({
      ...{ own: { name, address }, clock, secret, random, newId, connector },
      node: (name) => this.#nodes.all.get(name),
    });
    this.#nodes = new Nodes({
      ...{ own: name, bus, clock, signal, listener: this },
      refusal: (name, record) => this.#admission.refusal(name, record),
      answers: ({ name }) => this.#peers.answers(name),
    });
    this.owners = new Owners({
      ...{ own: name, bus, secret, wallMs },
      listener: {
        owned: (id, owner) => {
          this.groups.owned(id, owner);
          this.#moves?.owned(id, owner);
          this.#shown?.groups.choose(id);
        },
        known: () => this.groups.known(),
      },
    });
    this.#beats = new Beats({
      ...{ bus, clock, signal, nodes: this.#nodes, terms: this.owners.terms },
    });
    this.groups = new SharedGroups({
      ...{ local: world.groups, own: name, owners: this.owners, clock },
      ...{ table: bus.queues, secret, signal, log: world.log },
      names: movedNames(turns, {
        there: (name) => this.#nameThere(name),
        here: (name) => this.#hub?.songs.get(name)?.name ?? name,
      }),
      isConnected: () => this.isConnected && this.owners.isKnown,
      lost: (id) => this.#lost(id),
    });
    this.songs = new SharedSongs({
      ...{ local, place: name, turns },
      lastRow: (place, name) =>
        this.#nodes.all.get(place)?.song.get(songId(name))?.value,
      seed: Number.parseInt(random().slice(0, 8), 16),
      peers: {
        read: (node, ...part) => this.#peers.get(node.name).read(...part),
        picture: (node, song) => this.#peers.get(node.name).picture(song),
      },
      proofs: new SongProofs({
        newHash: world.newHash,
        lied: (place, { name, etag }) => {
          this.#hub?.framer.pages.forget(etag);
          world.log(
            "warn",
            `server ${place} has sent something else than ${name}: it is read from others only`,
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
    const servers = { alive: 0, dead: 0, refused: 0 };
    let others = 0;
    for (
      const { state, record, device, group, song } of this.#nodes.all.values()
    ) {
      if (record === null) continue;
      servers[typeof state === "object" ? "refused" : state]++;
      others += 1 + device.size + group.size + song.size;
    }
    const { size: own, waiting } = this.#own;
    const { beats: heard, lastBeatSeconds: lastSecondsAgo } = this.#nodes;
    return {
      ...{ servers, isConnected: this.isConnected },
      beats: { heard, lastSecondsAgo },
      records: { own, waiting, others },
      peers: { ...this.#peers.numbers },
    };
  }

  /** Whether the other servers can be heard of. */
  get isConnected(): boolean {
    return this.#nodes.isConnected;
  }

  /** Shows the clients and groups of a server from now on, and those of others to it. */
  begin(hub: Hub): void {
    const { clock, wallMs, bus } = this.#world;
    const { presence, groups } = hub;
    const { signal } = this.#closing;
    const { terms } = this.owners;
    const ownRevision = (key: string) =>
      this.#own.revision(recordKey("device", this.place, key));
    const shown = this.#shown = new ShownRecords(
      this.songs,
      new SharedLive({
        ...{ place: this.place, live: hub.live, clock },
        follow: async ({ name }, song, ...how) =>
          await this.#peers.get(name).follow(`${name}:${song}`, ...how),
        changed: (name, entry) => this.#rows.song(name, entry),
      }),
      new RemoteDevices({ presence, clock, ownRevision }),
      new RemoteGroups({
        ...{ list: hub.groupList, clock, wallMs },
        isOwn: (id) => (groups.all.get(id)?.present.length ?? 0) > 0,
        hasDevice: (key) => (groups.devices.get(key)?.link ?? null) !== null,
        ownerOf: (id) => terms.owner(id)?.node,
      }),
    );
    const lent = this.#lent = new LentDevices({
      ...{ groups, clock, signal },
      ownerOf: (group) => terms.owner(group),
      songs: new GroupSongs(hub.songs, hub.formerNames, hub.framer.pages),
    });
    const borrowed = this.#borrowed = new BorrowedDevices({
      ...{ groups, presence, clock, wallMs, signal },
      connect: (place) => this.#peers.lending(place),
      ownTerm: (group) => terms.ownTerm(group),
      latestTerm: (group) => terms.term(group),
      songName: (entry) => this.songs.fullName(entry),
    });
    this.#passing = new Passing({
      ...{ borrowed, options: hub.options },
      owners: new GroupOwners({
        ...{ presence, groups, borrowed, lent, remote: shown.groups },
      }),
      reclaim: (key) => lent.reclaim(key),
      ask: (place, message) => this.#peers.ask(place, message),
      accepts: (word, term) => {
        const id = shown.groups.named(word)?.row.group ?? word;
        return terms.accepts(id, term);
      },
      songName: (name) => this.songs.fullName(findSong(hub.songs, name)),
      songNames: (...asked) =>
        passedSelections({
          ...{ songs: hub.songs, clock, total: () => this.songs.size },
          fullName: (entry) => this.songs.fullName(entry),
        }, ...asked),
    });
    this.#hub = hub;
    hub.elsewhere = this;
    hub.receivers = lent;
    this.#moves = new GroupMoves({
      ...{ own: this.place, owners: this.owners, shared: this.groups },
      ...{ groups, presence, places: this.#beats.places, clock, wallMs },
      ...{ signal: this.#closing.signal, log: this.#world.log },
      isGone: (node) => this.#nodes.isGone(node),
      beat: () => this.#beats.beat(groups),
      takeUp: (key) => lent.takeUp(key),
    });
    presence.listen({ changed: (key) => this.#clientChanged(hub, key) });
    groups.listen({
      changed: (group) => this.#groupChanged(hub, group),
      gone: (id) => {
        this.#rows.noGroup(id);
        shown.groups.showAgain(id);
      },
    });
    for (const group of groups.all.values()) this.#groupChanged(hub, group);
    const ownKey = recordKey("node", this.place);
    this.#own.set(ownKey, () => this.#admission.record);
    this.#beats.hear();
    bus.watch(this.#records());
    this.#nodes.watch();
    this.#moves.watch();
    this.#beats.run(groups);
  }

  /**
   * Leaves the groups of this server to the others, which have all of them by then,
   * and goes. What borrowed devices play goes on.
   */
  async close(): Promise<void> {
    if (this.#hub) this.#beats.beat(this.#hub.groups);
    await this.groups.allCopied();
    this.#closing.abort();
    this.#peers.close();
    this.#beats.end();
    await this.#world.bus.close();
  }

  pass<K extends PassedType>(
    asker: Asker,
    message: ToServer<K>,
    here: (message: ToServer<K>) => Answer<K> | Promise<Answer<K>>,
  ): Promise<Answer<K>> | null {
    const asked = message as ToServer<PassedType>;
    const passed = this.#passing!.pass(asker, asked, here as never) ??
      (asked.type === "edit" ? this.#edit(asker, asked, here as never) : null);
    return passed as Promise<Answer<K>> | null;
  }

  /** Another server runs a group by now. */
  #lost(id: string): void {
    const { groups } = this.#hub ?? {};
    const group = groups?.all.get(id);
    if (group) this.#borrowed!.leave(group);
    groups?.release(id);
  }

  /** An edit is answered once it outlives this server. */
  async #edit(
    { isTrusted }: Asker,
    message: ToServer<"edit">,
    here: (message: ToServer<"edit">) => Promise<Answer<"edit">>,
  ): Promise<Answer<"edit">> {
    const answer = await here(message);
    const { groups } = this.#hub!;
    const id = groups.named(message.group)?.id ?? message.group;
    await this.groups.copied(id);
    const term = this.owners.terms.ownTerm(id);
    return isTrusted ? { ...answer, term } : answer;
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
    return this.#lent!.borrow(this.#borrowers.get(connection)!, message);
  }

  command(connection: PeerConnection, message: LoanCommand): void {
    this.#lent!.command(this.#borrowers.get(connection)!, message);
  }

  parted(connection: PeerConnection): void {
    this.#lent!.parted(this.#borrowers.get(connection)!);
  }

  places(): Answer<"places"> {
    const { name, address } = this.#options;
    const here = {
      ...{ node: name, address, state: "here" as const },
      ...this.#rows.counts,
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
    this.#shown!.turned(node);
    this.#moves!.look();
  }

  changed<K extends Exclude<RecordKind, "node">>(
    node: Node,
    kind: K,
    id: string,
    before: Kept<K> | undefined,
  ): void {
    this.#shown!.changed(node, kind, id, before);
  }

  /** What an entry of a queue here is named at other servers. */
  #nameThere(name: string): string {
    const live = this.#hub?.live.named(name)?.entry;
    if (live) return this.songs.fullName(live);
    const full = this.songs.fullNameOf(name);
    if (full !== name) return full;
    const { formerNames } = this.#hub ?? {};
    return this.songs.fullNameOf(formerNames?.presentName(name) ?? name);
  }

  #playlistServers(): PlaylistServer[] {
    return [...this.#nodes.alive()].map(({ name }) => name).sort()
      .map((name) =>
        new PlaylistServer(
          name,
          () => this.#peers.get(name).session(),
          this.#world.clock,
        )
      );
  }

  #records(): RecordListener {
    const all = [this.#own, this.#nodes, this.owners];
    return {
      begin: () => all.forEach((it) => it.begin()),
      record: (key, value, revision) => {
        const [kind, name] = key.split(".", 2);
        const its = kind === "owner"
          ? this.owners
          : name === this.place
          ? this.#own
          : this.#nodes;
        its.record(key, value, revision);
      },
      complete: () => all.forEach((it) => it.complete()),
    };
  }

  #clientChanged({ presence }: Hub, key: string): void {
    const client = presence.get(key);
    this.#rows.client(key, client);
    // The device may be connected elsewhere as well.
    if (!client) this.#shown!.devices.choose(key);
  }

  #groupChanged(hub: Hub, group: Group): void {
    this.#rows.group(hub, group);
    const { groups } = this.#shown!;
    groups.showAgain(group.id);
    if (group.isSeveral) {
      for (const { key } of group.devices) groups.showAgain(key);
    }
  }
}
