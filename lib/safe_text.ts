/**
 * Makes untrusted text safe to show. All text from peers and files is escaped
 * here before it reaches a terminal or a log.
 *
 * @module
 */

/**
 * Characters with an effect instead of a glyph, by general category (Unicode
 * Standard Annex 44, section 5.7.1): controls (C0, DEL, C1), format characters
 * (bidirectional controls, zero-width, soft hyphen, tags), line and paragraph
 * separators, and lone surrogates.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/**
 * Sequences of such characters with others that are one glyph (Unicode Technical
 * Standard 51, sections 1.4.5 and 1.4.9): emoji joined by U+200D, such as a family,
 * and the flag of a region, whose code in tags follows a black flag.
 */
const EMOJI =
  /(?:\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?\u200d)+\p{Extended_Pictographic}|\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu;
const EMOJI_OR_UNSAFE = new RegExp(`${EMOJI.source}|(${UNSAFE.source})`, "gu");

/** Whether a text contains a character that {@linkcode safeText} escapes. */
export function isUnsafeText(text: string): boolean {
  return UNSAFE.test(text) && UNSAFE.test(text.replace(EMOJI, ""));
}

/**
 * The text on one line, with each character that could move the cursor, change
 * the direction of text or be invisible escaped as in JSON. Emoji stay whole.
 *
 * @example
 * ```ts
 * import { safeText } from "./safe_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(safeText("a\u001b[2Jb\u202e.wav"), "a\\u001b[2Jb\\u202e.wav");
 * ```
 */
export function safeText(text: string): string {
  return text.replace(EMOJI_OR_UNSAFE, escaped);
}

/**
 * A value as JSON that is safe to show. Parsing it gives the same value.
 *
 * @throws {TypeError} As `JSON.stringify` does, for example on a cycle.
 *
 * @example
 * ```ts
 * import { safeJson } from "./safe_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(safeJson({ name: "\u202ea" }), '{"name":"\\u202ea"}');
 * ```
 */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(EMOJI_OR_UNSAFE, escaped);
}

/** Each UTF-16 code unit of an unsafe character as `\uXXXX`. */
function escaped(emoji: string, character?: string): string {
  if (character === undefined) return emoji;
  let text = "";
  for (let i = 0; i < character.length; i++) {
    text += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }
  return text;
}
