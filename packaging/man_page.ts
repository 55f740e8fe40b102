/**
 * Writes a program's table of commands, from which `--help` is made, as a manual
 * page: groff's man macros (groff_man(7)), UTF-8.
 *
 * @module
 */

import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";

/** What a manual page has besides the table of commands. */
export interface PageFacts {
  version: string;
  /** `2026-11-26`. */
  date: string;
  /** The line for `apropos`. */
  summary: string;
  /** Other pages, such as `ondacast-server(1)`. */
  seeAlso: string[];
}

/** The manual page of a program. */
export function manPage(program: CommandUnknownOpts, facts: PageFacts): string {
  const name = program.name();
  const commands = visibleCommands(program);
  return [
    `.TH ${name.toUpperCase()} 1 ${facts.date} "${name} ${facts.version}" "User Commands"`,
    section("NAME"),
    `${text(name)} \\- ${text(facts.summary)}`,
    section("SYNOPSIS"),
    `.B ${text(name)}`,
    text(program.usage()),
    section("DESCRIPTION"),
    text(program.description()),
    section("OPTIONS"),
    ...options(program),
    ...commands.length > 0 ? [section("COMMANDS")] : [],
    ...commands.flatMap((command) => commandLines(command)),
    ...notes(program).flatMap(paragraph),
    section("EXIT STATUS"),
    text("0: done. 1: failed. 2: wrong usage. 130: interrupted."),
    ...environment(program),
    section("SEE ALSO"),
    facts.seeAlso.map(reference).join(", "),
  ].join("\n") + "\n";
}

function commandLines(command: CommandUnknownOpts, parent = ""): string[] {
  const name = `${parent}${command.name()}`;
  const commands = visibleCommands(command);
  return [
    `.SS "${text(`${name} ${usage(command)}`).replaceAll('"', "\\(dq")}"`,
    text(sentence(command.description())),
    ...command.registeredArguments.filter((it) => it.description !== "")
      .flatMap((it) => [".TP", `.I ${text(it.name())}`, text(it.description)]),
    ...options(command),
    ...notes(command).flatMap(paragraph),
    ...commands.flatMap((each) => commandLines(each, `${name} `)),
  ];
}

/** Without the commands that `help` adds everywhere. */
function visibleCommands(command: CommandUnknownOpts): CommandUnknownOpts[] {
  return command.createHelp().visibleCommands(command)
    .filter((each) => each.name() !== "help");
}

function usage(command: CommandUnknownOpts): string {
  return command.usage().replace(/^\[options\] ?/, "");
}

function options(command: CommandUnknownOpts): string[] {
  const help = command.createHelp();
  return command.options.filter((option) => !option.hidden)
    .flatMap((option: Option) => [
      ".TP",
      `.B ${text(option.flags)}`,
      text(sentence(help.optionDescription(option))),
    ]);
}

function environment(program: CommandUnknownOpts): string[] {
  const named = program.options.filter((option) => option.envVar);
  if (named.length === 0) return [];
  return [
    section("ENVIRONMENT"),
    ...named.flatMap((option) => [
      ".TP",
      `.B ${text(option.envVar!)}`,
      text(`used in place of ${option.long}`),
    ]),
  ];
}

/** The paragraphs that `--help` shows after the table. */
function notes(command: CommandUnknownOpts): string[] {
  let whole = "";
  command.configureOutput({ writeOut: (part) => whole += part });
  const table = command.helpInformation();
  command.outputHelp();
  return whole.slice(table.length).trim().split(/\n{2,}/).filter(Boolean);
}

/** A paragraph; indented lines are kept as they are. */
function paragraph(lines: string): string[] {
  const result = [".PP"];
  let isExample = false;
  for (const line of lines.split("\n")) {
    const indented = /^ {2}/.test(line);
    if (indented !== isExample) result.push(indented ? ".RS\n.EX" : ".EE\n.RE");
    isExample = indented;
    result.push(text(indented ? line.slice(2) : line));
  }
  if (isExample) result.push(".EE\n.RE");
  return result;
}

function section(title: string): string {
  return `.SH ${title}`;
}

function reference(page: string): string {
  const [, name, number] = /^(.*)\((\d)\)$/.exec(page)!;
  return `\\fB${text(name)}\\fR(${number})`;
}

function sentence(description: string): string {
  return /[.?!]$/.test(description) ? description : `${description}.`;
}

/** Text as groff shows it: its own signs are escaped. */
function text(line: string): string {
  return line.replaceAll("\\", "\\e").replaceAll("-", "\\-")
    .replace(/^(?=[.'])/gm, "\\&");
}
