/**
 * What all clients of a server share, and what is done for all of them at once,
 * such as checking for silent connections.
 *
 * @module
 */

import type { OndacastError } from "../errors.ts";
import { Presence } from "../model/presence.ts";
import type { Clock } from "../ports/common.ts";
import type { Page } from "../ports/library.ts";
import type { SongStore, Turns } from "../ports/server.ts";
import type { Channel } from "../wire/channel.ts";
import { SuspensionDetector } from "../wire/heartbeat.ts";
import { encodePage } from "../wire/message_codec.ts";
import { MAX_ROWS, type OnlineClient } from "../wire/messages.ts";
import type { Connection } from "./connection.ts";
import { Counters } from "./counters.ts";
import type { Elsewhere } from "./elsewhere.ts";
import type { Framer } from "./framer.ts";
import { GroupList } from "./group_list.ts";
import type { Group } from "./groups/group.ts";
import type { GroupRow } from "./groups/group_row.ts";
import { Groups } from "./groups/groups.ts";
import type { ReceiverListener } from "./groups/receiver_listener.ts";
import type { Receiver } from "./groups/receiver.ts";
import type { GroupWorld } from "./groups/world.ts";
import { GroupSongs } from "./group_songs.ts";
import { LiveSongs } from "./live/live_songs.ts";
import { LiveStore } from "./live/live_store.ts";
import { type PlaceLimits, Places } from "./places.ts";
import { type AdmittedDevices, TokenGate } from "./token_gate.ts";
import { type News, Watchers } from "./watchers.ts";

/** How often all connections are checked. */
export const SWEEP_MS = 500;
/** Connections checked in one turn of the event loop. */
const SWEPT_A_TURN = 256;

/** Sockets read in one turn of the event loop (tokio, `task/coop`). */
export const READS_A_TURN = 128;

/** The settings of a server that its sessions need. */
export interface HubOptions extends PlaceLimits {
  /** The name that clients see. */
  serverName: string;
  /** Random, and kept: by it clients find the server again at another address. */
  serverId: string;
  /** The secret that each `hello` must carry; null: none. */
  token: string | null;
  /** Whether uploads are refused. */
  readOnly: boolean;
  /**
   * Whose groups a client commands: all by default, or its own; all with a token
   * and on the server's machine.
   */
  control?: "all" | "own";
}

export class Hub {
  /** Those of the folder, and the live ones. */
  readonly songs: SongStore;
  readonly live: LiveSongs;
  readonly #files: SongStore;
  readonly framer: Framer;
  readonly clock: Clock;
  /** Shared by the work for all sessions. */
  readonly turns: Turns;
  readonly options: HubOptions;
  readonly clockName: string;
  readonly presence: Presence<Receiver>;
  readonly groups: Groups;
  readonly groupList: GroupList;
  readonly counters: Counters = new Counters();
  readonly gate: TokenGate;
  readonly places: Places;
  /** Notified of what receivers do. */
  receivers: ReceiverListener;
  /** The servers that form one with this; null: it is alone. */
  elsewhere: Elsewhere | null = null;
  readonly #suspensions: SuspensionDetector;
  readonly #watchers: Watchers;
  readonly #groupWatchers: Watchers;

