/**
 * Restores texts of ID3v2 tags that declare Latin-1. The decoder replaces bytes
 * that are control characters there by U+FFFD, although in most files they are
 * quotation marks of Windows-1252, or parts of UTF-8.
 *
 * @module
 */

import { readId3At } from "../../audio/id3.ts";
import type { ReadableFile } from "../../audio/readable_file.ts";
import { TagPairs } from "../../audio/tag_pairs.ts";

type Pairs = readonly (readonly [key: string, value: string])[];

const LOST = "\ufffd";
// deno-lint-ignore no-control-regex
const CONTROLS = /[\0-\x09\x0b-\x1f\x80-\x9f]/g;

/** The pairs of a file, with the characters of its leading tag. */
export function withLostCharacters(pairs: Pairs, file: ReadableFile): Pairs {
  if (!pairs.some(([, value]) => value.includes(LOST))) return pairs;
  const found = new TagPairs();
  readId3At(file, 0, found);
  const texts = found.pairs.flatMap(([, text]) => text.split("\0"));
  const restored = new Map(
    texts.map((text) => [text.replace(CONTROLS, LOST), text]),
  );
  return pairs.map(([key, value]) => {
    const parts = value.split("\0").map((it) => restored.get(it) ?? it);
    return [key, parts.join("\0")];
  });
}
