/**
 * Answers to messages of other programs: JSON, with the status of each error.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import { type Answer, HttpError, text } from "./http_answer.ts";

/** The status of each error code; 500 for others. */
export const API_STATUS: Readonly<Record<string, number>> = {
  "bad-message": 400,
  "bad-name": 400,
  unauthorized: 401,
  "read-only": 403,
  "not-found": 404,
  ambiguous: 409,
  exists: 409,
  changed: 409,
  stale: 409,
  "not-receiving": 409,
  "too-large": 413,
  "not-wav": 422,
  unsupported: 422,
  busy: 429,
  "no-space": 507,
};

/** Paths at which only programs ask. */
const FOR_PROGRAMS = /^\/(api|jsonrpc)(\/|$)/;

/** The codes of errors that only HTTP has. */
const CODE: Readonly<Record<number, string>> = {
  401: "unauthorized",
  403: "unauthorized",
  404: "not-found",
  413: "too-large",
  429: "busy",
};

/** The answer to a request that fails. */
export function refusal(thrown: unknown): Answer {
  if (thrown instanceof HttpError) {
    return refused(thrown.status, thrown.message, thrown.headers);
  }
  const { code, message } = toOndacastError(thrown);
  const status = API_STATUS[code] ?? 500;
  const known = status === 500 ? "internal" : code;
  return json(
    status,
    encode({ code: known, message }),
    status === 429 ? { "retry-after": "1" } : {},
  );
}

/**
 * How a request for a path is refused: in JSON if a program asks, else in text for
 * a person.
 *
 * @param path Undefined: the request did not get as far.
 */
export function refusalOf(path: string | undefined): typeof text {
  return path !== undefined && FOR_PROGRAMS.test(path) ? refused : text;
}

/** A refusal by its status alone. */
export function refused(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const code = CODE[status] ?? "bad-message";
  const sentence = message.trimEnd().replace(/\.$/, "");
  return json(status, encode({ code, message: sentence }), headers);
}

/** An answer in JSON. */
export function json(
  status: number,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: {
      "content-type": "application/json",
      "cache-control": "private, no-store",
      ...headers,
    },
    body,
  };
}

/** A value as JSON in UTF-8. */
export function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
