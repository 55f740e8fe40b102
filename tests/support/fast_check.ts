/**
 * Property tests, by fast-check. Imported by its address and not by name, as
 * what deno.json names is built into the programs.
 *
 * @module
 */

// deno-lint-ignore no-import-prefix
import fc from "npm:fast-check@4.10.2";

export default fc;
