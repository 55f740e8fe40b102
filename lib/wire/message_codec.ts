/**
 * Decodes messages from the payloads of frames, checks them against the table
 * of {@link ./messages.ts}, and encodes them. Messages travel beside the data on
 * the walk of one byte.
 *
 * @module
 */

import * as v from "valibot";
import { errorText, OndacastError } from "../errors.ts";
import {
  encodeFrame,
  FRAME_TYPE,
  HEADER_BYTES,
  MAX_MESSAGE_TO_CLIENT_BYTES,
  writeHeader,
} from "./frame.ts";
import { isOfCharacters } from "./characters.ts";
import { NEXT, type NextOf, type Table } from "./message_row.ts";
import type {
  AnyMessage,
  Page,
  RequestId,
  ToClient,
  ToServer,
} from "./messages.ts";
import { TO_CLIENT } from "./to_client.ts";

/** The most bytes of an answer in pages beside its rows. */
const ENVELOPE_BYTES = 32 * 1024;

/** A message of which only the type and the id are known yet. */
export interface Envelope {
  type: string;
  id?: RequestId;
  re?: RequestId;
  fields: Record<string, unknown>;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });
const UTF8_OUT = new TextEncoder();
/**
 * Messages are encoded here, so that a frame of the right length is made by one
 * copy. Separate buffers for the text and the frame would take twice the memory
 * for each page of a list, and each welcome, until they are collected.
 */
const SCRATCH = new Uint8Array(HEADER_BYTES + MAX_MESSAGE_TO_CLIENT_BYTES);
/** The offset of rows in it, behind a header and the name of their field. */
const ROWS_AT = 64;

/**
 * Reads the part of a payload that all messages have in common.
 *
 * @throws {OndacastError} `bad-message`: no UTF-8, no JSON object, no string
 * `type`, or an `id` that is neither a whole number within 2^53 nor a string of
 * at most 64 characters.
 *
 * @example
 * ```ts
 * import { openEnvelope } from "./message_codec.ts";
 * import assert from "node:assert/strict";
 *
 * const payload = new TextEncoder().encode('{"type":"ping","id":7,"time":1}');
 * const { type, id } = openEnvelope(payload);
 * assert.deepEqual([type, id], ["ping", 7]);
 * ```
 */
export function openEnvelope(payload: Uint8Array): Envelope {
  return envelopeIn(parseFields(payload));
}

/** The same of fields that were read. @throws {OndacastError} `bad-message`. */
export function envelopeIn(fields: Record<string, unknown>): Envelope {
  const { type } = fields;
  if (typeof type !== "string") {
    throw badMessage("Cannot read a message: it has no string `type`");
  }
  return envelopeOf(type, fields);
}

/** Reads a JSON object. @throws {OndacastError} `bad-message`. */
export function parseFields(payload: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(payload));
  } catch (cause) {
    throw badMessage(
      `Cannot read a message: ${errorText(cause).slice(0, 200)}`,
      cause,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badMessage("Cannot read a message: expected a JSON object");
  }
  return value as Record<string, unknown>;
}

/**
 * The envelope of a message whose type is known.
 *
 * @throws {OndacastError} `bad-message`; see {@linkcode openEnvelope}.
 */
export function envelopeOf(
  type: string,
  fields: Record<string, unknown>,
): Envelope {
  const { id, re } = fields;
  if (!isRequestId(id)) throw badRequestId("id");
  if (!isRequestId(re)) throw badRequestId("re");
  return { type, fields, id, re };
}

/**
 * Checks a message's fields against its row, which must be there.
 *
 * @throws {OndacastError} `bad-message`, naming the field.
 */
export function checkMessage<T extends Table>(
  table: T,
  envelope: Envelope,
): AnyMessage<T> {
  const result = v.safeParse(table[envelope.type].fields, envelope.fields, {
    abortEarly: true,
  });
  if (!result.success) {
    const [issue] = result.issues;
    // The library's own words repeat the value, which may be long and hostile.
    const problem = issue.message.startsWith("Invalid")
      ? `expected ${issue.expected}`
      : issue.message;
    throw badMessage(
      `Cannot accept ${envelope.type}: field ${
        v.getDotPath(issue) ?? "?"
      }: ${problem}`,
    );
  }
  const message = result.output as AnyMessage<T>;
  message.type = envelope.type;
  if (envelope.id !== undefined) message.id = envelope.id;
  if (envelope.re !== undefined) message.re = envelope.re;
  return message;
}

