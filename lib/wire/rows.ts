/**
 * The checks of objects within messages: the format of a song, and a client of
 * those online.
 *
 * @module
 */

import * as v from "valibot";
import { CONTAINER_BITS, type Encoding } from "../audio/format.ts";
import { count, finite, kind, seconds, whole } from "./fields.ts";

const encodings = Object.keys(CONTAINER_BITS) as Encoding[];

/** How samples lie in PCM. */
export const LAYOUT = {
  encoding: v.picklist(encodings),
  rate: whole(1, Number.MAX_SAFE_INTEGER),
  channels: whole(1, 64),
  bits: finite,
  validBits: v.optional(count),
  channelMask: v.optional(whole(0, 2 ** 32 - 1)),
};

/** Whether the bits are those of the encoding. */
export const hasRightBits = (
  { encoding, bits, validBits = bits }: {
    encoding: Encoding;
    bits: number;
    validBits?: number;
  },
): boolean =>
  bits === CONTAINER_BITS[encoding] && validBits >= 1 && validBits <= bits;

/** What the error says where they are not. */
export const RIGHT_BITS = "expected the bits of its encoding";

/** The format of a song's PCM, and where it lies in the file. */
export const FORMAT = v.pipe(
  v.object({
    ...LAYOUT,
    dataOffset: count,
    dataBytes: v.nullable(count),
  }),
  v.check((format) => hasRightBits(format), RIGHT_BITS),
);

/** A client, and its activity as others see it. */
export const ONLINE_CLIENT = v.object({
  key: v.string(),
  id: v.string(),
  name: v.string(),
  kind: v.optional(kind),
  receiving: v.boolean(),
  unverified: v.optional(v.boolean()),
  // The server that it is connected to, where several are one.
  node: v.optional(v.string()),
  state: v.object({
    doing: v.picklist(["idle", "waiting", "playing", "paused"]),
    song: v.optional(v.string()),
    position: v.optional(seconds),
    volume: v.optional(finite),
    underruns: v.optional(count),
    problem: v.optional(v.string()),
  }),
});
