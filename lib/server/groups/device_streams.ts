/**
 * What one device has been sent of its group's takes, and what it lacks. Its
 * streams are compared with the takes that are due, so that starts, seeks, edits,
 * joins and reconnects are one operation.
 *
 * @module
 */

import type { Take } from "../../model/course.ts";
import { type Line, LINE_MARGIN_US } from "../../model/line.ts";
import type { Timeline } from "../../model/timeline.ts";
import type { Receiver, StreamCause, StreamLine } from "./receiver.ts";
import type { SharedSong } from "./shared_song.ts";

/** A follower is sent at most this long before it sounds. */
export const AHEAD_US = 14_000_000;

/** What a group plays. */
export interface Programme {
  readonly timeline: Timeline;
  /** The takes from the one that sounds on. */
  readonly row: readonly Take[];
  readonly nowUs: number;
  /** Of a group of several, all of which follow a line. */
  readonly isSeveral: boolean;
  readonly isPaused: boolean;
  /** Rises when all devices need the newest line. */
  readonly lineVersion: number;
  readonly cause: StreamCause;
  songOf(take: Take): SharedSong;
}

/** A stream of a take. */
interface Sent {
  readonly take: number;
  readonly stream: number;
  /** The frame of the song that is frame 0 of the stream. */
  readonly fromFrame: number;
}

/** How long after its first line a device's player is open. */
const WARM_US = 3_000_000;
/** Why a stream is thrown away that was sent ahead. */
const NOT_NEXT = "its queue goes on with something else";
/** No line was sent. */
const NO_LINE = -1;

/** The streams of one device that are not over. */
export class DeviceStreams {
  /** Consecutive takes. */
  #sent: Sent[] = [];
  #lineVersion = NO_LINE;
  #isPaused = false;
  #isHeld = false;
  /** The first stream that sounds until the line of a later one holds. */
  #fading: number | undefined;
  #fadesUntilUs = 0;
  /** The line of the first stream, unless another has replaced it. */
  #first: StreamLine | null = null;
  /** When it was first sent a line since it is connected. */
  #linedAtUs = Infinity;
  /** When it was last started, paused or resumed: earlier reports are older. */
  askedAtUs = -Infinity;

  /** Whether its player has surely been opened for the group. */
  isWarm(nowUs: number): boolean {
    return nowUs - this.#linedAtUs >= WARM_US;
  }

  /** The last take that it was sent, at least in part; null: none. */
  get lastTake(): number | null {
    return this.#sent.at(-1)?.take ?? null;
  }

  /** Whether a device that plays alone was asked to pause, or has by itself. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The take that a stream brings. */
  takeOf(stream: number): number | undefined {
    return this.#sent.find((it) => it.stream === stream)?.take;
  }

  /** Whether a take was sent to its last byte. */
  hasAllOf(take: number, { sending }: Pick<Receiver, "sending">): boolean {
    const found = this.#sent.find((it) => it.take === take);
    return found !== undefined && found.stream !== sending;
  }

  /** Forgets all streams: the device has a new connection, or plays by itself. */
  forget(): void {
    this.#sent = [];
    this.#lineVersion = NO_LINE;
    this.#isPaused = this.#isHeld = false;
    this.#fading = undefined;
    this.#first = null;
  }

  /** Sends everything once more; what it has sounds until then. */
  repeat(): void {
    const first = this.#fading ?? this.#sent[0]?.stream;
    this.forget();
    this.#fading = first;
    this.#fadesUntilUs = Infinity;
  }

  /** Forgets a stream that has failed, and those after it. */
  lost(stream: number): void {
    this.#sent = this.#sent.filter((it) => it.stream < stream);
  }

  /** Sends nothing until {@linkcode adopt}: the device has requested its song. */
  hold(): void {
    this.forget();
    this.#isHeld = true;
  }

  /** Takes over a stream that the device has requested by itself. */
  adopt(take: number, stream: number, fromFrame: number): void {
    this.forget();
    this.#sent = [{ take, stream, fromFrame }];
  }

  /** The device reports that it has paused or resumed by itself. */
  notePaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  /** Has everything thrown away; why, for people. */
  stop(link: Receiver, reason: string): void {
    const first = this.#fading ?? this.#sent[0]?.stream;
    this.forget();
    if (first !== undefined) link.drop(first, reason);
  }

