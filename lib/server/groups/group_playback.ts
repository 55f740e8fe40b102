/**
 * Plays a queue on a time line: begins songs, pauses, goes on when one has ended
 * or failed. Devices are fed with its takes by their group.
 *
 * @module
 */

import { toOndacastError } from "../../errors.ts";
import type { Take } from "../../model/course.ts";
import type { Queue, Step } from "../../model/queue.ts";
import type { QueueEntry } from "../../model/queue_entry.ts";
import { LINE_MARGIN_US, soundsAtUs } from "../../model/line.ts";
import { Timeline } from "../../model/timeline.ts";
import { Followers } from "./followers.ts";
import { type LinedSong, LiveLine } from "./live_line.ts";
import { frameAt } from "./open_song.ts";
import { type OpenEntry, Opening } from "./opening.ts";
import type { PlaybackListener, PlayState } from "./playback_listener.ts";
import { newTake, placeOf, TakeRow, takeSeconds } from "./take_row.ts";
import type { GroupWorld } from "./world.ts";

/** A pause waits at most this long for devices that need their PCM early. */
const MOST_PAUSE_LEAD_US = 500_000;
/** A device that plays alone takes about this long to begin. */
const ALONE_LEAD_US = 300_000;
/** A device that plays alone may report an end this late. */
const GRACE_US = 2_000_000;
/** Why a queue has stopped that nobody heard. */
const SILENT = "none of its songs can be heard";

export class GroupPlayback {
  readonly queue: Queue;
  readonly timeline = new Timeline();
  readonly row = new TakeRow();
  readonly #world: GroupWorld;
  readonly #listener: PlaybackListener;
  readonly #followers: Followers;
  readonly #opening: Opening;
  readonly #liveLine = new LiveLine();
  #state: PlayState = "stopped";
  #problem: string | undefined;
  #lineVersion = 0;

