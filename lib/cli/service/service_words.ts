/**
 * Separates the words of `ondacast install` from those of the program that it
 * installs.
 *
 * @module
 */

/** The options of `install` itself, and whether a value follows. */
const OWN: Record<string, boolean> = {
  "--print": false,
  "--user": false,
  "--system": false,
  "--kind": true,
};

/**
 * The words for the program that is installed.
 *
 * @param words All words after `ondacast`.
 *
 * @example
 * ```ts
 * import { serviceWords } from "./service_words.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(
 *   serviceWords(["install", "receive", "--print", "--name", "Bath"], "receive"),
 *   ["--name", "Bath"],
 * );
 * ```
 */
export function serviceWords(words: readonly string[], role: string): string[] {
  const rest = [...words];
  const at = rest.indexOf("install");
  rest.splice(at, 1);
  rest.splice(rest.indexOf(role, at), 1);
  return rest.filter((word, i) =>
    OWN[word] === undefined && !/^--kind=/.test(word) && !OWN[rest[i - 1]]
  );
}
