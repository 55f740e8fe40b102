/**
 * The client's program: `ondacast`, or `deno task play`.
 *
 * @module
 */

import { clientProgram } from "./lib/cli/client_program.ts";

if (import.meta.main) Deno.exit(await clientProgram(Deno.args));
