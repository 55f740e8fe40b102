/**
 * A Snapcast client as a device: it plays one endless stream, which is filled with
 * what its group plays.
 *
 * @module
 */

import type { OndacastError } from "../../errors.ts";
import { type Present, resting } from "../../model/presence.ts";
import type { OpenSong } from "../../ports/server.ts";
import type { Device } from "../../server/groups/device.ts";
import type {
  DeviceControl,
  Receiver,
  StreamCause,
  StreamLine,
} from "../../server/groups/receiver.ts";
import { shownActivity } from "./room_activity.ts";
import { RoomSound, type SoundingSong } from "./room_sound.ts";
import { RoomStreams } from "./room_streams.ts";
import type { RoomClient, RoomWorld } from "./room_world.ts";
import { LAYOUT } from "./wire.ts";

/** Sound is sent this long before it is heard. */
export const AHEAD_US = 400_000;
/** Time for what a device alone was asked for to reach its client. */
const MARGIN_US = 50_000;
/** Time for its player to open and to find its place, which it loses in between. */
const OPENING_US = 500_000;
/** Below this time before it is heard, sound that is not there is left out. */
const LATE_US = 100_000;
/** A chunk: 20 ms. */
const CHUNK_FRAMES = 960;
const CHUNK_US = CHUNK_FRAMES / LAYOUT.rate * 1e6;
/** Its player is kept open by silence for this long. */
const WARM_US = 60_000_000;
/** Longer than a rest, and than sound is sent before it is heard. */
const SOON_US = 4_000_000;
/** What was heard to its end is kept for this long, for what follows it late. */
const OVER_US = 1_000_000;
/** How often a device alone reports its position. */
const REPORT_US = 500_000;

