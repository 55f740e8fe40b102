/**
 * Plays the streams of a group of several in step with the other devices: what
 * each sample frame of its player is to be follows from when that frame sounds,
 * and from the group's line. It is "pump → sink" on the walk of one byte.
 *
 * @module
 */

import { type PcmFormat, sameLayout } from "../audio/format.ts";
import { fromFloats, silence } from "../audio/pcm.ts";
import type { OpenResampler } from "../audio/resampler.ts";
import { type OndacastError, toOndacastError } from "../errors.ts";
import type { Position } from "../model/course.ts";
import { MemberLine, type TimeBy } from "../model/member_line.ts";
import type { Clock } from "../ports/common.ts";
import type { ToClient, ToServer } from "../wire/messages.ts";
import type { ClientSession, SessionStream } from "./client_session.ts";
import { LentPcm, takeOf } from "./lent_pcm.ts";
import { Notify } from "./notify.ts";
import type { Output } from "./output.ts";
import type { Playback } from "./playback.ts";
import type { Borrower } from "./pump.ts";
import {
  type ServerClock,
  type ServerClockRun,
  serverUs,
} from "./server_clock.ts";
import { StepControl } from "./step_control.ts";
import { StepFeed } from "./step_feed.ts";
import { StepSink } from "./step_sink.ts";

/** The layout of the player, unless another is chosen. */
export const STEP_LAYOUT: PcmFormat = {
  encoding: "f32le",
  rate: 48_000,
  channels: 2,
  bits: 32,
};

/** PCM that is written at once. */
const CHUNK_SECONDS = 0.01;
/** How often the player is written to. */
const WRITE_MS = 20;
/** PCM that must be there before a stream is begun. */
const BEGIN_SECONDS = 0.05;
/** How long a sound fades in or out where it does not begin or end by itself. */
const FADE_SECONDS = 0.002;
/** How long a player stays open without a song. */
const WARM_MS = 60_000;
/** How often the server is told how far the device is from the line. */
const REPORT_MS = 2_000;
/** The waits before a failed player is opened again: at first, and if it keeps failing. */
const AGAIN_MS = { first: 100, later: 5_000 };
/** A player that has run for this long counts as working. */
const WORKING_MS = 4_000;
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

/** A song of the row. */
interface StepSong {
  playback: Playback;
  stream: SessionStream;
  pcm: LentPcm;
}

/** How exactly a device follows the line. */
type Step = NonNullable<ToServer<"state">["step"]>;

