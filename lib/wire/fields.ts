/**
 * Checks of single fields, from which the table of messages is built.
 *
 * @module
 */

import * as v from "valibot";
import { isOfCharacters } from "./characters.ts";

type Check<T> = v.GenericSchema<T>;

/** The checks below as JSON Schema (draft 2020-12), for the description of the API. */
export const JSON_SCHEMAS = new WeakMap<
  v.GenericSchema,
  Readonly<Record<string, string | number>>
>();

function described<T>(
  check: Check<T>,
  schema: Readonly<Record<string, string | number>>,
): Check<T> {
  JSON_SCHEMAS.set(check, schema);
  return check;
}

/** A text of `least` to `most` characters, which are Unicode code points. */
export function textOf(least: number, most: number): Check<string> {
  return described(
    v.custom<string>(
      (value) =>
        typeof value === "string" && isOfCharacters(value, least, most),
      `expected a text of ${least} to ${most} characters`,
    ),
    { type: "string", minLength: least, maxLength: most },
  );
}

/**
 * A number that passes a test, which `schema` describes, in a single check: several in a pipe are slower,
 * and a list of songs has thousands of numbers.
 */
export function numberThat(
  test: (value: number) => boolean,
  expected: string,
  schema: Readonly<Record<string, string | number>> = { type: "number" },
): Check<number> {
  return described(
    v.custom<number>(
      (value) => typeof value === "number" && test(value),
      `expected ${expected}`,
    ),
    schema,
  );
}

/** A number from `least` to `most`, fractions included. */
export function numberFrom(least: number, most: number): Check<number> {
  return numberThat(
    (value) => value >= least && value <= most,
    `a number from ${least} to ${most}`,
    { type: "number", minimum: least, maximum: most },
  );
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number): Check<number> {
  return numberThat(
    (value) => Number.isInteger(value) && value >= least && value <= most,
    `a whole number from ${least} to ${most}`,
    { type: "integer", minimum: least, maximum: most },
  );
}

/** A finite number: JSON's 1e999 is read as Infinity, which cannot be sent on. */
export const finite: Check<number> = numberThat(
  Number.isFinite,
  "a finite number",
);

/** A count, such as bytes of a file. */
export const count: Check<number> = whole(0, Number.MAX_SAFE_INTEGER);

/** A time in seconds. */
export const seconds: Check<number> = numberThat(
  (value) => value >= 0 && value < Infinity,
  "a time from 0 on",
  { type: "number", minimum: 0 },
);

/** The most characters of a token and of other short texts, in code points. */
export const MAX_TEXT = 1024;

/** A text of at most {@linkcode MAX_TEXT} characters. */
export const shortText: Check<string> = textOf(0, MAX_TEXT);

/**
 * What a device is; see {@link ../model/device_kind.ts}. Later versions may know more
 * kinds.
 */
export const kind: Check<string> = textOf(1, 32);

/** A SHA-256, as 64 hexadecimal digits. */
export const sha256: Check<string> = described(
  v.custom<string>(
    (value) => typeof value === "string" && /^[0-9a-f]{64}$/i.test(value),
    "expected 64 hexadecimal digits",
  ),
  { type: "string", pattern: "^[0-9a-fA-F]{64}$" },
);
