/**
 * The line of a group as one member knows it: the streams that it was sent, in
 * rows, and the lines that say when they sound. It is the other end of
 * {@link ./timeline.ts}.
 *
 * @module
 */

import {
  type Course,
  placeAt,
  type Position,
  type Take,
  timeOf,
} from "./course.ts";

/** From `sinceUs` on, `frame` of `take` sounds at `atUs`; null: silence. */
export interface ReceivedLine {
  take: number;
  frame: number;
  atUs: number | null;
  sinceUs: number;
}

/** A course, in the times of one of the server's clocks. */
interface TimedCourse<C> extends Course {
  readonly clock: C;
}

/** The time by a clock of the server; NaN: it is not known yet. */
export type TimeBy<C> = (clock: C) => number;

/**
 * What a member is to sound. Like a server's time line, it has one course in
 * effect, and at most one that replaces it later.
 *
 * @example A song, then a pause in it
 * ```ts
 * import { MemberLine } from "./member_line.ts";
 * import assert from "node:assert/strict";
 *
 * const line = new MemberLine<"a">();
 * const take = { id: 1, entry: 7, rateHz: 1_000, fromFrame: 0, endFrame: 500 };
 * line.start(take);
 * line.follow({ take: 1, frame: 0, atUs: 100, sinceUs: 100 }, "a", () => 0);
 * line.follow({ take: 1, frame: 2, atUs: null, sinceUs: 2_100 }, "a", () => 200);
 * assert.equal(line.placeAt(() => 1_100)?.frame, 1);
 * assert.equal(line.placeAt(() => 2_100)?.kind, "paused");
 * ```
 */
export class MemberLine<C> {
  /** What was started last; it has no course before its line has come. */
  #newest: Take[] = [];
  #current: TimedCourse<C> | null = null;
  #pending: TimedCourse<C> | null = null;

  /**
   * Adds a stream.
   *
   * @param follows The take that it follows without a gap; what has followed that
   * one so far is dropped.
   */
  start(take: Take, follows?: number): void {
    const row = this.#rowOf(follows);
    if (row === undefined) {
      this.#newest = [take];
      return;
    }
    row.length = row.findIndex(({ id }) => id === follows) + 1;
    row.push(take);
    this.#newest = row;
    this.#forgetDropped();
  }

  /**
   * Takes a line of the server, which replaces every earlier one from its time
   * on.
   *
   * @param clock The server's clock that its times are of.
   * @returns False if its take is dropped or unknown.
   */
  follow(line: ReceivedLine, clock: C, now: TimeBy<C>): boolean {
    const row = this.#rowOf(line.take);
    if (row === undefined) return false;
    this.#settle(now);
    this.#pending = { ...line, row, clock };
    this.#settle(now);
    return true;
  }

  /** Drops a take and all after it. */
  stop(take: number): void {
    const row = this.#rowOf(take);
    if (row === undefined) return;
    row.length = row.findIndex(({ id }) => id === take);
    this.#forgetDropped();
  }

  /** Drops everything. */
  clear(): void {
    this.#newest = [];
    this.#current = this.#pending = null;
  }

  /** What sounds at a time; null: nothing is to. */
  placeAt(time: TimeBy<C>): Position | null {
    const course = this.#courseAt(time);
    if (course === null || Number.isNaN(time(course.clock))) return null;
    return placeAt(course, time(course.clock));
  }

  /**
   * How much later than a frame the line is, in microseconds, at a time; null if
   * the frame is not of what sounds then, or does not move.
   */
  behindUs(take: number, frame: number, time: TimeBy<C>): number | null {
    const course = this.#courseAt(time);
    if (course === null) return null;
    const dueUs = timeOf(course, take, frame);
    return dueUs === null ? null : time(course.clock) - dueUs;
  }

  /** Microseconds until something changes that is not in the row; or Infinity. */
  untilChangeUs(time: TimeBy<C>): number {
    const course = this.#courseAt(time);
    const pending = this.#pending;
    const changesUs = [
      course?.atUs && course.atUs - time(course.clock),
      pending && pending !== course && pending.sinceUs - time(pending.clock),
    ].filter((us) => typeof us === "number" && us > 0) as number[];
    return Math.min(Infinity, ...changesUs);
  }

  /**
   * The takes that are still to sound, or may be. Those of a row that another one
   * is about to replace are `leaving`.
   *
   * @param now The time now, not that of what is written next.
   */
  needed(now: TimeBy<C>): { takes: Set<number>; leaving: Set<number> } {
    this.#settle(now);
    const later = [...this.#newest, ...this.#pending?.row ?? []];
    const takes = new Set(later.map(({ id }) => id));
    const leaving = new Set<number>();
    const [current, pending] = [this.#current, this.#pending];
    if (current === null) return { takes, leaving };
    const nowUs = now(current.clock);
    if (Number.isNaN(nowUs)) {
      for (const { id } of current.row) takes.add(id);
      return { takes, leaving };
    }
    const heard = placeAt(current, nowUs);
    const isLeft = pending !== null && pending.row !== current.row;
    const last = isLeft
      ? placeAt(current, nowUs + pending.sinceUs - now(pending.clock))
      : null;
    // A line to come may go on where the row has ended.
    const isOver = heard.kind === "ended" && pending?.row !== current.row;
    for (const { id } of current.row) {
      if (isOver || id < heard.take.id) takes.delete(id);
      else if (last === null) takes.add(id);
      else if (id <= last.take.id && last.kind !== "paused") leaving.add(id);
    }
    for (const id of leaving) takes.add(id);
    return { takes, leaving };
  }

  /** The take that follows another without a gap, as far as is known. */
  followerOf(take: number): number | undefined {
    const row = this.#rowOf(take) ?? [];
    return row[row.findIndex(({ id }) => id === take) + 1]?.id;
  }

  #courseAt(time: TimeBy<C>): TimedCourse<C> | null {
    const pending = this.#pending;
    const isDue = pending !== null && time(pending.clock) >= pending.sinceUs;
    return isDue ? pending : this.#current;
  }

  #settle(now: TimeBy<C>): void {
    const pending = this.#pending;
    if (pending !== null && now(pending.clock) >= pending.sinceUs) {
      this.#current = pending;
      this.#pending = null;
    }
    this.#forgetHeard(now);
  }

  /** Forgets what was heard, but for the take right before. */
  #forgetHeard(now: TimeBy<C>): void {
    const course = this.#current;
    if (course === null || Number.isNaN(now(course.clock))) return;
    if (course.atUs === null) return;
    const { kind, take } = placeAt(course, now(course.clock));
    const at = course.row.indexOf(take);
    if (kind !== "playing" || at < 2) return;
    const { id, fromFrame } = take;
    const atUs = timeOf(course, id, fromFrame);
    course.row.splice(0, at - 1);
    this.#current = { ...course, take: id, frame: fromFrame, atUs };
  }

  #rowOf(take: number | undefined): Take[] | undefined {
    const rows = [this.#newest, this.#pending?.row, this.#current?.row];
    return rows.find((row) => row?.some(({ id }) => id === take));
  }

  #forgetDropped(): void {
    if (this.#pending && !has(this.#pending)) this.#pending = null;
    if (this.#current && !has(this.#current)) this.#current = null;
  }
}

function has({ row, take }: Course): boolean {
  return row.some(({ id }) => id === take);
}
