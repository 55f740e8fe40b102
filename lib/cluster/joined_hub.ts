/**
 * A server's clients and groups among those of others: theirs are shown and commanded
 * here, and devices are lent and borrowed.
 *
 * @module
 */

import type { Clock } from "../ports/common.ts";
import type { Turns } from "../ports/server.ts";
import type { Asker, PassedType } from "../server/elsewhere.ts";
import { findSong } from "../server/find_song.ts";
import { GroupSongs } from "../server/group_songs.ts";
import type { Group } from "../server/groups/group.ts";
import type { Hub } from "../server/hub.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import { askAgain } from "./ask_again.ts";
import type { Admission } from "./admission.ts";
import type { Beats } from "./beats.ts";
import { BorrowedDevices } from "./borrowed_devices.ts";
import { GroupMoves } from "./group_moves.ts";
import { GroupOwners } from "./group_owners.ts";
import { LentDevices } from "./lent_devices.ts";
import type { Node } from "./nodes.ts";
import type { OwnRows } from "./own_rows.ts";
import type { Owner } from "./owner_terms.ts";
import type { Owners } from "./owners.ts";
import { passedSelections } from "./passed_selections.ts";
import { Passing } from "./passing.ts";
import type { Peers } from "./peers.ts";
import { RemoteDevices } from "./remote_devices.ts";
import { RemoteGroups } from "./remote_groups.ts";
import type { SharedGroups } from "./shared_groups.ts";
import { SharedLive } from "./shared_live.ts";
import type { SharedSongs } from "./shared_songs.ts";
import { ShownRecords } from "./shown_records.ts";

export interface JoinedHubWorld {
  /** The name of this server. */
  readonly place: string;
  readonly clock: Clock;
  /** Aborted when this server ends. */
  readonly signal: AbortSignal;
  readonly turns: Turns;
  readonly songs: SharedSongs;
  readonly shared: SharedGroups;
  readonly rows: OwnRows;
  readonly owners: Owners;
  readonly beats: Beats;
  readonly peers: Peers;
  readonly admission: Pick<Admission, "isMarked">;
  wallMs(): number;
  /** When the table got the record of an own client; undefined: it has not yet. */
  ownRevision(key: string): number | undefined;
  /** Whether a server is dead. */
  isGone(node: string): boolean;
  log(level: "info" | "warn", text: string): void;
}

/** Groups of this server among those of others. */
export interface GroupNumbers {
  /** Those that this server runs, and of which the others lack the latest state. */
  owned: number;
  uncopied: number;
  /** Those that it has taken over from others, and given to others. */
  taken: number;
  given: number;
  /** Messages of an owner with a lower term. */
  refusedTerms: number;
  devices: { lent: number; borrowed: number };
}

type Here<K extends PassedType> = (
  message: ToServer<K>,
) => Answer<K> | Promise<Answer<K>>;

export class JoinedHub {
  readonly hub: Hub;
  readonly lent: LentDevices;
  readonly borrowed: BorrowedDevices;
  /** The clients, groups and songs of other servers. */
  readonly shown: ShownRecords;
  readonly #world: JoinedHubWorld;
  readonly #moves: GroupMoves;
  readonly #passing: Passing;

