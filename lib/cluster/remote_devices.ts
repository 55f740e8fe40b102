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

export interface RemoteDevicesWorld {
  readonly presence: Presence<Receiver>;
  readonly clock: Clock;
  /** When the table got the record of an own client; undefined: it has not yet. */
  ownRevision(key: string): number | undefined;
}

export class RemoteDevices {
  readonly #world: RemoteDevicesWorld;
  /** Those that are listed, by node and key. */
  readonly #listed = new Map<Node, Map<string, Present<Receiver>>>();

  constructor(world: RemoteDevicesWorld) {
    this.#world = world;
  }

  put(node: Node, key: string, { value, revision }: Kept<"device">): void {
    if (value.key !== key) return;
    const { presence, clock } = this.#world;
    const own = presence.get(key);
    if (own && own.place === undefined && !this.#isOlder(own, revision)) return;
    if (own && own.place === undefined) this.#replace(own);
    const listed = this.#listedOf(node);
    const before = listed.get(key);
    const { endsAt, node: _, unverified, state: activity, ...who } = value;
    const isSame = before && presence.has(before) && before.id === who.id &&
      before.name === who.name && before.isUnverified === unverified;
    if (isSame) {
      const { receiving } = who;
      const now = { receiving, activity, endsAtSeconds: endsAt };
      return presence.update(before, now, clock.now());
    }
    const present: Present<Receiver> = {
      ...who,
      ...(unverified && { isUnverified: true }),
      ...{ place: node.name, activity, activityAtMs: clock.now() },
      ...{ endsAtSeconds: endsAt, link: ELSEWHERE },
    };
    presence.join(present);
    listed.set(key, present);
  }

  delete(node: Node, key: string): void {
    const present = this.#listed.get(node)?.get(key);
    if (!present) return;
    this.#listed.get(node)!.delete(key);
    this.#world.presence.leave(present);
  }

  #listedOf(node: Node): Map<string, Present<Receiver>> {
    const listed = this.#listed.get(node) ?? new Map();
    this.#listed.set(node, listed);
    return listed;
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
