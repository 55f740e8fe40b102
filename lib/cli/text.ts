/**
 * Text for a terminal: times, meters, tables.
 *
 * @module
 */

import stringWidth from "string-width";
import { shown } from "./shown.ts";

export { shown };

/** Cells are padded to at most this many columns. */
const MAX_PADDED = 60;

/**
 * Formats a time in a song.
 *
 * @example
 * ```ts
 * import { clockTime } from "./text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(clockTime(83.9), "1:23");
 * assert.equal(clockTime(3723), "1:02:03");
 * ```
 */
export function clockTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [whole / 3600, whole / 60 % 60, whole % 60].map(Math.floor);
  if (parts[0] === 0) parts.shift();
  return parts
    .map((part, i) => i === 0 ? String(part) : String(part).padStart(2, "0"))
    .join(":");
}

/** A bar of a number of columns, filled to a part of 0 to 1. */
export function bar(part: number, columns: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * columns);
  return "━".repeat(filled) + "─".repeat(columns - filled);
}

const STEPS = " ▁▂▃▄▅▆▇█";

/**
 * A level of 0 to 1 as a meter, from -48 dB to 0 dB below full scale.
 *
 * @example
 * ```ts
 * import { meter } from "./text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(meter(1, 3), "███");
 * assert.equal(meter(0, 3), "   ");
 * ```
 */
export function meter(level: number, columns: number): string {
  const decibel = 20 * Math.log10(Math.max(level, 1e-9));
  const eighths = Math.round(Math.max(0, 1 + decibel / 48) * columns * 8);
  return Array.from(
    { length: columns },
    (_, i) => STEPS[Math.min(8, Math.max(0, eighths - i * 8))],
  ).join("");
}

/** A number of things: `1 song`, `2 songs`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/**
 * Text made safe and cut to a number of columns, with an ellipsis if cut.
 */
export function fit(unsafe: string, columns: number): string {
  const text = shown(unsafe);
  if (stringWidth(text) <= columns) return text;
  let kept = "";
  for (const character of text) {
    if (stringWidth(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * Rows of cells as safe lines, each column as wide as its widest cell up to
 * 60 columns: one long name must not push everything else out of sight.
 */
export function table(unsafe: readonly (readonly string[])[]): string[] {
  const rows = unsafe.map((row) =>
    row.map((cell) => {
      const text = shown(cell);
      return { text, columns: stringWidth(text) };
    })
  );
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach(({ columns }, i) =>
      widths[i] = Math.max(widths[i] ?? 0, Math.min(columns, MAX_PADDED))
    );
  }
  return rows.map((row) =>
    row
      .map(({ text, columns }, i) =>
        text + " ".repeat(Math.max(0, widths[i] - columns))
      )
      .join("  ")
      .trimEnd()
  );
}
