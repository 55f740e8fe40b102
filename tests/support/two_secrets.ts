/**
 * A program that asks for two secrets in its terminal, and shows the terminal's
 * settings between and after them.
 *
 * @module
 */

import { askSecret, expectSecret } from "../../lib/cli/prompts.ts";
import { print } from "../../lib/io/console/standard_output.ts";

const context = {
  options: {},
  wordsToStderr: false,
  signal: new AbortController().signal,
  say: print,
};

function showSettings(when: string): void {
  const { stdout } = new Deno.Command("stty", {
    args: ["-a"],
    stdin: "inherit",
  }).outputSync();
  const echo = / (-?echo) /.exec(new TextDecoder().decode(stdout));
  print(`${when}: ${echo?.[1]}`);
}

{
  using _unseen = expectSecret(context);
  showSettings("before");
  await askSecret(context, "First:");
  showSettings("between");
  const second = await askSecret(context, "Second:");
  print(`${second?.length} characters`);
}
showSettings("after");
Deno.exit(0);
