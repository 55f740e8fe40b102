/**
 * Plays the streams of a group of several in step with the other devices: what
 * each sample frame of its player is to be follows from when that frame sounds,
 * and from the group's line. It is "pump → sink" on the walk of one byte.
 *
 * @module
 */

import { type PcmFormat, sameLayout, STEP_LAYOUT } from "../audio/format.ts";
import { fromFloats, silence } from "../audio/pcm.ts";
import type { OpenResampler } from "../audio/resampler.ts";
import { type OndacastError, toOndacastError } from "../errors.ts";
import { MemberLine, type TimeBy } from "../model/member_line.ts";
import type { Clock } from "../ports/common.ts";
import type { ToClient, ToServer } from "../wire/messages.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
import { Notify } from "./notify.ts";
import type { Output } from "./output.ts";
import type { Playback } from "./playback.ts";
import type { Borrower } from "./borrower.ts";
import {
  type ServerClock,
  type ServerClockRun,
  serverUs,
} from "./server_clock.ts";
import { StepControl } from "./step_control.ts";
import { StepSink } from "./step_sink.ts";
import { StepSongs } from "./step_songs.ts";
import { StepVoice } from "./step_voice.ts";

/** PCM that is written at once. */
const CHUNK_SECONDS = 0.01;
/** How often the player is written to. */
const WRITE_MS = 20;
/** How long a player stays open without a song. */
const WARM_MS = 60_000;
/** How often the server is sent how far the device is from the line. */
const REPORT_MS = 2_000;
/** The waits before a failed player is opened again: at first, and if it keeps failing. */
const AGAIN_MS = { first: 100, later: 5_000 };
/** A player that has run for this long counts as working. */
const WORKING_MS = 4_000;
/** How long before it sounds a device without an open player needs its PCM. */
const COLD_LEAD_SECONDS = 1;
/** What a device needs besides its player's lead, in ms. */
const OWN_LEAD_MS = 50;

/** Notified of the songs of a step player. */
export interface StepListener {
  /** The first sample frame of a song goes to the player. */
  sounds(song: Playback): void;
  /** A song is not to sound any more. */
  dropped(song: Playback): void;
  /** The player has failed; null: it works again. */
  problem(error: OndacastError | null): void;
}

/** What a step player needs. */
export interface StepOptions {
  serverClock: ServerClock;
  openResampler: OpenResampler;
  /** The layout of its player. */
  layout?: PcmFormat;
}

/** How exactly a device follows the line. */
type Step = NonNullable<ToServer<"state">["step"]>;

/** `ending`: the output belongs to another as soon as it has stopped writing. */
type Phase =
  | { is: "closed" }
  | { is: "writing"; done: Promise<void> }
  | { is: "ending"; done: Promise<void> };

/** The player of one device. */
export class StepPlayer {
  /** How much earlier than others it is to be fed, in ms. */
  delayMs = 0;
  readonly #options: StepOptions;
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #listener: StepListener;
  readonly #line = new MemberLine<ServerClockRun>();
  readonly #songs = new StepSongs();
  readonly #control = new StepControl();
  readonly #stirred = new Notify();
  #phase: Phase = { is: "closed" };
  #sink: StepSink | null = null;
  #voice: StepVoice | null = null;
  /** The take that a lone device has begun to write. */
  #adopted: number | null = null;
  /** The take that sounds. */
  #sounding: number | undefined;
  #reported = { what: "", atMs: -Infinity };
  #idleSinceMs = 0;

