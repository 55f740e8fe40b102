/**
 * The name under which a program is known to others.
 *
 * @module
 */

import { errorText, OndacastError } from "../errors.ts";
import { checkDeviceName } from "../model/song_name.ts";

/** A name from the user. @throws {OndacastError} `usage`. */
export function givenName(name: string): string {
  try {
    return checkDeviceName(name);
  } catch (cause) {
    throw new OndacastError("usage", errorText(cause), { cause });
  }
}

/** The machine's name, if it can be that of a program. */
export function hostName(): string {
  try {
    return checkDeviceName(Deno.hostname());
  } catch {
    return "ondacast";
  }
}
