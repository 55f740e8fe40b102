/**
 * Names that are nearly always one, and may be many: a set for each of 200,000
 * contents would take more memory than all else that is known of them.
 *
 * @module
 */

export type FewNames = string | Set<string>;

export function withName(
  names: FewNames | undefined,
  name: string,
): FewNames {
  if (names === undefined || names === name) return name;
  return typeof names === "string" ? new Set([names, name]) : names.add(name);
}

/** @returns Undefined: none is left. */
export function withoutName(
  names: FewNames | undefined,
  name: string,
): FewNames | undefined {
  if (!(names instanceof Set)) return names === name ? undefined : names;
  names.delete(name);
  return names.size > 0 ? names : undefined;
}

export function eachName(names: FewNames | undefined): Iterable<string> {
  return typeof names === "string" ? [names] : names ?? [];
}
