/**
 * Questions to the user, answered by keys in a terminal and by lines over a
 * pipe.
 *
 * @module
 */

import { hideTyping } from "../io/console/keyboard.ts";
import { readLine } from "../io/console/standard_input.ts";
import { isInteractive } from "../io/console/terminal.ts";
import { completePath, entriesOf } from "./complete_path.ts";
import { ask, menu } from "./menu.ts";

/** An answer: the number of a row, or the typed text. */
export type Answer = { row: number } | { words: string };

/** The parts of the program that a question uses. */
export interface Conversation {
  readonly options: { readonly json?: boolean };
  /** Whether stdout carries PCM. */
  readonly wordsToStderr: boolean;
  readonly signal: AbortSignal;
  /** Prints a line. */
  say(line: string): void;
}

/** Whether the user can answer by keys. */
export function asksByKeys(context: Conversation): boolean {
  return isInteractive() && !context.options.json && !context.wordsToStderr;
}

/**
 * Lets the user choose one of several; null: none.
 *
 * @param names What a search looks into, for each row.
 */
export async function chooseRow(
  context: Conversation,
  title: string,
  rows: readonly string[],
  names: readonly string[] = rows,
): Promise<Answer | null> {
  if (asksByKeys(context)) {
    const shown = rows.map((text, i) => ({ text, name: names[i] }));
    const row = await menu(title, shown, context.signal);
    return row === null ? null : { row };
  }
  rows.forEach((row, i) => context.say(`${i + 1}) ${row}`));
  context.say(title);
  const words = (await readLine())?.trim();
  if (!words) return null;
  const number = /^\d+$/.test(words) ? Number(words) : 0;
  return number >= 1 && number <= rows.length ? { row: number - 1 } : { words };
}

/** Asks for a line; null or blank: none. */
export async function askLine(
  context: Conversation,
  question: string,
): Promise<string | null> {
  if (asksByKeys(context)) return await ask(question, context.signal);
  context.say(question);
  return (await readLine())?.trim() ?? null;
}

/** Asks for the name of a file or folder, which the tab key completes. */
export async function askPath(
  context: Conversation,
  question: string,
  home: string | undefined,
): Promise<string | null> {
  if (!asksByKeys(context)) return await askLine(context, question);
  const complete = (typed: string) => completePath(typed, home, entriesOf);
  const path = await ask(`${question} (tab completes)`, context.signal, {
    complete,
  });
  // A file that is dropped on a terminal may come in quotes.
  const bare = path?.trim().replace(/^(["'])(.*)\1$/, "$2");
  return bare === undefined ? null : completePath(bare, home, () => []).path;
}

/**
 * Keeps what is typed off the screen until disposed, where a secret may be asked
 * for: it may be typed before the question, or while an earlier answer is tried.
 */
export function expectSecret(context: Conversation): Disposable | null {
  return asksByKeys(context) ? hideTyping() : null;
}

/** Asks for a secret in the terminal, without showing it; null or blank: none. */
export async function askSecret(
  context: Conversation,
  question: string,
): Promise<string | null> {
  const dots = (typed: string) => "•".repeat([...typed].length);
  const typed = await ask(question, context.signal, { show: dots });
  return typed?.trim() ?? null;
}

/** Asks a question in the terminal; only a clear yes is one. */
export async function confirm(
  context: Conversation,
  question: string,
): Promise<boolean> {
  if (!asksByKeys(context)) return false;
  return /^y(es)?$/i.test(await ask(`${question} [y/N]`, context.signal) ?? "");
}
