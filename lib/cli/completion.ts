/**
 * `ondacast completion`: shells complete commands, options and their values, as
 * the table of commands has them.
 *
 * @module
 */

import type { Command, CommandUnknownOpts } from "@commander-js/extra-typings";

/** The script for each shell. It asks the program at every key press. */
export const COMPLETION_SCRIPTS = {
  bash: `_ondacast() {
  local IFS=$'\\n'
  COMPREPLY=($(ondacast complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _ondacast ondacast
`,
  zsh: `#compdef ondacast
_ondacast() {
  local -a found
  found=("\${(@f)$(ondacast complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
if [[ "\${funcstack[1]}" = _ondacast ]]; then _ondacast "$@"; else compdef _ondacast ondacast; fi
`,
  fish: `function __ondacast
  set -l words (commandline -opc)
  ondacast complete -- $words[2..-1] (commandline -ct) 2>/dev/null
end
complete -c ondacast -a '(__ondacast)'
`,
} as const;

/** A shell that has a script. */
export type Shell = keyof typeof COMPLETION_SCRIPTS;

/**
 * The words that may stand in the place of the last one.
 *
 * @param program The table of commands.
 * @param words All after the program's name; the last is incomplete.
 */
export function candidates(
  program: Command,
  words: readonly string[],
): string[] {
  const before = words.slice(0, -1);
  const last = words.at(-1) ?? "";
  const command = program.commands.find((command) =>
    before.includes(command.name())
  );
  const options = [...command?.options ?? [], ...program.options]
    .filter((option) => !option.hidden);
  const open = options.find((option) =>
    option.required && option.long === before.at(-1)
  );
  const all = open
    ? open.argChoices ?? []
    : last.startsWith("-")
    ? ["--help", ...options.map((option) => option.long!)]
    : command === undefined
    ? visible(program)
    : [
      ...visible(command),
      ...command.registeredArguments.flatMap(({ argChoices }) =>
        argChoices ?? []
      ),
    ];
  return all.filter((word) => word.startsWith(last) && !before.includes(word));
}

function visible(command: CommandUnknownOpts): string[] {
  return command.createHelp().visibleCommands(command)
    .map((each) => each.name());
}
