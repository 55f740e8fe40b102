/**
 * The rows of a menu, and what keys do to it.
 *
 * @module
 */

import type { Line } from "../io/console/styled.ts";
import { foldText } from "../model/natural_order.ts";
import { fit, wrapped } from "./text.ts";

/** Most visible rows, and the lines of a menu that are not rows. */
const ROWS = 12;
const OTHER_LINES = 4;

/** Columns beside the text of a row: the cursor and a number of four digits. */
export const MENU_MARGIN = 8;

const HINTS = ["↑/↓ enter: choose", "type: search", "esc: back"];

/** What can be chosen. */
export interface MenuRow {
  readonly text: string;
  /** What a search looks into. */
  readonly name: string;
}

/** The filter and the cursor of a menu. */
export interface MenuState {
  /** The typed text. */
  typed: string;
  /** Index of the selected row among the matches. */
  cursor: number;
}

/**
 * The rows with all typed words in their names, and after them the one of the
 * typed number.
 *
 * @returns Indexes into the rows.
 *
 * @example
 * ```ts
 * import { matchingRows } from "./menu_state.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = ["Étude", "Symphony 1"].map((name) => ({ name, text: name }));
 * assert.deepEqual(matchingRows(rows, "etu"), [0]);
 * assert.deepEqual(matchingRows(rows, "1"), [1, 0]);
 * ```
 */
export function matchingRows(
  rows: readonly MenuRow[],
  typed: string,
): number[] {
  const wanted = foldText(typed).split(/\s+/).filter((word) => word !== "");
  const found = [...rows.keys()].filter((i) => {
    const name = foldText(rows[i].name);
    return wanted.every((word) => name.includes(word));
  });
  const number = /^[1-9]\d{0,8}$/.test(typed.trim()) ? Number(typed) - 1 : -1;
  const isCounted = number in rows && !found.includes(number);
  return isCounted ? [...found, number] : found;
}

/** The state after a key; choosing or cancelling ends the menu. */
export function press(
  rows: readonly MenuRow[],
  state: MenuState,
  key: string,
): MenuState | { chosen: number | null } {
  const matching = matchingRows(rows, state.typed);
  const moved = (by: number) => ({
    ...state,
    cursor: Math.min(Math.max(0, state.cursor + by), matching.length - 1),
  });
  switch (key) {
    case "up":
      return moved(-1);
    case "down":
      return moved(1);
    case "enter":
      return matching.length > 0 ? { chosen: matching[state.cursor] } : state;
    case "escape":
    case "interrupt":
    case "end":
      return { chosen: null };
    case "backspace":
      return { typed: state.typed.slice(0, -1), cursor: 0 };
    case "space":
      return { typed: `${state.typed} `, cursor: 0 };
    default:
      return [...key].length === 1
        ? { typed: state.typed + key, cursor: 0 }
        : state;
  }
}

/**
 * Renders a menu.
 *
 * @param columns Of the terminal.
 * @param lines Of the terminal.
 */
export function menuLines(
  title: string,
  rows: readonly MenuRow[],
  state: MenuState,
  columns: number,
  lines = ROWS + OTHER_LINES,
): Line[] {
  const matching = matchingRows(rows, state.typed);
  const most = Math.max(1, Math.min(ROWS, lines - OTHER_LINES));
  // A few rows below the cursor hint at more.
  const first = Math.max(
    0,
    Math.min(
      state.cursor - most + Math.min(3, most),
      matching.length - most,
    ),
  );
  const visible = matching.slice(first, first + most);
  const hidden = matching.length - visible.length;
  const cut = (text: string) => fit(text, columns - 1);
  const dim = (text: string): Line => [{ style: "dim", text: cut(text) }];
  const rowLine = (row: number, i: number): Line => {
    const text = `${row + 1}) ${rows[row].text}`;
    return first + i === state.cursor
      ? [{ style: "cyan", text: cut(`❯ ${text}`) }]
      : cut(`  ${text}`);
  };
  return [
    [{ style: "bold", text: cut(`${title} ${state.typed}`) }],
    ...visible.map(rowLine),
    ...(hidden > 0 ? [dim(`  … ${hidden} more`)] : []),
    ...(matching.length === 0 ? [dim("  nothing matches")] : []),
    dim(wrapped(HINTS, columns - 1)[0]),
  ];
}
