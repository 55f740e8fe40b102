/**
 * The device of one room, as others see it: its presence, what it reports of itself,
 * and what was changed at its client.
 *
 * @module
 */

import { type Present, resting } from "../../model/presence.ts";
import type { Device } from "../../server/groups/device.ts";
import type { Receiver } from "../../server/groups/receiver.ts";
import { shownActivity } from "./room_activity.ts";
import type { RoomFeed } from "./room_feed.ts";
import type { SoundingSong } from "./room_sound.ts";
import type { RoomStreams } from "./room_streams.ts";
import type { RoomWorld } from "./room_world.ts";

/** How often a device alone reports its position. */
const REPORT_US = 500_000;

export class RoomMember {
  readonly #world: RoomWorld;
  readonly #streams: RoomStreams<SoundingSong>;
  readonly #feed: RoomFeed;
  #present: Present<Receiver> | null = null;
  #device: Device | null = null;
  #reportedUs = -Infinity;

  constructor(
    world: RoomWorld,
    streams: RoomStreams<SoundingSong>,
    feed: RoomFeed,
  ) {
    this.#world = world;
    this.#streams = streams;
    this.#feed = feed;
  }

  /** Call it after {@linkcode join} only. */
  get device(): Device {
    return this.#device!;
  }

  /** Whether it plays alone, without a line. */
  get isAlone(): boolean {
    return !this.#world.groups.group(this.device).isSeveral;
  }

  /** Is a device from now on. */
  join(
    link: Receiver,
    named: { key: string; id: string; name: string },
  ): void {
    const { presence, receivers, clock } = this.#world;
    this.#present = {
      ...named,
      kind: "speaker",
      receiving: true,
      isUnverified: true,
      activity: resting(true),
      activityAtMs: clock.now(),
      link,
    };
    presence.join(this.#present);
    this.#device = receivers.arrive(this.#present, link);
    this.adjust();
    this.show();
  }

  leave(link: Receiver): void {
    const { presence, receivers } = this.#world;
    if (this.#device) receivers.depart(this.#device, link);
    if (this.#present) presence.leave(this.#present);
  }

  rename(name: string): void {
    this.device.name = name;
    this.#present = { ...this.#present!, name };
    this.#world.presence.join(this.#present);
  }

  /** Its client was set to something at its own side. */
  adopt({ volume, muted }: { volume: number; muted: boolean }): void {
    const { device } = this;
    const { groups } = this.#world;
    const isNews = device.muted !== muted;
    device.muted = muted;
    this.adjust(volume);
    if (isNews) groups.changed(groups.group(device));
    this.show();
  }

  /** Reports its volume, and how long before it sounds it needs its PCM. */
  adjust(volume = this.device.volume): void {
    const leadMs = this.#feed.leadUs(this.#nowUs) / 1000;
    const step = { errorUs: 0, grade: "approximate", rttUs: 0 } as const;
    this.#world.receivers.adjust(this.device, {
      volume,
      step: { ...step, leadMs },
    });
  }

  /**
   * Reports twice a second. A device that plays alone says where it is; in a group,
   * its line does.
   */
  report(): void {
    const nowUs = this.#nowUs;
    if (nowUs - this.#reportedUs < REPORT_US) return;
    this.#reportedUs = nowUs;
    this.adjust();
    const place = this.#streams.placeAt(nowUs);
    if (!place) return;
    this.show();
    const { stream, frame, isPlaying } = place;
    // Before frame 0 it has yet to begin.
    if (frame < 0 || !this.isAlone) return;
    this.#world.receivers.reported(this.device, {
      stream: stream.stream,
      position: (stream.fromFrame + frame) / stream.rate,
      playing: isPlaying,
    });
  }

  /** Has others see what it plays. */
  show(): void {
    const { clock, presence } = this.#world;
    const present = this.#present;
    if (!present || !this.#device) return;
    const shown = shownActivity(this.#streams, this.#nowUs, {
      volume: this.device.volume,
      underruns: this.#feed.underruns,
    });
    presence.update(present, shown, clock.now());
  }

  get #nowUs(): number {
    return this.#world.clock.now() * 1000;
  }
}
