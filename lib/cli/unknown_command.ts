/**
 * What a word that is no command was probably meant to be.
 *
 * @module
 */

import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { choose } from "../model/choose.ts";

/** Words that other programs use for a command, or that people try first. */
const MEANT: Record<string, string> = {
  back: "previous",
  clients: "online",
  connect: "use",
  delete: "remove",
  find: "list",
  listen: "receive",
  login: "use",
  louder: "volume",
  ls: "list",
  mv: "rename",
  prev: "previous",
  quieter: "volume",
  rm: "remove",
  rooms: "groups",
  search: "list",
  skip: "next",
  songs: "list",
  speaker: "receive",
  speakers: "online",
  start: "play",
  who: "online",
};

/** Ends the program if the first word after a command is none of its subcommands. */
export function refuseUnknown(command: CommandUnknownOpts): void {
  const [word] = command.args;
  if (word === undefined) return;
  const names = command.commands.map((each) => each.name());
  command.error(unknownCommand(names, word));
}

/**
 * The error for an unknown command, with the nearest ones.
 *
 * @param commands The names of all commands.
 *
 * @example
 * ```ts
 * import { unknownCommand } from "./unknown_command.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(
 *   unknownCommand(["list", "play", "previous"], "plya"),
 *   "error: unknown command 'plya' (did you mean play?); --help shows all",
 * );
 * ```
 */
export function unknownCommand(
  commands: readonly string[],
  word: string,
): string {
  const hint = nearest(commands, word).join(", ");
  return `error: unknown command '${word}'${
    hint ? ` (did you mean ${hint}?)` : ""
  }; --help shows all`;
}

function nearest(commands: readonly string[], word: string): string[] {
  const meant = Object.hasOwn(MEANT, word.toLowerCase())
    ? MEANT[word.toLowerCase()]
    : undefined;
  if (meant !== undefined) return [meant];
  const choice = choose(commands.map((name) => ({ name })), word);
  const songs = choice.kind === "none"
    ? choice.nearest
    : choice.kind === "one"
    ? [choice.song]
    : choice.songs;
  return songs.map(({ name }) => name);
}
