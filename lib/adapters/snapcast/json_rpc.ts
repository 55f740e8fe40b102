/**
 * JSON-RPC 2.0 (https://www.jsonrpc.org/specification), the server's side: reads
 * requests, has them called, and writes what is answered.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { isDeeper } from "../../wire/json_depth.ts";

/** Most requests of a batch. */
export const MOST_REQUESTS = 64;
/** How deep objects and lists of a request may be nested, its batch included. */
const MOST_DEPTH = 8;
/** Once the answers to a batch are longer, the rest of it is refused. */
const MOST_CHARACTERS = 1 << 20;

/** The codes of errors (section 5.1). */
const CODE = {
  parse: -32700,
  invalid: -32600,
  noMethod: -32601,
  params: -32602,
  internal: -32603,
  /** Of the range that is left to the server. */
  refused: -32000,
} as const;

/** The codes of our own errors that its parameters cause. */
const BY_PARAMS = ["bad-message", "bad-name", "not-found", "not-receiving"];

/** A failure as it is answered. */
interface Failure {
  code: number;
  message: string;
  /** A code of our own, for programs. */
  data?: string;
}

/** Refuses a method that does not exist. */
export class NoMethod extends Error {}

/**
 * Calls a method.
 *
 * @param params A JSON value; undefined: none were given.
 * @throws {NoMethod}
 * @throws {OndacastError} For anything else that the caller can mend.
 */
export type Call = (method: string, params: unknown) => unknown;

/** A request that has the right shape. */
interface Request {
  method: string;
  params?: unknown;
  /** Absent: it is a notification, which is not answered. */
  id?: string | number | null;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Answers a request or a batch, one call after the other.
 *
 * @param payload UTF-8, of a length that the caller has bounded.
 * @returns JSON; null: there is nothing to answer.
 *
 * @example
 * ```ts
 * import { answerRpc } from "./json_rpc.ts";
 * import assert from "node:assert/strict";
 *
 * const request = '{"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]}';
 * const payload = new TextEncoder().encode(request);
 * const answer = await answerRpc(payload, (_, params) => {
 *   const [a, b] = params as number[];
 *   return a + b;
 * });
 * assert.equal(answer, '{"id":1,"jsonrpc":"2.0","result":3}');
 * ```
 */
export async function answerRpc(
  payload: Uint8Array,
  call: Call,
): Promise<string | null> {
  const value = parse(payload);
  if (value === undefined) {
    return failed(null, { code: CODE.parse, message: "Parse error" });
  }
  if (!Array.isArray(value)) return await answerOne(value, call);
  if (value.length === 0 || value.length > MOST_REQUESTS) {
    return failed(null, invalid(`expected 1 to ${MOST_REQUESTS} requests`));
  }
  const answers: string[] = [];
  let characters = 0;
  for (const request of value) {
    const answer = characters > MOST_CHARACTERS
      ? refuseOne(request)
      : await answerOne(request, call);
    if (answer === null) continue;
    answers.push(answer);
    characters += answer.length;
  }
  return answers.length === 0 ? null : `[${answers}]`;
}

function parse(payload: Uint8Array): unknown {
  if (isDeeper(payload, MOST_DEPTH)) return undefined;
  try {
    return JSON.parse(decoder.decode(payload));
  } catch {
    return undefined;
  }
}

async function answerOne(value: unknown, call: Call): Promise<string | null> {
  if (!isRequest(value)) return failed(null, invalid("not of JSON-RPC 2.0"));
  const { id, method, params } = value;
  try {
    const result = await call(method, params);
    if (id === undefined) return null;
    return JSON.stringify({ id, jsonrpc: "2.0", result });
  } catch (thrown) {
    return id === undefined ? null : failed(id, failureOf(thrown));
  }
}

function refuseOne(value: unknown): string | null {
  const id = isRequest(value) ? value.id : null;
  if (id === undefined) return null;
  const message = "Cannot answer all of the batch: it is too long";
  return failed(id, { code: CODE.refused, message, data: "too-large" });
}

function isRequest(value: unknown): value is Request {
  if (typeof value !== "object" || value === null) return false;
  const { jsonrpc, method, id } = value as Record<string, unknown>;
  const isId = id === undefined || id === null ||
    typeof id === "string" || typeof id === "number";
  return jsonrpc === "2.0" && typeof method === "string" && isId;
}

function invalid(reason: string): Failure {
  return { code: CODE.invalid, message: `Invalid request: ${reason}` };
}

function failureOf(thrown: unknown): Failure {
  if (thrown instanceof NoMethod) {
    return { code: CODE.noMethod, message: "Method not found" };
  }
  if (!(thrown instanceof OndacastError) || thrown.code === "internal") {
    return { code: CODE.internal, message: "Internal error" };
  }
  const { code: data, message } = thrown;
  const code = BY_PARAMS.includes(data) ? CODE.params : CODE.refused;
  return { code, message, data };
}

function failed(id: Request["id"], error: Failure): string {
  return JSON.stringify({ error, id, jsonrpc: "2.0" });
}
