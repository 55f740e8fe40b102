/**
 * Lines on stdout and stderr, written whole and in order. Lines are escaped
 * here, so that no command can forget it.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { writeAll, writeAllSync } from "../../write_all.ts";
import { describeFileError } from "../disk/describe_file_error.ts";
import { type Line, painted } from "./styled.ts";
import { hasColours, isAscii, toAscii } from "./terminal_kind.ts";

const encoder = new TextEncoder();
const closed = new AbortController();

/**
 * Aborted once the reader of stdout is gone, as after `| head`. Later output is
 * dropped.
 */
export const stdoutClosed: AbortSignal = closed.signal;

/**
 * Writes one line on stdout, as safe text.
 *
 * @throws {OndacastError} `output-failed`.
 */
export function print(line: Line): void {
  printText(`${painted(line, hasColours(Deno.stdout))}\n`);
}

/**
 * Writes text on stdout as it is: for trusted text and control sequences.
 *
 * @throws {OndacastError} `output-failed`.
 */
export function printText(text: string): void {
  if (stdoutClosed.aborted) return;
  try {
    writeAllSync(Deno.stdout, bytesFor(Deno.stdout, text));
  } catch (cause) {
    if (!noteClosed(cause)) throw outputFailed(cause);
  }
}

/**
 * Writes bytes on stdout, as fast as its reader takes them.
 *
 * @throws {OndacastError} `interrupted` once the reader is gone;
 * `output-failed`.
 */
export async function writeStdout(bytes: Uint8Array): Promise<void> {
  try {
    await writeAll(Deno.stdout, bytes);
  } catch (cause) {
    if (!noteClosed(cause)) throw outputFailed(cause);
    throw new OndacastError("interrupted", "The reader of stdout is gone", {
      cause,
    });
  }
}

/**
 * Writes one line on stderr, as safe text; a missing reader is not an error.
 */
export function printError(line: Line): void {
  printErrorText(`${painted(line, hasColours(Deno.stderr))}\n`);
}

/** Writes text on stderr as it is: for trusted text. */
export function printErrorText(text: string): void {
  try {
    writeAllSync(Deno.stderr, bytesFor(Deno.stderr, text));
  } catch {
    // The error cannot be reported anywhere.
  }
}

/** Text for an output: a terminal shows no more than its locale has. */
function bytesFor(output: { isTerminal(): boolean }, text: string): Uint8Array {
  return encoder.encode(isAscii && output.isTerminal() ? toAscii(text) : text);
}

function noteClosed(cause: unknown): boolean {
  if (!(cause instanceof Deno.errors.BrokenPipe)) return false;
  closed.abort();
  return true;
}

function outputFailed(cause: unknown): OndacastError {
  const why = describeFileError(cause);
  return new OndacastError("output-failed", `Cannot print: ${why}`, { cause });
}
