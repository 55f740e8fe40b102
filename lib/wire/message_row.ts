/**
 * A row of the table of messages: the declaration of one message, and the
 * functions that make rows.
 *
 * @module
 */

import * as v from "valibot";

/** The declaration of a message. */
export interface MessageRow {
  fields: v.GenericSchema;
  /** Of a request: the type of its answer. */
  answer?: string;
  /** Of an answer in pages: the field that holds the rows. */
  rows?: string;
}
/** The messages of one direction, by type. */
export type Table = Record<string, MessageRow>;

/** Declares a message that has no answer, or is one. */
export function message<const F extends v.ObjectEntries>(
  fields: F,
): { fields: v.ObjectSchema<F, undefined> } {
  return { fields: v.object(fields) };
}

/** Declares a request, which is answered by a message of the type `answer`. */
export function request<
  const A extends string,
  const F extends v.ObjectEntries,
>(
  answer: A,
  fields: F,
): { fields: v.ObjectSchema<F, undefined>; answer: A } {
  return { fields: v.object(fields), answer };
}

/**
 * Declares an answer in pages: if one message cannot hold all of the field
 * `rows`, it carries the first of them, and `more`.
 */
export function page<
  const R extends keyof F & string,
  const F extends v.ObjectEntries & { more: v.GenericSchema<boolean> },
>(
  rows: R,
  fields: F,
): { fields: v.ObjectSchema<F, undefined>; rows: R } {
  return { fields: v.object(fields), rows };
}
