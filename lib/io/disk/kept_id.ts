/**
 * A random id that a file keeps, so that it outlives the program.
 *
 * @module
 */

import { join } from "@std/path/join";
import { writePrivateFile } from "./private_file.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id (RFC 9562) in a file of a folder, which is created if missing or malformed.
 *
 * @throws If the file cannot be read or written.
 */
export async function keptId(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const kept = await read(path);
  if (kept !== null) return kept;
  const id = crypto.randomUUID();
  await writePrivateFile(path, `${id}\n`);
  return id;
}

async function read(path: string): Promise<string | null> {
  try {
    const text = (await Deno.readTextFile(path)).trim();
    return UUID.test(text) ? text : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