  constructor(
    options: StepOptions,
    output: Output,
    clock: Clock,
    listener: StepListener,
  ) {
    this.#options = options;
    this.#output = output;
    this.#clock = clock;
    this.#listener = listener;
    options.serverClock.listen(() => this.#stirred.notify());
  }

  /** Whether it writes to the output, if only silence. */
  get isRunning(): boolean {
    return this.#phase.is !== "closed";
  }

  /**
   * Adds a song that a stream brings.
   *
   * @param isHeard Whether a lone device plays it already.
   */
  add(playback: Playback, stream: SessionStream, isHeard = false): void {
    const { session, start } = stream;
    const before = this.#songs.takeOfStream(session, start.follows);
    const take = this.#songs.add(playback, stream, (id) => this.#borrower(id));
    if (isHeard) this.#adopted = take.id;
    playback.over.addEventListener("abort", () => this.#over(take.id));
    this.#line.start(take, before);
    this.#options.serverClock.active = true;
    if (this.#phase.is !== "writing") {
      this.#phase = { is: "writing", done: this.#run(this.#phase) };
    }
    this.#tidy(); // At once, however long the player takes to open.
    this.#stirred.notify();
  }

  /** Whether a stream is here that is not over. */
  has(session: ClientSession, stream: number | undefined): boolean {
    return this.#songs.takeOfStream(session, stream) !== undefined;
  }

  /** Follows a line. @returns False if its stream is not here. */
  follow(session: ClientSession, line: ToClient<"line">): boolean {
    const take = this.#songs.takeOfStream(session, line.stream);
    const run = this.#options.serverClock.current;
    if (take === undefined || run === null) return false;
    const { frame, at: atUs, since: sinceUs = -Infinity } = line;
    this.#line.follow({ take, frame, atUs, sinceUs }, run, this.#now);
    this.#tidy();
    this.#stirred.notify();
    return true;
  }

  /** The server has stopped a stream, and all after it. */
  stopped(session: ClientSession, stream: number): void {
    for (const [, song] of this.#songs.entries()) {
      const isAfter = song.stream.start.stream >= stream;
      if (song.stream.session !== session || !isAfter) continue;
      song.playback.skip("stopped");
    }
  }

  /** Pauses or resumes, as a device that is left alone is asked to. */
  hold(on: boolean): void {
    const run = this.#options.serverClock.current;
    const time = this.#timeAt(this.#sink?.soundsAtMs(this.#clock.now()));
    const place = this.#line.placeAt(time);
    if (run === null || place === null) return;
    if ((place.kind === "paused") === on) return;
    const line = {
      take: place.take.id,
      frame: Math.ceil(place.frame),
      atUs: on ? null : time(run),
      sinceUs: -Infinity,
    };
    this.#line.follow(line, run, this.#now);
  }

  /** How exactly it follows the line. */
  get step(): Step {
    const leadSeconds = this.#sink?.leadSeconds ?? COLD_LEAD_SECONDS;
    const leadMs = leadSeconds * 1000 + OWN_LEAD_MS + this.delayMs;
    return {
      errorUs: Math.round(this.#control.errorUs ?? 0),
      grade: this.#sink?.grade ?? "approximate",
      rttUs: Math.round(this.#options.serverClock.rttUs ?? 0),
      leadMs: Math.round(Math.max(0, leadMs)),
    };
  }

  /**
   * Its device plays alone: drops all songs, and resolves when the output belongs
   * to another.
   */
  async end(): Promise<void> {
    this.#options.serverClock.active = false;
    this.#line.clear();
    this.#songs.clear();
    if (this.#phase.is === "closed") return;
    const { done } = this.#phase;
    this.#phase = { is: "ending", done };
    this.#stirred.notify();
    await done;
  }

  /** Writes until its player was idle for long, or the output is another's. */
  async #run(before: Phase): Promise<void> {
    await (before.is === "ending" ? before.done : null);
    this.#idleSinceMs = this.#clock.now();
    let isFailing = false;
    while (this.#isWriting) {
      if (this.#isIdle()) {
        await this.#output.abort();
        if (this.#songs.isEmpty) this.#phase = { is: "closed" };
        continue;
      }
      const openedMs = this.#clock.now();
      const works = () => this.#clock.now() - openedMs >= WORKING_MS;
      try {
        await this.#write(() => {
          if (!isFailing || !works()) return;
          isFailing = false;
          this.#listener.problem(null);
        });
      } catch (thrown) {
        const again = isFailing ? AGAIN_MS.later : AGAIN_MS.first;
        isFailing ||= !works();
        if (isFailing) this.#listener.problem(toOndacastError(thrown));
        await this.#output.abort();
        await this.#clock.sleep(again);
      }
      this.#sink = this.#voice = null;
    }
    this.#sounding = undefined;
    if (this.#phase.is === "ending") this.#phase = { is: "closed" };
  }

  get #isWriting(): boolean {
    return this.#phase.is === "writing";
  }

  /** @param wrote Called after each write. */
  async #write(wrote: () => void): Promise<void> {
    const adopted = this.#adopted;
    this.#adopted = null;
    const sink = this.#sink = await this.#open(adopted !== null);
    const voice = this.#voice = new StepVoice({
      ...{ line: this.#line, songs: this.#songs, control: this.#control },
      openResampler: this.#options.openResampler,
      layout: sink.format,
      adopted,
      sounds: (take) => this.#sound(take),
    });
    const chunk = Math.round(sink.format.rate * CHUNK_SECONDS);
    while (this.#isWriting && !this.#isIdle()) {
      this.#output.throwIfFailed();
      await voice.prepare();
      if (sink.dueFrames(this.#clock.now()) >= chunk) {
        await this.#writeChunk(sink, voice, chunk);
        wrote();
      } else await this.#stirred.notifiedWithin(WRITE_MS, this.#clock);
      this.#tidy();
    }
  }

  /** The present player where a song goes on in it, or one of its own layout. */
  async #open(goesOn: boolean): Promise<StepSink> {
    const { layout = STEP_LAYOUT } = this.#options;
    const { present } = this.#output;
    const format = present?.sink.format;
    const isKept = format && (sameLayout(format, layout) ||
      goesOn && format.channels === layout.channels);
    if (!isKept) await this.#output.abort();
    const open = isKept ? present! : await this.#output.for(layout);
    return new StepSink(open, this.#clock.now());
  }

  async #writeChunk(
    sink: StepSink,
    voice: StepVoice,
    most: number,
  ): Promise<void> {
    const { format, output } = sink;
    const nowMs = this.#clock.now();
    const soundsMs = sink.soundsAtMs(nowMs);
    const time = this.#timeAt(soundsMs);
    const untilUs = Math.min(this.#line.untilChangeUs(time), 1e6);
    const until = Math.round(untilUs * format.rate / 1e6);
    const frames = Math.max(1, Math.min(most, until));
    const drift = this.#drift(sink);
    const samples = await voice.samples({ frames, time, drift });
    const bytes = frames * format.channels * format.bits / 8;
    const pcm = samples ? fromFloats(format, samples) : silence(format, bytes);
    const gain = this.#songs.get(this.#sounding)?.playback.totalGain ?? 1;
    await this.#output.write(output.sink, pcm, samples ? gain : 1);
    sink.wrote(nowMs);
  }

  /** See {@linkcode Chunk.drift}. */
  #drift(sink: StepSink): number | null | undefined {
    if (sink.grade !== "exact") return undefined;
    const { drift = 0 } = this.#options.serverClock.current?.estimate ?? {};
    return sink.drift === null ? null : drift - sink.drift;
  }

  #sound(take: number): void {
    if (this.#sounding === take) return;
    this.#sounding = take;
    const song = this.#songs.get(take);
    if (song) this.#listener.sounds(song.playback);
  }

  /** Drops what is not to sound any more, and reports what does. */
  #tidy(): void {
    const { takes, leaving } = this.#line.needed(this.#now);
    for (const [take, { playback }] of this.#songs.entries()) {
      if (!takes.has(take)) {
        this.#songs.remove(take);
        this.#listener.dropped(playback);
      } else if (leaving.has(take)) playback.grantAll();
    }
    const nowMs = this.#clock.now();
    const place = this.#line.placeAt(this.#now);
    const song = this.#songs.get(place?.take.id);
    if (!song) return;
    const what = `${place?.kind} ${place?.take.id}`;
    const isNews = what !== this.#reported.what;
    if (!isNews && nowMs - this.#reported.atMs < REPORT_MS) return;
    this.#reported = { what, atMs: nowMs };
    song.playback.report();
  }

  #isIdle(): boolean {
    const nowMs = this.#clock.now();
    if (!this.#songs.isEmpty) this.#idleSinceMs = nowMs;
    return nowMs - this.#idleSinceMs >= WARM_MS;
  }

  /** A song has ended; one that was not cut off is still to be heard. */
  #over(take: number): void {
    if (!this.#songs.get(take)?.playback.skipped) return;
    this.#songs.remove(take);
    // One that another has taken the place of does not take that along.
    if (take >= (this.#sounding ?? 0)) this.#line.stop(take);
  }

  /** By the server's clock, with this device's delay. */
  readonly #now: TimeBy<ServerClockRun> = (run) =>
    this.#timeAt(this.#clock.now())(run);

  #timeAt(ms: number | null | undefined): TimeBy<ServerClockRun> {
    return (run) =>
      ms === null || ms === undefined
        ? NaN
        : serverUs(run, ms + this.delayMs) ?? NaN;
  }

  #borrower(take: number): Borrower {
    const place = () => this.#line.placeAt(this.#now);
    const label = () => this.#sink?.output.sink.label ?? "";
    return {
      get label() {
        return label();
      },
      get paused() {
        return place()?.kind === "paused";
      },
      heardByte: () => {
        const pcm = this.#songs.get(take)?.pcm;
        const at = place();
        if (!pcm || at === null || at.take.id < take) {
          return pcm?.byteAt(0) ?? 0;
        }
        const frame = at.take.id > take ? pcm.nextFrame : at.frame;
        return pcm.byteAt(frame);
      },
      unheardMs: () => this.#sink?.unheardMs(this.#clock.now()) ?? 0,
      step: () => this.step,
    };
  }
}
