/**
 * Concurrent uploads under names that are equal to some file system, begun and
 * stored in any order, with and without the permission to replace, while files
 * are copied into the folder. Every song answered with `stored` is there, and
 * no other song is lost.
 *
 * @module
 */

import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import type { SongWriter } from "../../lib/ports/server.ts";
import fc from "../support/fast_check.ts";
import { noise, PHONE, sha256Hex, wavFile } from "../support/memory_songs.ts";
import { TempFolder } from "../support/programs.ts";
import { openScanned } from "../support/scanned_folder.ts";

/** An action; those of one step run concurrently. */
export type UploadStep =
  | { begin: number; name: string; replace: boolean }
  | { store: number }
  | { abandon: number }
  | { copyIn: string };

export type UploadScript = UploadStep[][];

const WRITERS = 4;
/** Equal names on some file system, except the last. */
const NAMES = [
  "Song.wav",
  "song.wav",
  "SONG",
  "a/Zo\u00eb.wav",
  "a/Zoe\u0308.WAV",
  "x",
];

const step: fc.Arbitrary<UploadStep> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      begin: fc.nat({ max: WRITERS - 1 }),
      name: fc.constantFrom(...NAMES),
      replace: fc.constantFrom(false, false, true),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ store: fc.nat({ max: WRITERS - 1 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ abandon: fc.nat({ max: WRITERS - 1 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ copyIn: fc.constantFrom(...NAMES.slice(0, 2)) }),
  },
) as fc.Arbitrary<UploadStep>;

export const UPLOAD_SCRIPT: fc.Arbitrary<UploadScript> = fc.array(
  fc.array(step, { minLength: 1, maxLength: 4 }),
  { minLength: 2, maxLength: 8 },
);

interface Upload {
  writer: SongWriter;
  replace: boolean;
  file: Uint8Array;
}

/** Runs a script. @throws {AssertionError} If a property fails. */
export async function runUploads(script: UploadScript): Promise<void> {
  await using folder = await TempFolder.make();
  const files = await openScanned(folder.path, {
    ...{ maxUploadBytes: 1 << 20, minFreeBytes: 0, maxSongs: 1000 },
  });
  const uploads = new Map<number, Upload>();
  /** The expected content by stored name; null: it may have been replaced. */
  const kept = new Map<string, string>();
  let count = 0;
  const act = async (step: UploadStep) => {
    if ("begin" in step) {
      const { begin, name, replace } = step;
      if (uploads.has(begin)) return;
      const file = wavFile(PHONE, noise(100, ++count));
      const writer = await files.create(name, { replace });
      if (uploads.has(begin)) return await writer.abandon();
      uploads.set(begin, { writer, replace, file });
      await writer.write(file);
    } else if ("store" in step) {
      const upload = uploads.get(step.store);
      if (!upload) return;
      uploads.delete(step.store);
      const { writer, replace, file } = upload;
      const sha256 = sha256Hex(file);
      const { name } = await writer.store({ bytes: file.length, sha256 })
        .catch(async (error) => {
          await writer.abandon();
          throw error;
        });
      // A writer with the permission to replace may have replaced any of them.
      if (replace) { for (const key of [...kept.keys()]) kept.delete(key); }
      else {
        assert.ok(!kept.has(name), `${name} was stored twice`);
        kept.set(name, sha256);
      }
    } else if ("abandon" in step) {
      const upload = uploads.get(step.abandon);
      uploads.delete(step.abandon);
      await upload?.writer.abandon();
    } else {
      const file = wavFile(PHONE, noise(100, ++count));
      const path = folder.file(step.copyIn);
      await Deno.writeFile(path, file, { createNew: true });
      kept.set(step.copyIn, sha256Hex(file));
    }
  };
  for (const together of script) {
    const ended = await Promise.allSettled(together.map(act));
    for (const end of ended) {
      if (end.status === "rejected") assertExpected(end.reason);
    }
  }
  for (const { writer } of uploads.values()) await writer.abandon();
  await files.rescan();
  const hashes = new Set<string>();
  for (const { name } of files.list()) {
    hashes.add(sha256Hex(await Deno.readFile(folder.file(name))));
  }
  for (const [name, sha256] of kept) {
    assert.ok(hashes.has(sha256), `${name} had been stored, but is missing`);
  }
  for await (const { name } of Deno.readDir(folder.path)) {
    assert.doesNotMatch(name, /\.part$/, "half a song is left");
  }
}

function assertExpected(error: unknown): void {
  if (error instanceof Deno.errors.AlreadyExists) return; // copied in twice
  assert.ok(error instanceof OndacastError, `an untyped error: ${error}`);
  assert.equal(error.code, "exists", String(error));
}