  constructor(
    world: {
      songs: SongStore;
      framer: Framer;
      clock: Clock;
      /** Names this run of the clock: new at each start. */
      clockName: string;
      turns: Turns;
      admitted?: AdmittedDevices;
      groups: Pick<GroupWorld, "store" | "wallMs" | "random" | "newId">;
    },
    options: HubOptions,
  ) {
    this.live = new LiveSongs(world.clock, world.turns);
    this.songs = new LiveStore(world.songs, this.live);
    this.#files = world.songs;
    this.framer = world.framer;
    this.clock = world.clock;
    this.clockName = world.clockName;
    this.turns = world.turns;
    this.options = options;
    this.gate = new TokenGate(options.token, world.clock, world.admitted);
    this.places = new Places(options);
    this.#suspensions = new SuspensionDetector(SWEEP_MS, world.clock.now());
    this.#watchers = new Watchers(world.clock, (changes) => {
      let news: News | null = null;
      return () => news ??= { frame: this.#encodeOnline(), knows: changes };
    });
    this.presence = new Presence(this.#watchers);
    this.groups = new Groups({
      ...world.groups,
      songs: new GroupSongs(this.songs, this.live, world.framer.pages),
      nowUs: () => this.clock.now() * 1000,
      pause: () => this.clock.sleep(0),
    });
    this.receivers = this.groups;
    this.#groupWatchers = new Watchers(
      world.clock,
      (changes) => this.groupList.news(changes),
    );
    this.groupList = new GroupList(
      (group) => this.#groupRow(group),
      () => this.#groupWatchers.changed(),
    );
    this.groups.listen(this.groupList);
  }

  #groupRow(group: Group): GroupRow {
    const row = this.groups.row(group);
    return this.elsewhere ? { ...row, node: this.elsewhere.place } : row;
  }

  #encodeOnline(): Uint8Array {
    const { rows, more, total } = this.online();
    return encodePage({ type: "online", clients: rows, more, total });
  }

  /** Whether the folder has a song that a name may mean. */
  hasFile(name: string): boolean {
    try {
      return this.#files.find(name) !== undefined;
    } catch {
      return true; // Several have it.
    }
  }

  /** Songs have other names now: the rows of groups that play them follow. */
  renamed(to: readonly string[]): void {
    const names = new Set(to);
    for (const group of this.groups.all.values()) {
      const { playing } = group.queue;
      if (playing && names.has(this.songName(playing.song))) {
        this.groups.changed(group);
      }
    }
  }

  /** The present name of a song, by its name or a former one that is free. */
  songName(name: string): string {
    return this.songs.get(name)?.name ?? this.songs.presentName(name);
  }

  /** Microseconds of the server's monotonic clock. */
  get clockUs(): number {
    return Math.round(this.clock.now() * 1000);
  }

  get sessions(): number {
    return this.places.sessions.size;
  }

  /** Whether there are more clients than one turn can read. */
  get hasCrowd(): boolean {
    return this.sessions > READS_A_TURN;
  }

  dismiss(connection: Connection): void {
    this.places.dismiss(connection);
    this.watch(connection.channel, false);
    this.watchGroups(connection.channel, false);
  }

  /** Starts or stops sending a client every change of who is online. */
  watch(channel: Channel, on: boolean): void {
    if (on) this.#watchers.add(channel);
    else this.#watchers.delete(channel);
  }

  /** Starts or stops sending a client every change of groups. */
  watchGroups(channel: Channel, on: boolean): void {
    if (on) this.#groupWatchers.add(channel);
    else this.#groupWatchers.delete(channel);
  }

  /** A page of who is online. */
  online(after?: string, limit: number = MAX_ROWS): Page<OnlineClient> {
    return this.presence.page(
      { after, limit },
      this.clock.now(),
      this.elsewhere?.place,
    );
  }

  /**
   * Checks for silent and stuck connections; to be called every
   * {@linkcode SWEEP_MS}.
   *
   * @returns When the process last resumed after a suspension: silence
   * before that does not count.
   */
  sweep(): number {
    const nowMs = this.clock.now();
    const awakeSinceMs = this.#suspensions.check(nowMs);
    this.groups.sweep();
    this.#checkAll(nowMs, awakeSinceMs);
    return awakeSinceMs;
  }

  /** Pauses between parts, because thousands may have to be pinged. */
  async #checkAll(nowMs: number, awakeSinceMs: number): Promise<void> {
    let swept = 0;
    for (const connection of this.places.sessions) {
      connection.checkLife(nowMs, awakeSinceMs);
      if (++swept % SWEPT_A_TURN === 0) await this.clock.sleep(0);
    }
  }

  /** Sends every client the reason why the server ends, and waits until all are gone. */
  async close(error: OndacastError): Promise<void> {
    await Promise.all(
      [...this.places.sessions].map((connection) => connection.stop(error)),
    );
  }
}
