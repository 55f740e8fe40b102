/**
 * One client of the server: its streams in both directions, its place among the
 * others, and its permissions. Its own requests act on it
 * ({@link ./requests.ts}), and so do other clients, to which it is a
 * {@linkcode Receiver}.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { isLoopback, peerHost } from "../model/address.ts";
import { Credit } from "../model/credit.ts";
import type { Present } from "../model/presence.ts";
import { RateLimit } from "../model/rate_limit.ts";
import type { Transport } from "../ports/common.ts";
import type { OpenSong } from "../ports/server.ts";
import { Channel } from "../wire/channel.ts";
import { type Feature, hasFeature } from "../wire/features.ts";
import type { RequestId } from "../wire/messages.ts";
import type { Caller, WatchedList } from "./caller.ts";
import { RATE_LIMIT } from "./cost.ts";
import { Echo } from "./echo.ts";
import { Farewell } from "./farewell.ts";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { judgeLife } from "./life.ts";
import { type Notice, Notices } from "./notices.ts";
import { PresenceEntry } from "./presence_entry.ts";
import type { Device } from "./groups/device.ts";
import type {
  DeviceControl,
  Receiver,
  StreamCause,
  StreamLine,
} from "./groups/receiver.ts";
import { SentSongs } from "./sent_songs.ts";
import type { StreamFrom } from "./stream_range.ts";
import { type Listener, StreamSender } from "./stream_sender.ts";

const UNLIMITED = { burst: Infinity, perSecond: Infinity };

/** A connected client, which may not have said `hello` yet. */
export class Member implements Caller, Connection, Listener, Receiver {
  readonly hub: Hub;
  readonly channel: Channel;
  readonly credit: Credit = new Credit(0);
  readonly outgoing: StreamSender = new StreamSender(this);
  readonly sent: SentSongs;
  readonly echo: Echo;
  /** Throttles the client's requests, in the units of `cost.ts`. */
  rateLimit: RateLimit;
  /** What it understands beyond the first version. */
  features: readonly Feature[] = [];
  /** When its latest bytes were read, in microseconds of the server's clock. */
  receivedUs = 0;
  /** When the pending read began; null: a request is being handled. */
  readsSinceMs: number | null = null;
  readonly #connectedAtMs: number;
  #pingedAtMs = -Infinity;
  #entry: PresenceEntry | null = null;
  #device: Device | null = null;
  /**
   * `unproven`: a server of the household that has yet to prove itself, and is
   * answered nothing else; `trusted`: one that has.
   */
  #standing: "client" | "unproven" | "trusted" = "client";
  // Created on demand: most clients are never cast to.
  #notices: Notices | null = null;
  readonly #farewell: Farewell;

  constructor(hub: Hub, transport: Transport) {
    this.hub = hub;
    this.channel = new Channel(transport, hub.clock, hub.counters.traffic);
    this.sent = new SentSongs(this.channel, hub);
    this.echo = new Echo(this.channel, () => hub.clockUs);
    this.#connectedAtMs = hub.clock.now();
    this.rateLimit = new RateLimit(RATE_LIMIT, this.#connectedAtMs);
    this.#farewell = new Farewell(
      this.channel,
      hub.counters,
      () => this.outgoing.abandon(),
    );
  }

  /** Its entry in the list of who is online; null before it is welcomed. */
  get client(): Present<Receiver> | null {
    return this.#entry?.client ?? null;
  }

