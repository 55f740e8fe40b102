/**
 * The server's program: `ondacast-server`, or `deno task serve`.
 *
 * @module
 */

import { serverProgram } from "./lib/cli/server_program.ts";

if (import.meta.main) Deno.exit(await serverProgram(Deno.args));
