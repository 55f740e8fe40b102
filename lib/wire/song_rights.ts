/**
 * What a client may do to the songs of a server, as its `welcome` says.
 *
 * @module
 */

/** `upload`: store new songs; `replace`: also replace, remove, restore and rename. */
export type SongRight = "upload" | "replace";

/** Whether a client may; an older server does not say, and is to be asked. */
export function may(
  { may }: { readonly may?: readonly string[] },
  right: SongRight,
): boolean {
  return may === undefined || may.includes(right);
}