export class Room implements Receiver {
  readonly isInStep = true;
  /** All of a stream is read when it is due, however long before. */
  readonly sending = null;
  readonly #world: RoomWorld;
  readonly #client: RoomClient;
  readonly #streams = new RoomStreams<SoundingSong>();
  readonly #sound = new RoomSound(
    this.#streams,
    () => this.#failed(),
  );
  readonly #posted = new Map<string, () => void>();
  #hasLeft = false;
  #present: Present<Receiver> | null = null;
  #device: Device | null = null;
  #latest = 0;
  /** The time of the next chunk. */
  #dueUs = 0;
  #soundedUs = -Infinity;
  #reportedUs = -Infinity;
  /** Chunks whose sound was not there in time. */
  #underruns = 0;

  constructor(world: RoomWorld, client: RoomClient) {
    this.#world = world;
    this.#client = client;
  }

  get device(): Device {
    return this.#device!;
  }

  /** Is a device from now on. */
  join(who: { key: string; id: string; name: string }): void {
    const { presence, receivers, clock } = this.#world;
    this.#present = {
      ...who,
      receiving: true,
      isUnverified: true,
      activity: resting(true),
      activityAtMs: clock.now(),
      link: this,
    };
    presence.join(this.#present);
    this.#device = receivers.arrive(who.key, who.name, this);
    this.#adjust(this.device.volume);
    this.#show();
  }

  rename(name: string): void {
    this.device.name = name;
    this.#present = { ...this.#present!, name };
    this.#world.presence.join(this.#present);
  }

  leave(): void {
    const { presence, receivers } = this.#world;
    this.#hasLeft = true;
    this.#release(this.#streams.drop(0));
    if (this.#device) receivers.depart(this.#device, this);
    if (this.#present) presence.leave(this.#present);
  }

  /** Its client was set to something at its own side. */
  adopt({ volume, muted }: { volume: number; muted: boolean }): void {
    const { device } = this;
    const { groups } = this.#world;
    const isNews = device.muted !== muted;
    device.muted = muted;
    this.#adjust(volume);
    if (isNews) groups.changed(groups.group(device));
    this.#show();
  }

  start(
    song: OpenSong,
    fromFrame: number,
    { group = "", follows }: StreamCause,
    lined?: (stream: number) => void,
  ): number {
    const atUs = this.#earliestUs;
    if (follows !== undefined) this.#release(this.#streams.dropAfter(follows));
    const former = this.#streams.all.find(({ stream }) => stream === follows);
    // A song that does not begin at its start has no joint with another.
    const conversion = this.#world.conversions
      .use(song, group, fromFrame === 0 ? former?.conversion : undefined);
    const { firstFrame, frames, format: { rate } } = conversion.song;
    const stream = ++this.#latest;
    const from = Math.min(fromFrame, frames);
    this.#streams.add({
      ...{ stream, rate, fromFrame: from, frames: frames - from, conversion },
      ...{ follows, name: song.entry.name },
    });
    if (conversion.row !== former?.conversion.row) {
      this.#sound.want(conversion, (firstFrame + from) / rate * LAYOUT.rate);
    }
    this.#warm();
    if (lined) lined(stream);
    else if (follows === undefined) {
      this.line({ stream, frame: 0, atUs, sinceUs: atUs });
    }
    this.#show();
    return stream;
  }

  line(line: StreamLine): void {
    this.#streams.setLine(line, this.#nowUs);
    this.#warm();
  }

  drop(stream: number): void {
    this.#release(this.#streams.drop(stream));
    this.#show();
  }

  control({ action }: DeviceControl): void {
    if (action === "pause" || action === "resume") this.#turn(action);
    else if (action === "stop") this.drop(0);
    else {
      this.#adjust(this.device.volume);
      this.#client.changed(this.device);
    }
    this.#show();
  }

  /** Nothing is delivered before it has joined, nor after it has left. */
  post(name: string, deliver: () => void): void {
    if (this.#posted.size === 0) {
      queueMicrotask(() => {
        const due = [...this.#posted.values()];
        this.#posted.clear();
        if (!this.#hasLeft) { for (const deliver of due) deliver(); }
      });
    }
    this.#posted.set(name, deliver);
  }

  stop(error: OndacastError): Promise<void> {
    return this.#client.end(error.message);
  }

  /**
   * Sends what is due, and reports.
   *
   * @returns Whether it is to be called again before a chunk is over; else nothing
   * is due for {@linkcode SOON_US} after it.
   */
  pump(): boolean {
    const nowUs = this.#nowUs;
    const untilUs = nowUs + AHEAD_US + this.#delayUs;
    this.#dueUs = Math.max(this.#dueUs, nowUs + this.#delayUs);
    while (this.#dueUs < untilUs) {
      const isLate = this.#dueUs < nowUs + LATE_US + this.#delayUs;
      if (!this.#send(this.#dueUs, isLate)) break;
      this.#dueUs += CHUNK_US;
    }
    this.#release(this.#streams.prune(nowUs));
    if (this.#streams.isOver(nowUs - OVER_US)) this.drop(0);
    if (nowUs - this.#reportedUs >= REPORT_US) this.#report(nowUs);
    return this.#isWarm || this.#streams.at(nowUs + SOON_US).stream !== null;
  }

  get #nowUs(): number {
    return this.#world.clock.now() * 1000;
  }

  get #delayUs(): number {
    return Math.max(0, this.device.delayMs) * 1000;
  }

  /** When something else can be heard by a device that plays alone. */
  get #earliestUs(): number {
    const openingUs = this.#isWarm ? 0 : OPENING_US;
    const leadUs = AHEAD_US + this.#delayUs + MARGIN_US + openingUs;
    return Math.max(this.#nowUs + leadUs, this.#dueUs);
  }

  /** @returns Whether it was sent, or left out; else its sound is not there yet. */
  #send(atUs: number, isLate: boolean): boolean {
    const samples = new Int16Array(CHUNK_FRAMES * LAYOUT.channels);
    const isSound = this.#sound.fill(samples, atUs);
    if (isSound === null && !isLate) return false;
    if (isSound === null) this.#underruns++;
    if (isSound) this.#soundedUs = atUs;
    if (atUs - this.#soundedUs > WARM_US) return true;
    const { delayMs } = this.device;
    this.#client.sound(new Uint8Array(samples.buffer), atUs - delayMs * 1000);
    return true;
  }

  get #isWarm(): boolean {
    return this.#nowUs - this.#soundedUs < WARM_US;
  }

  /** Silence opens its player, for what will sound. */
  #warm(): void {
    this.#soundedUs = Math.max(this.#soundedUs, this.#nowUs);
    this.#world.wake();
  }

  #release(streams: SoundingSong[]): void {
    for (const { conversion } of streams) conversion.release();
  }

  #failed(): void {
    const failed = this.#streams.all
      .find(({ conversion }) => conversion.song.failure);
    if (!failed) return;
    const { stream, conversion: { song } } = failed;
    this.drop(stream);
    const { receivers } = this.#world;
    receivers.failed(this.device, stream, song.failure!.error);
  }

  #turn(action: "pause" | "resume"): void {
    const sinceUs = this.#earliestUs;
    const place = this.#streams.placeAt(sinceUs);
    if (!place) return;
    const { stream: { stream }, frame } = place;
    const atUs = action === "pause" ? null : sinceUs;
    this.line({ stream, frame, atUs, sinceUs });
  }

  /** A device that plays alone says where it is; in a group, its line does. */
  #report(nowUs: number): void {
    this.#reportedUs = nowUs;
    const { groups, receivers } = this.#world;
    const place = this.#streams.placeAt(nowUs);
    if (!place) return;
    this.#show();
    if (groups.group(this.device).isSeveral) return;
    const { stream, frame, isPlaying } = place;
    const position = (stream.fromFrame + frame) / stream.rate;
    if (frame < 0) return; // It has yet to begin.
    receivers.reported(this.device, {
      ...{ stream: stream.stream, position },
      playing: isPlaying,
    });
  }

  #adjust(volume: number): void {
    const leadMs = (AHEAD_US + MARGIN_US + this.#delayUs) / 1000;
    const step = { errorUs: 0, grade: "approximate", rttUs: 0 } as const;
    this.#world.receivers.adjust(this.device, {
      volume,
      step: { ...step, leadMs },
    });
  }

  /** Has others see what it plays. */
  #show(): void {
    const { clock, presence } = this.#world;
    const present = this.#present;
    if (!present || !this.#device) return;
    const shown = shownActivity(this.#streams, this.#nowUs, {
      volume: this.device.volume,
      underruns: this.#underruns,
    });
    presence.update(present, shown, clock.now());
  }
}
