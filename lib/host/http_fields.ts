/**
 * Request fields that select the form of the answer.
 *
 * @module
 */

/**
 * Whether an `If-None-Match` matches a tag: alone, in a list, by `*`, or as a
 * weak tag, which compressing proxies turn it into (RFC 9110, section 13.1.2).
 *
 * @param tag With its quotes, and without a comma.
 *
 * @example
 * ```ts
 * import { hasTag } from "./http_fields.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(hasTag('"a", W/"b"', '"b"'), true);
 * assert.equal(hasTag('"a"', '"b"'), false);
 * ```
 */
export function hasTag(field: string, tag: string): boolean {
  return field.split(",").map((one) => one.trim())
    .some((one) => one === "*" || one === tag || one === `W/${tag}`);
}

/**
 * Whether an `Accept-Encoding` allows gzip: `gzip` or `*` with a weight above 0
 * (RFC 9110, section 12.5.3).
 *
 * @example
 * ```ts
 * import { takesGzip } from "./http_fields.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(takesGzip("gzip, br;q=0.5"), true);
 * assert.equal(takesGzip("gzip;q=0, *"), false);
 * ```
 */
export function takesGzip(field: string): boolean {
  const weights = new Map(field.toLowerCase().split(",").map(weighed));
  const weight = weights.get("gzip") ?? weights.get("x-gzip") ??
    weights.get("*");
  return weight !== undefined && weight > 0;
}

/** A coding and its weight: 1 by default, 0 if it is not a number. */
function weighed(one: string): [coding: string, weight: number] {
  const [coding, ...parameters] = one.split(";").map((part) => part.trim());
  const weight = parameters.find((part) => part.startsWith("q="));
  return [coding, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}
