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
const ALL_UNSAFE = new RegExp(UNSAFE, "gu");

/** Whether a text contains a character that {@linkcode safeText} escapes. */
export function isUnsafeText(text: string): boolean {
  return UNSAFE.test(text);
}

/**
 * The text on one line, with each character that could move the cursor, change
 * the direction of text or be invisible escaped as in JSON.
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
  return text.replace(ALL_UNSAFE, escaped);
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
  return JSON.stringify(value).replace(ALL_UNSAFE, escaped);
}

/** Each UTF-16 code unit as `\uXXXX`. */
function escaped(character: string): string {
  let text = "";
  for (let i = 0; i < character.length; i++) {
    text += `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }
  return text;
}
