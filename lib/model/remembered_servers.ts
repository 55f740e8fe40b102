/**
 * The servers that a client remembers, as the JSON of a file:
 *
 *     {"used": {"id": "70fd…", "name": "Kitchen", "host": "10.9.1.1", …}}
 *
 * @module
 */

import * as v from "valibot";
import { MAX_PORT } from "./right_port.ts";

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(1_024));
const SERVER = v.object({
  id: v.nullable(text),
  name: text,
  host: text,
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PORT)),
  tls: v.boolean(),
  token: v.optional(text),
});
const SERVERS = v.object({
  used: v.optional(SERVER),
  received: v.optional(SERVER),
});

/** A server that is remembered: by its id, at an address. */
export type RememberedServer = v.InferOutput<typeof SERVER>;

/** What a client remembers. */
export interface RememberedServers {
  /** The one that the user has chosen, for all commands. */
  used?: RememberedServer;
  /** The one that `receive` took first. It is never given a token. */
  received?: RememberedServer;
}

/** Reads the file's text; null if it is malformed. */
export function readRemembered(json: string): RememberedServers | null {
  try {
    return v.parse(SERVERS, JSON.parse(json));
  } catch {
    return null;
  }
}
