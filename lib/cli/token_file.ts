/**
 * Reads a token from a file, so that no list of processes shows it.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { describeFileError } from "../io/disk/describe_file_error.ts";
import { secret } from "./options.ts";

/**
 * The token in a file.
 *
 * @throws {OndacastError} `usage`, if the file is empty or cannot be read.
 */
export async function readTokenFile(path: string): Promise<string> {
  let token: string;
  try {
    token = (await Deno.readTextFile(path)).trim();
  } catch (cause) {
    throw new OndacastError(
      "usage",
      `Cannot read the token from ${path}: ${describeFileError(cause)}`,
      { cause },
    );
  }
  if (token !== "") return secret(token);
  throw new OndacastError(
    "usage",
    `Cannot use the token file ${path}: it is empty, which protects nothing. Write a token into it, or leave the option out`,
  );
}
