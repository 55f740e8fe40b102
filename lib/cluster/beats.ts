/**
 * The beats of a server, once a second: it is alive, and its groups are there in what
 * they play. A last one says that it ends.
 *
 * @module
 */

import { SourceLimits } from "../model/source_limits.ts";
import type { Clock } from "../ports/common.ts";
import type { Groups } from "../server/groups/groups.ts";
import type { Bus } from "./bus.ts";
import { BEAT_MS, type Nodes } from "./nodes.ts";
import type { OwnerTerms } from "./owner_terms.ts";
import { encodePlaces, HeardPlaces, type Playing } from "./places.ts";
import type { ClusterSecret } from "./secret.ts";

/** Beats that are read: four at once of each server, and four a second. */
const READ = {
  perSource: { burst: 3, perSecond: 4 },
  inAll: { burst: 256, perSecond: 256 },
};
/** The length of a last beat, in bytes: of a signature, and its name. */
const FAREWELL_BYTES = 75;

export interface BeatsWorld {
  /** The name of this server, and that of its clock. */
  readonly place: string;
  readonly clockName: string;
  readonly secret: ClusterSecret;
  readonly bus: Pick<Bus, "beat" | "hear">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly nodes: Pick<Nodes, "heard" | "left" | "all">;
  readonly terms: Pick<OwnerTerms, "isOwn" | "ownTerm">;
}

export class Beats {
  readonly #world: BeatsWorld;
  /** Where the groups of all servers were by their last beats. */
  readonly places = new HeardPlaces();
  readonly #limits = new SourceLimits(READ);
  #hasEnded = false;

  constructor(world: BeatsWorld) {
    this.#world = world;
  }

  /** Hears the beats of all servers. */
  hear(): void {
    const { bus, clock, nodes } = this.#world;
    bus.hear((from, beat) => {
      if (!this.#limits.admits(from, clock.now())) return;
      if (this.#isFarewell(from, beat)) return nodes.left(from);
      this.places.heard(from, beat, clock.now());
      nodes.heard(from);
    });
  }

  /** Beats until the server ends. */
  async run(groups: Groups): Promise<void> {
    const { clock, signal } = this.#world;
    while (!this.#hasEnded && !signal.aborted) {
      this.beat(groups);
      await clock.sleep(BEAT_MS, signal);
    }
  }

  /** Sends where groups are now. */
  beat(groups: Groups): void {
    this.#world.bus.beat(encodePlaces(this.#playing(groups)));
  }

  /** Has the others take over what this server owns. */
  end(): void {
    this.#hasEnded = true;
    const { bus, secret, place, clockName } = this.#world;
    bus.beat(farewell(secret, place, clockName));
  }

  #isFarewell(from: string, beat: Uint8Array): boolean {
    if (beat.length !== FAREWELL_BYTES) return false;
    const { nodes, secret } = this.#world;
    const clock = nodes.all.get(from)?.record?.clock;
    return clock !== undefined && isSame(beat, farewell(secret, from, clock));
  }

  /** The groups of this server that play, and where. */
  *#playing(groups: Groups): Generator<[string, Playing]> {
    const { terms, clock } = this.#world;
    const nowUs = clock.now() * 1000;
    for (const { id, playback, queue } of groups.all.values()) {
      const entry = queue.playing?.entry;
      const plays = playback.state === "playing" && entry !== undefined;
      if (!plays || !terms.isOwn(id)) continue;
      const { seconds, atUs } = playback.position(nowUs);
      const inMs = (atUs - nowUs) / 1000;
      yield [id, { entry, seconds, inMs, term: terms.ownTerm(id) }];
    }
  }
}

/** No one without the secret can have a server taken for one that has left. */
function farewell(secret: ClusterSecret, place: string, clock: string) {
  const ends = secret.sign(["ends", place, clock]);
  return new TextEncoder().encode(JSON.stringify({ ends }));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
