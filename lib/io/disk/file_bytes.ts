/**
 * Adapts an open file to {@linkcode FileBytes}.
 *
 * @module
 */

import type { FileBytes } from "../../audio/container.ts";

/** Reads must not be concurrent, because the file has one position. */
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

/** {@linkcode fileBytes} whose reads may overlap, and end before it closes. */
export function overlappingBytes(
  file: Deno.FsFile,
): FileBytes & { close(): void } {
  const { bytes, read } = fileBytes(file);
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  return {
    bytes,
    read(into, offsetBytes) {
      const done = last.then(() => read(into, offsetBytes));
      last = done.catch(() => {});
      return done;
    },
    close() {
      if (!isClosed) void last.then(() => file.close());
      isClosed = true;
    },
  };
}
