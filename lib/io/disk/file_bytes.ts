/**
 * An open file as {@linkcode FileBytes}: the disk's end of a container.
 *
 * @module
 */

import type { FileBytes } from "../../audio/containers.ts";

/** Reads of an open file, to be made one at a time: it has one position. */
export function fileBytes(
  file: Deno.FsFile,
  bytes = file.statSync().size,
): FileBytes {
  return {
    bytes,
    async read(into, offsetBytes) {
      file.seekSync(offsetBytes, Deno.SeekMode.Start);
      let filled = 0;
      while (filled < into.length) {
        const read = await file.read(into.subarray(filled));
        if (read === null) break;
        filled += read;
      }
      return filled;
    },
  };
}
