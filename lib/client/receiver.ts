/**
 * A receiver: stays reachable for songs that others cast here, over all
 * reconnects, and obeys their controls. It also plays songs of its own choice.
 *
 * @module
 */

import { type OndacastError, toOndacastError } from "../errors.ts";
import {
  type ControlAction,
  NO_STREAM,
  type ToClient,
} from "../wire/messages.ts";
import { isDeviceAction } from "../wire/group_messages.ts";
import type { ClientSession } from "./client_session.ts";
import { interruptedBy } from "./interrupted.ts";
import { isPassing, type Link } from "./link.ts";
import { Notify } from "./notify.ts";
import { OwnGroup, type QueuedEntry, QueuedSong } from "./own_group.ts";
import type { Playback } from "./playback.ts";
import {
  DEFAULT_VOLUME,
  type SongListener,
  SongPlayer,
  type SongPlayerOptions,
} from "./song_player.ts";

/** Notified of a receiver. */
export interface ReceiverListener extends SongListener {
  /** It waits for songs at a server. */
  waiting(welcome: ToClient<"welcome">): void;
}

/** Options of a receiver. Its link says `receive` in its hello. */
export interface ReceiverOptions extends SongPlayerOptions {
  listener: ReceiverListener;
}

/** One receiver, for as long as the program runs. */
export class Receiver {
  readonly #link: Link;
  readonly #listener: ReceiverListener;
  readonly #player: SongPlayer;
  readonly #group: OwnGroup;
  readonly #changed = new Notify();
  readonly #stopping = new AbortController();
  #failure: OndacastError | null = null;
  #receiving = true;
  /** The connection that is listened to. */
  #heard: ClientSession | null = null;
  /** The connection that knows whether casts are accepted. */
  #informed: ClientSession | null = null;

