/**
 * A receiver: waits for songs that others cast here, plays each, obeys who
 * controls it, and goes on waiting, over all reconnects. It can play songs of
 * its own choice, too: whatever comes last takes the place of what plays.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { ToClient } from "../wire/messages.ts";
import { Notify } from "./notify.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
import { interruptedBy } from "./interrupted.ts";
import { isPassing, type Link } from "./link.ts";
import type { Output } from "./output.ts";
import type { Playback, PlaybackState, PlaybackSummary } from "./playback.ts";
import { songPlayback } from "./song_playback.ts";

/** What a `state` names while nothing plays. */
const NO_STREAM = 0;
/** The volume of a receiver whose volume nobody has changed. */
const LOUDEST = 100;

/** Notified of what a receiver does. */
export interface ReceiverListener {
  /** It waits, at a server. */
  waiting(welcome: ToClient<"welcome">): void;
  /** A song goes to the player. */
  start(playback: Playback, state: PlaybackState, player: string): void;
  /** A song is over: at its end, or before, as somebody wanted it so. */
  end(summary: PlaybackSummary, skipped: boolean): void;
  /** Something failed that does not end it. */
  problem(error: OndacastError): void;
  /** What failed, and was waited for, is well again. */
  recovered?(): void;
}

/** One receiver, for as long as the program runs. */
export class Receiver {
  readonly #link: Link;
  readonly #output: Output;
  readonly #listener: ReceiverListener;
  readonly #changed = new Notify();
  #playing: Playback | null = null;
  #failure: OndacastError | null = null;
  #volume = LOUDEST;
  #problem: string | null = null;
  readonly #stopping = new AbortController();
  readonly #outlivesPlayer: boolean;
  /** The connection that is listened to. */
  #heard: ClientSession | null = null;
  /** The connection that knows whether songs are received. */
  #told: ClientSession | null = null;
  #receiving = true;
  /** What was said to be over, though the last of it may still be heard. */
  #toldOver: Playback | null = null;

  /**
   * @param options Its link says `receive` in its hello. `outlivesPlayer`:
   * whether it stays when its player fails, as it does where that is left out.
   */
  constructor(
    options: {
      link: Link;
      output: Output;
      listener: ReceiverListener;
      outlivesPlayer?: boolean;
    },
  ) {
    this.#link = options.link;
    this.#output = options.output;
    this.#listener = options.listener;
    this.#outlivesPlayer = options.outlivesPlayer ?? true;
  }

  /** What is played now; null: it waits. */
  get playing(): Playback | null {
    return this.#playing;
  }

  /** Whether others may cast songs here; they may from the start. */
  get receiving(): boolean {
    return this.#receiving;
  }

