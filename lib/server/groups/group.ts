/**
 * A group: devices that play one queue, each as fast as it can take its streams.
 *
 * @module
 */

import type { Queue, Step } from "../../model/queue.ts";
import type { QueueEntry } from "../../model/queue_entry.ts";
import type { SavedGroup } from "../../ports/group_store.ts";
import type { Texts } from "../../ports/library.ts";
import { Absence } from "./absence.ts";
import type { Device } from "./device.ts";
import { DeviceStreams, type Programme } from "./device_streams.ts";
import { GroupPlayback } from "./group_playback.ts";
import type { PlaybackListener } from "./playback_listener.ts";
import { GroupVolume } from "./group_volume.ts";
import type { Receiver } from "./receiver.ts";
import type { GroupWorld } from "./world.ts";

/** Notified of a group. */
export interface GroupListener {
  /** Its row or what is kept of it has changed. */
  changed(group: Group): void;
}

export class Group implements PlaybackListener {
  /** Alone, the key of its device. */
  id: string;
  /** Its id before. */
  was: string | undefined;
  /** Chosen by a person; empty: it is named after its devices. */
  name = "";
  /** The key of the client that chose what plays. */
  by: string | undefined;
  /** Whether anyone has named it, so that its queue is kept. */
  isKept = false;
  readonly queue: Queue;
  readonly playback: GroupPlayback;
  readonly #world: GroupWorld;
  readonly #listener: GroupListener;
  readonly #members = new Map<Device, DeviceStreams>();
  /** The volume of all its devices together. */
  readonly volume: GroupVolume = new GroupVolume(() => this.devices);
  readonly #absence: Absence;
  #isRegrouping = false;

  constructor(
    world: GroupWorld,
    id: string,
    queue: Queue,
    listener: GroupListener,
  ) {
    this.id = id;
    this.queue = queue;
    this.#world = world;
    this.#listener = listener;
    this.playback = new GroupPlayback(world, queue, this);
    this.#absence = new Absence(world, this.playback);
  }

