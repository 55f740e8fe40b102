/**
 * The messages between servers that are one, each of which is a client of the
 * others, and the list of these servers. A server introduces itself in its `hello`;
 * both sides prove that they know a secret before anything else is answered.
 *
 * @module
 */

import * as v from "valibot";
import { textOf } from "./fields.ts";

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
