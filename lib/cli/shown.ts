/**
 * Foreign text in a line of output.
 *
 * @module
 */

import { safeText } from "../safe_text.ts";

/**
 * The longest text shown, in UTF-16 code units: enough for any name, not for a
 * flood.
 */
const MAX_SHOWN = 2_048;
/**
 * Foreign text for display: through {@linkcode safeText}, and cut to a readable
 * length.
 *
 * @example
 * ```ts
 * import { shown } from "./shown.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(shown("a\u001b[2Jb"), "a\\u001b[2Jb");
 * assert.equal(shown("a".repeat(9_999)).length, 2_049);
 * ```
 */
export function shown(text: string): string {
  const safe = safeText(text.slice(0, MAX_SHOWN + 1));
  return safe.length <= MAX_SHOWN ? safe : `${safe.slice(0, MAX_SHOWN)}…`;
}
