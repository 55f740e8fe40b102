/**
 * Features: what a side understands beyond the first version of the protocol.
 * Messages and fields of a feature go only to a side that has named it.
 *
 * @module
 */

/** Everything that both programs understand. */
export const FEATURES = ["tags"] as const;

/** The name of a feature. */
export type Feature = typeof FEATURES[number];

/** The known features among those that the other side has named. */
export function commonFeatures(
  named: readonly string[] | undefined,
): readonly Feature[] {
  if (named === undefined) return NONE;
  return FEATURES.filter((feature) => named.includes(feature));
}

const NONE: readonly Feature[] = [];
