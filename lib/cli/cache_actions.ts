/**
 * The actions of `ondacast cache`.
 *
 * @module
 */

/** Each action, and its description in the help. */
export const CACHE_ACTIONS = {
  list: "list the cached songs",
  verify: "check all cached songs, and remove damaged ones",
  clear: "remove all cached songs",
  path: "print where the cache is",
} as const;
/** A key of {@linkcode CACHE_ACTIONS}. */
export type CacheAction = keyof typeof CACHE_ACTIONS;
