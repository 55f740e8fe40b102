/**
 * The format of what a client sends live, which only servers check.
 *
 * @module
 */

import * as v from "valibot";
import { whole } from "./fields.ts";
import { hasRightBits, LAYOUT, RIGHT_BITS } from "./rows.ts";

/** The most bytes before the PCM of what is sent live. */
const MOST_HEAD_BYTES = 64 * 1024;

/** The format of what is sent live. What comes before its PCM is passed over. */
export const LIVE_FORMAT = v.pipe(
  v.object({
    ...LAYOUT,
    rate: whole(1, 768_000),
    dataOffset: v.optional(whole(0, MOST_HEAD_BYTES)),
  }),
  v.check((format) => hasRightBits(format), RIGHT_BITS),
);