  constructor(world: GroupWorld, queue: Queue, listener: PlaybackListener) {
    this.#world = world;
    this.queue = queue;
    this.#listener = listener;
    this.#followers = new Followers(world, {
      ...{ queue, timeline: this.timeline, row: this.row },
      soundedUs: () => this.#soundedUs,
      followed: (isPaused) => this.#due(isPaused),
      failed: () => this.advance(),
      missed: () => this.#missed(),
    });
    this.#opening = new Opening(world, {
      queue,
      tried: () => listener.stepped(),
      opened: (open, seconds) => this.#start(open, seconds),
      ended: (step, failure) => this.#finish(step, failure),
    });
  }

  get state(): PlayState {
    return this.#state;
  }

  /** Why it stopped, if that was a failure. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Rises with the lines that all devices need. */
  get lineVersion(): number {
    return this.#lineVersion;
  }

  /** Whether a song is due, or will be once it is open. */
  get isActive(): boolean {
    return this.isOpening || this.row.current !== null;
  }

  /** Whether a song is being opened that will take the place of what plays. */
  get isOpening(): boolean {
    return this.#opening.latest !== null;
  }

  /** The takes from the one that sounds on. */
  takes(): readonly Take[] {
    const takes = this.timeline.takesAt(this.#soundedUs);
    this.row.prune(takes);
    return takes;
  }

  /** Where the entry that plays is, and when; it moves on from there. */
  position(nowUs: number): { seconds: number; atUs: number } {
    const { latest } = this.#opening;
    if (latest) return { seconds: latest.seconds, atUs: nowUs };
    const take = this.row.current;
    if (take === null) return { seconds: this.queue.seconds, atUs: nowUs };
    return placeOf(take, this.timeline, nowUs);
  }

  /**
   * Plays what a step of the queue has led to. Entries that cannot be played are
   * passed over.
   *
   * @param state `paused`: it waits there.
   * @returns Why nothing plays, if a song has failed; else null.
   */
  begin(
    step: Step,
    seconds = 0,
    state: "playing" | "paused" = "playing",
  ): Promise<unknown> {
    this.#state = state;
    this.#problem = undefined;
    this.#followers.cancel();
    return this.#opening.open(step, seconds);
  }

  #start({ entry, song }: OpenEntry, seconds: number): void {
    const nowUs = this.#world.nowUs();
    const leadsUs = this.#listener.leadsUs();
    const atUs = leadsUs ? soundsAtUs(nowUs, leadsUs) : nowUs + ALONE_LEAD_US;
    const fromFrame = frameAt(song, seconds);
    const { take: id } = this.timeline.start(
      newTake(entry, song, fromFrame),
      this.#soundedUs,
      this.#state === "paused" ? null : atUs,
    );
    this.#begun({ id, entry, song, fromFrame });
  }

  /**
   * Goes on a line that was kept over a restart.
   *
   * @param seconds Of the entry that the queue plays; sounded at `atUs`.
   */
  goOn(seconds: number, atUs: number): Promise<void> {
    this.#state = "playing";
    return this.#opening.catchUp({ seconds, atUs }, (due) => {
      if (due === null) return this.stop();
      const { entry, song } = due;
      // What is live has begun anew, too.
      if (song.live) return this.#start(due, 0);
      const line = this.timeline.adopt(
        newTake(entry, song, 0),
        frameAt(song, due.seconds),
        due.atUs,
        this.#world.nowUs(),
      );
      this.#begun({ id: line.take, entry, song, fromFrame: 0 });
    });
  }

  #begun(take: Parameters<TakeRow["set"]>[0]): void {
    this.row.set(take);
    this.#liveLine.begin(this.#lined, this.#world.nowUs());
    take.song.whenEnded((frames) => {
      this.timeline.finish(take.id, frames);
      this.#plan();
    });
    this.#due(true);
    this.#listener.stepped();
    this.#plan();
  }

  pause(): void {
    if (this.#state !== "playing") return;
    // What is live does not wait: it is joined anew.
    if (this.row.current?.song.live) return this.suspend("paused", 0);
    this.#state = "paused";
    const leadsUs = this.#listener.leadsUs();
    const waitUs = leadsUs &&
      Math.min(Math.max(0, ...leadsUs), MOST_PAUSE_LEAD_US) + LINE_MARGIN_US;
    const nowUs = this.#soundedUs;
    this.timeline.pause(nowUs, nowUs + (waitUs ?? 0));
    this.#due(true);
    this.#listener.stepped();
  }

  /** Plays on, also what was stopped. */
  async resume(): Promise<void> {
    if (this.#state === "playing") return;
    if (!this.isActive) return await this.#beginAgain();
    this.#state = "playing";
    if (this.isOpening) return this.#listener.stepped();
    const nowUs = this.#soundedUs;
    const leadsUs = this.#listener.leadsUs();
    this.timeline.resume(nowUs, leadsUs ? soundsAtUs(nowUs, leadsUs) : nowUs);
    this.#due(true);
    this.#listener.stepped();
    this.#plan();
  }

  async #beginAgain(): Promise<void> {
    const { playing, seconds } = this.queue;
    if (playing) return void await this.begin({ plays: playing }, seconds);
    const [first] = this.queue.entries;
    if (first !== undefined) await this.begin(this.queue.jump(first));
  }

  /** Falls silent, and keeps a place of the entry that the queue plays. */
  stop(seconds = 0): void {
    this.#rest("stopped", seconds);
  }

  /**
   * As {@linkcode stop}, but counts as paused, or as playing while its devices may
   * come back.
   */
  suspend(state: "playing" | "paused", seconds: number): void {
    this.#rest(state, seconds);
  }

  #rest(state: PlayState, seconds: number): void {
    this.#halt(state);
    this.queue.mark(seconds);
    this.#listener.due();
    this.#listener.stepped();
  }

  /** Its one device has paused or resumed by itself. */
  note(state: "playing" | "paused"): void {
    if (this.#state === state || !this.isActive) return;
    this.#state = state;
    this.#listener.stepped();
  }

  /** Corrects the place of its one device, by what that reports. */
  anchor(take: number, frame: number, atUs: number | null): void {
    const nowUs = this.#world.nowUs();
    if (!this.timeline.anchor(take, Math.round(frame), atUs, nowUs)) return;
    this.advance();
  }

  /** Its one device has heard a take to its end. */
  heard(id: number): void {
    const isLast = this.row.current?.id === id && this.row.next === null;
    if (this.isOpening || !isLast || this.#followers.isOpening) return;
    this.#listener.ended();
    this.#goBeyond();
  }

  /** A take cannot be sent any more; another one takes its place. */
  failed(id: number, error: unknown): void {
    const take = this.row.get(id);
    if (!take || this.isOpening) return;
    const { entry } = take.entry;
    const isCurrent = this.row.current === take;
    const heardSeconds = isCurrent
      ? this.position(this.#world.nowUs()).seconds
      : 0;
    const step = isCurrent ? this.queue.leave("end", heardSeconds) : null;
    const repeats = step && "plays" in step && step.plays.entry === entry;
    // One that would be tried again at once would fail for ever.
    if (!isCurrent || repeats) {
      this.queue.setProblem(entry, toOndacastError(error).code);
    }
    if (step === null) return this.edited();
    const next = repeats ? this.queue.leave("end") : step;
    if ("plays" in next) this.begin(next);
    else this.#finish(next, error);
  }

  /** The queue has changed. */
  edited(): void {
    const { playing } = this.queue;
    if (!this.isActive) return;
    const current = this.#opening.latest ?? this.row.current!.entry;
    if (playing === null) return this.stop();
    if (playing.entry !== current.entry) return this.#go(playing);
    if (this.isOpening) return;
    if (this.#followers.check()) this.#due(false);
    this.#plan();
  }

  /** Plays an entry in the place of the one that plays. */
  #go(entry: QueueEntry): void {
    this.begin({ plays: entry }, 0, isPaused(this.#state));
  }

  /** Goes on to the entry that is due, and opens what follows. */
  advance(): void {
    if (this.isOpening || this.row.current === null) return;
    const nowUs = this.#soundedUs;
    const leadsUs = this.#listener.leadsUs();
    const leadUs = Math.max(0, ...leadsUs ?? []);
    // What is due within the lead counts as playing.
    const place = this.timeline.positionAt(nowUs + leadUs);
    while (place && this.row.current!.id < place.take.id && this.row.next) {
      const step = this.queue.leave("end", takeSeconds(this.row.current!));
      if (!("plays" in step)) return this.#finish(step);
      if (step.plays.entry !== this.row.next.entry.entry) {
        return this.#go(step.plays);
      }
      this.row.advance();
      this.#listener.stepped();
    }
    if (this.#state === "paused") return;
    const heardUs = leadsUs ? nowUs : nowUs - GRACE_US;
    const isOver = this.#isOverAt(heardUs) && this.#isOverAt(nowUs);
    if (isOver && !this.#followers.isOpening) this.#goBeyond();
    else this.#plan();
  }

  /** Keeps the line at the pace of a live song's sender. */
  followSender(): void {
    const song = this.#lined;
    const leadsUs = song ? this.#listener.warmLeadsUs() : [];
    const movedUs = this.#liveLine.moveUs(song, this.#world.nowUs(), leadsUs);
    if (movedUs === 0) return;
    this.timeline.shift(movedUs);
    this.#due(true);
  }

  /** The live song that its devices play by the line; null: there is none. */
  get #lined(): LinedSong | null {
    const { current } = this.row;
    const { line } = this.timeline;
    const { live, format } = current?.song ?? {};
    const isLined = live && line?.take === current!.id &&
      this.#listener.leadsUs() !== null;
    if (!isLined || line.atUs === null) return null;
    return { live, startsUs: line.atUs - line.frame * 1e6 / format!.rate };
  }

  /** What follows was opened too late to follow; it begins as soon as it can. */
  #missed(): void {
    if (!this.isOpening && this.#isOverAt(this.#soundedUs)) this.#goBeyond();
  }

  /** Whether the current take, which nothing follows, has sounded by then. */
  #isOverAt(us: number): boolean {
    const place = this.timeline.positionAt(us);
    return place?.kind === "ended" && place.take.id === this.row.current?.id;
  }

  #goBeyond(): void {
    const step = this.queue.leave("end", takeSeconds(this.row.current!));
    if ("plays" in step) this.begin(step);
    else this.#finish(step);
  }

  #plan(): void {
    const plans = this.#state === "playing" && !this.isOpening &&
      this.#listener.playsRows();
    if (plans) this.#followers.plan();
  }

  /** The queue has nothing more to play. */
  #finish(step: Step, failure: unknown = null): void {
    const isSilent = "stopped" in step && step.stopped === "silent";
    const isHeard = this.#isOverAt(this.#soundedUs);
    this.#halt("stopped");
    if (isSilent) {
      this.#problem = failure ? toOndacastError(failure).message : SILENT;
    }
    if (isHeard) this.#listener.ended();
    else this.#listener.due();
    this.#listener.stepped();
  }

  #halt(state: PlayState): void {
    this.#state = state;
    this.#opening.cancel();
    this.#followers.cancel();
    this.timeline.stop();
    this.row.clear();
  }

  #due(isNewLine: boolean): void {
    if (isNewLine) this.#lineVersion++;
    this.#listener.due();
  }

  get #soundedUs(): number {
    return this.#listener.soundedUs(this.#world.nowUs());
  }
}

function isPaused(state: PlayState): "playing" | "paused" {
  return state === "paused" ? "paused" : "playing";
}
