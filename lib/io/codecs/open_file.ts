/**
 * A song's file, opened in a decoder worker.
 *
 * @module
 */

import type { ReadableFile } from "../../audio/readable_file.ts";
import { OndacastError } from "../../errors.ts";
import type { FileRef } from "./decoder_jobs.ts";

export class OpenFile implements ReadableFile {
  readonly bytes: number;
  readonly #file: Deno.FsFile;

  private constructor(file: Deno.FsFile, bytes: number) {
    this.#file = file;
    this.bytes = bytes;
  }

  /**
   * Opens a file.
   *
   * @throws {OndacastError} `changed`, if it is another file than requested;
   * `internal`, if it cannot be opened.
   */
  static open({ path, dev, ino, bytes }: FileRef): OpenFile {
    const file = attempt(() => Deno.openSync(path));
    const info = file.statSync();
    if (info.dev === dev && info.ino === ino && info.size >= bytes) {
      return new OpenFile(file, bytes);
    }
    file.close();
    throw new OndacastError(
      "changed",
      "Cannot open the song: its file was replaced or truncated",
    );
  }

  read(into: Uint8Array, offsetBytes: number): number {
    return attempt(() => {
      const most = Math.max(0, this.bytes - offsetBytes);
      const piece = into.subarray(0, most);
      this.#file.seekSync(offsetBytes, Deno.SeekMode.Start);
      let filled = 0;
      while (filled < piece.length) {
        const read = this.#file.readSync(piece.subarray(filled));
        if (read === null) break;
        filled += read;
      }
      return filled;
    });
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new OndacastError("internal", "Cannot read the song's file", {
      cause,
    });
  }
}
