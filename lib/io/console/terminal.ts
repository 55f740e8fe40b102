/**
 * The terminal: reads single keys, redraws lines.
 *
 * @module
 */

import { safeText } from "../../safe_text.ts";
import { printText } from "./standard_output.ts";

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR_TO_LINE_END = "\x1b[K";
/** The default for a terminal of unknown size. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
const CLEAR_BELOW = "\x1b[J";

/**
 * Whether keys can be read and lines redrawn: stdin and stdout are a terminal,
 * and not a dumb one.
 */
export function isInteractive(): boolean {
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal() &&
    Deno.env.get("TERM") !== "dumb";
}

// Escape sequences of the keys that are not characters (ECMA-48, and "XTerm
// Control Sequences", section "PC-Style Function Keys").
const KEYS: Record<string, string> = {
  "\x1b[A": "up",
  "\x1b[B": "down",
  "\x1b[C": "right",
  "\x1b[D": "left",
  "\x1bOA": "up",
  "\x1bOB": "down",
  "\x1bOC": "right",
  "\x1bOD": "left",
  "\r": "enter",
  "\n": "enter",
  "\x7f": "backspace",
  "\b": "backspace",
  "\x03": "interrupt",
  "\x04": "end",
  "\x1b": "escape",
  " ": "space",
};

/**
 * Splits terminal input into keys: a name for a special key, else the character
 * itself.
 *
 * @example
 * ```ts
 * import { splitKeys } from "./terminal.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(splitKeys("q\x1b[C "), ["q", "right", "space"]);
 * ```
 */
export function splitKeys(text: string): string[] {
  // deno-lint-ignore no-control-regex
  const parts = text.match(/\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|[\s\S]/gu) ??
    [];
  return parts.map((part) => KEYS[part] ?? part);
}

/** The keyboard, key by key, until disposed. */
export class Keyboard implements Disposable {
  static #open = 0;
  #reader: ReadableStreamDefaultReader<Uint8Array> | null;

  /** Whether the terminal shows typed keys: not while they are read one by one. */
  static get isEchoed(): boolean {
    return Keyboard.#open === 0;
  }

  /** Calls back for each key, and with `end` at the end of input. */
  constructor(onKey: (key: string) => void) {
    Keyboard.#open++;
    // Windows has no cbreak mode: Ctrl-C arrives as a key.
    Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
    this.#reader = Deno.stdin.readable.getReader();
    this.#read(this.#reader, onKey)
      .catch(() => {}) // The terminal is gone, too.
      .then(() => this.#reader && onKey("end"));
  }

  [Symbol.dispose](): void {
    if (this.#reader === null) return;
    this.#reader.releaseLock();
    this.#reader = null;
    Keyboard.#open--;
    Deno.stdin.setRaw(false);
  }

  async #read(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    onKey: (key: string) => void,
  ): Promise<void> {
    const decoder = new TextDecoder();
    while (this.#reader !== null) {
      const { value, done } = await reader.read();
      if (done) return;
      for (const key of splitKeys(decoder.decode(value, { stream: true }))) {
        onKey(key);
      }
    }
  }
}

/**
 * Lines at the bottom that are redrawn until disposed. Each line passes through
 * {@linkcode safeText}.
 */
export class Screen implements Disposable {
  #lines = 0;

  /** Most columns of a line. */
  get columns(): number {
    try {
      return Deno.consoleSize().columns || DEFAULT_COLUMNS;
    } catch {
      return DEFAULT_COLUMNS;
    }
  }

  /** Visible lines. */
  get rows(): number {
    try {
      return Deno.consoleSize().rows || DEFAULT_ROWS;
    } catch {
      return DEFAULT_ROWS;
    }
  }

  /** Replaces the previous lines by these, of at most {@linkcode columns}. */
  show(lines: readonly string[]): void {
    const text = lines.map((line) => safeText(line) + CLEAR_TO_LINE_END)
      .join("\r\n");
    printText(`${this.#toTop()}${HIDE_CURSOR}${text}${CLEAR_BELOW}`);
    this.#lines = lines.length;
  }

  /** Prints a permanent line above. */
  print(line: string): void {
    printText(`${this.#toTop()}${safeText(line)}${CLEAR_BELOW}\r\n`);
    this.#lines = 0;
  }

  [Symbol.dispose](): void {
    if (this.#lines > 0) printText(`${this.#toTop()}${CLEAR_BELOW}`);
    printText(SHOW_CURSOR);
    this.#lines = 0;
  }

  #toTop(): string {
    return this.#lines > 1 ? `\r\x1b[${this.#lines - 1}A` : "\r";
  }
}
