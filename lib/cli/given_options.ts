/**
 * The options in a program's words, checked by the program's own parsers, as an
 * installed service is given them at each of its starts.
 *
 * @module
 */

import type { Command, Option } from "@commander-js/extra-typings";
import { isAbsolute } from "@std/path/is-absolute";
import { resolve } from "@std/path/resolve";
import type { ServiceOption } from "./service/service.ts";

/** The options, and the token, which belongs into no command line. */
export interface GivenOptions {
  options: ServiceOption[];
  /** The value of `--token`. */
  token: string | null;
  /** The value of `--token-file`. */
  tokenFile: string | null;
}

/**
 * Reads options from words and variables, without running anything.
 *
 * @param program It is used up: its actions are replaced.
 * @throws {CommanderError} If an option is wrong.
 */
export function givenOptions(
  program: Command,
  words: readonly string[],
): GivenOptions {
  const given: GivenOptions = { options: [], token: null, tokenFile: null };
  const note = (option: Option, value: string | null) => {
    if (option.long === "--token") given.token = value;
    else if (option.long === "--token-file") given.tokenFile = value;
    else given.options.push(serviceOption(option, value));
  };
  for (const command of [program, ...program.commands]) {
    command.action(() => {});
    for (const option of command.options) {
      for (const source of ["option", "optionEnv"]) {
        command.on(`${source}:${option.name()}`, (value?: string | null) => {
          // An empty variable counts as unset.
          if (value !== "" || source === "option") note(option, value ?? null);
        });
      }
    }
  }
  program.parse(words, { from: "user" });
  return given;
}

/** Options whose placeholder names a file or folder take a path. */
function serviceOption(option: Option, value: string | null): ServiceOption {
  const isPath = value !== null && value !== "off" &&
    /<(?:file|folder|path)>/.test(option.flags);
  return {
    flag: option.long!,
    value: isPath && !isAbsolute(value) ? resolve(value) : value,
    isPath,
  };
}
