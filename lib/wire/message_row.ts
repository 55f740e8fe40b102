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
  /** Of an answer in pages: the field that holds the rows. */
  rows?: string;
  /** The feature that both sides must have named before it is sent. */
  feature?: Feature;
}
/** The messages of one direction, by type. */
export type Table = Record<string, MessageRow>;

/** Declares a message, and the feature that it belongs to. */
export function message<
  const F extends v.ObjectEntries,
  const N extends Feature | undefined = undefined,
>(
  fields: F,
  feature?: N,
): { fields: v.ObjectSchema<F, undefined>; feature?: N } {
  return { fields: v.object(fields), feature };
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
