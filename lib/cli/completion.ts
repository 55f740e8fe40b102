/**
 * What may stand at the end of an incomplete command line, by the table of
 * commands.
 *
 * @module
 */

import type { Command, Option } from "@commander-js/extra-typings";

/** What may stand in a place of a command line. */
export interface Place {
  /** Words that may stand there. */
  words: string[];
  /** Names that may stand there besides; null: there are none. */
  names: keyof typeof NAMES | null;
  /** The incomplete part of the last word: all, or what follows `--option=`. */
  typed: string;
  /** What precedes it in the last word. */
  before: string;
  /** The server that the line names, if it does. */
  server: string | undefined;
}

/** The kinds of names, by what the help calls an argument or a value. */
const NAMES = {
  song: ["song"],
  device: ["device"],
  file: ["file", "folder"],
} as const;

/**
 * What may stand in the place of the last word.
 *
 * @param program The table of commands.
 * @param words All after the program's name; the last is incomplete.
 */
export function placeIn(program: Command, words: readonly string[]): Place {
  const line = readLine(program, words.slice(0, -1));
  const { command, options, server } = line;
  const last = words.at(-1) ?? "";
  const [, name, typed] = /^(--[^=]+=)(.*)$/s.exec(last) ?? [];
  const isOption = last.startsWith("-") && !line.isLiteral && !line.needsValue;
  const place = { words: [], names: null, typed: last, before: "", server };
  if (isOption && name !== undefined) {
    const option = findOption(options, name.slice(0, -1));
    return { ...place, ...valueOf(option), typed, before: name };
  }
  if (isOption) {
    const names = options.filter((option) => !option.hidden)
      .map((option) => option.long ?? option.short ?? "");
    return { ...place, words: ["--help", ...names] };
  }
  if (line.option) return { ...place, ...valueOf(line.option) };
  const args = command.registeredArguments;
  const next = args[line.count] ??
    (args.at(-1)?.variadic ? args.at(-1) : undefined);
  return {
    ...place,
    names: next === undefined ? null : namesOf(next.name()),
    words: [
      ...(line.count === 0 ? subcommands(command) : []),
      ...next?.argChoices ?? [],
    ],
  };
}

/** What is known behind the complete words of a line. */
interface Line {
  command: Command;
  /** Those of the command, and of all commands. */
  options: readonly Option[];
  /** The option that the next word may be a value of. */
  option: Option | null;
  /** Whether the next word is a value, whatever it is. */
  needsValue: boolean;
  /** Whether `--` has ended the options. */
  isLiteral: boolean;
  /** The number of arguments. */
  count: number;
  server: string | undefined;
}

function readLine(program: Command, words: readonly string[]): Line {
  const line: Line = {
    ...{ command: program, options: program.options, option: null, count: 0 },
    ...{ needsValue: false, isLiteral: false, server: undefined },
  };
  for (const word of words) readWord(line, word);
  return line;
}

function readWord(line: Line, word: string): void {
  const { option, command } = line;
  if (line.needsValue || (option && !word.startsWith("-"))) {
    if (option?.long === "--server") line.server = word;
    line.needsValue = false;
    if (!option?.variadic) line.option = null;
    return;
  }
  line.option = null;
  if (!line.isLiteral && word === "--") line.isLiteral = true;
  else if (!line.isLiteral && word.startsWith("-")) {
    const [name, ...value] = word.split("=");
    const found = findOption(line.options, name);
    if (value.length > 0) {
      if (found?.long === "--server") line.server = value.join("=");
    } else if (found?.required || found?.optional) {
      line.option = found;
      line.needsValue = found.required;
    }
  } else {
    const below = line.count === 0
      ? command.commands.find((it) =>
        it.name() === word || it.aliases().includes(word)
      )
      : undefined;
    if (below === undefined) line.count++;
    else {
      line.command = below as Command;
      line.options = [...below.options, ...line.options];
    }
  }
}

function findOption(
  options: readonly Option[],
  name: string,
): Option | undefined {
  return options.find(({ long, short }) => long === name || short === name);
}

function valueOf(option: Option | undefined): Pick<Place, "words" | "names"> {
  const [, name = ""] = /[<[]([^>.\]]*)/.exec(option?.flags ?? "") ?? [];
  return { words: [...option?.argChoices ?? []], names: namesOf(name) };
}

/** The kind of a placeholder such as `song` or `device`. */
function namesOf(placeholder: string): Place["names"] {
  const kinds = Object.entries(NAMES) as [Place["names"], readonly string[]][];
  return kinds.find(([, names]) => names.includes(placeholder))?.[0] ?? null;
}

function subcommands(command: Command): string[] {
  return command.createHelp().visibleCommands(command).map((it) => it.name());
}
