/**
 * The devices of other servers that play in groups of this one. One is borrowed when
 * a request needs it, or when it is back and its group is here; it is given back once
 * nothing here is to play there.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import type { Presence } from "../model/presence.ts";
import type { Clock } from "../ports/common.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { Device } from "../server/groups/device.ts";
import type { Group } from "../server/groups/group.ts";
import type { Groups } from "../server/groups/groups.ts";
import type { GroupsListener } from "../server/groups/kept_groups.ts";
import type { Receiver } from "../server/groups/receiver.ts";
import type { ToClient } from "../wire/messages.ts";
import { Lender, type LenderListener } from "./lender.ts";
import type { LoanNews } from "./loan.ts";
import { accept } from "./loan_reports.ts";
import { RemoteReceiver } from "./remote_receiver.ts";

/** Between attempts to borrow a device that is back. */
const RETRY_MS = 1_000;
/** Most that is heard of a device right behind the answer that it is borrowed. */
const MOST_EARLY = 32;

export interface BorrowedDevicesWorld {
  readonly groups: Groups;
  readonly presence: Presence<Receiver>;
  readonly clock: Clock;
  /** Aborted when this server ends. */
  readonly signal: AbortSignal;
  wallMs(): number;
  /** A connection to another server, of its own. */
  connect(place: string): Promise<ClientSession>;
  /** The highest term in which this server owns a group, or has; 0: none. */
  ownTerm(group: string): number;
  /** That of any server. */
  latestTerm(group: string): number;
  /** The name by which every server knows a song. */
  songName(entry: SongEntry): string;
  log(level: "warn", text: string): void;
}

interface Borrowed {
  readonly device: Device;
  readonly receiver: RemoteReceiver;
  readonly lender: Lender;
}

export class BorrowedDevices implements LenderListener, GroupsListener {
  readonly #world: BorrowedDevicesWorld;
  readonly #byKey = new Map<string, Borrowed>();
  readonly #lenders = new Map<string, Promise<Lender>>();
  /** Devices that are being borrowed. */
  readonly #borrowing = new Map<string, Promise<void>>();
  /** What was heard of them: it comes together with the answer. */
  readonly #early = new Map<string, { lender: Lender; news: LoanNews }[]>();
  /** Devices that requests need, which may not be in their groups yet. */
  readonly #needed = new Map<string, number>();
  /** Devices that are borrowed again as soon as it works. */
  readonly #awaited = new Set<string>();
  /** Groups that other servers run by now. */
  readonly #left = new WeakSet<Group>();
  #isChecking = false;

