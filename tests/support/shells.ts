/**
 * Interactive shells in a terminal, which complete the words of `ondacast`. Without
 * completion, `ondacast` prints its arguments.
 *
 * @module
 */

import { COMPLETION_SCRIPTS } from "../../lib/cli/completion_scripts.ts";
import { clientCommand, hasProgram } from "./programs.ts";
import { HAS_TERMINAL, TerminalProgram } from "./terminal.ts";

/** A shell that a test runs. */
interface TestedShell {
  args: string[];
  /** Defines `ondacast` around the real program. */
  define(program: string): string;
}

const posix = (program: string) =>
  `ondacast() { if [ "$1" = complete ]; then shift; ${program} complete --patience=20000 "$@"; else printf '<%s>' "$@"; echo; fi; }`;

/** The shells, with no settings of the user's. */
export const SHELLS = {
  bash: { args: ["--norc", "--noprofile", "-i"], define: posix },
  zsh: {
    args: ["-f", "-i"],
    define: (program) => `autoload -U compinit; compinit -D\n${posix(program)}`,
  },
  fish: {
    args: ["--no-config", "-i"],
    define: (program) =>
      `function ondacast
  if test "$argv[1]" = complete
    ${program} complete --patience=20000 $argv[2..-1]
  else
    printf '<%s>' $argv; echo
  end
end`,
  },
} satisfies Record<string, TestedShell>;

/** Whether a shell can be tried here. */
export function hasShell(shell: keyof typeof SHELLS): boolean {
  return HAS_TERMINAL && hasProgram(shell, "--version");
}

/** A running shell. */
export class Shell implements AsyncDisposable {
  readonly #terminal: TerminalProgram;

  private constructor(terminal: TerminalProgram) {
    this.#terminal = terminal;
  }

  /** @param file Where to write the definitions. */
  static async start(
    name: keyof typeof SHELLS,
    file: string,
    env: Record<string, string>,
  ): Promise<Shell> {
    const { args, define } = SHELLS[name];
    const [program, words] = clientCommand(["--cache-dir"]);
    const command = [program, ...words.slice(0, -1)]
      .map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(
      file,
      `${define(command)}\n${COMPLETION_SCRIPTS[name]}`,
    );
    const terminal = new TerminalProgram(
      [],
      200,
      {
        ...{ LANG: "C.UTF-8", LC_ALL: "C.UTF-8", ONDACAST_SERVER: "" },
        ...env,
      },
      [],
      [name, args],
    );
    await terminal.press(`source '${file}'; ondacast is ready\r`);
    await terminal.program.printed(/<is><ready>/);
    return new Shell(terminal);
  }

  /** The arguments that `ondacast` gets once keys and Enter were pressed. */
  async enter(keys: string): Promise<string> {
    const { program } = this.#terminal;
    const from = program.stdout.length;
    await this.#terminal.press(`ondacast ${keys}\r`);
    const [, words] = await program.printed(
      new RegExp(`^[^]{${from}}[^]*?\\n[^<\\n]*(<.*>)\\r\\n`),
    );
    return words;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#terminal[Symbol.asyncDispose]();
  }
}
