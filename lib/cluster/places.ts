/**
 * Where groups are in what they play: a part of each beat, so that another server
 * can go on from there, whatever its wall clock says.
 *
 * @module
 */

import * as v from "valibot";
import { count, numberFrom, seconds } from "../wire/fields.ts";

/** The longest beat, in bytes. */
const MOST_BYTES = 64 * 1024;
/** Most servers whose places are noted. */
const MOST_NODES = 64;
/** The longest time until a group is at its place. */
const MOST_IN_MS = 60_000;
/** Groups of a beat; others go on from where their last change left them. */
const MOST_GROUPS = 512;

const BEAT = v.object({
  playing: v.record(
    v.string(),
    v.tuple([
      count,
      seconds,
      v.optional(numberFrom(0, MOST_IN_MS), 0),
      v.optional(count, 0),
    ]),
  ),
});

/** What a group plays. */
export interface Playing {
  entry: number;
  seconds: number;
  /** In how many milliseconds it is there: a song counts before it sounds. */
  inMs: number;
  /** That of the owner which plays it. */
  term: number;
}

/** Where a group is, and when, by this server's clock. */
export interface HeardPlace extends Omit<Playing, "inMs"> {
  atMs: number;
  /** When its beat was heard. */
  heardMs: number;
}

/** The beat of a server with these groups. */
export function encodePlaces(
  playing: Iterable<readonly [string, Playing]>,
): Uint8Array {
  const some = Iterator.from(playing).take(MOST_GROUPS)
    .map(([id, { entry, seconds, inMs, term }]) => [
      id,
      [entry, seconds, inMs, term],
    ]);
  const beat = { playing: Object.fromEntries(some) };
  return new TextEncoder().encode(JSON.stringify(beat));
}

/** The places that other servers have sent with their last beats. */
export class HeardPlaces {
  readonly #byNode = new Map<string, Map<string, HeardPlace>>();

  heard(node: string, beat: Uint8Array, heardMs: number): void {
    if (beat.length > MOST_BYTES) return;
    if (this.#byNode.size >= MOST_NODES && !this.#byNode.has(node)) return;
    this.#byNode.set(node, new Map(readPlaces(beat, heardMs)));
  }

  /** Where a group was when its owner of a term last sent its place. */
  latest(group: string, term: number): HeardPlace | undefined {
    let latest: HeardPlace | undefined;
    for (const places of this.#byNode.values()) {
      const place = places.get(group);
      if (place?.term !== term) continue;
      const latestMs = latest?.heardMs ?? -Infinity;
      if (place.heardMs > latestMs) latest = place;
    }
    return latest;
  }
}

function* readPlaces(
  beat: Uint8Array,
  heardMs: number,
): Generator<[string, HeardPlace]> {
  try {
    const { playing } = v.parse(
      BEAT,
      JSON.parse(new TextDecoder().decode(beat)),
    );
    const some = Object.entries(playing).slice(0, MOST_GROUPS);
    for (const [id, [entry, seconds, inMs, term]] of some) {
      yield [id, { entry, seconds, atMs: heardMs + inMs, heardMs, term }];
    }
  } catch {
    // It has no places, such as one of an older version.
  }
}
