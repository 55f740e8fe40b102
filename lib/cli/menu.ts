/**
 * A menu in the terminal: the arrow keys move, typing narrows it down, enter
 * chooses.
 *
 * @module
 */

import { Keyboard, Screen } from "../io/terminal.ts";
import { fit } from "./text.ts";

/** Rows that are shown at once. */
const ROWS = 12;

/** What of a menu is shown, and what is chosen. */
export interface MenuState {
  /** What was typed so far. */
  typed: string;
  /** The place of the chosen row among those that match. */
  cursor: number;
}

/**
 * The rows that match what was typed: its number, or a text in it.
 *
 * @returns Indexes into the rows.
 */
export function matchingRows(rows: readonly string[], typed: string): number[] {
  const wanted = typed.trim().toLowerCase();
  const all = rows.map((_, i) => i);
  if (wanted === "") return all;
  if (/^\d+$/.test(wanted) && Number(wanted) <= rows.length) {
    return all.filter((i) => String(i + 1).startsWith(wanted));
  }
  return all.filter((i) => rows[i].toLowerCase().includes(wanted));
}

/** The state after a key; a choice or its refusal ends the menu. */
export function press(
  rows: readonly string[],
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

/** Lets the person choose a row; null: none. */
export function menu(
  title: string,
  rows: readonly string[],
): Promise<number | null> {
  return new Promise((resolve) => {
    const screen = new Screen();
    let state: MenuState = { typed: "", cursor: 0 };
    const draw = () =>
      screen.show(menuLines(title, rows, state, screen.columns));
    const onKey = (key: string) => {
      const next = press(rows, state, key);
      if (!("chosen" in next)) {
        state = next;
        return draw();
      }
      keyboard[Symbol.dispose]();
      screen[Symbol.dispose]();
      resolve(next.chosen);
    };
    const keyboard = new Keyboard(onKey);
    draw();
  });
}

/** A menu as lines of so many columns. */
export function menuLines(
  title: string,
  rows: readonly string[],
  state: MenuState,
  columns: number,
): string[] {
  const matching = matchingRows(rows, state.typed);
  const first = Math.max(
    0,
    Math.min(state.cursor - ROWS + 3, matching.length - ROWS),
  );
  const shown = matching.slice(first, first + ROWS);
  const hidden = matching.length - shown.length;
  return [
    `${title} ${state.typed}`,
    ...shown.map((row, i) =>
      `${first + i === state.cursor ? "❯" : " "} ${row + 1}) ${rows[row]}`
    ),
    ...(hidden > 0 ? [`  … ${hidden} more: type to search`] : []),
    ...(matching.length === 0 ? ["  nothing matches"] : []),
  ].map((line) => fit(line, columns - 1));
}
