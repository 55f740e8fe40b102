/**
 * The file of the servers that a client remembers. It may contain a token, so that
 * only its user can read it.
 *
 * @module
 */

import { join } from "@std/path/join";
import { OndacastError } from "../../errors.ts";
import {
  readRemembered,
  type RememberedServers,
} from "../../model/remembered_servers.ts";
import { whileLocked, writePrivateFile } from "./private_file.ts";

/** The remembered servers of this user. */
export class RememberedServersFile {
  readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, "servers.json");
  }

  /**
   * What is remembered.
   *
   * @throws {OndacastError} `bad-file`, if it is malformed: a remembered server
   * must not be forgotten by accident.
   */
  async read(): Promise<RememberedServers> {
    let text: string;
    try {
      text = await Deno.readTextFile(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return {};
      throw error;
    }
    const remembered = readRemembered(text);
    if (remembered !== null) return remembered;
    throw new OndacastError(
      "bad-file",
      `Cannot read the remembered servers in ${this.path}: it is malformed. Remove it to choose a server anew`,
    );
  }

  /** Remembers servers in the place of earlier ones; undefined forgets one. */
  async change(changes: RememberedServers): Promise<void> {
    await whileLocked(`${this.path}.lock`, async () => {
      const servers = { ...await this.read(), ...changes };
      await writePrivateFile(this.path, `${JSON.stringify(servers)}\n`);
    });
  }
}