  /** @throws {TypeError} Before it is welcomed. */
  get presence(): PresenceEntry {
    if (this.#entry === null) throw new TypeError("Expected a hello first");
    return this.#entry;
  }

  /** @throws {TypeError} Before it is welcomed. */
  get key(): string {
    return this.presence.client.key;
  }

  watch(list: WatchedList, on: boolean): void {
    if (list === "online") this.hub.watch(this.channel, on);
    else this.hub.watchGroups(this.channel, on);
  }

  /** Whether the last message to it was sent or is being sent. */
  get isEnding(): boolean {
    return this.#farewell.hasBegun;
  }

  /** Why the connection ended. */
  get reason(): string {
    return this.#farewell.reason;
  }

  /** Whether it runs on the server's machine, as far as is known. */
  get isLocal(): boolean {
    const { peer, isPassedOn } = this.channel.transport;
    return !isPassedOn && isLoopback(peerHost(peer));
  }

  /** Records that bytes were read from it. */
  heard(bytes: number): void {
    this.channel.heard(bytes);
    this.receivedUs = this.hub.clockUs;
    this.sent.noteRead();
    this.rateLimit.refill(this.channel.heardAtMs);
  }

  get isUnproven(): boolean {
    return this.#standing === "unproven";
  }

  /** Whether it is another server, which has checked its own clients' requests. */
  get isTrusted(): boolean {
    return this.#standing === "trusted";
  }

  /** It is another server of the household, and has proved it. */
  trust(): void {
    this.#standing = "trusted";
    // What its clients may cause, it limits itself.
    this.rateLimit = new RateLimit(UNLIMITED, this.hub.clock.now());
  }

  /**
   * Adds it to the clients online; a receiver can be cast to from now on. Another
   * server is not listed.
   */
  join(client: Omit<Present<Receiver>, "link">, isServer = false): void {
    const present = { ...client, link: this };
    this.#entry = new PresenceEntry(present, this.hub, this.outgoing);
    if (isServer) {
      this.#standing = "unproven";
      return;
    }
    const before = this.hub.presence.join(present);
    before?.link.stop(
      new OndacastError(
        "replaced",
        "Cannot keep the connection: the same device has connected again",
      ),
    ).catch(() => {});
  }

  /** The device that others choose songs for; null: it does not receive. */
  get device(): Device | null {
    return this.#device;
  }

  get isInStep(): boolean {
    return hasFeature(this, "groups");
  }

  get sending(): number | null {
    return this.outgoing.stream;
  }

  /**
   * Plays a song that it requested, in place of what its group plays there.
   *
   * @param options.entry What the queue of its group plays: it stays in that.
   * @throws {OndacastError} `stale`, if the queue plays something else.
   */
  play(
    song: OpenSong,
    from: StreamFrom,
    { re, entry }: { re?: RequestId; entry?: number } = {},
  ): void {
    const { entry: { name } } = song;
    const { receivers } = this.hub;
    const device = this.#device;
    const isAgain = device && entry !== undefined;
    const cause = isAgain ? receivers.again(device, { song: name, entry }) : {};
    this.#notices?.discard("group");
    const { stream, fromSeconds } = this.outgoing
      .start(song, from, { ...cause, ...(re !== undefined && { re }) });
    this.presence.setPlaying(name, fromSeconds);
    if (device) {
      receivers.plays(device, { stream, song: name, fromSeconds, entry });
    }
  }

  start(
    song: OpenSong,
    frame: number,
    cause: StreamCause,
    lined?: (stream: number) => void,
  ): number {
    const { stream, song: name, fromSeconds } = this.outgoing
      .start(song, { frame }, cause, lined);
    if (cause.follows === undefined) {
      this.presence.setPlaying(name, fromSeconds);
    }
    return stream;
  }

  line({ stream, frame, atUs, sinceUs }: StreamLine): void {
    const isDue = sinceUs <= this.hub.clockUs;
    this.channel.send({
      ...{ type: "line", stream, frame },
      at: atUs === null ? null : Math.round(atUs),
      ...(!isDue && { since: Math.round(sinceUs) }),
    });
  }

  drop(stream: number, reason: string): void {
    const { outgoing } = this;
    if (this.isInStep || outgoing.stream === stream) {
      return outgoing.drop(stream, reason);
    }
    // In the first version, a stream that was sent whole cannot be stopped.
    outgoing.forget(stream);
    this.control({ action: "stop" });
  }

  control({ action, value, by }: DeviceControl, acted?: () => void): void {
    const deliver = () => {
      const stream = this.presence.heardStream;
      if (action === "volume" && stream === null) {
        this.presence.setRestingVolume(value as number);
      }
      this.channel.send({
        type: "control",
        action,
        ...(by !== undefined && { by }),
        ...(value !== undefined && { value }),
        ...(stream !== null && { stream }),
      });
      if (acted) this.echo.behindAll(acted);
    };
    this.#notify(`control ${action}`, { deliver, discard: acted });
  }

  post(name: string, deliver: () => void): void {
    this.#notify(name, { deliver });
  }

  #notify(name: string, notice: Notice): void {
    this.#notices ??= new Notices(this.channel);
    this.#notices.post(name, notice);
  }

