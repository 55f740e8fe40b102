/**
 * Questions in the terminal: a menu that the arrow keys and typing narrow down, and
 * a line.
 *
 * @module
 */

import { Keyboard } from "../io/console/keyboard.ts";
import type { Line } from "../io/console/styled.ts";
import { Screen } from "../io/console/terminal.ts";
import type { Completion } from "./complete_path.ts";
import {
  menuLines,
  type MenuRow,
  type MenuState,
  press,
} from "./menu_state.ts";
import { fit } from "./text.ts";

/** Lets the user choose a row; null: cancelled or aborted. */
export function menu(
  title: string,
  rows: readonly MenuRow[],
  signal: AbortSignal,
): Promise<number | null> {
  return converse<MenuState, number | null>(
    { typed: "", cursor: 0 },
    (state, { columns, rows: lines }) =>
      menuLines(title, rows, state, columns, lines),
    (state, key) => press(rows, state, key),
    signal,
  );
}

/** How a line is typed. */
export interface Typing {
  /** What is seen of the text. */
  show?(typed: string): string;
  /** What the tab key adds. */
  complete?(typed: string): Completion;
}

/** Lets the user type a line; null: cancelled or aborted. */
export function ask(
  question: string,
  signal: AbortSignal,
  { show = (typed) => typed, complete }: Typing = {},
): Promise<string | null> {
  return converse<Completion, string | null>(
    { path: "", names: [] },
    ({ path, names }, { columns }) =>
      [`${question} ${show(path)}█`, ...names.map((name) => `  ${name}`)]
        .map((line) => fit(line, columns - 1)),
    ({ path, names }, key) => {
      if (key === "enter") return { chosen: path };
      if (["escape", "interrupt", "end"].includes(key)) {
        return { chosen: null };
      }
      if (key === "\t") return complete?.(path) ?? { path, names };
      return { path: typed(path, key), names: [] };
    },
    signal,
  );
}

function typed(text: string, key: string): string {
  if (key === "backspace") return [...text].slice(0, -1).join("");
  const character = key === "space" ? " " : key;
  return [...character].length === 1 ? text + character : text;
}

/**
 * Draws a state and updates it by keys until it ends. The terminal is then
 * restored, also after an abort.
 */
function converse<State, Choice>(
  first: State,
  lines: (state: State, screen: Screen) => Line[],
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
