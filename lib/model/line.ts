/**
 * What the members of a group are sent of its time line: when a sample frame
 * sounds, which determines that of all others.
 *
 * @module
 */

import { type Course, nextFrame, placeAt, startOf } from "./course.ts";

/** What members are sent: from `sinceUs` on, `frame` of `take` sounds at `atUs`. */
export interface Line {
  take: number;
  /** A sample frame of the song; the next to sound if `atUs` is null. */
  frame: number;
  /** In microseconds of the server's clock; null: silence. */
  atUs: number | null;
  sinceUs: number;
}

/** A member that needs PCM earlier than this does not delay the others. */
const MOST_LEAD_US = 1_500_000;
/** Time for a line to reach all members. */
export const LINE_MARGIN_US = 100_000;

/**
 * When something new can sound at the earliest.
 *
 * @param readyUs When its first page is there.
 * @param leadsUs How long before it sounds each member needs its PCM.
 *
 * @example A member that needs two seconds joins late
 * ```ts
 * import { soundsAtUs } from "./line.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(soundsAtUs(1_000, [200_000, 2_000_000]), 301_000);
 * ```
 */
export function soundsAtUs(
  readyUs: number,
  leadsUs: readonly number[],
): number {
  const counted = leadsUs.filter((it) => it <= MOST_LEAD_US);
  return readyUs + Math.max(0, ...counted) + LINE_MARGIN_US;
}

/** The line of a course. */
export function lineOf({ take, frame, atUs, sinceUs }: Course): Line {
  return { take, frame, atUs, sinceUs };
}

/**
 * The line of a course, as a member follows it that has nothing before a sample
 * frame of a take.
 *
 * @returns Null if that take is over or dropped.
 */
export function lineFrom(
  course: Course,
  take: number,
  frame: number,
): Line | null {
  const found = course.row.find(({ id }) => id === take);
  if (!found || take < course.take) return null;
  const line = lineOf(course);
  const isSame = take === course.take;
  if (isSame && frame <= course.frame) return line;
  if (line.atUs === null) return { ...line, take, frame };
  const heardFrom = isSame ? course.frame : found.fromFrame;
  const atUs = startOf(course, found) +
    (frame - heardFrom) * 1e6 / found.rateHz;
  return { take, frame, atUs, sinceUs: Math.max(atUs, line.sinceUs) };
}

/**
 * The line of a course for a member that can sound from a time on.
 *
 * @returns Null if nothing is left to play then.
 */
export function lineAt(course: Course, atUs: number): Line | null {
  const fromUs = Math.max(atUs, course.sinceUs);
  if (placeAt(course, fromUs).kind === "ended") return null;
  if (course.atUs === null) return lineOf(course);
  const due = nextFrame(course, fromUs);
  return { ...due, sinceUs: due.atUs };
}
