/**
 * A question that is answered by yes or no.
 *
 * @module
 */

import { readLine } from "../io/standard_input.ts";
import { print } from "../io/standard_output.ts";

/** Asks in the terminal; only a clear yes is one. */
export async function confirm(question: string): Promise<boolean> {
  print(`${question} [y/N]`);
  return /^y(es)?$/i.test((await readLine())?.trim() ?? "");
}