/** The player of one device. */
export class StepPlayer {
  /** How much earlier than others it is to be fed, in ms. */
  delayMs = 0;
  readonly #options: StepOptions;
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #listener: StepListener;
  readonly #line = new MemberLine<ServerClockRun>();
  readonly #songs = new Map<number, StepSong>();
  readonly #stirred = new Notify();
  readonly #control = new StepControl();
  #sink: StepSink | null = null;
  #feed: StepFeed | null = null;
  #takes = 0;
  /** Resolves when it has stopped writing; null: it does not write. */
  #running: Promise<void> | null = null;
  #isOver = false;
  /** The take whose PCM goes on from what a lone device has written of it. */
  #adopted: number | null = null;
  /** The take that sounds; what it was reported as. */
  #sounding: number | null = null;
  #reported = { what: "", atMs: -Infinity };
  #idleSinceMs = 0;
  #fadesIn = false;

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
    return this.#running !== null;
  }

  /** Whether it has songs. */
  get isActive(): boolean {
    return this.#songs.size > 0;
  }

  /**
   * Adds a song that a stream brings.
   *
   * @param follows The song that it follows without a gap.
   * @param isHeard Whether a lone device plays it already.
   */
  add(
    playback: Playback,
    stream: SessionStream,
    follows?: Playback,
    isHeard = false,
  ): void {
    const take = ++this.#takes;
    const pump = playback.lend(this.#borrower(take));
    const pcm = new LentPcm(take, stream.start, pump);
    this.#songs.set(take, { playback, stream, pcm });
    if (isHeard) this.#adopted = take;
    playback.over.addEventListener("abort", () => this.#forget(take));
    this.#line.start(takeOf(take, stream.start), this.#takeOf(follows));
    this.#options.serverClock.active = true;
    this.#running ??= this.#run().finally(() => this.#running = null);
    this.#stirred.notify();
  }

  /** Follows a line. @returns False if its stream is not here. */
  follow(session: ClientSession, line: ToClient<"line">): boolean {
    const take = this.#find(session, line.stream);
    const run = this.#options.serverClock.current;
    if (take === undefined || run === null) return false;
    const { frame, at: atUs, since: sinceUs = -Infinity } = line;
    this.#line.follow({ take, frame, atUs, sinceUs }, run, this.#now);
    this.#stirred.notify();
    return true;
  }

  /** Stands still, or goes on, because a device that is left alone is asked to. */
  hold(on: boolean): void {
    const run = this.#options.serverClock.current;
    const sink = this.#sink;
    if (run === null || sink === null) return;
    const time = this.#timeAt(sink.soundsAtMs(this.#clock.now()));
    const place = this.#line.placeAt(time);
    if (place === null || (place.kind === "paused") === on) return;
    const atUs = on ? null : time(run);
    const frame = Math.ceil(place.frame);
    const line = { take: place.take.id, frame, atUs, sinceUs: -Infinity };
    this.#line.follow(line, run, this.#now);
  }

  /** How exactly it follows the line. */
  get step(): Step {
    const { delayMs } = this;
    const leadMs = (this.#sink?.leadSeconds ?? 1) * 1000 + delayMs;
    return {
      errorUs: Math.round(this.#control.errorUs ?? 0),
      grade: this.#sink?.grade ?? "approximate",
      rttUs: Math.round(this.#options.serverClock.rttUs ?? 0),
      leadMs: Math.round(Math.max(0, leadMs + OWN_LEAD_MS)),
    };
  }

  /** Drops all songs; its player stays open for a while. */
  clear(): void {
    this.#line.clear();
    this.#songs.clear();
    this.#feed?.stop();
    this.#sounding = null;
  }

  /** Stops writing: the output belongs to another. */
  async end(): Promise<void> {
    this.clear();
    this.#isOver = true;
    this.#stirred.notify();
    await this.#running;
    this.#isOver = false;
  }

  /** Writes until its player has been idle for long. */
  async #run(): Promise<void> {
    this.#idleSinceMs = this.#clock.now();
    let failing = false;
    while (!this.#isOver) {
      const openedMs = this.#clock.now();
      try {
        await this.#write(() => {
          if (!failing || this.#clock.now() - openedMs < WORKING_MS) return;
          failing = false;
          this.#listener.problem(null);
        });
        return;
      } catch (thrown) {
        const again = this.#clock.now() - openedMs < WORKING_MS;
        if (failing || again) this.#listener.problem(toOndacastError(thrown));
        await this.#output.abort();
        this.#sink = null;
        const ms = failing && again ? AGAIN_MS.later : AGAIN_MS.first;
        failing = true;
        await this.#clock.sleep(ms);
      }
    }
  }

  /** @param works Called after each write. */
  async #write(works: () => void): Promise<void> {
    const sink = this.#sink = await this.#open();
    const feed = this.#feed = new StepFeed(
      this.#options.openResampler,
      sink.format,
    );
    while (!this.#isOver) {
      this.#output.throwIfFailed();
      const most = Math.round(sink.format.rate * CHUNK_SECONDS);
      while (!this.#isOver && sink.dueFrames(this.#clock.now()) >= most) {
        await this.#writeChunk(sink, feed, most);
        works();
      }
      this.#tidy();
      if (this.#isIdle()) break;
      await this.#stirred.notifiedWithin(WRITE_MS, this.#clock);
    }
    this.#sink = null;
    if (!this.#isOver) await this.#output.abort();
  }

  /** The present player if a lone device uses it for the song that goes on. */
  async #open(): Promise<StepSink> {
    const { present } = this.#output;
    const { channels } = this.#layout;
    const isKept = present !== null &&
      (sameLayout(present.sink.format, this.#layout) ||
        this.#adopted !== null && present.sink.format.channels === channels);
    if (isKept) return new StepSink(present, this.#clock.now());
    this.#adopted = null;
    if (present) await this.#output.abort();
    const opened = await this.#output.for(this.#layout);
    return new StepSink(opened, this.#clock.now());
  }

  get #layout(): PcmFormat {
    return this.#options.layout ?? STEP_LAYOUT;
  }

  async #writeChunk(sink: StepSink, feed: StepFeed, most: number) {
    const { output, format } = sink;
    const nowMs = this.#clock.now();
    const soundsMs = sink.soundsAtMs(nowMs);
    const time = this.#timeAt(soundsMs);
    const untilUs = this.#line.untilChangeUs(time);
    const until = Math.round(Math.min(untilUs, 1e6) * format.rate / 1e6);
    const frames = Math.max(1, Math.min(most, until));
    const samples = soundsMs === null
      ? null
      : await this.#samples(sink, feed, time, frames);
    const gain = this.#songOf(feed.next?.take ?? this.#sounding)
      ?.playback.totalGain ?? 1;
    const bytes = frames * format.channels * format.bits / 8;
    const pcm = samples ? fromFloats(format, samples) : silence(format, bytes);
    await this.#output.write(output.sink, pcm, samples ? gain : 1);
    sink.wrote(nowMs);
  }

  /** The next frames; null: silence. */
  async #samples(
    sink: StepSink,
    feed: StepFeed,
    time: TimeBy<ServerClockRun>,
    frames: number,
  ): Promise<Float32Array | null> {
    const place = this.#line.placeAt(time);
    if (place?.kind !== "playing") return await this.#fadeOut(feed, frames);
    if (feed.next === null && !await this.#begin(feed, place)) return null;
    const { take, frame } = feed.next!;
    const lateUs = this.#line.behindUs(take, frame, time);
    if (lateUs === null) return await this.#fadeOut(feed, frames);
    if (sink.grade === "exact") {
      const { drift = 0 } = this.#options.serverClock.current?.estimate ?? {};
      const correction = this.#control.correct(
        lateUs,
        frames / sink.format.rate,
        sink.drift && drift - sink.drift,
      );
      if (correction.is === "jump") return await this.#fadeOut(feed, frames);
      feed.ratio = correction.ratio;
    }
    return await this.#continue(sink, feed, frames);
  }

  async #continue(
    sink: StepSink,
    feed: StepFeed,
    frames: number,
  ): Promise<Float32Array> {
    const { channels } = sink.format;
    const { take } = feed.next!;
    const made = await feed.take(frames, (take) => this.#follower(take));
    this.#sound(feed.next ?? { take, frame: 0 });
    if (this.#fadesIn) fade(made, channels, fadeFrames(sink.format), 0, 1);
    this.#fadesIn = false;
    if (made.length === frames * channels) return made;
    const isMissed = feed.next !== null;
    if (isMissed) this.#songOf(take)?.pcm.missed();
    feed.stop();
    const padded = new Float32Array(frames * channels);
    if (isMissed) fade(made, channels, made.length / channels, 1, 0);
    padded.set(made);
    return padded;
  }

  /** Begins at the line's place, or where a lone device has written to. */
  async #begin(feed: StepFeed, { take, frame }: Position): Promise<boolean> {
    const pcm = this.#songs.get(take.id)?.pcm;
    if (!pcm) return false;
    const isAdopted = this.#adopted === take.id;
    this.#adopted = null;
    const { rate } = pcm.format;
    if (!isAdopted && !pcm.moveTo(Math.round(frame))) return false;
    const isEnough = pcm.frames >= rate * BEGIN_SECONDS || pcm.isComplete;
    if (!isEnough || pcm.frames === 0) return false;
    this.#sound({ take: take.id, frame });
    await feed.begin(pcm);
    this.#control.begin();
    this.#fadesIn = !isAdopted && frame > 0;
    return true;
  }

  /** Ends what sounds without a click. */
  async #fadeOut(
    feed: StepFeed,
    frames: number,
  ): Promise<Float32Array | null> {
    if (feed.next === null) return null;
    const { format } = this.#sink!;
    const length = Math.min(frames, fadeFrames(format));
    const tail = await feed.take(length, () => null);
    feed.stop();
    fade(tail, format.channels, tail.length / format.channels, 1, 0);
    const samples = new Float32Array(frames * format.channels);
    samples.set(tail);
    return samples;
  }

  #sound({ take, frame }: { take: number; frame: number }): void {
    if (this.#sounding === take || frame < 0) return;
    this.#sounding = take;
    const song = this.#songs.get(take);
    if (song) this.#listener.sounds(song.playback);
  }

  /** Drops what is not to sound any more, and reports what does. */
  #tidy(): void {
    const { takes, leaving } = this.#line.needed(this.#now);
    for (const [take, { playback }] of [...this.#songs]) {
      if (!takes.has(take)) {
        this.#songs.delete(take);
        this.#listener.dropped(playback);
      } else if (leaving.has(take)) playback.grantAll();
    }
    const nowMs = this.#clock.now();
    const place = this.#line.placeAt(this.#timeAt(nowMs));
    const song = place && this.#songs.get(place.take.id);
    if (!song) return;
    const what = `${place.kind} ${place.take.id}`;
    const isNews = what !== this.#reported.what;
    if (!isNews && nowMs - this.#reported.atMs < REPORT_MS) return;
    this.#reported = { what, atMs: nowMs };
    song.playback.report();
  }

  #isIdle(): boolean {
    const nowMs = this.#clock.now();
    if (this.isActive) this.#idleSinceMs = nowMs;
    const isIdle = nowMs - this.#idleSinceMs >= WARM_MS;
    if (isIdle) this.#options.serverClock.active = false;
    return isIdle;
  }

  #forget(take: number): void {
    const song = this.#songs.get(take);
    // What was taken of it is still to sound.
    if (!song || !song.playback.skipped) return;
    this.#songs.delete(take);
    this.#line.stop(take);
  }

  #follower(take: number): LentPcm | null {
    const next = this.#line.followerOf(take);
    return next === undefined ? null : this.#songs.get(next)?.pcm ?? null;
  }

  #songOf(take: number | null): StepSong | undefined {
    return take === null ? undefined : this.#songs.get(take);
  }

  #takeOf(playback: Playback | undefined): number | undefined {
    return [...this.#songs].find(([, it]) => it.playback === playback)?.[0];
  }

  #find(session: ClientSession, stream: number): number | undefined {
    return [...this.#songs].find(([, it]) =>
      it.stream.session === session && it.stream.start.stream === stream
    )?.[0];
  }

  readonly #now: TimeBy<ServerClockRun> = (run) =>
    serverUs(run, this.#clock.now() + this.delayMs) ?? NaN;

  #timeAt(ms: number | null): TimeBy<ServerClockRun> {
    return (run) => ms === null ? NaN : serverUs(run, ms + this.delayMs) ?? NaN;
  }

  #borrower(take: number): Borrower {
    const place = () => this.#line.placeAt(this.#timeAt(this.#clock.now()));
    return {
      label: this.#sink?.output.sink.label ?? "",
      get paused() {
        return place()?.kind === "paused";
      },
      heardByte: () => {
        const pcm = this.#songs.get(take)?.pcm;
        const at = place();
        if (!pcm || at === null || at.take.id < take) {
          return pcm?.byteAt(0) ?? 0;
        }
        return at.take.id > take
          ? pcm.byteAt(pcm.nextFrame)
          : pcm.byteAt(Math.min(at.frame, at.take.endFrame ?? Infinity));
      },
      unheardMs: () => this.#sink?.unheardMs(this.#clock.now()) ?? 0,
      step: () => this.step,
    };
  }
}

function fadeFrames({ rate }: PcmFormat): number {
  return Math.round(rate * FADE_SECONDS);
}

/** Fades the first sample frames, in place. */
function fade(
  samples: Float32Array,
  channels: number,
  frames: number,
  from: number,
  to: number,
): void {
  const most = Math.min(frames, samples.length / channels);
  for (let i = 0; i < most * channels; i++) {
    samples[i] *= from + (to - from) * Math.floor(i / channels) / frames;
  }
}
