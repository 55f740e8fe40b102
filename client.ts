/**
 * The client's program: `ondacast`, or `deno task play`.
 *
 * @module
 */

import { clientProgram } from "./lib/cli/client_program.ts";
import { complete } from "./lib/cli/complete.ts";

if (import.meta.main) {
  const [command, ...words] = Deno.args;
  Deno.exit(
    await (command === "complete" ? complete(words) : clientProgram(Deno.args)),
  );
}
