/**
 * The time line of a group: which sample frame sounds when, by the server's
 * clock. Its members follow each change from the time it takes effect, so that
 * all of them make it at the same moment.
 *
 * @module
 */

import {
  type Course,
  endOf,
  lastsUs,
  nextFrame,
  placeAt,
  type Position,
  startOf,
  type Take,
} from "./course.ts";
import { type Line, lineAt, lineFrom, lineOf } from "./line.ts";

/** A song to play, from a sample frame to before another. */
export type NewTake = Omit<Take, "id">;

/** Takes that are in a row at once, whatever their lengths. */
export const MOST_IN_A_ROW = 64;
/**
 * The line, as at most two courses: the one in effect, and one that replaces it
 * later. Each song that is begun, each seek included, is a take with a number of
 * its own, so that take and frame never go back. Times may not go back either.
 *
 * @example A song, another after it without a gap, and a pause in it
 * ```ts
 * import { Timeline } from "./timeline.ts";
 * import assert from "node:assert/strict";
 *
 * const line = new Timeline();
 * const song = { entry: 1, rateHz: 1_000, fromFrame: 0, endFrame: 500 };
 * line.start(song, 0, 100_000);
 * line.follow(1, { ...song, entry: 2 }, 0);
 * assert.deepEqual(line.pause(200_000, 700_000), {
 *   take: 2,
 *   frame: 100,
 *   atUs: null,
 *   sinceUs: 700_000,
 * });
 * assert.equal(line.positionAt(599_000)?.take.entry, 1);
 * assert.equal(line.positionAt(700_000)?.kind, "paused");
 * ```
 */
export class Timeline {
  #current: Course | null = null;
  /** Replaces the current course, once its time has come. */
  #pending: Course | null = null;
  #takes = 0;

  /** What sounds at a time, if nothing changes until then; null if stopped. */
  positionAt(nowUs: number): Position | null {
    const { sinceUs = Infinity } = this.#pending ?? {};
    const course = nowUs >= sinceUs ? this.#pending : this.#current;
    return course && placeAt(course, nowUs);
  }

  /** The newest line; null if stopped. */
  get line(): Line | null {
    const course = this.#newest;
    return course && lineOf(course);
  }

  /** The takes that have not sounded, and perhaps some that have. */
  get row(): readonly Take[] {
    return this.#newest?.row ?? [];
  }

  /** The takes from the one that sounds on, or that is to sound. */
  takesAt(nowUs: number): readonly Take[] {
    this.#settle(nowUs);
    return this.#newest?.row ?? [];
  }

  /** When a take begins to sound; null if paused, or if it is over or dropped. */
  startsAtUs(take: number): number | null {
    const course = this.#newest;
    const found = course?.row.find(({ id }) => id === take);
    if (!found || !course || course.atUs === null) return null;
    return found.id < course.take ? null : startOf(course, found);
  }

  /** When a take ends, as {@linkcode startsAtUs}; Infinity for a live song. */
  endsAtUs(take: number): number | null {
    const fromUs = this.startsAtUs(take);
    if (fromUs === null) return null;
    const course = this.#newest!;
    const found = course.row.find(({ id }) => id === take)!;
    const fromFrame = take === course.take ? course.frame : found.fromFrame;
    return fromUs + lastsUs(found, fromFrame);
  }

  /** The newest line from a frame on; see {@linkcode lineFrom}. */
  lineFrom(take: number, frame: number): Line | null {
    const course = this.#newest;
    return course && lineFrom(course, take, frame);
  }

  /**
   * The line that is sent with a follower: its own, unless that would replace one
   * that has yet to take effect.
   */
  lineOfFollower(take: number): Line | null {
    const { fromFrame } = this.row.find(({ id }) => id === take) ?? {};
    return this.#pending || fromFrame === undefined
      ? this.line
      : this.lineFrom(take, fromFrame);
  }

  /**
   * Corrects the line by what a device that plays alone reports.
   *
   * @param frame Of the take, sounds at `atUs`; the next to sound if that is null.
   * @returns False if the take is over or dropped.
   */
  anchor(
    take: number,
    frame: number,
    atUs: number | null,
    nowUs: number,
  ): boolean {
    const row = this.#newest?.row;
    const at = row?.findIndex(({ id }) => id === take) ?? -1;
    if (at < 0) return false;
    row!.splice(0, at);
    this.#current = { row: row!, take, frame, atUs, sinceUs: nowUs };
    this.#pending = null;
    return true;
  }