  constructor(hub: Hub, world: JoinedHubWorld) {
    this.hub = hub;
    this.#world = world;
    this.shown = this.#newShown();
    const { owners: { terms }, songs, peers } = world;
    const { clock, wallMs, signal, log } = world;
    const { groups, presence } = hub;
    this.lent = hub.receivers = new LentDevices({
      ...{ groups, clock, signal, log },
      ownerOf: (group) => terms.owner(group),
      taken: (group, owner) => world.shared.owned(group, owner),
      songs: new GroupSongs(hub.songs, hub.live, hub.framer.pages),
    });
    this.borrowed = new BorrowedDevices({
      ...{ groups, presence, clock, wallMs, signal, log },
      connect: (place) => peers.lending(place),
      ownTerm: (group) => terms.ownTerm(group),
      latestTerm: (group) => terms.term(group),
      songName: (entry) => songs.fullName(entry),
    });
    this.#passing = this.#newPassing();
    this.#moves = this.#newMoves();
    presence.listen({ changed: (key) => this.#clientChanged(key) });
    groups.listen({
      changed: (group) => this.#groupChanged(group),
      gone: (id) => {
        world.rows.noGroup(id);
        this.shown.groups.showAgain(id);
      },
    });
    for (const group of groups.all.values()) this.#groupChanged(group);
  }

  /** A snapshot of its groups, for metrics. */
  get numbers(): GroupNumbers {
    const { owners, shared } = this.#world;
    const { lent, refusedTerms } = this.lent.numbers;
    return {
      owned: owners.ownCount,
      uncopied: shared.uncopied,
      ...this.#moves.moved,
      refusedTerms: refusedTerms + this.#passing.refusedTerms,
      devices: { lent, borrowed: this.borrowed.size },
    };
  }

  /** Moves groups between servers, until this one ends. */
  watch(): void {
    this.#moves.watch();
  }

  pass<K extends PassedType>(
    asker: Asker,
    message: ToServer<K>,
    here: Here<K>,
  ): Promise<Answer<K>> | null {
    const asked = message as ToServer<PassedType>;
    const isEdit = asked.type === "edit";
    const edit = (message: ToServer<PassedType>) =>
      this.#edit(asker, message as ToServer<"edit">, here as never);
    const carryOut = isEdit ? edit : here as never;
    const passed = this.#passing.pass(asker, asked, carryOut) ??
      (isEdit ? edit(asked) : null);
    return passed as Promise<Answer<K>> | null;
  }

  /** Another server is alive, or dead. */
  turned(node: Node): void {
    this.shown.turned(node);
    this.#moves.look();
  }

  /** A group has another owner, or has ended. */
  owned(id: string, owner: Owner | undefined): void {
    this.#moves.owned(id, owner);
    if (this.#world.owners.terms.term(id) === 0) this.lent.forgetTerms(id);
    this.shown.groups.choose(id);
  }

  /** Another server runs a group of this one by now. */
  lost(id: string, node: string): void {
    this.#leave(id, `leaves the group ${id} to server ${node}`);
  }

  /** What is here of a group is older than what the table has, which is to go on. */
  outdated(id: string): void {
    this.#leave(
      id,
      `reads the group ${id} again, as a later owner has left it`,
    );
    this.owned(id, this.#world.owners.terms.owner(id));
  }

  #leave(id: string, why: string): void {
    const { groups } = this.hub;
    const group = groups.all.get(id);
    if (!group) return;
    this.#world.log("info", why);
    this.borrowed.leave(group);
    groups.release(id);
  }

  /** What an entry of a queue here is named at other servers. */
  nameThere(name: string): string {
    const { songs } = this.#world;
    const { live } = this.hub;
    const its = live.named(name)?.entry;
    if (its) return songs.fullName(its);
    const full = songs.fullNameOf(name);
    if (full !== name) return full;
    return songs.fullNameOf(songs.presentName(name));
  }

  #newShown(): ShownRecords {
    const { place, songs, rows, peers, owners, ownRevision, admission } =
      this.#world;
    const { clock, wallMs, turns } = this.#world;
    const { presence, groups, live, groupList: list } = this.hub;
    return new ShownRecords({
      ...{ songs, turns },
      live: new SharedLive({
        ...{ place, live, clock },
        follow: async ({ name }, song, ...how) =>
          await peers.get(name).follow(`${name}:${song}`, ...how),
        changed: (name, entry) => rows.song(name, entry),
      }),
      devices: new RemoteDevices({
        ...{ presence, clock, ownRevision },
        isMarked: (...record) => admission.isMarked(...record),
      }),
      groups: new RemoteGroups({
        ...{ list, clock, wallMs },
        isOwn: (id) => (groups.all.get(id)?.present.length ?? 0) > 0,
        hasDevice: (key) => (groups.devices.get(key)?.link ?? null) !== null,
        ownerOf: (id) => owners.terms.owner(id)?.node,
      }),
    });
  }

  #newPassing(): Passing {
    const { songs, peers, clock, owners: { terms } } = this.#world;
    const { hub, lent, borrowed, shown } = this;
    const { presence, groups } = hub;
    return new Passing({
      ...{ borrowed, options: hub.options, clock },
      owners: new GroupOwners({
        ...{ presence, groups, borrowed, lent, remote: shown.groups },
        ...{ terms, own: this.#world.place },
        isDue: (id) => this.#moves.isDue(id),
      }),
      reclaim: (key) => lent.reclaim(key),
      ask: (place, message) => {
        const ask = () => peers.ask(place, message);
        const hasSongs = message.type === "cast" || message.type === "queue";
        return hasSongs ? askAgain(ask, clock) : ask();
      },
      accepts: (word, term) => {
        const id = shown.groups.named(word)?.row.group ?? word;
        return terms.accepts(id, term);
      },
      songName: (name) => songs.fullName(findSong(hub.songs, name)),
      songNames: (...asked) =>
        passedSelections({
          ...{ songs: hub.songs, clock, total: () => songs.size },
          fullName: (entry) => songs.fullName(entry),
        }, ...asked),
    });
  }

  #newMoves(): GroupMoves {
    const { beats, place: own, owners, shared, isGone, log } = this.#world;
    const { clock, wallMs, signal } = this.#world;
    const { presence, groups } = this.hub;
    return new GroupMoves({
      ...{ own, owners, shared, groups, presence, places: beats.places },
      ...{ clock, wallMs, signal, log, isGone },
      beat: () => beats.beat(groups),
      takeUp: (key) => this.lent.takeUp(key),
    });
  }

  /** An edit is answered once it outlives this server. */
  async #edit(
    { isTrusted }: Asker,
    message: ToServer<"edit">,
    here: Here<"edit">,
  ): Promise<Answer<"edit">> {
    const { shared, owners } = this.#world;
    const answer = await here(message);
    const id = this.hub.groups.named(message.group)?.id ?? message.group;
    await shared.copied(id);
    const term = owners.terms.ownTerm(id);
    return isTrusted ? { ...answer, term } : answer;
  }

  #clientChanged(key: string): void {
    const client = this.hub.presence.get(key);
    this.#world.rows.client(key, client);
    // The device may be connected elsewhere as well.
    if (!client) this.shown.devices.choose(key);
  }

  #groupChanged(group: Group): void {
    this.#world.rows.group(this.hub, group);
    const { groups } = this.shown;
    groups.showAgain(group.id);
    if (group.isSeveral) {
      for (const { key } of group.devices) groups.showAgain(key);
    }
  }
}