  set receiving(on: boolean) {
    this.#receiving = on;
    this.#link.current?.send({ type: "receive", on });
    // The server takes whoever says that for idle.
    if (this.#playing) this.#playing.volume = this.#volume;
  }

  /** 0 to 100, for what plays now and for all songs after it. */
  get volume(): number {
    return this.#volume;
  }

  set volume(percent: number) {
    this.#volume = percent;
    if (this.#playing) this.#playing.volume = percent;
    else if (this.#link.current) this.#tellAtRest(this.#link.current);
  }

  /** What keeps songs from being heard here, told to others; null: nothing. */
  get problem(): string | null {
    return this.#problem;
  }

  set problem(problem: string | null) {
    this.#problem = problem;
    if (this.#playing) this.#playing.problem = problem;
  }

  /** Plays a song of the server here. */
  play(song: string, fromSeconds?: number): Playback {
    this.#supersede();
    const playback = this.#playback(song);
    this.#begin(playback, fromSeconds);
    return playback;
  }

  /** Receives no more; {@linkcode run} resolves, whatever it waits for. */
  stop(): void {
    this.#stopping.abort();
  }

  /**
   * Receives until stopped, however long the server or the player is away. It
   * can be run again after it has failed.
   *
   * @throws {OndacastError} `interrupted`; a fatal error of the server, such as
   * `replaced`; the player's, where it is not outlived.
   */
  async run(): Promise<void> {
    const { signal } = this.#link;
    const over = AbortSignal.any([signal, this.#stopping.signal]);
    using ended = interruptedBy(over);
    const run = new AbortController();
    this.#failure = null;
    this.#link.onOpened = (session) => {
      this.#listen(session, run.signal);
      this.#tellReceiving(session);
    };
    try {
      const received = this.#receive(over, run.signal);
      await Promise.race([received, ended.promise]);
    } catch (error) {
      if (signal.aborted || !over.aborted) throw error;
      this.#link.current?.send({ type: "receive", on: false });
    } finally {
      this.#link.onOpened = () => {};
      this.#supersede();
      this.#playing = null;
      this.#heard = null;
      run.abort();
    }
  }

  async #receive(over: AbortSignal, run: AbortSignal): Promise<void> {
    await this.#wait(over, run, await this.#greeted());
    while (!over.aborted) {
      await this.#changed.notified();
      if (this.#failure !== null) throw this.#failure;
      if (this.#playing !== null) continue;
      await this.#wait(over, run, this.#link.current);
    }
  }

  /** Waits on a connection, in place of a lost one if need be. */
  async #wait(
    over: AbortSignal,
    run: AbortSignal,
    current: ClientSession | null,
  ): Promise<void> {
    const session = current?.isWelcome
      ? current
      : await this.#link.reconnect(Infinity, over);
    if (this.#playing !== null || over.aborted) return;
    this.#listen(session, run);
    this.#tellReceiving(session);
    this.#listener.waiting(await session.welcome);
  }

  /** The connection, if there can be one at once. */
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

  #tellReceiving(session: ClientSession): void {
    if (this.#told === session) return;
    this.#told = session;
    session.send({ type: "receive", on: this.#receiving });
    // A server that has not met it before takes it for as loud as can be.
    if (this.#playing === null && this.#volume !== LOUDEST) {
      this.#tellAtRest(session);
    }
  }

  /** Tells how loud the next song is to be, as nothing plays that would. */
  #tellAtRest(session: ClientSession): void {
    const problem = this.#problem;
    session.send({
      type: "state",
      stream: NO_STREAM,
      position: 0,
      playing: false,
      volume: this.#volume,
      underruns: 0,
      ...(problem !== null && { problem }),
    });
  }

  #listen(session: ClientSession, until: AbortSignal): void {
    if (this.#heard === session) return;
    this.#heard = session;
    session.listen({
      cast: (stream) => this.#playCast(stream),
      message: (message) => this.#hear(message),
      closed: (error) => {
        // Before its welcome, whoever has opened it learns of it.
        if (session.isWelcome && !isPassing(error)) this.#failure = error;
        this.#changed.notify();
      },
    }, until);
  }

  /** Plays what somebody has cast here, in place of what played before. */
  #playCast(cast: SessionStream): void {
    this.#supersede();
    this.#begin(this.#playback(cast.start.song, cast));
  }

  /**
   * Ends what plays, as another song takes its place. It is over for who
   * listens before the other one begins: its own end comes some turns later.
   */
  #supersede(): void {
    const playing = this.#playing;
    if (playing === null) return;
    playing.supersede();
    if (this.#toldOver !== playing) this.#tellOver(playing);
  }

  #tellOver(playback: Playback): void {
    this.#toldOver = playback;
    this.#listener.end(playback.soFar, playback.skipped);
  }

  #playback(song: string, cast?: SessionStream): Playback {
    const playback = songPlayback({
      link: this.#link,
      output: this.#output,
      song,
      cast,
      reconnectMs: Infinity,
      outlivesPlayer: this.#outlivesPlayer,
    });
    playback.volume = this.#volume;
    playback.problem = this.#problem;
    playback.onProblem = (problem) => {
      if (problem) this.#listener.problem(problem);
      else this.#listener.recovered?.();
    };
    playback.onStart = (state, player) =>
      this.#listener.start(playback, state, player);
    return playback;
  }

  #begin(playback: Playback, fromSeconds?: number): void {
    this.#playing = playback;
    this.#play(playback, fromSeconds).catch((error) => {
      this.#failure = toOndacastError(error);
      this.#changed.notify();
    });
  }

  async #play(playback: Playback, fromSeconds?: number): Promise<void> {
    try {
      await playback.run(fromSeconds);
      if (this.#playing !== playback) return;
      this.#tellOver(playback);
      // The next song may have begun by now, and goes on in the same output.
      if (this.#playing === playback) await this.#end(playback);
    } catch (thrown) {
      if (this.#playing !== playback) return;
      const error = toOndacastError(thrown);
      if (!this.#outlives(error)) throw error;
      await this.#output.abort();
      this.#listener.problem(error);
    }
    if (this.#playing !== playback) return;
    this.#playing = null;
    this.#changed.notify();
  }

  /** Has the last of a song heard; a short one ends before its player fails. */
  async #end(playback: Playback): Promise<void> {
    try {
      await this.#output.end();
    } catch (error) {
      playback.problem = toOndacastError(error).message;
      throw error;
    }
  }

  #outlives(error: OndacastError): boolean {
    return isSongs(error) || (this.#outlivesPlayer && isPlayers(error));
  }

  #hear(message: ToClient): void {
    if (message.type !== "control") return;
    const { action, value = 0 } = message;
    if (action === "volume") this.#volume = value;
    const playing = this.#playing;
    // What was stopped is not to come back.
    if (playing === null || playing.skipped) return;
    const act = {
      pause: () => playing.pause(),
      resume: () => playing.resume(),
      stop: () => playing.skip(),
      seek: () => playing.seek(value),
      volume: () => playing.volume = value,
    };
    act[action]();
  }
}

/** What is the fault of a song, or of a server that will be back. */
function isSongs(error: OndacastError): boolean {
  return isPassing(error) ||
    ["changed", "not-found", "not-wav", "unsupported"].includes(error.code);
}

function isPlayers(error: OndacastError): boolean {
  return ["player-failed", "no-player", "output-failed"].includes(error.code);
}
