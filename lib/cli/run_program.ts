/**
 * What both programs do alike: tell of themselves, run their commands, and end
 * with one line and an exit code where that fails.
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
import { shown } from "./text.ts";

/** A program that tells its version and its use, before options of its own. */
export function newProgram(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: printText,
      writeErr: printErrorText,
      // Commander would ask the environment, which the programs may not read.
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
    printError(`internal: nobody handled ${inFull(error)}`);
    Deno.exit(1);
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const error = toOndacastError(thrown);
    if (error.code !== "interrupted") {
      printError(shown(`${error.code}: ${error.message}`));
    }
    return error.exitCode;
  }
}
