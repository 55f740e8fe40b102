/**
 * What the fields of a request say of the answer that it wants. They stand
 * beside {@link ./http_routes.ts}; no byte of a song comes by here.
 *
 * @module
 */

/**
 * Whether an `If-None-Match` names a tag: alone, in a list, by `*`, or as a
 * weak one, which proxies that pack answers make of it (RFC 9110, section
 * 13.1.2).
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
 * Whether an `Accept-Encoding` lets an answer be packed: `gzip` or `*` is in
 * it with a weight above 0 (RFC 9110, section 12.5.3).
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

/** A coding and its weight, which is 1 where none is said; not a number: 0. */
function weighed(one: string): [coding: string, weight: number] {
  const [coding, ...parameters] = one.split(";").map((part) => part.trim());
  const weight = parameters.find((part) => part.startsWith("q="));
  return [coding, weight === undefined ? 1 : Number(weight.slice(2)) || 0];
}
