/**
 * Requests for parts of a body (RFC 9110, section 14).
 *
 * @module
 */

/** A part of a body. */
export interface ByteRange {
  offset: number;
  bytes: number;
}

/** One range; requests for several get the whole. */
const RANGE = /^bytes=[\t ]*(\d*)-(\d*)[\t ]*$/i;

/**
 * Parses a `Range` field.
 *
 * @param total The length of the whole body.
 * @returns Null: the whole is requested, or the field may be ignored.
 *
 * @example
 * ```ts
 * import { parseRange } from "./http_range.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseRange("bytes=2-3", 10), { offset: 2, bytes: 2 });
 * assert.deepEqual(parseRange("bytes=-3", 10), { offset: 7, bytes: 3 });
 * assert.equal(parseRange("bytes=10-", 10), "unsatisfiable");
 * assert.equal(parseRange("bytes=0-1,4-5", 10), null);
 * ```
 */
export function parseRange(
  field: string,
  total: number,
): ByteRange | "unsatisfiable" | null {
  const [, first, last] = RANGE.exec(field) ?? [];
  if (first === undefined || first + last === "") return null;
  if (first === "") {
    const bytes = Math.min(Number(last), total);
    return bytes === 0 ? "unsatisfiable" : { offset: total - bytes, bytes };
  }
  const offset = Number(first);
  const end = last === "" ? total : Number(last) + 1;
  if (last !== "" && end <= offset) return null;
  if (offset >= total) return "unsatisfiable";
  return { offset, bytes: Math.min(end, total) - offset };
}
