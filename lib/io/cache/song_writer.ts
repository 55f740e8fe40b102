/**
 * A download into the cache, which can be read while it is stored.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import type { CacheWriter } from "../../ports/client.ts";
import { describeFileError, isDiskFull } from "../disk/describe_file_error.ts";
import { overlappingBytes } from "../disk/file_bytes.ts";
import { hashFile } from "../disk/hash_file.ts";
import { writeAll } from "../../write_all.ts";
import type { Row, StoredSong } from "./cache_index.ts";

/** Ends of a download: one of them succeeds. Only `publish` throws. */
export interface DownloadEnd {
  publish(sha256: string): Promise<StoredSong>;
  keep(): void;
  discard(): Promise<void>;
}

/** A download, whose calls must not overlap, except that reads may overlap any other. */
export interface SongWriter extends CacheWriter {
  publish(sha256: string | undefined): Promise<StoredSong>;
}

/**
 * Starts a download, or resumes the one in the file.
 *
 * @param isNew Whether there is no file yet.
 */
export async function openWriter(
  path: string,
  { song, bytes }: Row,
  isNew: boolean,
  end: DownloadEnd,
): Promise<SongWriter> {
  const options = { write: true, createNew: isNew, mode: 0o600 };
  using opening = new DisposableStack();
  const file = opening.use(await Deno.open(path, options));
  const reader = overlappingBytes(opening.use(await Deno.open(path)));
  let storedBytes = await file.seek(0, Deno.SeekMode.End);
  let isOver = false;
  let isClosed = false;
  opening.move(); // They are closed by close().

  const refuse = async (found: string, expected: string) => {
    isOver = true;
    await end.discard();
    throw new OndacastError(
      "bad-hash",
      `Cannot store ${song}: it has ${found}, expected ${expected}`,
    );
  };

  const close = async (isKept: boolean) => {
    if (isClosed) return;
    isClosed = true;
    reader.close();
    file.close();
    if (isOver) return;
    await (isKept ? end.keep() : end.discard());
  };

  return {
    get storedBytes() {
      return storedBytes;
    },
    read(into, offsetBytes) {
      const length = Math.max(0, storedBytes - offsetBytes);
      return reader.read(into.subarray(0, length), offsetBytes);
    },
    async write(piece) {
      const length = storedBytes + piece.length;
      if (isOver || length > bytes) {
        throw new OndacastError(
          "too-large",
          `Cannot store ${length} bytes of ${song}: expected at most ${bytes}`,
        );
      }
      try {
        await writeAll(file, piece);
      } catch (cause) {
        await file.truncate(storedBytes).catch(() => {});
        await file.seek(storedBytes, Deno.SeekMode.Start);
        throw diskError(song, cause);
      }
      storedBytes = length;
    },
    async publish(expected) {
      try {
        await file.sync();
        // What an earlier download stored is hashed, too.
        using stored = await Deno.open(path);
        const found = await hashFile(stored);
        if (found.bytes !== bytes) {
          await refuse(`${found.bytes} bytes`, `${bytes}`);
        }
        if (expected !== undefined && expected.toLowerCase() !== found.sha256) {
          await refuse(`the SHA-256 ${found.sha256}`, expected);
        }
        const published = await end.publish(found.sha256);
        isOver = true;
        return published;
      } catch (cause) {
        throw diskError(song, cause);
      }
    },
    close: () => close(storedBytes > 0),
    discard: () => close(false),
  };
}

function diskError(song: string, cause: unknown): OndacastError {
  if (cause instanceof OndacastError) return cause;
  return new OndacastError(
    isDiskFull(cause) ? "no-space" : "output-failed",
    `Cannot store ${song}: ${describeFileError(cause, "write")}`,
    { cause },
  );
}
