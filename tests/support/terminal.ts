/**
 * Runs programs in a pseudo-terminal, by util-linux's `script`.
 *
 * @module
 */

import { clientCommand, RunningProgram } from "./programs.ts";

/** Whether util-linux's `script` is installed. */
export const HAS_TERMINAL = Deno.build.os === "linux" && hasScript();

function hasScript(): boolean {
  try {
    return new Deno.Command("script", { args: ["--version"] })
      .outputSync().success;
  } catch {
    return false;
  }
}

/** `ondacast` in a terminal, whose output is on stdout. */
export class TerminalProgram implements AsyncDisposable {
  readonly program: RunningProgram;
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;

  /**
   * @param columns The width of the terminal.
   * @param under A program and arguments that run all of it, such as `ip netns …`.
   * @param command Another program to run.
   */
  constructor(
    words: string[],
    columns = 80,
    env: Record<string, string> = {},
    under: readonly string[] = [],
    [file, args] = clientCommand(words),
  ) {
    const command = [file, ...args].map(quoted).join(" ");
    const [program, ...options] = [...under, "script", "-qefc"];
    this.program = new RunningProgram(
      program,
      [
        ...options,
        `stty cols ${columns} rows 24; exec ${command}`,
        "/dev/null",
      ],
      { stdin: "piped", env: { SHELL: "/bin/sh", TERM: "xterm", ...env } },
    );
    this.#keys = this.program.child.stdin.getWriter();
  }

  /** Types keys. */
  async press(keys: string): Promise<void> {
    await this.#keys.write(new TextEncoder().encode(keys));
  }

  /** Waits for its end. @returns Everything shown, and the exit code. */
  async ended(): Promise<{ code: number; shown: string }> {
    const { code, stdout } = await this.program.ended();
    return { code, shown: stdout };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
    await this.#keys.close().catch(() => {});
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
