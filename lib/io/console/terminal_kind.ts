/**
 * What the terminal of this program can show, by its environment.
 *
 * @module
 */

/** Whether it understands control sequences. */
export const isDumb: boolean = variable("TERM") === "dumb";

/**
 * Whether it shows no more than ASCII: the locale says so, by the name `C` or
 * another one without UTF-8 (POSIX, "Internationalization Variables"). A locale
 * that is not set says nothing.
 */
export const isAscii: boolean = isDumb ||
  Deno.build.os !== "windows" && isAsciiLocale(
      variable("LC_ALL") || variable("LC_CTYPE") || variable("LANG"),
    );

/**
 * Whether a locale is one of ASCII.
 *
 * @example
 * ```ts
 * import { isAsciiLocale } from "./terminal_kind.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(isAsciiLocale("C"), true);
 * assert.equal(isAsciiLocale("C.UTF-8"), false);
 * assert.equal(isAsciiLocale(undefined), false);
 * ```
 */
export function isAsciiLocale(locale: string | undefined): boolean {
  return !!locale && !/utf-?8/i.test(locale);
}

/** Whether colours are wanted in an output. */
export function hasColours(output: { isTerminal(): boolean }): boolean {
  return output.isTerminal() && !isDumb && !Deno.noColor;
}

/** Signs of this program, and one of ASCII for each. */
const SIGNS: Record<string, string> = {
  "▶": ">",
  "❚": "|",
  "━": "=",
  "─": "-",
  "█": "#",
  "▇": "#",
  "▆": "#",
  "▅": "+",
  "▄": "+",
  "▃": "-",
  "▂": "-",
  "▁": ".",
  "…": "~",
  "→": ">",
  "←": "<",
  "↑": "^",
  "↓": "v",
  "❯": ">",
  "•": "*",
  "·": "-",
};

/**
 * Text in ASCII: letters without their marks, `?` for what has none.
 *
 * @example
 * ```ts
 * import { toAscii } from "./terminal_kind.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(toAscii("▶ Für Élise …"), "> Fur Elise ~");
 * ```
 */
export function toAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) =>
    SIGNS[character] ??
      (character.normalize("NFKD").replace(/[^\0-\x7f]/g, "") || "?"));
}

function variable(name: string): string | undefined {
  // Without the permission, as in the server, Deno would ask for it.
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}
