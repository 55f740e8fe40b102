/**
 * The file of known servers: read at each first connection, replaced
 * atomically.
 *
 * @module
 */

import { join } from "@std/path/join";
import { errorText, OndacastError } from "../../errors.ts";
import {
  addServer,
  findServer,
  type KnownPlace,
  type KnownServer,
  listServers,
  removeServers,
} from "../../model/known_servers.ts";
import { whileLocked, writePrivateFile } from "../disk/private_file.ts";

/** The known servers of this user. */
export class KnownServersFile {
  readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, "known_servers");
  }

  /**
   * The entry of a server, and its line.
   *
   * @throws {OndacastError} `bad-certificate` if the file cannot be read.
   */
  async find(
    place: string,
  ): Promise<{ known: KnownServer; line: number } | null> {
    try {
      return findServer(await this.#read(), place);
    } catch (cause) {
      throw new OndacastError(
        "bad-certificate",
        cause instanceof OndacastError
          ? `${cause.message} (${this.path})`
          : `Cannot read the known servers in ${this.path}: ${
            errorText(cause)
          }`,
        { cause },
      );
    }
  }

  /** Adds a server. @throws If the file cannot be written. */
  async add(place: string, known: KnownServer): Promise<void> {
    await whileLocked(`${this.path}.lock`, async () => {
      const text = addServer(await this.#read(), place, known);
      await writePrivateFile(this.path, text);
    });
  }

  /** All known servers. @throws If the file cannot be read. */
  async list(): Promise<KnownPlace[]> {
    return listServers(await this.#read());
  }

  /**
   * Removes servers.
   *
   * @returns Those that were known.
   * @throws If the file cannot be written.
   */
  async forget(places: readonly string[]): Promise<string[]> {
    return await whileLocked(`${this.path}.lock`, async () => {
      const { text, removed } = removeServers(await this.#read(), places);
      if (removed.length > 0) await writePrivateFile(this.path, text);
      return removed;
    });
  }

  async #read(): Promise<string> {
    try {
      return await Deno.readTextFile(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "";
      throw error;
    }
  }
}
