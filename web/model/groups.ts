/**
 * The groups of devices and what each plays, live.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { type GroupRow, listGroups } from "../../lib/client/group_list.ts";
import { serverAheadMs } from "../../lib/client/server_time.ts";
import type { Clock } from "../../lib/ports/common.ts";
import { hasFeature } from "../../lib/wire/features.ts";
import type { ToClient } from "../../lib/wire/messages.ts";
import { notifyError } from "./notices.ts";
import { computed, effect, signal } from "./signals.ts";

export type { GroupRow };
/** A device of a group. */
export type GroupDevice = GroupRow["devices"][number];

/** What was asked for is shown for this long, unless the server tells of it. */
const EXPECTED_MS = 3_000;
/** For this long, news may be on their way that are older than what was asked for. */
const LATE_MS = 1_000;
/** A group has carried out a seek if it is this close to its target, in seconds. */
const NEAR_SECONDS = 1;

/** What can be asked for, and its value. */
interface Expectable {
  seek: number;
  volume: number;
  state: GroupRow["state"];
  repeat: GroupRow["repeat"];
  shuffle: boolean;
  muted: boolean;
}

/** Fields of a group or a device that are shown as they were asked for. */
const FIELDS = ["state", "repeat", "shuffle", "muted", "volume"] as const;

/** A value that was asked for, by what it is of. */
interface Expected {
  value: Expectable[keyof Expectable];
  atMs: number;
  /** Whether the server has told of it. */
  isTrue: boolean;
}

