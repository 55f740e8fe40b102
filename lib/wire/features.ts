/**
 * Features: what a side understands beyond the first version of the protocol.
 * Messages and fields of a feature go only to a side that has named it.
 *
 * @module
 */

/** The name of a feature. */
export type Feature = "tags" | "groups" | "live" | "rename";

/** What the server understands, as its `welcome` names it. */
export const SERVER_FEATURES: readonly Feature[] = [
  ...["tags", "groups", "live", "rename"] as const,
];
/** As {@linkcode SERVER_FEATURES}, with that of servers which are one. */
export function serverFeatures(isOneOfSeveral: boolean): string[] {
  return [...SERVER_FEATURES, ...(isOneOfSeveral ? ["node"] : [])];
}

/** What the client understands, as its `hello` names it. */
export const CLIENT_FEATURES: readonly Feature[] = SERVER_FEATURES;

/** Whether a side has named a feature. */
export function hasFeature(
  { features }: { readonly features: readonly string[] },
  feature: Feature,
): boolean {
  return features.includes(feature);
}

/** The features of the server among those that a client has named. */
export function commonFeatures(
  named: readonly string[] | undefined,
): readonly Feature[] {
  if (named === undefined) return NONE;
  return SERVER_FEATURES.filter((feature) => named.includes(feature));
}

const NONE: readonly Feature[] = [];