  /** Sets whether others may cast to it. */
  setReceiving(on: boolean): void {
    if (!on) this.#notices?.discardAll();
    this.presence.setReceiving(on);
    if (on) this.begin();
    if (this.#device) this.hub.receivers.setReceiving(this.#device, on);
  }

  /** From now on a receiver is sent what its group plays. */
  begin(): void {
    if (this.#device || !this.client?.receiving) return;
    this.#device = this.hub.receivers.arrive(this.client, this);
  }

  streamStopped(): void {
    const problem = this.client?.activity.problem;
    this.#entry?.setResting({ problem });
  }

  streamSent(): void {
    if (this.#device) this.hub.receivers.sent(this.#device);
  }

  streamFailed(stream: number, error: unknown): void {
    const device = this.#device;
    if (device) this.hub.receivers.failed(device, stream, error);
  }

  streamBehind(stream: number): boolean {
    if (this.isTrusted) {
      // It counts what comes, and asks again for what is kept.
      this.outgoing.drop(stream, "it has fallen behind");
      return true;
    }
    const device = this.#device;
    if (!device) return false;
    return this.hub.receivers.behind(device, stream);
  }

  stop(error: OndacastError): Promise<void> {
    return this.#farewell.fail(error);
  }

  /** Ends the connection once everything queued so far is sent. */
  leave(reason: string): void {
    this.#farewell.leave(reason);
  }

  /** Answers a request with an error, and disconnects if that is fatal. */
  refuse(thrown: unknown, re?: RequestId): void | Promise<void> {
    const error = toOndacastError(thrown);
    // One client of another server must not cost the others their connection.
    const isOfClient = this.isTrusted && re !== undefined;
    if (error.fatal && !isOfClient) return this.fail(error, re);
    this.#farewell.sendError(error, re, false);
  }

  /** Disconnects because of an error; resolves when the client is gone. */
  async fail(thrown: unknown, re?: RequestId): Promise<void> {
    const error = toOndacastError(thrown, "lost");
    if (error.code === "lost") this.#farewell.lose(error);
    else await this.#farewell.fail(error, re);
  }

  /** Releases everything, once nothing is read from it any more. */
  async close(): Promise<void> {
    this.#notices?.close();
    this.outgoing.abandon();
    await this.sent.abandon();
    if (this.#device) this.hub.receivers.depart(this.#device, this);
    this.#device = null;
    if (this.client) this.hub.presence.leave(this.client);
    if (this.isTrusted) this.hub.elsewhere?.parted(this);
    this.hub.dismiss(this);
    await this.#farewell.over;
    this.channel.transport.close();
  }

  checkLife(nowMs: number, awakeSinceMs: number): void {
    const { channel } = this;
    const verdict = judgeLife(
      {
        isWelcomed: this.client !== null && !this.isUnproven,
        connectedAtMs: this.#connectedAtMs,
        readsSinceMs: this.readsSinceMs,
        heardAtMs: channel.heardAtMs,
        pingedAtMs: this.#pingedAtMs,
        isWriting: channel.transport.writing,
        progressAtMs: channel.transport.progressAtMs,
      },
      nowMs,
      awakeSinceMs,
    );
    const stuck = this.sent.stuck(nowMs, awakeSinceMs);
    if (typeof verdict === "object") this.#timeOut(verdict.over);
    else if (stuck) this.#timeOut(stuck.problem, stuck.re);
    else if (verdict === "ping") {
      this.#pingedAtMs = nowMs;
      channel.send({ type: "ping", time: this.hub.clockUs });
    }
  }

  #timeOut(problem: string, re?: RequestId): void {
    const error = new OndacastError(
      "timeout",
      `Cannot keep the connection: ${problem}`,
    );
    this.fail(error, re).catch(() => {});
  }
}