export class Groups {
  /** All groups, by name, those away last; null: not known yet. */
  readonly rows = signal<readonly GroupRow[] | null>(null);
  readonly #byId = computed(() =>
    new Map((this.rows.value ?? []).map((row) => [row.group, row]))
  );
  readonly #byDevice = computed(() =>
    new Map(
      (this.rows.value ?? []).flatMap((row) =>
        row.devices.map(({ key }) => [key, row] as const)
      ),
    )
  );
  readonly #clock: Clock;
  #isCurrent = false;
  readonly #nowMs = signal(0);
  readonly #expected = new Map<string, Expected>();
  /** What the rows are of. */
  #news: News | null = null;
  /** How far the server's clock is ahead of the one here. */
  #aheadMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#nowMs.value = clock.now();
  }

  /** Resolves once the groups are known. */
  whenKnown(): Promise<void> {
    return new Promise((resolve) => {
      const stop = effect(() => {
        if (this.rows.value === null) return;
        queueMicrotask(() => stop()); // `stop` may not be set yet.
        resolve();
      });
    });
  }

  /** A group by its id. */
  get(id: string): GroupRow | undefined {
    return this.#byId.value.get(id);
  }

  /** The group of a device, by the device's key. */
  of(device: string): GroupRow | undefined {
    return this.#byDevice.value.get(device);
  }

  /**
   * Whether the server has told of a group, or of that of a device, over the
   * present connection.
   */
  has(id: string): boolean {
    return this.#isCurrent && (this.get(id) ?? this.of(id)) !== undefined;
  }

  /** The seconds of its song that a group has played. */
  positionOf(row: GroupRow): number {
    const nowMs = this.#nowMs.value;
    const { state, position, positionAt, seconds } = row;
    const expected = this.#expected.get(`seek ${row.group}`);
    const sinceMs = expected?.atMs ?? positionAt / 1000 - this.#aheadMs;
    const from = Number(expected?.value ?? position);
    const passedMs = state === "playing" ? Math.max(0, nowMs - sinceMs) : 0;
    return Math.min(from + passedMs / 1000, seconds ?? Infinity);
  }

  /** Shows a value that was asked for until the server tells of it. */
  expect<W extends keyof Expectable>(
    what: W,
    of: string,
    value: Expectable[W],
  ): void {
    const row = this.get(of);
    // It pauses where it is, and goes on from there.
    if (what === "state" && row) this.expect("seek", of, this.positionOf(row));
    const atMs = this.#clock.now();
    // A group's volume changes those of its devices, and they change that.
    this.#expire(-Infinity);
    this.#expected.set(`${what} ${of}`, { value, atMs, isTrue: false });
    this.#nowMs.value = atMs;
    this.#show();
  }

  /** Moves the positions on. */
  tick(): void {
    this.#expire(LATE_MS);
    this.#nowMs.value = this.#clock.now();
  }

  /** Forgets what has not come true for long, or has come true a while ago. */
  #expire(lateMs: number): void {
    const nowMs = this.#clock.now();
    for (const [key, { atMs, isTrue }] of this.#expected) {
      if (nowMs - atMs > (isTrue ? lateMs : EXPECTED_MS)) {
        this.#expected.delete(key);
        this.#show();
      }
    }
  }

  /** Watches the groups over a new connection. Never rejects. */
  async watch(session: ClientSession): Promise<void> {
    this.#isCurrent = false;
    const { greeting } = session;
    if (!greeting || !hasFeature(greeting, "groups")) {
      this.#news = null;
      this.rows.value = [];
      return;
    }
    const news = new News();
    session.listen({
      groups: (message) => {
        if (message.changed === undefined) {
          return void this.#list(session, news);
        }
        news.take(message);
        this.#take(news);
      },
    });
    await this.#list(session, news);
  }

  async #list(session: ClientSession, news: News): Promise<void> {
    const generation = news.begin();
    try {
      const [rows, aheadMs] = await Promise.all([
        listGroups(session, true),
        serverAheadMs(session, this.#clock),
      ]);
      this.#aheadMs = aheadMs ?? 0;
      if (news.end(generation, rows)) this.#take(news);
    } catch (error) {
      if (session.failure === null) notifyError(error);
    }
  }

  #take(news: News): void {
    if (!news.isWhole) return;
    for (const row of news.rows.values()) this.#confirm(row);
    this.#isCurrent = true;
    this.#news = news;
    this.#show();
  }

  /** Shows what the server has told, and what was asked for. */
  #show(): void {
    if (this.#news === null) return;
    this.rows.value = [...this.#news.rows.values()]
      .map((row) => this.#asAsked(row))
      .sort(compareRows);
  }

  #asAsked(row: GroupRow): GroupRow {
    // Who compares rows sees that nothing has changed.
    if (this.#expected.size === 0) return row;
    const devices = row.devices.map((device) => this.#patched(device));
    return { ...this.#patched(row), devices };
  }

  #patched<T extends GroupRow | GroupDevice>(it: T): T {
    const shown: Partial<Record<string, unknown>> = { ...it };
    for (const what of FIELDS) {
      const expected = this.#expected.get(`${what} ${idOf(it)}`);
      if (expected) shown[what] = expected.value;
    }
    return shown as T;
  }

  /** Notes what was asked for and has come true. */
  #confirm(row: GroupRow): void {
    const { group, state, position, devices } = row;
    for (const it of [row, ...devices]) {
      for (const what of FIELDS) {
        const expected = this.#expected.get(`${what} ${idOf(it)}`);
        const shown = it as Partial<Expectable>;
        if (expected) expected.isTrue ||= expected.value === shown[what];
      }
    }
    const sought = this.#expected.get(`seek ${group}`);
    // Until it pauses or goes on, its position is that of before.
    const stands = this.#expected.get(`state ${group}`)?.isTrue ?? true;
    if (!sought || !stands) return;
    const passedMs = state === "playing"
      ? row.positionAt / 1000 - this.#aheadMs - sought.atMs
      : 0;
    const off = position - Number(sought.value) - passedMs / 1000;
    if (Math.abs(off) < NEAR_SECONDS) this.#expected.delete(`seek ${group}`);
  }
}

/** What one connection has told of the groups. */
class News {
  rows = new Map<string, GroupRow>();
  /** What has come while the list is on its way, which is older; null: it is here. */
  #since: Map<string, GroupRow | null> | null = null;
  #generation = 0;

  get isWhole(): boolean {
    return this.#since === null;
  }

  /** A list is requested. */
  begin(): number {
    this.#since = new Map();
    return ++this.#generation;
  }

  /** A list has come. @returns False if another one was requested meanwhile. */
  end(generation: number, rows: readonly GroupRow[]): boolean {
    if (generation !== this.#generation) return false;
    this.rows = new Map(rows.map((row) => [row.group, row]));
    for (const [id, row] of this.#since ?? []) this.#set(id, row);
    this.#since = null;
    return true;
  }

  take({ changed = [], gone = [] }: ToClient<"groups">): void {
    for (const id of gone) this.#note(id, null);
    for (const row of changed) this.#note(row.group, row);
  }

  #note(id: string, row: GroupRow | null): void {
    if (this.#since) this.#since.set(id, row);
    else this.#set(id, row);
  }

  #set(id: string, row: GroupRow | null): void {
    if (row) this.rows.set(id, row);
    else this.rows.delete(id);
  }
}

function idOf(it: GroupRow | GroupDevice): string {
  return "group" in it ? it.group : it.key;
}

/** Whether none of its devices is connected. */
export function isAway({ devices }: GroupRow): boolean {
  return devices.every(({ away }) => away);
}

/** Each stays in its place whatever it plays, where a finger finds it again. */
function compareRows(a: GroupRow, b: GroupRow): number {
  return Number(isAway(a)) - Number(isAway(b)) ||
    a.name.localeCompare(b.name) ||
    (a.group < b.group ? -1 : 1);
}
