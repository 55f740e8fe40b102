/**
 * A Snapcast client as a device: it plays one endless stream, which is filled with
 * what its group plays.
 *
 * @module
 */

import type { OndacastError } from "../../errors.ts";
import type { OpenSong } from "../../ports/server.ts";
import { type LinedSong, LiveLine } from "../../server/groups/live_line.ts";
import type {
  DeviceControl,
  Receiver,
  StreamCause,
  StreamLine,
} from "../../server/groups/receiver.ts";
import { RoomFeed } from "./room_feed.ts";
import { RoomMember } from "./room_member.ts";
import { RoomSound, type SoundingSong, soundingSong } from "./room_sound.ts";
import { RoomStreams } from "./room_streams.ts";
import type { RoomClient, RoomWorld } from "./room_world.ts";

/** Longer than a rest, and than sound is sent before it is heard. */
const SOON_US = 4_000_000;
/** What was heard to its end is kept for this long, for what follows it late. */
const OVER_US = 1_000_000;

export class Room implements Receiver {
  readonly isInStep = true;
  /** All of a stream is read when it is due, however long before. */
  readonly sending = null;
  readonly member: RoomMember;
  readonly #world: RoomWorld;
  readonly #client: RoomClient;
  readonly #streams = new RoomStreams<SoundingSong>();
  readonly #sound = new RoomSound(this.#streams, () => this.#failed());
  readonly #feed: RoomFeed;
  /** A feed's lead has a margin of its own. */
  readonly #liveLine = new LiveLine(0);
  readonly #posted = new Map<string, () => void>();
  #hasLeft = false;
  #latest = 0;

  constructor(world: RoomWorld, client: RoomClient) {
    this.#world = world;
    this.#client = client;
    this.#feed = new RoomFeed({
      sound: this.#sound,
      delayUs: () => this.member.device.delayMs * 1000,
      send: (pcm, atUs) => client.sound(pcm, atUs),
    });
    this.member = new RoomMember(world, this.#streams, this.#feed);
  }

  leave(): void {
    this.#hasLeft = true;
    this.#release(this.#streams.drop(0));
    this.member.leave(this);
  }

  start(
    song: OpenSong,
    fromFrame: number,
    { group = "", follows }: StreamCause,
    lined?: (stream: number) => void,
  ): number {
    this.#warm();
    const atUs = this.#feed.earliestUs(this.#nowUs);
    if (follows !== undefined) this.#release(this.#streams.dropAfter(follows));
    const former = this.#streams.all.find(({ stream }) => stream === follows);
    // A song that does not begin at its start has no joint with another.
    const conversion = this.#world.conversions
      .use(song, group, fromFrame === 0 ? former?.conversion : undefined);
    const from = Math.min(fromFrame, conversion.song.frames);
    const stream = ++this.#latest;
    const sounding = soundingSong(conversion, from, { stream, follows });
    this.#streams.add(sounding);
    if (conversion.sound !== former?.conversion.sound) {
      this.#sound.prepare(sounding);
    }
    if (lined) lined(stream);
    else if (follows === undefined) {
      // A live song does not wait for a player.
      const lostUs = song.live ? this.#feed.openingUs(this.#nowUs) : 0;
      const frame = Math.round(lostUs / 1e6 * sounding.rate);
      this.line({ stream, frame, atUs, sinceUs: atUs });
    }
    this.member.show();
    return stream;
  }

  line(line: StreamLine): void {
    const nowUs = this.#nowUs;
    this.#streams.setLine(line, nowUs);
    this.#liveLine.begin(this.#lined, nowUs);
    this.#warm();
  }

  drop(stream: number): void {
    this.#release(this.#streams.drop(stream));
    this.member.show();
  }

  control({ action }: DeviceControl, acted?: () => void): void {
    acted?.(); // It reports what is set here.
    if (action === "pause" || action === "resume") this.#turn(action);
    else if (action === "stop") this.drop(0);
    else {
      this.member.adjust();
      this.#client.changed(this.member.device);
    }
    this.member.show();
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
    if (this.member.isAlone) this.#followSender(nowUs);
    this.#feed.pump(nowUs);
    this.#release(this.#streams.prune(nowUs));
    if (this.#streams.isOver(nowUs - OVER_US)) this.drop(0);
    this.member.report();
    return this.#feed.isWarm(nowUs) ||
      this.#streams.at(nowUs + SOON_US).stream !== null;
  }

  get #nowUs(): number {
    return this.#world.clock.now() * 1000;
  }

  #warm(): void {
    this.#feed.warm(this.#nowUs);
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
    receivers.failed(this.member.device, stream, song.failure!.error);
  }

  #turn(action: "pause" | "resume"): void {
    const sinceUs = this.#feed.earliestUs(this.#nowUs);
    const place = this.#streams.placeAt(sinceUs);
    if (!place) return;
    const { stream: { stream }, frame } = place;
    const atUs = action === "pause" ? null : sinceUs;
    this.line({ stream, frame, atUs, sinceUs });
  }

  /** Keeps the pace of a live song's sender; in a group, its line does. */
  #followSender(nowUs: number): void {
    // While the player opens, its lead is longer.
    const isOpen = this.#feed.openingUs(nowUs) === 0;
    const leadsUs = isOpen ? [this.#feed.leadUs(nowUs)] : [];
    const movedUs = this.#liveLine.moveUs(this.#lined, nowUs, leadsUs);
    if (movedUs !== 0) this.#streams.shift(movedUs);
  }

  /** The live song that its latest line is about; null: there is none. */
  get #lined(): LinedSong | null {
    const { line } = this.#streams;
    const found = this.#streams.all.find((it) => it.stream === line?.stream);
    const live = found?.conversion.song.song.live;
    if (!live || line!.atUs === null) return null;
    const { fromFrame, rate } = found!;
    const startsUs = line!.atUs - (fromFrame + line!.frame) * 1e6 / rate;
    return { live, startsUs };
  }
}
