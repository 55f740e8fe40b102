/**
 * The terminal: what it can do, and lines that are redrawn.
 *
 * @module
 */

import { printText } from "./standard_output.ts";
import { type Line, painted } from "./styled.ts";
import { hasColours, isDumb } from "./terminal_kind.ts";

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
  return Deno.stdin.isTerminal() && Deno.stdout.isTerminal() && !isDumb;
}

/** Most columns of a line in the terminal. */
export function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || DEFAULT_COLUMNS;
  } catch {
    return DEFAULT_COLUMNS;
  }
}

/**
 * Lines at the bottom that are redrawn until disposed, as safe text.
 */
export class Screen implements Disposable {
  #lines = 0;
  readonly #isColoured = hasColours(Deno.stdout);

  /** Most columns of a line. */
  get columns(): number {
    return terminalColumns();
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
  show(lines: readonly Line[]): void {
    const text = lines.map((line) =>
      painted(line, this.#isColoured) + CLEAR_TO_LINE_END
    )
      .join("\r\n");
    printText(`${this.#toTop()}${HIDE_CURSOR}${text}${CLEAR_BELOW}`);
    this.#lines = lines.length;
  }

  /** Prints a permanent line above. */
  print(line: Line): void {
    printText(
      `${this.#toTop()}${painted(line, this.#isColoured)}${CLEAR_BELOW}\r\n`,
    );
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
