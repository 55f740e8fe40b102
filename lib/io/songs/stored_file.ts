/**
 * A song's file as it is stored, for programs that fetch files rather than
 * streams.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import type { OpenFile } from "../../ports/server.ts";
import { cannotOpen } from "../disk/describe_file_error.ts";
import { bareStamp, type ReadAt, readerOf, stampOf } from "./file_stamp.ts";
import type { SongFolder } from "./song_folder.ts";

/** One reader's own descriptor of a file. */
export class StoredFile implements OpenFile {
  readonly bytes: number;
  readonly etag: string;
  readonly #name: string;
  readonly #file: Deno.FsFile;
  readonly #readAt: ReadAt;
  #isOpen = true;

  private constructor(name: string, file: Deno.FsFile) {
    const info = file.statSync();
    this.#name = name;
    this.#file = file;
    this.#readAt = readerOf(file);
    this.bytes = info.size;
    this.etag = bareStamp(stampOf(info));
  }

  /** @throws {OndacastError} `not-found`, `changed`, `bad-name`, `internal`. */
  static async open(folder: SongFolder, name: string): Promise<StoredFile> {
    try {
      return new StoredFile(name, await folder.open(name));
    } catch (cause) {
      throw cannotOpen(name, cause);
    }
  }

  async read(into: Uint8Array, offsetBytes: number): Promise<void> {
    await this.#readAt(into, offsetBytes);
    // A writer changes the file's times before its bytes. Coarse ones may not
    // show that the file was replaced, but its links do.
    const info = this.#file.statSync();
    if (bareStamp(stampOf(info)) === this.etag && info.nlink !== 0) return;
    throw new OndacastError(
      "changed",
      `Cannot continue ${this.#name}: its file was changed, truncated or removed`,
    );
  }

  close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }
}
