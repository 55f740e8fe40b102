/**
 * The messages by which a server borrows a device of another one, so that devices
 * of both are a group: what the device is to play, in times of the lender's clock.
 * All of them carry the term of the group: what is of a lower one is `stale`. Those
 * of the lender are in {@link ./loan_messages.ts}.
 *
 * @module
 */

import * as v from "valibot";
import { count, finite, shortText, textOf } from "./fields.ts";
import { CLIENT_ACTION, CLIENT_VALUE } from "./group_messages.ts";
import { message } from "./message_row.ts";

/** `NODE:name`: a name has 16 components of 255 bytes at most. */
const song = textOf(1, 4_200);

/** The device, and the group that it is borrowed for. */
const LOAN = { device: textOf(1, 64), group: textOf(1, 64), term: count };

/** Where a stream is, in microseconds of the lender's clock; see `line`. */
const LINE = {
  stream: count,
  frame: count,
  at: v.nullable(finite),
  since: v.optional(finite),
};

/** The messages of the borrower. */
export const LOAN_TO_SERVER = {
  borrow: message(LOAN),
  /**
   * Begins a stream. In a group of several it has a line, which may be null, as that
   * of a stream before it holds.
   */
  "lent-start": message({
    ...LOAN,
    stream: count,
    song,
    from: count,
    by: v.optional(textOf(0, 64)),
    entry: v.optional(count),
    follows: v.optional(count),
    line: v.optional(v.nullable(v.object(LINE))),
  }),
  "lent-line": message({ ...LOAN, ...LINE }),
  "lent-drop": message({ ...LOAN, stream: count, reason: shortText }),
  "lent-control": message({
    ...LOAN,
    action: CLIENT_ACTION,
    value: v.optional(CLIENT_VALUE),
    by: v.optional(textOf(0, 64)),
  }),
  /** Gives the device back; `holds`: it plays on, as another server has its group. */
  "lent-back": message({
    device: LOAN.device,
    holds: v.optional(v.boolean()),
  }),
} as const;
