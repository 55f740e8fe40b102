/**
 * A device that receives, or did: what is kept of it while it is away.
 *
 * @module
 */

import type { Queue } from "../../model/queue.ts";
import type { SavedDevice } from "../../ports/group_store.ts";
import type { ToServer } from "../../wire/messages.ts";
import type { Receiver } from "./receiver.ts";

/** How exactly a device follows its line. */
export type DeviceStep = NonNullable<ToServer<"state">["step"]>;

/** Of a device that has not reported how early it needs its PCM. */
const LEAD_US = { cold: 1_000_000, warm: 500_000 } as const;
/** The volume of a device that has not reported one. */
const DEFAULT_VOLUME = 100;

export class Device implements SavedDevice {
  readonly key: string;
  name: string;
  /** As of {@linkcode Present.kind}. */
  kind?: string;
  /** 0 to 100. */
  volume = DEFAULT_VOLUME;
  muted = false;
  /** How much earlier it must be fed. */
  delayMs = 0;
  seenMs: number;
  /** Null while it is away, or lent. */
  link: Receiver | null = null;
  /** Whether it is here, and plays for a group that does not run here. */
  isLent = false;
  /** Whether others may choose what it plays. */
  isReceiving = false;
  /** Undefined: it follows no line. */
  step: DeviceStep | undefined;
  /** As it has reported last, also in a group before. */
  leadMs: number | undefined;
  problem: string | undefined;
  /** The latest volume that it has yet to act on; null: it has. */
  #awaited: object | null = null;
  /** What was set while it was away, such as `volume`: it has the former value. */
  readonly setAway = new Set<string>();
  /** Its own queue while it is in a group of several; null: an empty one. */
  aside: Queue | null = null;

  constructor(key: string, name: string, seenMs: number) {
    this.key = key;
    this.name = name;
    this.seenMs = seenMs;
  }

  static restore(saved: SavedDevice): Device {
    const { key, name, seenMs, ...kept } = saved;
    return Object.assign(new Device(key, name, seenMs), kept);
  }

  /**
   * Its volume is being set, so that what it reports meanwhile is older.
   *
   * @returns To be called once it has acted on that.
   */
  awaitVolume(): () => void {
    const awaited = this.#awaited = {};
    return () => {
      if (this.#awaited === awaited) this.#awaited = null;
    };
  }

  /** Nothing comes of what was sent to it any more. */
  awaitNothing(): void {
    this.#awaited = null;
  }

  /** The volume to show while it reports one. */
  shownVolume(reported: number): number {
    return this.#awaited ? this.volume : reported;
  }

  /**
   * How long before it sounds it needs its PCM.
   *
   * @param isWarm Whether its player is open.
   */
  leadUs(isWarm: boolean): number {
    if (this.leadMs !== undefined) return this.leadMs * 1000;
    return isWarm ? LEAD_US.warm : LEAD_US.cold;
  }

  save(): SavedDevice {
    const { key, name, kind, seenMs, volume, muted, delayMs } = this;
    return { key, name, kind, seenMs, volume, muted, delayMs };
  }
}
