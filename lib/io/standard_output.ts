/**
 * Lines on stdout and stderr, written whole and in order.
 *
 * @module
 */

const encoder = new TextEncoder();

/**
 * Writes a line on stdout.
 *
 * @throws {Deno.errors.BrokenPipe} If nobody reads it any more.
 */
export function print(line: string): void {
  writeAll(Deno.stdout, `${line}\n`);
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
