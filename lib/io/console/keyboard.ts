/**
 * The keyboard of a terminal, key by key.
 *
 * @module
 */

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
 * import { splitKeys } from "./keyboard.ts";
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

let holds = 0;

/**
 * Keeps typed keys off the screen until disposed: also between two questions, where
 * a secret may be typed ahead. Keys that nobody reads wait for the next
 * {@linkcode Keyboard}.
 */
export function hideTyping(): Disposable {
  // Windows has no cbreak mode: Ctrl-C arrives as a key.
  if (holds++ === 0) {
    Deno.stdin.setRaw(true, { cbreak: Deno.build.os !== "windows" });
  }
  let held = true;
  return {
    [Symbol.dispose]() {
      if (!held) return;
      held = false;
      if (--holds === 0) Deno.stdin.setRaw(false);
    },
  };
}

/** Whether the terminal shows typed keys. */
export function isTypingShown(): boolean {
  return holds === 0;
}

/** The keyboard, key by key, until disposed. */
export class Keyboard implements Disposable {
  /** Keys that came together with the last key of an earlier keyboard. */
  static #ahead: string[] = [];
  readonly #hidden = hideTyping();
  #reader: ReadableStreamDefaultReader<Uint8Array> | null;

  /** Calls back for each key, and with `end` at the end of input. */
  constructor(onKey: (key: string) => void) {
    this.#reader = Deno.stdin.readable.getReader();
    this.#read(this.#reader, onKey)
      .catch(() => {}) // The terminal is gone, too.
      .then(() => this.#reader && onKey("end"));
  }

  [Symbol.dispose](): void {
    if (this.#reader === null) return;
    this.#reader.releaseLock();
    this.#reader = null;
    this.#hidden[Symbol.dispose]();
  }

  async #read(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    onKey: (key: string) => void,
  ): Promise<void> {
    const decoder = new TextDecoder();
    // The caller is constructed first.
    await Promise.resolve(); // The first key may already dispose of it.
    while (this.#reader !== null) {
      const key = Keyboard.#ahead.shift();
      if (key !== undefined) {
        onKey(key);
        continue;
      }
      const { value, done } = await reader.read();
      if (done) return;
      Keyboard.#ahead = splitKeys(decoder.decode(value, { stream: true }));
    }
  }
}
