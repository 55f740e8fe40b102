/**
 * The signals of the page's state. By address, because what the programs'
 * `deno.json` names is built into them, and tests of the model run under it.
 *
 * @module
 */

export {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
} from "npm:@preact/signals@2.11.4";
