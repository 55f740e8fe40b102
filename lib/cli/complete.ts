/**
 * `ondacast complete`, which the scripts of the shells run at each press of Tab:
 * prints what the last word of a line may be, and never anything else.
 *
 * @module
 */

import { systemClock } from "../io/clock/clock.ts";
import { print } from "../io/console/standard_output.ts";
import { isUnsafeText } from "../safe_text.ts";
import { bashWords, readBashLine } from "./bash_line.ts";
import { clientCommand } from "./client_program.ts";
import { type Place, placeIn } from "./completion.ts";

/** When the program gives up, since its start; it asks for 60 ms at least. */
const PATIENCE_MS = { sinceStart: 130, least: 60 };

/** The most candidates that are printed. */
const MAX_CANDIDATES = 200;
/** The exit code that leaves the word to the shell, as the name of a file. */
const FILES = 1;

/**
 * Prints the candidates for a command line.
 *
 * @param words `--bash BREAKS LINE`; else `[--last=WORD] -- WORDS…`, the last of
 * which is incomplete.
 * @param patienceMs How long the server is waited for.
 * @returns The exit code.
 */
export async function complete(
  words: readonly string[],
  patienceMs = Math.max(
    PATIENCE_MS.least,
    PATIENCE_MS.sinceStart - systemClock.now(),
  ),
): Promise<number> {
  const [, patience] = /^--patience=(\d+)$/.exec(words[0]) ?? [];
  if (patience !== undefined) {
    return await complete(words.slice(1), Number(patience));
  }
  if (words[0] === "--bash") {
    const [, breaks = "", text = ""] = words;
    const line = readBashLine(text, breaks);
    const found = await candidates(line.words.slice(1), patienceMs);
    return show(found && bashWords(found, line));
  }
  const [, last] = /^--last=(.*)$/s.exec(words[0]) ?? [];
  const before = words.slice(words.indexOf("--") + 1);
  const all = last === undefined ? before : [...before, last];
  return show(await candidates(all, patienceMs));
}

function show(candidates: string[] | null): number {
  for (const candidate of candidates ?? []) print(candidate);
  return candidates === null ? FILES : 0;
}

/** What the last word may be; null: a file. */
async function candidates(
  words: readonly string[],
  patienceMs: number,
): Promise<string[] | null> {
  const place = placeIn(clientCommand(), words);
  const { names, before } = place;
  if (names === "file") return null;
  const all = names === null
    ? place.words
    : [...place.words, ...await namesOf(names, place, patienceMs)];
  const used = new Set(words.slice(0, -1));
  return [...new Set(all)]
    .filter((word) => beginsWith(word, place.typed) && !used.has(word))
    // What cannot be shown.
    .filter((word) => !isUnsafeText(word))
    .slice(0, MAX_CANDIDATES)
    .map((word) => `${before}${word}`);
}

/** In any case. */
function beginsWith(word: string, typed: string): boolean {
  return word.slice(0, typed.length).toLowerCase() === typed.toLowerCase();
}

/** The names that the remembered server knows; none if it is away. */
async function namesOf(
  names: "song" | "device",
  { typed, server }: Place,
  patienceMs: number,
): Promise<string[]> {
  const { askRemembered } = await import("./remembered_names.ts");
  return await askRemembered(names, typed, { server, patienceMs });
}