  /**
   * Begins a song, at a seek as well: at `atUs`, until when the former one goes
   * on, or paused at once.
   */
  start(take: NewTake, nowUs: number, atUs: number | null): Line {
    const row = [this.#number(take)];
    const since = atUs === null ? nowUs : Math.max(atUs, nowUs);
    return this.#change(nowUs, {
      row,
      take: row[0].id,
      frame: take.fromFrame,
      atUs: atUs === null ? null : since,
      sinceUs: since,
    });
  }

  /**
   * Lets a song follow a take without a gap, and drops what has followed it so
   * far.
   *
   * @returns Null if that take is over, endless or dropped, or too many are in a
   * row.
   */
  follow(after: number, take: NewTake, nowUs: number): Line | null {
    if (!this.cut(after, nowUs)) return null;
    const { row } = this.#newest!;
    const last = row.at(-1)!;
    if (last.endFrame === null || row.length >= MOST_IN_A_ROW) return null;
    const { id, fromFrame } = this.#number(take);
    const current = this.#current;
    // A line of its own would replace one that has yet to take effect.
    const atUs = this.#pending || !current || current.atUs === null
      ? null
      : endOf(current);
    row.push({ ...take, id });
    if (atUs !== null) {
      return { take: id, frame: fromFrame, atUs, sinceUs: atUs };
    }
    if (this.#pending && current?.row === row && current.atUs !== null) {
      // It may sound before the pause that is to come.
      this.#pending = pausedIn(current, this.#pending.sinceUs);
    }
    return this.line;
  }

  /**
   * Drops what follows a take.
   *
   * @returns False if that take is over or dropped.
   */
  cut(after: number, nowUs: number): boolean {
    this.#settle(nowUs);
    const row = this.#newest?.row ?? [];
    const at = row.findIndex(({ id }) => id === after);
    if (at < 0) return false;
    for (const course of [this.#current, this.#pending]) {
      if (course?.row !== row) continue;
      const place = placeAt(course, nowUs);
      if (place.kind === "ended" || place.take.id > after) return false;
    }
    row.length = at + 1;
    return true;
  }

  /** Pauses from `sinceUs` on; null if there is nothing to pause. */
  pause(nowUs: number, sinceUs: number): Line | null {
    this.#settle(nowUs);
    const course = this.#newest;
    if (!course || course.atUs === null) return null;
    if (placeAt(course, nowUs).kind === "ended") return null;
    const since = Math.max(sinceUs, nowUs);
    // What is pending is replaced, so that it never sounds.
    const paused = this.#pending
      ? { ...this.#pending, atUs: null, sinceUs: since }
      : pausedIn(course, since);
    return this.#change(nowUs, paused);
  }

  /** Resumes at `atUs`; null if it is not paused. */
  resume(nowUs: number, atUs: number): Line | null {
    this.#settle(nowUs);
    const course = this.#newest;
    if (!course || course.atUs !== null) return null;
    const current = this.#current;
    if (this.#pending && current?.row === course.row && current.atUs !== null) {
      // The pause has not begun: nothing was interrupted.
      return this.#change(nowUs, { ...current, sinceUs: nowUs });
    }
    const at = Math.max(atUs, nowUs);
    return this.#change(nowUs, { ...course, atUs: at, sinceUs: at });
  }

  /** A live take has ended, so that its end is known. */
  finish(take: number, endFrame: number): void {
    for (const { row } of [this.#current, this.#pending].filter((it) => !!it)) {
      const at = row.findIndex(({ id }) => id === take);
      if (at < 0) continue;
      const { fromFrame } = row[at];
      row[at] = { ...row[at], endFrame: Math.max(endFrame, fromFrame) };
    }
  }

  /** Everything sounds later by this, because a live song's sender is slower. */
  shift(us: number): void {
    const shifted = (course: Course | null) =>
      course && course.atUs !== null
        ? { ...course, atUs: course.atUs + us }
        : course;
    this.#current = shifted(this.#current);
    this.#pending = shifted(this.#pending);
  }

  /** Drops everything. Numbers of takes go on. */
  stop(): void {
    this.#current = this.#pending = null;
  }

  /**
   * Takes up what a device plays alone, as the line of a new group.
   *
   * @param frame Sounds at `atUs`, as the device reports.
   */
  adopt(
    take: NewTake,
    frame: number,
    atUs: number | null,
    nowUs: number,
  ): Line {
    this.stop();
    const row = [this.#number(take)];
    const course = { row, take: row[0].id, frame, atUs, sinceUs: nowUs };
    return this.#change(nowUs, course);
  }

  /**
   * What a member that joins is sent: the rest of the row, from what is due once
   * it can sound. Nobody else notices.
   *
   * @returns Null if nothing is left to play then.
   */
  join(
    nowUs: number,
    atUs: number,
  ): { takes: readonly Take[]; line: Line } | null {
    this.#settle(nowUs);
    const course = this.#newest;
    const line = course && lineAt(course, atUs);
    if (!course || !line) return null;
    return { takes: course.row.filter(({ id }) => id >= line.take), line };
  }

  get #newest(): Course | null {
    return this.#pending ?? this.#current;
  }

  #number(take: NewTake): Take {
    const { fromFrame, endFrame, rateHz } = take;
    if (!(rateHz > 0) || (endFrame !== null && endFrame <= fromFrame)) {
      throw new RangeError(
        `Cannot play frames ${fromFrame} to ${endFrame} at ${rateHz} Hz`,
      );
    }
    return { ...take, id: ++this.#takes };
  }

  /** Lets a pending course take effect, and forgets what has sounded. */
  #settle(nowUs: number): void {
    if (this.#pending && this.#pending.sinceUs <= nowUs) {
      this.#current = this.#pending;
      this.#pending = null;
    }
    const course = this.#current;
    if (!course || course.atUs === null) return;
    const { kind, take } = placeAt(course, nowUs);
    if (kind === "waiting" || take.id === course.take) return;
    const atUs = startOf(course, take);
    course.row.splice(0, course.row.indexOf(take));
    const { id, fromFrame } = take;
    this.#current = { ...course, take: id, frame: fromFrame, atUs };
  }

  #change(nowUs: number, course: Course): Line {
    this.#settle(nowUs);
    this.#pending = course;
    this.#settle(nowUs);
    return lineOf(course);
  }
}

function pausedIn(course: Course, sinceUs: number): Course {
  const { take, frame } = nextFrame(course, sinceUs);
  return { row: course.row, take, frame, atUs: null, sinceUs };
}
