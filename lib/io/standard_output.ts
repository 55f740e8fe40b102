/**
 * Lines on stdout and stderr, written whole and in order.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

const encoder = new TextEncoder();

/**
 * Writes a line on stdout.
 *
 * @throws {OndacastError} `output-failed`, also if nobody reads it any more.
 */
export function print(line: string): void {
  printText(`${line}\n`);
}

/** Writes text on stdout as it is. @throws {OndacastError} `output-failed`. */
export function printText(text: string): void {
  try {
    writeAll(Deno.stdout, text);
  } catch (cause) {
    const why = cause instanceof Deno.errors.BrokenPipe
      ? "nobody reads it any more"
      : (cause as Error).message;
    throw new OndacastError("output-failed", `Cannot print: ${why}`, { cause });
  }
}

/** Writes a line on stderr; that nobody reads it is no failure. */
export function printError(line: string): void {
  try {
    writeAll(Deno.stderr, `${line}\n`);
  } catch {
    // There is nobody left to tell.
  }
}

function writeAll(out: { writeSync(bytes: Uint8Array): number }, text: string) {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(out.writeSync(bytes));
}
