/**
 * The messages between servers that are one, each of which is a client of the
 * others, and the list of these servers. A server introduces itself in its `hello`;
 * both sides prove that they know a secret before anything else is answered.
 *
 * @module
 */

import * as v from "valibot";
import { count, textOf } from "./fields.ts";
import { message } from "./message_row.ts";

/** 32 bytes in hexadecimal digits: a random value, or an HMAC-SHA256. */
export const HEX = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** A server that introduces itself. */
export const PEER = v.object({
  name: textOf(1, 64),
  /** Where it says that it listens. */
  address: textOf(1, 300),
  random: HEX,
});

/** The other one, with its proof. */
export const PEER_ANSWER = v.object({ ...PEER.entries, proof: HEX });

/** The messages that a server sends. */
export const PEER_TO_CLIENT = {
  proved: message({}),
  places: message({
    places: v.array(v.object({
      node: v.string(),
      address: v.string(),
      state: v.picklist(["here", "alive", "dead", "refused"]),
      reason: v.optional(v.string()),
      devices: count,
      songs: count,
    })),
    /** Whether the others can be heard of. */
    connected: v.boolean(),
  }),
};