  /**
   * Sends what the device lacks.
   *
   * @param leadUs How long before it sounds the device needs its PCM.
   */
  feed(link: Receiver, programme: Programme, leadUs: number): void {
    const { row } = programme;
    if (this.#isHeld) return;
    if (programme.nowUs >= this.#fadesUntilUs) this.#fading = undefined;
    if (row.length === 0) return this.stop(link, "its queue has stopped");
    const former = this.#sent[0]?.stream;
    const isLeft = !programme.isSeveral && this.#lineVersion !== NO_LINE;
    // Alone no line keeps it at the pace of a live song's sender.
    if (isLeft && programme.songOf(row[0]).live) this.forget();
    while (this.#sent.length > 0 && this.#sent[0].take < row[0].id) {
      this.#sent.shift();
    }
    const isInRow = row.some(({ id }) => id === this.#sent[0]?.take);
    if (!isInRow) this.#begin(link, programme, leadUs, former);
    else if (link.isInStep) this.#goOn(link, programme);
    if (this.#sent.length === 0) return;
    if (programme.isSeveral) this.#sendNewest(link, programme);
    else this.#sendPause(link, programme);
  }

  /** Sends a first stream, from what is due once the device can sound it. */
  #begin(
    link: Receiver,
    programme: Programme,
    leadUs: number,
    former: number | undefined,
  ): void {
    const { timeline, nowUs, isSeveral, row } = programme;
    const dueUs = isSeveral ? dueAt(programme, leadUs) : nowUs;
    const due = timeline.join(nowUs, dueUs);
    if (due === null) return this.#dropAhead(link);
    const take = row.find(({ id }) => id === due.line.take)!;
    if (isSeveral) this.#fading ??= former;
    this.#sent = [];
    this.#isPaused = false;
    this.#start(link, programme, take, Math.floor(due.line.frame));
  }

  /** What it was sent ahead is not due any more, and nothing else is. */
  #dropAhead(link: Receiver): void {
    const [first] = this.#sent;
    this.#sent = [];
    if (first) link.drop(first.stream, NOT_NEXT);
  }

  /** Corrects what follows, and sends what comes next if it is time. */
  #goOn(link: Receiver, programme: Programme): void {
    const { row } = programme;
    const first = row.findIndex(({ id }) => id === this.#sent[0].take);
    const kept = this.#sent.findIndex(({ take }, i) =>
      row[first + i]?.id !== take
    );
    const isCut = kept >= 0;
    const next = row[first + (isCut ? kept : this.#sent.length)];
    const isDue = next !== undefined && this.#isDue(next, programme);
    if (isCut) {
      const [{ stream }] = this.#sent.splice(kept);
      if (!isDue) link.drop(stream, NOT_NEXT);
    }
    const last = this.#sent.at(-1)!;
    if (!isDue || link.sending === last.stream) return;
    this.#start(link, programme, next, next.fromFrame, last.stream);
  }

  #isDue({ id }: Take, { timeline, nowUs }: Programme): boolean {
    const atUs = timeline.startsAtUs(id);
    return atUs !== null && atUs - nowUs <= AHEAD_US;
  }

  #start(
    link: Receiver,
    programme: Programme,
    take: Take,
    fromFrame: number,
    follows?: number,
  ): void {
    const { cause, isSeveral, songOf, timeline } = programme;
    this.askedAtUs = programme.nowUs;
    const begun = (stream: number) =>
      this.#sent.push({ take: take.id, stream, fromFrame });
    const lined = (stream: number) => {
      begun(stream);
      // Another line would replace one that has yet to take effect.
      const isDue = !this.#first || this.#first.sinceUs <= programme.nowUs;
      if (follows !== undefined && !isDue) return link.line(this.#first!);
      const line = follows === undefined
        ? timeline.lineFrom(take.id, fromFrame)
        : this.#mine(programme, timeline.lineOfFollower(take.id));
      if (!line || !this.#has(line.take)) return;
      const sent = this.#sendLine(link, programme, line);
      if (follows === undefined) this.#first = sent;
    };
    const stream = link.start(
      songOf(take).handle(),
      fromFrame,
      {
        ...cause,
        ...(link.isInStep && { entry: take.entry }),
        ...(follows !== undefined && { follows }),
      },
      isSeveral ? lined : undefined,
    );
    if (!isSeveral) begun(stream);
  }

  /** A line as the device follows it, which may lack what comes before or after. */
  #mine({ timeline, row }: Programme, line: Line | null): Line | null {
    const [{ take, fromFrame }] = this.#sent;
    const isBehind = line !== null &&
      (line.take < take || (line.take === take && line.frame < fromFrame));
    if (isBehind) return timeline.lineFrom(take, fromFrame);
    const last = row.find(({ id }) => id === this.lastTake);
    const isPausedBeyond = line && last && line.take > last.id &&
      line.atUs === null && last.endFrame !== null;
    // It waits at the end of what it has.
    return isPausedBeyond
      ? { ...line, take: last.id, frame: last.endFrame! }
      : line;
  }

  /** Sends the newest line, if there is a newer one. */
  #sendNewest(link: Receiver, programme: Programme): void {
    this.#isPaused = programme.isPaused;
    if (this.#lineVersion === programme.lineVersion) return;
    const mine = this.#mine(programme, programme.timeline.line);
    // A line about a take that it lacks comes with that take's stream.
    if (!mine || !this.#has(mine.take)) return;
    this.#sendLine(link, programme, mine);
    this.#first = null;
  }

  #sendLine(
    link: Receiver,
    { lineVersion, nowUs }: Programme,
    line: Line,
  ): StreamLine {
    const { stream, fromFrame } = this.#sent
      .find(({ take }) => take === line.take)!;
    this.#lineVersion = lineVersion;
    this.#linedAtUs = Math.min(this.#linedAtUs, nowUs);
    const { atUs, sinceUs } = line;
    this.#fadesUntilUs = sinceUs;
    const frame = line.frame - fromFrame;
    const sent = { stream, frame, atUs, sinceUs };
    link.line(sent);
    return sent;
  }

  #has(take: number): boolean {
    return this.#sent.some((it) => it.take === take);
  }

  /** A device that plays alone has no line, and is asked to pause. */
  #sendPause(link: Receiver, { isPaused, cause, nowUs }: Programme): void {
    this.#lineVersion = NO_LINE;
    if (this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    this.askedAtUs = nowUs;
    link.control({ action: isPaused ? "pause" : "resume", by: cause.by });
  }
}

/** When a device can sound something at the earliest. */
function dueAt({ timeline, nowUs }: Programme, leadUs: number): number {
  const readyUs = nowUs + leadUs;
  // What is about to begin has counted with the device.
  const beginsUs = timeline.line?.sinceUs ?? 0;
  return readyUs <= beginsUs ? beginsUs : readyUs + LINE_MARGIN_US;
}
