/**
 * Text that a peer or a file may have chosen, made safe to show. Everything
 * that reaches a terminal or a log from outside passes through here.
 *
 * @module
 */

/**
 * Characters that do something instead of being seen: controls (C0, DEL, C1),
 * format characters (bidirectional controls, zero-width, soft hyphen, tags),
 * line and paragraph separators, and half surrogate pairs. By their general
 * category (Unicode Standard Annex 44, section 5.7.1).
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const ALL_UNSAFE = new RegExp(UNSAFE, "gu");

/** Whether a text has a character that {@linkcode safeText} would escape. */
export function isUnsafeText(text: string): boolean {
  return UNSAFE.test(text);
}

/**
 * The text in one line, with each character that could move the cursor, turn
 * the direction of text or hide escaped as JSON would write it.
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
 * A value as JSON in which {@linkcode safeText} would find nothing to escape:
 * a program reads back the very same value, and a terminal takes no harm.
 *
 * @throws {TypeError} As `JSON.stringify` does, such as on a circle.
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
