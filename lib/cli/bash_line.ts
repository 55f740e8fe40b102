/**
 * Command lines of bash ("Bash Reference Manual", section 3.1.2), for completion:
 * bash hands over the line as typed, and inserts candidates as they are in the
 * place of a part of the last word.
 *
 * @module
 */

type Quote = "" | "'" | '"';

/** A command line up to the cursor. */
export interface BashLine {
  /** Without their quotes; the last is incomplete. */
  words: string[];
  /** The quote that is open at its end. */
  quote: Quote;
  /**
   * UTF-16 code units of the last word that bash leaves as they are: up to the
   * opening quote, else to the last of its word breaks.
   */
  kept: number;
}

/** What separates words, besides blanks. */
const SEPARATORS = "|&;<>()";

/**
 * Reads a line.
 *
 * @param breaks `COMP_WORDBREAKS`.
 *
 * @example
 * ```ts
 * import { readBashLine } from "./bash_line.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readBashLine(String.raw`play My\ S`, ":="), {
 *   words: ["play", "My S"],
 *   quote: "",
 *   kept: 0,
 * });
 * assert.deepEqual(readBashLine('album:"De', ":="), {
 *   words: ["album:De"],
 *   quote: '"',
 *   kept: 6,
 * });
 * ```
 */
export function readBashLine(line: string, breaks: string): BashLine {
  const words: string[] = [];
  /** Null: between two words. */
  let word: string | null = null;
  let quote: Quote = "";
  let [kept, keptUnquoted] = [0, 0];
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (quote === "" && (/[ \t\n]/.test(character) || isSeparator(character))) {
      if (word !== null) words.push(word);
      [word, kept] = [null, 0];
      continue;
    }
    word ??= "";
    if (quote === "" && (character === "'" || character === '"')) {
      [quote, keptUnquoted, kept] = [character, kept, word.length];
    } else if (character === quote) {
      [quote, kept] = ["", keptUnquoted];
    } else if (escapes(character, line[at + 1], quote)) {
      word += line[++at] ?? "";
    } else {
      word += character;
      if (quote === "" && breaks.includes(character)) kept = word.length;
    }
  }
  return { words: [...words, word ?? ""], quote, kept };
}

function isSeparator(character: string): boolean {
  return SEPARATORS.includes(character);
}

/** Characters that a backslash makes literal between double quotes. */
const IN_DOUBLE = '"\\$`';

function escapes(
  character: string,
  next: string | undefined,
  quote: Quote,
): boolean {
  if (character !== "\\" || quote === "'") return false;
  return quote === "" || (next !== undefined && IN_DOUBLE.includes(next));
}

/**
 * Candidates as bash inserts them in a line: without what it keeps, and quoted as
 * the line is at its end.
 */
export function bashWords(
  candidates: readonly string[],
  { quote, kept }: BashLine,
): string[] {
  // bash inserts what all candidates begin with, which must not end within the
  // escape of a character in which they differ.
  const parting = commonLength(candidates);
  const usual = candidates[0]?.[parting] ?? "";
  const isEscaped = ESCAPED[quote](usual).startsWith("\\");
  return candidates.map((candidate) => {
    let word = "";
    for (let at = kept; at < candidate.length; at++) {
      const unit = candidate[at];
      const isOdd = isEscaped && at === parting && unit !== usual &&
        (quote === "" || word !== "");
      word += (isOdd ? QUOTED : ESCAPED)[quote](unit);
    }
    // bash takes it for closed if it ends so.
    return quote !== "" && word.endsWith(quote) ? word + quote : word;
  })
    // bash would take its first character for the quote that is open.
    .filter((word) => quote === "" || word[0] !== quote);
}

/** UTF-16 code units that all texts begin with. */
function commonLength([first = "", ...others]: readonly string[]): number {
  let length = first.length;
  for (const other of others) {
    let at = 0;
    while (at < length && other[at] === first[at]) at++;
    length = at;
  }
  return length;
}

/** What bash reads as itself anywhere in a word. */
const PLAIN = /[^\0-\x7f]|[\w./:=@%+,-]/;

type QuoteUnit = Record<Quote, (unit: string) => string>;

/** How a UTF-16 code unit is written, by the quote that is open. */
const ESCAPED: QuoteUnit = {
  "": (unit) => PLAIN.test(unit) ? unit : `\\${unit}`,
  "'": (unit) => unit === "'" ? "'\\''" : unit,
  // No backslash hides `!` from the history expansion between double quotes.
  '"': (unit) =>
    unit === "!" ? `"'!'"` : IN_DOUBLE.includes(unit) ? `\\${unit}` : unit,
};

/** The same without a backslash. */
const QUOTED: QuoteUnit = {
  "": (unit) => PLAIN.test(unit) ? unit : unit === "'" ? `"'"` : `'${unit}'`,
  "'": ESCAPED["'"],
  '"': (unit) =>
    unit === "!" || IN_DOUBLE.includes(unit) ? `"'${unit}'"` : unit,
};
