/**
 * Decodes messages of any type for tests.
 *
 * @module
 */

import { checkMessage, openEnvelope } from "../../lib/wire/message_codec.ts";
import type { TO_PEER } from "../../lib/wire/to_peer.ts";
import { checkRequest, openRequest } from "../../lib/wire/request_codec.ts";
import { TO_SERVER } from "../../lib/wire/to_server.ts";

type Table = typeof TO_SERVER | typeof TO_PEER;
// deno-lint-ignore no-explicit-any
type Any = any;

/** The JSON of a message's frame. */
export function json(frame: Uint8Array): Any {
  return JSON.parse(new TextDecoder().decode(frame.subarray(4)));
}

/** Decodes and checks a message's payload. */
export function read(table: Table, payload: Uint8Array): Any {
  return table === TO_SERVER
    ? checkRequest(openRequest(payload))
    : checkMessage(table as Any, openEnvelope(payload));
}

/** Checks an object as a message. */
export function readObject(table: Table, object: unknown): Any {
  return read(table, new TextEncoder().encode(JSON.stringify(object)));
}
