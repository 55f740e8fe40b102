/**
 * Songs in a row without a gap, and the time at which one of their sample frames
 * sounds, which determines that of all others.
 *
 * @module
 */

/** A song that is played, from a sample frame to before another. */
export interface Take {
  /** Rises in its group for ever. */
  readonly id: number;
  /** The entry of the queue. */
  readonly entry: number;
  readonly rateHz: number;
  readonly fromFrame: number;
  /** Above `fromFrame`; null: a live song, which has no end. */
  readonly endFrame: number | null;
}

export interface Course {
  /**
   * One or more, each without a gap after the one before. Courses share a row, so
   * that a song that is added follows in all of them.
   */
  readonly row: Take[];
  /** A take of the row; none before it sounds any more. */
  readonly take: number;
  /** A sample frame of that take. */
  readonly frame: number;
  /** When it sounds, in microseconds; null while paused. */
  readonly atUs: number | null;
  /** From when on this holds. */
  readonly sinceUs: number;
}

/** A place in a row: `waiting` until it sounds, `ended` after the last frame. */
export interface Position {
  kind: "waiting" | "playing" | "paused" | "ended";
  take: Take;
  /** With a fraction while playing. */
  frame: number;
}

/** Computing with floating point, a frame is the next one already. */
const SLACK_FRAMES = 1e-4;

/**
 * What sounds at a time.
 *
 * @example
 * ```ts
 * import { placeAt } from "./course.ts";
 * import assert from "node:assert/strict";
 *
 * const take = { id: 1, entry: 7, rateHz: 1_000, fromFrame: 0, endFrame: 50 };
 * const row = [take, { ...take, id: 2, rateHz: 500 }];
 * const course = { row, take: 1, frame: 10, atUs: 0, sinceUs: 0 };
 * const place = { kind: "playing", take: row[1], frame: 5 };
 * assert.deepEqual(placeAt(course, 50_000), place);
 * ```
 */
export function placeAt(course: Course, nowUs: number): Position {
  const { row, atUs } = course;
  let at = row.findIndex(({ id }) => id === course.take);
  let { frame } = course;
  if (atUs === null) return { kind: "paused", take: row[at], frame };
  if (nowUs < atUs) return { kind: "waiting", take: row[at], frame };
  let fromUs = atUs;
  for (;; at++) {
    const take = row[at];
    const endUs = fromUs + lastsUs(take, frame);
    if (nowUs < endUs) {
      frame += (nowUs - fromUs) * take.rateHz / 1e6;
      return { kind: "playing", take, frame };
    }
    if (at + 1 === row.length) {
      return { kind: "ended", take, frame: take.endFrame! };
    }
    fromUs = endUs;
    frame = row[at + 1].fromFrame;
  }
}

/** A whole sample frame, and when it sounds. */
export interface DueFrame {
  take: number;
  frame: number;
  atUs: number;
}

/** The next whole frame to sound from a time on; after the end, the end itself. */
export function nextFrame(course: Course, nowUs: number): DueFrame {
  const { kind, take, frame } = placeAt(course, nowUs);
  if (kind !== "playing") {
    return { take: take.id, frame, atUs: Math.max(nowUs, course.atUs ?? 0) };
  }
  const next = Math.max(0, Math.ceil(frame - SLACK_FRAMES));
  const atUs = nowUs + (next - frame) * 1e6 / take.rateHz;
  const follower = course.row[course.row.indexOf(take) + 1];
  return next === take.endFrame && follower
    ? { take: follower.id, frame: follower.fromFrame, atUs }
    : { take: take.id, frame: next, atUs };
}

/** When a take of the rest of the row begins, or is heard from; not if paused. */
export function startOf({ row, take, frame, atUs }: Course, of: Take): number {
  let us = atUs!;
  for (let at = row.findIndex(({ id }) => id === take); row[at] !== of; at++) {
    us += lastsUs(row[at], row[at].id === take ? frame : row[at].fromFrame);
  }
  return us;
}

/**
 * When a frame of the row sounds, also one before the frame that the course
 * tells; null if it is paused, or the take is not in the row.
 */
export function timeOf(
  { row, take, frame, atUs }: Course,
  of: number,
  ofFrame: number,
): number | null {
  const from = row.findIndex(({ id }) => id === take);
  const to = row.findIndex(({ id }) => id === of);
  if (atUs === null || from < 0 || to < 0) return null;
  let us = atUs + (row[from].fromFrame - frame) * 1e6 / row[from].rateHz;
  for (let at = from; at < to; at++) us += lastsUs(row[at], row[at].fromFrame);
  for (let at = to; at < from; at++) us -= lastsUs(row[at], row[at].fromFrame);
  return us + (ofFrame - row[to].fromFrame) * 1e6 / row[to].rateHz;
}

/** When the row ends; Infinity for a live song, and not if paused. */
export function endOf(course: Course): number {
  const last = course.row.at(-1)!;
  const isHeard = last.id === course.take;
  return startOf(course, last) +
    lastsUs(last, isHeard ? course.frame : last.fromFrame);
}

/** How long a take lasts from a frame on, in microseconds. */
export function lastsUs({ endFrame, rateHz }: Take, frame: number): number {
  return endFrame === null ? Infinity : (endFrame - frame) * 1e6 / rateHz;
}