  constructor(options: ReceiverOptions) {
    this.#link = options.link;
    this.#listener = options.listener;
    this.#group = new OwnGroup(
      options.link,
      (error) => options.listener.problem(toOndacastError(error)),
    );
    this.#player = new SongPlayer(options, {
      idle: () => this.#changed.notify(),
      failed: (error) => {
        this.#failure = error;
        this.#changed.notify();
      },
    });
  }

  /** The song that plays; null: it waits. */
  get playing(): Playback | null {
    return this.#player.playing;
  }

  /** Whether others may cast songs here; true at first. */
  get receiving(): boolean {
    return this.#receiving;
  }

  set receiving(on: boolean) {
    this.#receiving = on;
    this.#link.current?.send({ type: "receive", on });
    // The server counts a client that sends this as idle.
    if (this.playing) this.#player.volume = this.volume;
  }

  /** 0 to 100, for this song and all that follow. */
  get volume(): number {
    return this.#player.volume;
  }

  set volume(percent: number) {
    this.#player.volume = percent;
    const { current } = this.#link;
    if (!this.playing && current) this.#sendResting(current);
  }

  /** Why songs cannot be heard, for other clients; null: they can. */
  get problem(): string | null {
    return this.#player.problem;
  }

  set problem(problem: string | null) {
    this.#player.problem = problem;
  }

  /** Plays a song of the server here. */
  play(song: string, fromSeconds?: number): Playback {
    return this.#player.play(song, { fromSeconds });
  }

  /** The entry of a queue that a song is; null: no queue plays it. */
  queued(playback: Playback): QueuedEntry | null {
    return this.#player.queued(playback);
  }

  /** The queue of this device, which its group plays. */
  get group(): OwnGroup {
    return this.#group;
  }

  /**
   * The controls of a song for a person here. What a queue plays is controlled at
   * the server, for the whole group.
   */
  controlsOf(playback: Playback): Playback | QueuedSong {
    const queued = this.#player.queued(playback);
    if (queued === null) return playback;
    return new QueuedSong(this.#group, playback, queued);
  }

  /** Ends {@linkcode run}, whatever it waits for. */
  stop(): void {
    this.#stopping.abort();
  }

  /**
   * Receives until stopped, however long the server or the player is away.
   * After a failure it can be run again.
   *
   * @throws {OndacastError} `interrupted`; a fatal error of the server, such as
   * `replaced`; the player's, unless it is outlived.
   */
  async run(): Promise<void> {
    const { signal } = this.#link;
    const over = AbortSignal.any([signal, this.#stopping.signal]);
    using ended = interruptedBy(over);
    const run = new AbortController();
    this.#failure = null;
    this.#link.listen({
      opened: (session) => {
        this.#listen(session, run.signal);
        this.#sendReceiving(session);
      },
    }, run.signal);
    try {
      const received = this.#receive(over, run.signal);
      await Promise.race([received, ended.promise]);
    } catch (error) {
      if (signal.aborted || !over.aborted) throw error;
      this.#link.current?.send({ type: "receive", on: false });
    } finally {
      this.#player.end();
      this.#heard = null;
      run.abort();
    }
  }

  async #receive(over: AbortSignal, run: AbortSignal): Promise<void> {
    await this.#wait(over, run, await this.#greeted());
    while (!over.aborted) {
      await this.#changed.notified();
      if (this.#failure !== null) throw this.#failure;
      if (!this.playing) await this.#wait(over, run, this.#link.current);
    }
  }

  /** Waits on a connection, or on another one if it is lost. */
  async #wait(
    over: AbortSignal,
    run: AbortSignal,
    current: ClientSession | null,
  ): Promise<void> {
    const session = current?.isWelcome
      ? current
      : await this.#link.reconnect(Infinity, over);
    if (this.playing || over.aborted) return;
    this.#listen(session, run);
    this.#sendReceiving(session);
    this.#listener.waiting(await session.welcome);
  }

  /** The first connection; null: the server is away. */
  async #greeted(): Promise<ClientSession | null> {
    try {
      const session = await this.#link.session();
      await session.welcome;
      return session;
    } catch (thrown) {
      const error = toOndacastError(thrown);
      if (!isPassing(error)) throw error;
      this.#link.miss(error);
      return null;
    }
  }

  #listen(session: ClientSession, until: AbortSignal): void {
    if (this.#heard === session) return;
    this.#heard = session;
    session.listen({
      cast: (cast) => this.#player.play(cast.start.song, { cast }),
      stopped: ({ stream }) => this.#player.stopped(session, stream),
      line: (line) => this.#player.line(session, line),
      control: ({ action, value }) => this.#control(action, value),
      closed: (error) => {
        // Before the welcome, the caller that opened it gets the error.
        if (session.isWelcome && !isPassing(error)) this.#failure = error;
        this.#changed.notify();
      },
    }, until);
  }

  #control(
    action: ToClient<"control">["action"],
    value: number | boolean | undefined,
  ): void {
    if (action === "mute") this.#player.muted = value === true;
    else if (typeof value === "boolean") return;
    else if (action === "delay") this.#player.delayMs = value ?? 0;
    else if (isDeviceAction(action)) this.#obey(action, value ?? 0);
  }

  #obey(action: ControlAction, value: number): void {
    // The server knows the volume that it has set.
    if (action === "volume") return void (this.#player.volume = value);
    const { playing } = this;
    // A song that was stopped does not come back.
    if (playing === null || playing.skipped) return;
    const act = {
      pause: () => this.#player.hold(true),
      resume: () => this.#player.hold(false),
      stop: () => playing.skip("stopped"),
      seek: () => playing.seek(value),
    };
    act[action]();
  }

  #sendReceiving(session: ClientSession): void {
    if (this.#informed === session) return;
    this.#informed = session;
    session.send({ type: "receive", on: this.#receiving });
    // A server that has not met it before assumes the default.
    if (!this.playing && this.volume !== DEFAULT_VOLUME) {
      this.#sendResting(session);
    }
  }

  /** Reports the volume for the next song while nothing plays. */
  #sendResting(session: ClientSession): void {
    const { problem, volume } = this;
    session.send({
      type: "state",
      stream: NO_STREAM,
      position: 0,
      playing: false,
      volume,
      underruns: 0,
      ...(problem !== null && { problem }),
    });
  }
}
