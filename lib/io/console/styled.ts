/**
 * Lines with styles, and how they are written to a terminal.
 *
 * @module
 */

import { safeText } from "../../safe_text.ts";

/** SGR parameters (ECMA-48, section 8.3.117) that begin and end each style. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** The look of a part of a line. */
export type Style = keyof typeof STYLES;

/** A part of a line in a style. */
export interface Styled {
  readonly style: Style;
  readonly text: string;
}

/** A line: text, or parts of it. */
export type Line = string | readonly (string | Styled)[];

/**
 * The line's text without its styles.
 *
 * @example
 * ```ts
 * import { plainText } from "./styled.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(plainText(["a ", { style: "bold", text: "b" }]), "a b");
 * ```
 */
export function plainText(line: Line): string {
  return partsOf(line).map((part) =>
    typeof part === "string" ? part : part.text
  )
    .join("");
}

/** The line for a terminal or a file: each part through {@linkcode safeText}. */
export function painted(line: Line, isColoured: boolean): string {
  return partsOf(line).map((part) => {
    if (typeof part === "string") return safeText(part);
    const text = safeText(part.text);
    if (!isColoured || text === "") return text;
    const [on, off] = STYLES[part.style];
    return `\x1b[${on}m${text}\x1b[${off}m`;
  }).join("");
}

function partsOf(line: Line): readonly (string | Styled)[] {
  return typeof line === "string" ? [line] : line;
}