  constructor(world: BorrowedDevicesWorld) {
    this.#world = world;
    const { groups, presence } = world;
    groups.listen(this);
    presence.listen({ changed: (key) => this.#consider(key) });
    for (const group of groups.all.values()) this.changed(group);
  }

  /** How many are borrowed now. */
  get size(): number {
    return this.#byKey.size;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  /**
   * Borrows devices for a request.
   *
   * @returns Why some of them could not be, and what ends the need.
   */
  async need(
    keys: readonly string[],
  ): Promise<{ failed: Map<string, unknown>; release(): void }> {
    const failed = new Map<string, unknown>();
    for (const key of keys) {
      this.#needed.set(key, (this.#needed.get(key) ?? 0) + 1);
    }
    await Promise.all(keys.map(async (key) => {
      try {
        await this.#borrow(key);
      } catch (thrown) {
        failed.set(key, thrown);
      }
    }));
    const release = () => {
      for (const key of keys) {
        const left = this.#needed.get(key)! - 1;
        if (left > 0) this.#needed.set(key, left);
        else this.#needed.delete(key);
      }
      this.#checkSoon();
    };
    return { failed, release };
  }

  changed(group: Group): void {
    for (const { key, link } of group.devices) if (!link) this.#consider(key);
    this.#checkSoon();
  }

  gone(): void {
    this.#checkSoon();
  }

  /** Another server runs a group from now on, whose devices play on meanwhile. */
  leave(group: Group): void {
    this.#left.add(group);
    for (const { key } of group.devices) {
      const borrowed = this.#byKey.get(key);
      if (!borrowed) continue;
      borrowed.lender.send({ type: "lent-back", device: key, holds: true });
      this.#depart(borrowed);
    }
  }

  heard(lender: Lender, news: LoanNews): void {
    const borrowed = this.#byKey.get(news.device);
    const early = borrowed ? undefined : this.#early.get(news.device);
    if (early && early.length < MOST_EARLY) early.push({ lender, news });
    if (borrowed?.lender !== lender) return;
    if (news.type === "lent-over") this.#over(borrowed, news.why);
    else accept(borrowed, news, this.#world.groups);
  }

  lost(lender: Lender): void {
    this.#lenders.delete(lender.place);
    for (const key of [...lender.receivers.keys()]) {
      this.#depart(this.#byKey.get(key)!);
    }
  }

  /** @throws {OndacastError} As its server refuses; `lost`, `not-found`. */
  #borrow(key: string): Promise<void> {
    if (this.#byKey.has(key)) return Promise.resolve();
    const known = this.#borrowing.get(key);
    if (known) return known;
    const borrowing = this.#ask(key).finally(() => {
      this.#borrowing.delete(key);
      this.#early.delete(key);
    });
    this.#borrowing.set(key, borrowing);
    return borrowing;
  }

  async #ask(key: string): Promise<void> {
    const { groups, presence } = this.#world;
    const known = groups.devices.get(key);
    if (known?.link) return; // It is connected to this server.
    const place = presence.get(key)?.place;
    if (place === undefined) throw gone(key);
    const lender = await this.#lender(place);
    const group = known ? groups.group(known).id : key;
    const early: { lender: Lender; news: LoanNews }[] = [];
    // What comes before the answer is of the loan before.
    const answered = () => this.#early.set(key, early);
    const { volume, muted, delay, step, problem } = await lender
      .borrow({ device: key, ...this.#about(key, group) }, answered);
    const client = presence.get(key);
    if (client?.place !== place || lender.isLost) {
      lender.send({ type: "lent-back", device: key });
      throw gone(key);
    }
    const receiver = this.#receiver(key, lender);
    const device = groups.arrive(client, receiver);
    this.#byKey.set(key, { device, receiver, lender });
    lender.add(key, receiver);
    device.muted = muted;
    device.delayMs = delay;
    accept({ device, receiver, lender }, {
      type: "lent-facts",
      device: key,
      volume,
      step,
      problem,
    }, groups);
    for (const it of early) this.heard(it.lender, it.news);
  }

  #receiver(key: string, lender: Lender): RemoteReceiver {
    const { groups, clock, songName } = this.#world;
    return new RemoteReceiver({
      ...{ key, songName },
      about: () => {
        const { id } = groups.group(groups.devices.get(key)!);
        return this.#about(key, id);
      },
      nowUs: () => clock.now() * 1000,
      thereUs: (us) => lender.thereUs(us),
      send: (message) => lender.send(message),
      answered: () => lender.answered(),
    });
  }

  /** A device's own group may have another owner while it plays for this one. */
  #about(key: string, group: string): { group: string; term: number } {
    const { ownTerm, latestTerm } = this.#world;
    return { group, term: group === key ? latestTerm(group) : ownTerm(group) };
  }

  #lender(place: string): Promise<Lender> {
    const known = this.#lenders.get(place);
    if (known) return known;
    const { clock, wallMs, connect } = this.#world;
    const lender = connect(place).then((session) =>
      new Lender({ place, session, clock, wallMs, listener: this })
    );
    this.#lenders.set(place, lender);
    lender.catch(() => this.#lenders.delete(place));
    return lender;
  }

  /** Borrows a device again if it is back, and its group is here. */
  async #consider(key: string): Promise<void> {
    if (this.#awaited.has(key) || !this.#isWanted(key)) return;
    const { clock, signal } = this.#world;
    this.#awaited.add(key);
    let trouble: string | null = null;
    while (this.#isWanted(key) && !signal.aborted) {
      try {
        await this.#borrow(key);
      } catch (error) {
        const { message } = toOndacastError(error);
        if (message !== trouble) this.#note(key, trouble = message);
        await clock.sleep(RETRY_MS, signal);
      }
    }
    this.#awaited.delete(key);
  }

  #note(key: string, trouble: string): void {
    const { log, presence } = this.#world;
    const { name, place } = presence.get(key) ?? { name: key, place: "" };
    log("warn", `cannot borrow ${name} of server ${place}: ${trouble}`);
  }

  #isWanted(key: string): boolean {
    const { groups, presence } = this.#world;
    const device = groups.devices.get(key);
    const client = presence.get(key);
    const isElsewhere = client?.place !== undefined && client.receiving;
    if (!device || device.link || !isElsewhere) return false;
    const group = groups.group(device);
    const { isSeveral, playback, queue } = group;
    const plays = playback.state !== "stopped" && queue.entries.length > 0;
    return (isSeveral || plays) && !this.#left.has(group);
  }

  /** Gives back what is not needed, once all changes of this turn are made. */
  #checkSoon(): void {
    if (this.#isChecking || this.#byKey.size === 0) return;
    this.#isChecking = true;
    queueMicrotask(() => {
      this.#isChecking = false;
      const { groups } = this.#world;
      for (const [key, borrowed] of this.#byKey) {
        const { isSeveral, queue } = groups.group(borrowed.device);
        const isUsed = isSeveral || queue.entries.length > 0;
        if (!isUsed && !this.#needed.has(key)) this.#giveBack(borrowed);
      }
    });
  }

  #giveBack(borrowed: Borrowed): void {
    const { lender, device: { key } } = borrowed;
    lender.send({ type: "lent-back", device: key });
    this.#depart(borrowed);
  }

  #over(borrowed: Borrowed, why: ToClient<"lent-over">["why"]): void {
    const { device } = borrowed;
    const { groups } = this.#world;
    if (why === "left") {
      groups.leave(device);
      const { playback, seconds } = groups.group(device);
      playback.stop(seconds);
    }
    this.#depart(borrowed);
  }

  #depart({ device, receiver, lender }: Borrowed): void {
    this.#byKey.delete(device.key);
    lender.delete(device.key);
    this.#world.groups.depart(device, receiver);
    this.#consider(device.key);
  }
}

function gone(key: string): OndacastError {
  return new OndacastError(
    "not-found",
    `Cannot borrow the device ${JSON.stringify(key)}: it has left`,
  );
}
