/**
 * Decodes and checks the messages of clients, who may be anyone: their depth, their
 * version and their type, before {@link ./message_codec.ts} checks the fields.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { isDeeper } from "./json_depth.ts";
import {
  checkMessage,
  type Envelope,
  envelopeIn,
  parseFields,
} from "./message_codec.ts";
import { PROTOCOL_VERSION, type ToServer } from "./messages.ts";
import { TO_SERVER } from "./to_server.ts";

/** How deep objects and lists of a message to a server may be nested. */
export const MAX_DEPTH = 32;

/**
 * Reads the part of a payload that all messages have in common.
 *
 * @throws {OndacastError} `bad-message`, as of `openEnvelope()`, or if it is
 * nested deeper than {@linkcode MAX_DEPTH}; `version`, if it is a `hello` of another
 * version, where an `id` may have another shape.
 */
export function openRequest(payload: Uint8Array): Envelope {
  const fields = parseRequest(payload);
  try {
    return envelopeIn(fields);
  } catch (error) {
    checkVersion(fields);
    throw error;
  }
}

/** Reads a JSON object that is not too deep. @throws {OndacastError} `bad-message`. */
export function parseRequest(payload: Uint8Array): Record<string, unknown> {
  if (!isDeeper(payload, MAX_DEPTH)) return parseFields(payload);
  throw new OndacastError(
    "bad-message",
    `Cannot read a message: expected at most ${MAX_DEPTH} objects and lists in each other`,
  );
}

/**
 * Checks a message's fields against its row.
 *
 * @throws {OndacastError} `version`, if it says another one; `unknown-type` or
 * `bad-message`, naming the field.
 */
export function checkRequest(envelope: Envelope): ToServer {
  const { type, fields } = envelope;
  if (!Object.hasOwn(TO_SERVER, type)) {
    throw new OndacastError(
      "unknown-type",
      `Cannot accept a message of type ${
        JSON.stringify(type.slice(0, 64))
      }: expected ${Object.keys(TO_SERVER).join(", ")}`,
    );
  }
  checkVersion({ type, version: fields.version });
  return checkMessage(TO_SERVER, envelope);
}

/** Checked first, because another version may define other fields differently. */
function checkVersion(
  { type, version }: { type?: unknown; version?: unknown },
): void {
  if (type !== "hello") return;
  if (typeof version !== "number" || version === PROTOCOL_VERSION) return;
  throw new OndacastError(
    "version",
    `Cannot speak version ${version}: expected ${PROTOCOL_VERSION}`,
  );
}
