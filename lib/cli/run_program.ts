/**
 * The frame of both programs: version and help, running a command, and one line
 * with an exit code on failure.
 *
 * @module
 */

import { Command, CommanderError } from "@commander-js/extra-typings";
import { toOndacastError } from "../errors.ts";
import {
  printError,
  printErrorText,
  printText,
} from "../io/console/standard_output.ts";
import { inFull, onUnhandled } from "../io/console/unhandled.ts";
import { VERSION } from "../version.ts";
import { errorLine, withCode } from "./error_line.ts";
import { shown } from "./shown.ts";

/** The exit codes of errors for which it is not 1. */
const EXIT_CODES = new Map([["usage", 2], ["interrupted", 130]]);

/** A program with its version and help, without its own options. */
export function newProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: printText,
      writeErr: printErrorText,
      // Commander has its hint on a line of its own.
      outputError: (text, write) => write(text.replace("\n(Did", " (did")),
      // Commander would read the environment, which the programs may not.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .helpOption("-h, --help", "show this help");
}

/**
 * Runs a program's commands.
 *
 * @returns The exit code: 0 done; 1 failed; 2 usage; 130 interrupted.
 */
export async function runProgram(
  program: { parseAsync(words: string[], from: { from: "user" }): unknown },
  words: string[],
): Promise<number> {
  onUnhandled((error) => {
    printError(`internal: unhandled error: ${inFull(error)}`);
    Deno.exit(1);
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (thrown instanceof Deno.errors.NotCapable) {
      printError(shown(withCode(thrown.message, "usage")));
      return 2;
    }
    const error = toOndacastError(thrown);
    if (error.code !== "interrupted") {
      printError(shown(errorLine(error)));
    }
    return EXIT_CODES.get(error.code) ?? 1;
  }
}
