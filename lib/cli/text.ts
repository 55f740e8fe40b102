/**
 * Text for a terminal: times, meters, tables.
 *
 * @module
 */

import stringWidth from "string-width";
import { shown } from "./shown.ts";

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

const graphemes = new Intl.Segmenter();

/**
 * Text made safe and cut to a number of columns: in the middle, because names
 * often begin alike, and end with a number or a kind.
 */
export function fit(unsafe: string, columns: number): string {
  const text = shown(unsafe);
  if (stringWidth(text) <= columns) return text;
  const cells = Array.from(
    graphemes.segment(text),
    ({ segment }) => ({ text: segment, columns: stringWidth(segment) }),
  );
  const head = taken(cells, Math.ceil((columns - 1) / 2));
  const tail = taken(cells.toReversed(), Math.floor((columns - 1) / 2));
  return `${head.join("")}…${tail.reverse().join("")}`;
}

/** The first cells that have room in a number of columns. */
function taken(
  cells: readonly { text: string; columns: number }[],
  room: number,
): string[] {
  const texts: string[] = [];
  for (const { text, columns } of cells) {
    if ((room -= columns) < 0) break;
    texts.push(text);
  }
  return texts;
}

/** Between two columns of a table. */
const GAP = "  ";
/**
 * Where a column would become narrower, the last one is left out instead. A terminal
 * of 40 columns has room for two of them, however long a device's name is.
 */
const MIN_COLUMNS = 18;

/**
 * Rows of cells as safe lines, each column as wide as its widest cell up to
 * 60 columns: one long name must not push everything else out of sight.
 *
 * @param columns Of the terminal. Long cells are cut to them; where that leaves
 * too little, the last columns are left out. By default nothing is cut.
 *
 * @example
 * ```ts
 * import { table } from "./text.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = [["Symphony No. 9, Finale.wav", "12:01", "44.1 kHz 16-bit stereo"]];
 * assert.deepEqual(table(rows, 30), ["Symphony No…Finale.wav  12:01"]);
 * ```
 */
export function table(
  rows: readonly (readonly string[])[],
  columns = Infinity,
): string[] {
  const texts = rows.map((row) => row.map(shown));
  const widths: number[] = [];
  for (const row of texts) {
    row.forEach((text, i) =>
      widths[i] = Math.max(widths[i] ?? 0, stringWidth(text))
    );
  }
  if (columns === Infinity) {
    return lines(texts, widths.map((width) => Math.min(width, MAX_PADDED)));
  }
  const room = columns - 1; // In its last column, some terminals begin a line.
  let most = widest(widths, room);
  while (widths.length > 1 && most < MIN_COLUMNS) {
    widths.pop();
    most = widest(widths, room);
  }
  const fitting = widths.map((width) => Math.min(width, most));
  return lines(
    texts.map((row) => fitting.map((width, i) => fit(row[i] ?? "", width))),
    fitting,
  );
}

/** The width to which columns are cut so that all have room; Infinity: none is. */
function widest(widths: readonly number[], room: number): number {
  let left = room - GAP.length * (widths.length - 1);
  const sorted = widths.toSorted((a, b) => a - b);
  for (const [i, width] of sorted.entries()) {
    const most = Math.floor(left / (sorted.length - i));
    if (width > most) return most;
    left -= width;
  }
  return Infinity;
}

function lines(rows: readonly string[][], widths: readonly number[]): string[] {
  return rows.map((row) =>
    row
      .map((text, i) =>
        text + " ".repeat(Math.max(0, widths[i] - stringWidth(text)))
      )
      .join(GAP)
      .trimEnd()
  );
}

/** Parts in lines that fit a number of columns, as many as are needed. */
export function wrapped(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const longer = `${lines.at(-1)} · ${part}`;
    if (lines.length > 0 && stringWidth(longer) <= columns) {
      lines[lines.length - 1] = longer;
    } else lines.push(part);
  }
  return lines;
}
