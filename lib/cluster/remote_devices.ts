/**
 * The clients of other servers, as this one lists them. Of two connections of one
 * device the newer one lives.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Presence, Present } from "../model/presence.ts";
import type { Clock } from "../ports/common.ts";
import type { Receiver } from "../server/groups/receiver.ts";
import type { Kept, Node } from "./nodes.ts";
import type { DeviceRecord } from "./records.ts";

export interface RemoteDevicesWorld {
  readonly presence: Presence<Receiver>;
  readonly clock: Clock;
  /** When the table got the record of an own client; undefined: it has not yet. */
  ownRevision(key: string): number | undefined;
  /** Whether a server that knows the secret has written a record. */
  isMarked(server: string, record: DeviceRecord): boolean;
}

/** A record that is listed. */
interface Listed {
  readonly kept: Kept<"device">;
  readonly present: Present<Receiver>;
}

export class RemoteDevices {
  readonly #world: RemoteDevicesWorld;
  /** All records of each device: a server that is back still has those it had before. */
  readonly #records = new Map<string, Map<Node, Kept<"device">>>();
  readonly #listed = new Map<string, Listed>();

  constructor(world: RemoteDevicesWorld) {
    this.#world = world;
  }

  put(node: Node, key: string, kept: Kept<"device">): void {
    const records = this.#records.get(key) ?? new Map();
    if (!this.#isRight(node, key, kept, records.get(node))) return;
    this.#records.set(key, records.set(node, kept));
    this.choose(key);
  }

  delete(node: Node, key: string): void {
    const records = this.#records.get(key);
    if (!records?.delete(node)) return;
    if (records.size === 0) this.#records.delete(key);
    this.choose(key);
  }

  /** Lists a device where it has connected last. */
  choose(key: string): void {
    const { presence } = this.#world;
    const listed = this.#listed.get(key);
    const latest = this.#latest(key);
    if (!latest) {
      this.#listed.delete(key);
      if (listed) presence.leave(listed.present);
      return;
    }
    const [node, kept] = latest;
    const own = presence.get(key);
    if (own && own.place === undefined) {
      if (!this.#isOlder(own, kept.revision)) return;
      this.#replace(own);
    }
    if (listed?.kept === kept && presence.has(listed.present)) return;
    this.#listed.set(key, { kept, present: this.#list(node, kept, listed) });
  }

  /** What has the mark of the record before it is known to be right. */
  #isRight(
    { name }: Node,
    key: string,
    { value }: Kept<"device">,
    before: Kept<"device"> | undefined,
  ): boolean {
    if (value.key !== key) return false;
    return before !== undefined && before.value.mark === value.mark ||
      this.#world.isMarked(name, value);
  }

  #latest(key: string): [Node, Kept<"device">] | undefined {
    let latest: [Node, Kept<"device">] | undefined;
    for (const it of this.#records.get(key) ?? []) {
      if (!latest || it[1].revision > latest[1].revision) latest = it;
    }
    return latest;
  }

  #list(
    node: Node,
    { value }: Kept<"device">,
    listed: Listed | undefined,
  ): Present<Receiver> {
    const { presence, clock } = this.#world;
    const { endsAt, node: _, mark: __, unverified, state: activity, ...who } =
      value;
    const before = listed?.present;
    const isSame = before && presence.has(before) &&
      before.place === node.name && before.id === who.id &&
      before.name === who.name && before.kind === who.kind &&
      before.isUnverified === unverified;
    if (isSame) {
      const { receiving } = who;
      const now = { receiving, activity, endsAtSeconds: endsAt };
      presence.update(before, now, clock.now());
      return before;
    }
    const present: Present<Receiver> = {
      ...who,
      ...(unverified && { isUnverified: true }),
      ...{ place: node.name, activity, activityAtMs: clock.now() },
      ...{ endsAtSeconds: endsAt, link: ELSEWHERE },
    };
    presence.join(present);
    return present;
  }

  #isOlder({ key }: Present<Receiver>, revision: number): boolean {
    const own = this.#world.ownRevision(key);
    return own !== undefined && own < revision;
  }

  #replace({ link }: Present<Receiver>): void {
    link.stop(
      new OndacastError(
        "replaced",
        "Cannot keep the connection: the same device has connected to another server",
      ),
    ).catch(() => {});
  }
}

/** Requests about such a device are passed on; nothing is sent to it from here. */
const ELSEWHERE: Receiver = {
  isInStep: true,
  sending: null,
  start: () => {
    throw new OndacastError("not-found", "Cannot play: it is elsewhere");
  },
  line() {},
  drop() {},
  control() {},
  post() {},
  // Its server ends it, when it hears of the newer connection.
  stop: () => Promise.resolve(),
};
