/**
 * The source of axe, an accessibility checker, to be run in a page. Imported by
 * its address and not by name, as what deno.json names is built into the
 * programs.
 *
 * @module
 */

// deno-lint-ignore no-import-prefix
import axe from "npm:axe-core@4.11.0";

/** The source of axe. */
export const AXE: string = axe.source;
