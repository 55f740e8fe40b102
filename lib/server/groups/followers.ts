/**
 * Lets songs follow the one that plays without a gap: opens them shortly before
 * they sound, and drops them when the queue changes. A live song follows none: where
 * it is joined is only known when it begins.
 *
 * @module
 */

import { toOndacastError } from "../../errors.ts";
import type { Queue } from "../../model/queue.ts";
import type { QueueEntry } from "../../model/queue_entry.ts";
import { MOST_IN_A_ROW, type Timeline } from "../../model/timeline.ts";
import { openSong } from "./open_song.ts";
import { newTake, type TakeRow } from "./take_row.ts";
import type { GroupWorld } from "./world.ts";

/** A follower is opened this long before it sounds. */
const OPEN_AHEAD_US = 20_000_000;

/** What followers belong to. */
export interface FollowersOf {
  readonly queue: Queue;
  readonly timeline: Timeline;
  readonly row: TakeRow;
  /** The time up to which takes are over. */
  soundedUs(): number;
  /** A song follows the others; `isPaused`: the line that holds is another one. */
  followed(isPaused: boolean): void;
  /** A song cannot be played. */
  failed(): void;
  /** A song was opened too late. */
  missed(): void;
}

export class Followers {
  readonly #world: GroupWorld;
  readonly #of: FollowersOf;
  /** Identifies the latest attempt; null: none is under way. */
  #attempt: { after: number } | null = null;
  /** The take after which a live song begins; null: none is known. */
  #beforeLive: number | null = null;

  constructor(world: GroupWorld, of: FollowersOf) {
    this.#world = world;
    this.#of = of;
  }

  /** Whether a song is being opened. */
  get isOpening(): boolean {
    return this.#attempt !== null;
  }

  /** Ignores the song that is being opened. */
  cancel(): void {
    this.#attempt = this.#beforeLive = null;
  }

  /**
   * Drops followers that the queue does not let follow any more.
   *
   * @returns Whether there were any.
   */
  check(): boolean {
    this.cancel();
    const { queue, row, timeline } = this.#of;
    const [first, ...following] = row.coming;
    let before = first;
    for (const take of following) {
      const { entry } = queue.following("end", before.entry) ?? {};
      if (entry !== take.entry.entry) {
        if (!timeline.cut(before.id, this.#of.soundedUs())) return false;
        row.cut(before.id);
        return true;
      }
      before = take;
    }
    return false;
  }

  /** Opens what follows the last take, if that ends soon. */
  plan(): void {
    const { queue, row, timeline } = this.#of;
    const last = row.coming.at(-1);
    const endsAtUs = last ? timeline.endsAtUs(last.id) : null;
    if (!last || endsAtUs === null || this.#attempt?.after === last.id) return;
    if (this.#beforeLive === last.id) return;
    if (timeline.row.length >= MOST_IN_A_ROW) return;
    if (endsAtUs - this.#world.nowUs() > OPEN_AHEAD_US) return;
    const entry = queue.following("end", last.entry);
    if (entry && !this.#isLive(entry)) this.#follow(last.id, entry);
  }

  /** What is live is joined when it is due: what comes until then is over. */
  #isLive({ song }: QueueEntry): boolean {
    return this.#world.songs.find(song)?.bytes === null;
  }

  async #follow(after: number, entry: QueueEntry): Promise<void> {
    const { queue, row, timeline } = this.#of;
    const attempt = this.#attempt = { after };
    try {
      const song = await openSong(this.#world.songs, entry.song, 0);
      if (this.#attempt !== attempt) return song?.release();
      if (song === null) {
        throw new RangeError("Cannot play a song of no length");
      }
      if (song.live) {
        this.#attempt = null;
        this.#beforeLive = after;
        return song.release();
      }
      const take = newTake(entry, song, 0);
      this.#attempt = null;
      const line = timeline.follow(after, take, this.#of.soundedUs());
      const added = timeline.row.at(-1);
      if (line === null || added === undefined) {
        song.release();
        return this.#of.missed();
      }
      row.push({ id: added.id, entry, song, fromFrame: 0 });
      this.#of.followed(line.atUs === null);
      this.plan();
    } catch (thrown) {
      if (this.#attempt !== attempt) return;
      queue.setProblem(entry.entry, toOndacastError(thrown).code);
      // Many entries may fail one after the other.
      await this.#world.pause();
      if (this.#attempt !== attempt) return;
      this.#attempt = null;
      this.#of.failed();
    }
  }
}
