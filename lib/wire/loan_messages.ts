/**
 * What a server reports of a device that another one has borrowed; see
 * {@link ./loan_requests.ts}.
 *
 * @module
 */

import * as v from "valibot";
import { count, numberFrom, shortText, textOf } from "./fields.ts";
import { MAX_DELAY_MS, STEP } from "./group_messages.ts";
import { message } from "./message_row.ts";

const flag = v.boolean();
const volume = numberFrom(0, 100);
const device = textOf(1, 64);

/** The messages of the lender. */
export const LOAN_TO_PEER = {
  borrowed: message({
    volume,
    muted: flag,
    delay: numberFrom(-MAX_DELAY_MS, MAX_DELAY_MS),
    step: v.optional(STEP),
    problem: v.optional(shortText),
  }),
  /** What the device reports of itself. */
  "lent-facts": message({
    device,
    volume,
    step: v.optional(STEP),
    problem: v.optional(shortText),
  }),
  /** Where a device that plays alone is in its song. */
  "lent-place": message({
    device,
    stream: count,
    position: numberFrom(0, Number.MAX_SAFE_INTEGER),
    playing: flag,
  }),
  /** What has become of a stream. */
  "lent-stream": message({
    device,
    stream: count,
    event: v.picklist(["sent", "failed", "behind", "stopped"]),
    code: v.optional(textOf(1, 32)),
    reason: v.optional(shortText),
  }),
  /** The device has lost what it had. */
  "lent-rejoin": message({ device }),
  /** `away`: it may come back; `left`: it plays something of its own, or for others. */
  "lent-over": message({
    device,
    why: v.picklist(["away", "left"]),
  }),
};