/**
 * Encodes a message as a frame.
 *
 * @throws {RangeError} If it is longer than a frame can be.
 */
export function encodeMessage(message: ToServer | ToClient): Uint8Array {
  return encodeJson(JSON.stringify(message));
}

function encodeJson(json: string): Uint8Array {
  const payload = SCRATCH.subarray(HEADER_BYTES);
  const { read, written } = UTF8_OUT.encodeInto(json, payload);
  if (read < json.length) {
    return encodeFrame(FRAME_TYPE.message, UTF8_OUT.encode(json));
  }
  writeHeader(SCRATCH, 0, FRAME_TYPE.message, written);
  return SCRATCH.slice(0, HEADER_BYTES + written);
}

/**
 * Encodes an answer in pages as a frame. If one message to a client cannot hold
 * all rows, it carries the first of them and sets `more`, and
 * has the cursor that {@linkcode NEXT} makes. Rows beyond these are
 * not encoded.
 *
 * @throws {RangeError} If the fields beside the rows take more than 32 KiB.
 */
export function encodePage(page: Page): Uint8Array {
  const field = TO_CLIENT[page.type].rows;
  const { [field]: _, ...rest } = page as unknown as Record<string, unknown>;
  const rows = pageRows(page);
  const { count, end } = writeRows(rows);
  if (count < rows.length && "more" in rest) rest.more = true;
  const next = (page as { [NEXT]?: NextOf })[NEXT]?.(count);
  if (next !== undefined) rest.next = next;
  // `{"rows":[…],"type":…}`: the rows are in place, the rest goes around them.
  const before = UTF8_OUT.encode(`{${JSON.stringify(field)}:[`);
  const start = ROWS_AT - before.length;
  SCRATCH.set(before, start);
  const after = `],${JSON.stringify(rest).slice(1)}`;
  const { read, written } = UTF8_OUT.encodeInto(after, SCRATCH.subarray(end));
  if (read < after.length) {
    throw new RangeError(
      `Cannot answer with rows: what is around them takes more than ${ENVELOPE_BYTES} bytes`,
    );
  }
  const frame = SCRATCH.slice(start - HEADER_BYTES, end + written);
  writeHeader(frame, 0, FRAME_TYPE.message, frame.length - HEADER_BYTES);
  return frame;
}

/** Whether a message is an answer in pages. */
export function isPage(message: ToClient): message is Page {
  const table: Table = TO_CLIENT;
  return table[message.type]?.rows !== undefined;
}

/** The rows of an answer in pages. */
export function pageRows(page: Page): unknown[] {
  const fields = page as unknown as Record<string, unknown[]>;
  return fields[TO_CLIENT[page.type].rows];
}

/** Writes as many rows as fit into a message into the scratch buffer. */
function writeRows(rows: unknown[]): { count: number; end: number } {
  const most = ROWS_AT + MAX_MESSAGE_TO_CLIENT_BYTES - ENVELOPE_BYTES;
  let end = ROWS_AT;
  for (const [count, row] of rows.entries()) {
    const text = (count > 0 ? "," : "") + JSON.stringify(row);
    const room = SCRATCH.subarray(end, most);
    const { read, written } = UTF8_OUT.encodeInto(text, room);
    if (read < text.length) return { count, end };
    end += written;
  }
  return { count: rows.length, end };
}

function isRequestId(value: unknown): value is RequestId | undefined {
  return value === undefined || Number.isSafeInteger(value) ||
    typeof value === "string" && isOfCharacters(value, 0, 64);
}

function badRequestId(field: string): OndacastError {
  return badMessage(
    `Cannot read a message: field ${field}: expected a whole number or a short string`,
  );
}

function badMessage(message: string, cause?: unknown): OndacastError {
  return new OndacastError("bad-message", message, { cause });
}
