/**
 * A menu in the terminal: the arrow keys move, typing narrows it down, enter
 * chooses.
 *
 * @module
 */

import { Keyboard } from "../io/console/keyboard.ts";
import { Screen } from "../io/console/terminal.ts";
import { fit } from "./text.ts";

/** Most visible rows, and the lines of a menu that are not rows. */
const ROWS = 12;
const OTHER_LINES = 3;

/** The filter and the cursor of a menu. */
export interface MenuState {
  /** The typed text. */
  typed: string;
  /** Index of the selected row among the matches. */
  cursor: number;
}

/**
 * The rows that match the typed number or text.
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

/** The state after a key; choosing or cancelling ends the menu. */
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

/** Lets the user choose a row; null: cancelled or aborted. */
export function menu(
  title: string,
  rows: readonly string[],
  signal: AbortSignal,
): Promise<number | null> {
  return converse<MenuState, number | null>(
    { typed: "", cursor: 0 },
    (state, { columns, rows: lines }) =>
      menuLines(title, rows, state, columns, lines - OTHER_LINES),
    (state, key) => press(rows, state, key),
    signal,
  );
}

/**
 * Lets the user type a line; null: cancelled or aborted.
 *
 * @param show What is seen of the text while it is typed.
 */
export function ask(
  question: string,
  signal: AbortSignal,
  show: (typed: string) => string = (typed) => typed,
): Promise<string | null> {
  return converse<string, string | null>(
    "",
    (typed, { columns }) => [fit(`${question} ${show(typed)}█`, columns - 1)],
    (typed, key) => {
      if (key === "enter") return { chosen: typed };
      if (["escape", "interrupt", "end"].includes(key)) {
        return { chosen: null };
      }
      if (key === "backspace") return [...typed].slice(0, -1).join("");
      const character = key === "space" ? " " : key;
      return [...character].length === 1 ? typed + character : typed;
    },
    signal,
  );
}

/**
 * Draws a state and updates it by keys until it ends. The terminal is then
 * restored, also after an abort.
 */
function converse<State, Choice>(
  first: State,
  lines: (state: State, screen: Screen) => string[],
  next: (state: State, key: string) => State | { chosen: Choice },
  signal: AbortSignal,
): Promise<Choice | null> {
  if (signal.aborted) return Promise.resolve(null); // No event follows.
  return new Promise((resolve) => {
    const screen = new Screen();
    let state = first;
    const draw = () => screen.show(lines(state, screen));
    const end = (choice: Choice | null) => {
      signal.removeEventListener("abort", giveUp);
      keyboard[Symbol.dispose]();
      screen[Symbol.dispose]();
      resolve(choice);
    };
    const giveUp = () => end(null);
    const onKey = (key: string) => {
      const result = next(state, key);
      if (!isChosen<Choice>(result)) {
        state = result as State;
        return draw();
      }
      end(result.chosen);
    };
    const keyboard = new Keyboard(onKey);
    signal.addEventListener("abort", giveUp);
    draw();
  });
}

function isChosen<Choice>(result: unknown): result is { chosen: Choice } {
  return typeof result === "object" && result !== null && "chosen" in result;
}

/** Renders a menu in a number of columns, with a limited number of rows. */
export function menuLines(
  title: string,
  rows: readonly string[],
  state: MenuState,
  columns: number,
  room = ROWS,
): string[] {
  const matching = matchingRows(rows, state.typed);
  const most = Math.max(1, Math.min(ROWS, room));
  // A few rows below the cursor hint at more.
  const first = Math.max(
    0,
    Math.min(
      state.cursor - most + Math.min(3, most),
      matching.length - most,
    ),
  );
  const shown = matching.slice(first, first + most);
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
