import assert from "node:assert/strict";
import { clientCommand, hasProgram, runClient } from "../support/programs.ts";

Deno.test({
  name: "bash completes commands, options and their values",
  ignore: !hasProgram("bash", "--version"),
  async fn() {
    const { stdout: script } = await runClient(["completion", "bash"]);
    const cases: [string[], string[]][] = [
      [["playl"], ["playlists"]],
      [["receive", "--gai"], ["--gain"]],
      [["receive", "--gain", "t"], ["track"]],
      [["install", "se"], ["server"]],
      [["compl"], ["completion"]],
    ];
    for (const [words, expected] of cases) {
      const answer = await bash(script, words);
      assert.deepEqual(answer, expected, words.join(" "));
    }
  },
});

/** What bash would offer, with the program behind a function. */
async function bash(script: string, words: string[]): Promise<string[]> {
  const [file, args] = clientCommand(["--cache-dir"]);
  const program = [file, ...args.slice(0, -1)]
    .map((word) => `'${word}'`).join(" ");
  const { stdout } = await new Deno.Command("bash", {
    args: [
      "--norc",
      "-c",
      `ondacast() { ${program} "$@"; }
${script}
COMP_WORDS=(ondacast "$@"); COMP_CWORD=$#; _ondacast
printf '%s\\n' "\${COMPREPLY[@]}"`,
      "bash",
      ...words,
    ],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean);
}
