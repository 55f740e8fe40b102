/**
 * A row of the table of messages: the declaration of one message, and the
 * functions that make rows.
 *
 * @module
 */

import * as v from "valibot";
import type { Feature } from "./features.ts";

/** The declaration of a message. */
export interface MessageRow {
  fields: v.GenericSchema;
  /** Of a request: the type of its answer. */
  answer?: string;
  /** Of an answer in pages: the field that holds the rows. */
  rows?: string;
  /** The feature that both sides must have named before it is sent. */
  feature?: Feature;
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
 * `rows`, it carries the first of them, and `more` or `next`.
 */
export function page<
  const R extends keyof F & string,
  const F extends v.ObjectEntries,
>(
  rows: R,
  fields: F,
): { fields: v.ObjectSchema<F, undefined>; rows: R } {
  return { fields: v.object(fields), rows };
}

/**
 * Names the function of an answer in pages that makes its `next`: the cursor
 * behind its first rows, which stays open until it is known how many a message
 * holds. Undefined: no more rows follow.
 */
export const NEXT: unique symbol = Symbol("next");

/** What {@linkcode NEXT} names. */
export type NextOf = (rows: number) => string | undefined;
