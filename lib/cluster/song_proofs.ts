/**
 * Compares what other servers send of a song with the SHA-256 by which it is known,
 * as far as they send all of it in a row. One that has sent something else is not
 * read from for a while: its file may be restored.
 *
 * @module
 */

import { LruCache } from "../model/lru_cache.ts";
import type { Clock, NewHash, StreamHash } from "../ports/common.ts";
import type { SongEntry } from "../ports/song_entry.ts";

/** Songs that are compared at once; the one that was read least lately is given up. */
const MOST_SONGS = 64;
/** Pieces that have come before those in front of them, as reads overlap. */
const MOST_AHEAD = 4;
/** Contents that servers do not have, though they say so. */
const MOST_LIES = 10_000;
/** How long a server is not read from after the first lie; each next time, twice that. */
const FIRST_WAIT_MS = 10 * 60_000;
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/** A song as far as one server has sent it. */
interface Passing {
  readonly hash: StreamHash;
  offset: number;
  readonly ahead: Map<number, Uint8Array>;
}

interface Lie {
  untilMs: number;
  /** How long it is not read from if it lies again. */
  readonly nextWaitMs: number;
}

export interface SongProofsWorld {
  readonly clock: Pick<Clock, "now">;
  newHash: NewHash;
  /** A server has sent something else than the content of a song. */
  lied(place: string, song: SongEntry): void;
}

export class SongProofs {
  readonly #world: SongProofsWorld;
  readonly #passing = new LruCache<string, Passing>(MOST_SONGS);
  readonly #lies = new LruCache<string, Lie>(MOST_LIES);

  constructor(world: SongProofsWorld) {
    this.#world = world;
  }

  /** Whether a server has just sent something else under this etag. */
  hasLied(place: string, etag: string): boolean {
    const lie = this.#lies.get(keyOf(place, etag));
    return lie !== undefined && this.#world.clock.now() < lie.untilMs;
  }

  /** A server has noticed that a file of it has this content again. */
  restored(place: string, etag: string): void {
    const lie = this.#lies.get(keyOf(place, etag));
    if (lie) lie.untilMs = -Infinity;
  }

  /** A server has sent a part of a song's WAV. */
  passed(
    place: string,
    song: SongEntry,
    offset: number,
    piece: Uint8Array,
  ): void {
    const { etag, content, bytes } = song;
    // Of what is decoded, the hash of what is sent is not known for sure.
    if (content === undefined || content !== etag) return;
    const key = keyOf(place, etag);
    if (offset === 0) this.#passing.set(key, this.#begin());
    const passing = this.#passing.get(key);
    if (!passing) return;
    this.#take(passing, offset, piece);
    if (passing.offset !== bytes) return;
    this.#passing.delete(key);
    if (passing.hash.hex() === content) return void this.#lies.delete(key);
    const waitMs = this.#lies.get(key)?.nextWaitMs ?? FIRST_WAIT_MS;
    this.#lies.set(key, {
      untilMs: this.#world.clock.now() + waitMs,
      nextWaitMs: Math.min(2 * waitMs, LONGEST_WAIT_MS),
    });
    this.#world.lied(place, song);
  }

  #begin(): Passing {
    return { hash: this.#world.newHash(), offset: 0, ahead: new Map() };
  }

  #take(passing: Passing, offset: number, piece: Uint8Array): void {
    const { hash, ahead } = passing;
    if (offset !== passing.offset) {
      const isAhead = offset > passing.offset && ahead.size < MOST_AHEAD;
      if (isAhead) ahead.set(offset, piece.slice());
      return;
    }
    for (let next: Uint8Array | undefined = piece; next;) {
      hash.update(next);
      passing.offset += next.length;
      next = ahead.get(passing.offset);
      ahead.delete(passing.offset);
    }
  }
}

function keyOf(place: string, etag: string): string {
  return `${place} ${etag}`;
}
