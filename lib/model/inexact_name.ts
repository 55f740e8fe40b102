/**
 * Songs by a name that is not exactly theirs: in any case and normal form, with or
 * without the ending.
 *
 * @module
 */

import { SONG_ENDINGS } from "../audio/file_kinds.ts";
import { OndacastError } from "../errors.ts";
import { safeJson } from "../safe_text.ts";
import type { NameKeys } from "./name_keys.ts";
import { MAX_COMPONENT_BYTES, nameKey, withoutEnding } from "./song_name.ts";
import type { TextArena } from "./text_arena.ts";

/**
 * The row of the song that a name means, if there is one.
 *
 * @throws {OndacastError} `ambiguous`, if it may mean several.
 */
export function rowOfInexact(
  name: string,
  keys: NameKeys,
  names: TextArena,
): number | undefined {
  const rows = rowsOfInexact(name, keys, names);
  if (rows.length <= 1) return rows[0];
  const some = rows.slice(0, 5).map((row) => safeJson(names.at(row)));
  if (rows.length > some.length) some.push("…");
  throw new OndacastError(
    "ambiguous",
    `Cannot choose one song: ${safeJson(name)} matches ${some.join(", ")}`,
  );
}

/** Those with the name as it is written, but for the ending, go before others. */
function rowsOfInexact(
  name: string,
  keys: NameKeys,
  names: TextArena,
): readonly number[] {
  if (!isShort(name)) return [];
  const key = nameKey(name);
  const twins = keys.rowsOf(key);
  if (twins.length > 0) return twins;
  const groups = SONG_ENDINGS.map((ending) => keys.rowsOf(key + ending));
  for (const [i, group] of groups.entries()) {
    const same = group.filter((row) => withoutEnding(names.at(row)) === name);
    const usual = same.find((row) => names.at(row) === name + SONG_ENDINGS[i]);
    if (usual !== undefined) return [usual];
    if (same.length > 0) return same;
  }
  return groups.find((group) => group.length > 0) ?? [];
}

/**
 * Whether a name is short enough for a song's. Folding is quadratic in the
 * number of successive combining marks, which does not matter up to that length.
 */
function isShort(name: string): boolean {
  return name.split("/").every((part) => part.length <= MAX_COMPONENT_BYTES);
}
