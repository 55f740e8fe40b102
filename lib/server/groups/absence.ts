/**
 * What becomes of a group whose devices are all away: what played goes on by itself
 * when one is back soon, else it waits where they left it.
 *
 * @module
 */

import type { SavedGroup } from "../../ports/group_store.ts";
import type { GroupPlayback } from "./group_playback.ts";
import type { GroupWorld } from "./world.ts";

/** A device that is back within this time is soon. */
export const AWAY_US = 60_000_000;

/** A line may be kept this long before it sounds: the longest lead, and a margin. */
const MOST_AHEAD_MS = 2_000;

/** Where the group was when its last device left. */
interface Left {
  atUs: number;
  entry: number | null;
  seconds: number;
  /** When that sounded, in milliseconds since 1970, before a restart. */
  wasAtMs: number | null;
}

export class Absence {
  readonly #world: GroupWorld;
  readonly #playback: GroupPlayback;
  #left: Left | null = null;

  constructor(world: GroupWorld, playback: GroupPlayback) {
    this.#world = world;
    this.#playback = playback;
  }

  get isOn(): boolean {
    return this.#left !== null;
  }

  /** The last device has left. */
  begin(isSeveral: boolean): void {
    if (this.#left) return;
    const playback = this.#playback;
    const { seconds } = playback.position(this.#world.nowUs());
    this.#leave(seconds, null);
    const { state } = playback;
    // A device that plays alone goes on where it was. What is paused may stay so
    // for days, and holds no song open meanwhile.
    const waits = state === "paused" || (state === "playing" && !isSeveral);
    if (waits) playback.suspend(state, seconds);
  }

  /** The server has started again, and no device is there yet. */
  restore({ state, atWallMs }: Pick<SavedGroup, "state" | "atWallMs">): void {
    const { seconds } = this.#playback.queue;
    const agoUs = this.#sinceUs(atWallMs ?? 0);
    const goesOn = state === "playing" && agoUs < AWAY_US;
    this.#leave(seconds, goesOn ? atWallMs : null);
    if (goesOn) this.#playback.suspend("playing", seconds);
    else if (state !== "stopped") this.#playback.suspend("paused", seconds);
  }

  /** Another command holds. */
  cancel(): void {
    this.#left = null;
  }

  /**
   * A device is back.
   *
   * @returns Resolves once what played has begun again; null: nothing did.
   */
  end(isSeveral: boolean): Promise<unknown> | null {
    const left = this.#left;
    const playback = this.#playback;
    this.#left = null;
    const { playing, seconds } = playback.queue;
    const goesOn = left !== null && playback.state === "playing";
    if (!goesOn || playback.isActive || !playing) return null;
    if (isSeveral && left.wasAtMs !== null) {
      const agoUs = this.#sinceUs(left.wasAtMs);
      return playback.goOn(seconds, this.#world.nowUs() - agoUs);
    }
    return playback.begin({ plays: playing }, seconds);
  }

  /** Whether no device was back soon; the group waits from then on. */
  isOver(): boolean {
    const left = this.#left;
    if (!left || this.#world.nowUs() - left.atUs < AWAY_US) return false;
    const { queue } = this.#playback;
    if (left.entry !== null && queue.get(left.entry)) queue.jump(left.entry);
    left.wasAtMs = null;
    this.#playback.suspend("paused", left.seconds);
    return true;
  }

  /** 0 if the wall clock was set back; negative if it has yet to sound. */
  #sinceUs(wallMs: number): number {
    const sinceMs = this.#world.wallMs() - wallMs;
    return sinceMs < -MOST_AHEAD_MS ? 0 : sinceMs * 1000;
  }

  #leave(seconds: number, wasAtMs: number | null): void {
    const entry = this.#playback.queue.playing?.entry ?? null;
    this.#left = { atUs: this.#world.nowUs(), entry, seconds, wasAtMs };
  }
}