  get devices(): readonly Device[] {
    return [...this.#members.keys()];
  }

  get isSeveral(): boolean {
    return this.#members.size > 1;
  }

  /** Devices that are here. */
  get present(): readonly Device[] {
    return this.devices.filter(({ link }) => link !== null);
  }

  /** Whether clients see it: not a device alone that is away for long. */
  get isListed(): boolean {
    return this.isSeveral || this.devices.some((it) => it.isReceiving) ||
      this.playback.state === "playing";
  }

  /** Adds and removes devices, of which only the last state is acted on. */
  regroup(act: () => void): void {
    this.#isRegrouping = true;
    act();
    this.#isRegrouping = false;
    this.#checkAbsence();
    this.due();
  }

  /** Adds a device, which is sent what plays. */
  add(device: Device): void {
    this.#members.set(device, new DeviceStreams());
    if (device.link) this.#absence.cancel();
    this.due();
  }

  /** Removes a device, which falls silent unless the group's only one leaves. */
  remove(device: Device): void {
    const streams = this.#members.get(device);
    this.#members.delete(device);
    if (device.link) streams?.stop(device.link, "it has left its group");
    this.#checkAbsence();
  }

  #checkAbsence(): void {
    if (this.#isRegrouping || this.present.length > 0) return;
    this.#absence.begin(this.isSeveral);
  }

  /**
   * A device is here again, with a new connection.
   *
   * @returns Resolves once it was sent what is due.
   */
  async arrive(device: Device): Promise<void> {
    this.#members.get(device)?.forget();
    // A device of the first version asks for its song by itself.
    if (this.#absence.isOn && !device.link!.isInStep) return;
    const begins = this.#absence.end(this.isSeveral);
    if (begins) await begins;
    else this.due();
  }

  /** A device needs everything that is due once more. */
  rejoin(device: Device): void {
    this.#members.get(device)?.repeat();
    this.due();
  }

  /** A device has lost its connection. */
  depart(device: Device): void {
    this.#members.get(device)?.forget();
    this.#checkAbsence();
    this.#listener.changed(this);
  }

  /** Takes up what was kept over a restart; its devices are away. */
  restore(saved: SavedGroup): void {
    this.name = saved.name;
    this.by = saved.by;
    this.isKept = true;
    this.#absence.restore(saved);
  }

  /** To be called twice a second. */
  sweep(): void {
    const { playback } = this;
    if (playback.state !== "playing") return;
    playback.followSender();
    playback.advance();
    if (this.present.length > 0 && playback.isActive) this.#absence.cancel();
    if (this.#absence.isOver()) return;
    this.due();
  }

  /** A device was sent all of a stream. */
  sent(): void {
    if (this.playback.state === "playing") this.due();
  }

  /** A stream of a device has failed. */
  failed(device: Device, stream: number, error: unknown): void {
    const streams = this.#members.get(device);
    const take = streams?.takeOf(stream);
    if (take === undefined) return;
    streams!.lost(stream);
    this.playback.failed(take, error);
  }

  /**
   * A live stream of a device has fallen too far behind: it is sent what is due
   * now.
   *
   * @returns False if the group does not play it.
   */
  behind(device: Device, stream: number): boolean {
    const streams = this.#members.get(device);
    if (streams?.takeOf(stream) === undefined) return false;
    // A device that has paused by itself takes nothing, and joins anew.
    if (this.playback.state === "paused") this.playback.suspend("paused", 0);
    else streams.repeat();
    this.due();
    return true;
  }

  /** The position in the song that plays. */
  get seconds(): number {
    return this.playback.position(this.#world.nowUs()).seconds;
  }

  /** Plays what a step of the queue by a person has led to. */
  skip(step: Step): void {
    if ("plays" in step) this.playback.begin(step);
    else this.playback.stop();
  }

  seek(seconds: number): void {
    const { playback, queue } = this;
    const { playing } = queue;
    if (playback.state === "stopped" || playing === null) {
      queue.mark(seconds);
      return this.stepped();
    }
    playback.begin({ plays: playing }, seconds, playback.state);
  }

  /** @throws {OndacastError} `stale`, `not-found`. */
  jump(entry: number): void {
    // It may have been mended.
    this.queue.setProblem(entry, undefined);
    this.skip(this.queue.jump(entry));
  }

  shuffle(on: boolean): void {
    this.change((queue) => queue.setShuffle(on, this.#world.random));
  }

  /** Changes the queue, and plays what it demands then. */
  change<T>(act: (queue: Queue) => T): T {
    const result = act(this.queue);
    this.playback.edited();
    this.stepped();
    return result;
  }

  /**
   * Adds songs to the queue.
   *
   * @returns The first new entry.
   * @throws {OndacastError} `too-large`, `not-found`.
   */
  enqueue(
    { songs, place = "now", index, shuffle, repeat }: {
      songs: Texts;
      place?: "now" | "next" | "end";
      index?: number;
      shuffle?: boolean;
      repeat?: "off" | "all" | "one";
    },
  ): QueueEntry | null {
    const { random } = this.#world;
    const isAny = shuffle && place === "now";
    const first = index ?? (isAny ? Math.floor(random() * songs.length) : 0);
    const entry = this.queue.add(songs, place, first);
    if (isAny) this.queue.shuffleAll(random);
    else if (shuffle !== undefined) this.queue.setShuffle(shuffle, random);
    if (repeat !== undefined) this.queue.repeat = repeat;
    if (place !== "now") this.playback.edited();
    return entry;
  }

  /** Whether a stream of a device brings what the group plays. */
  plays(device: Device, stream: number): boolean {
    return this.#members.get(device)?.takeOf(stream) !== undefined;
  }

  /** What a device was sent; undefined: it is not in the group. */
  streamsOf(device: Device): DeviceStreams | undefined {
    return this.#members.get(device);
  }

  /** A device has thrown away what it was sent. */
  forget(device: Device): void {
    this.#members.get(device)?.forget();
  }

  leadsUs(): number[] | null {
    if (!this.isSeveral) return null;
    const nowUs = this.#world.nowUs();
    return this.present.map((device) =>
      device.leadUs(this.#members.get(device)!.isWarm(nowUs))
    );
  }

  warmLeadsUs(): number[] {
    const nowUs = this.#world.nowUs();
    return this.present
      .filter((device) => this.#members.get(device)!.isWarm(nowUs))
      .map(({ leadMs = 0 }) => leadMs * 1000);
  }

  playsRows(): boolean {
    return this.devices.every(({ link }) => link?.isInStep !== false);
  }

  soundedUs(nowUs: number): number {
    const [member] = this.#members;
    if (this.isSeveral || !member) return nowUs;
    const [{ link }, streams] = member;
    const { timeline } = this.playback;
    const last = timeline.row.at(-1)?.id;
    const sent = streams.lastTake;
    if (last === undefined) return nowUs;
    if (sent === null) {
      // It has yet to be sent what is due.
      const startsAtUs = timeline.startsAtUs(timeline.row[0].id);
      return Math.min(nowUs, startsAtUs ?? nowUs);
    }
    if (sent === last && link && streams.hasAllOf(sent, link)) return nowUs;
    const endsAtUs = timeline.endsAtUs(sent);
    return endsAtUs === null ? nowUs : Math.min(nowUs, endsAtUs - 1);
  }

  /** Sends each device what it lacks. */
  due(): void {
    if (this.#isRegrouping) return;
    for (const [device, streams] of this.#members) {
      const { link } = device;
      link?.post("group", () => {
        if (this.#members.get(device) !== streams) return;
        if (device.link === link) this.#feed(link, device, streams);
      });
    }
  }

  #feed(link: Receiver, device: Device, streams: DeviceStreams): void {
    const { playback } = this;
    const programme: Programme = {
      timeline: playback.timeline,
      row: playback.takes(),
      nowUs: this.#world.nowUs(),
      isSeveral: this.isSeveral,
      isPaused: playback.state === "paused",
      lineVersion: playback.lineVersion,
      cause: {
        ...(this.by !== undefined && { by: this.by }),
        ...(link.isInStep && { group: this.id }),
      },
      songOf: ({ id }) => playback.row.get(id)!.song,
    };
    const leadUs = device.leadUs(streams.isWarm(programme.nowUs));
    streams.feed(link, programme, leadUs);
  }

  stepped(): void {
    this.#listener.changed(this);
  }

  ended(): void {
    for (const streams of this.#members.values()) streams.forget();
  }
}
