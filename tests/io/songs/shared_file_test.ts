import assert from "node:assert/strict";
import { OndacastError } from "../../../lib/errors.ts";
import type { SongDecoding } from "../../../lib/io/codecs/decoder_jobs.ts";
import { stampOf } from "../../../lib/io/songs/file_stamp.ts";
import { SharedFile } from "../../../lib/io/songs/shared_file.ts";
import type { WavReader } from "../../../lib/io/songs/wav_reader.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const BYTES = 1 << 20;

/**
 * A file of zeros whose reads take this long.
 *
 * @param reader Decodes it.
 */
function fileOnDisk(
  clock: FakeClock,
  readMs: () => number,
  reader?: WavReader,
): SharedFile {
  const info = { size: BYTES, nlink: 1 } as Deno.FileInfo;
  const file = {
    seekSync: () => 0,
    statSync: () => info,
    async read(into: Uint8Array) {
      await clock.advance(readMs());
      return into.length;
    },
    close() {},
  } as unknown as Deno.FsFile;
  return new SharedFile(
    {
      ...{ name: "a.wav", bytes: BYTES, etag: "a", format: null },
      ...{ stamp: stampOf(info), probe: "p" },
      ...(reader && { decoding: {} as SongDecoding }),
    },
    {
      open: () => Promise.resolve(file),
      path: () => Promise.resolve("a.wav"),
      isSame: () => Promise.resolve(true),
      learned: () => {},
      decode: () => Promise.resolve(reader ?? assert.fail("it is a WAV")),
    },
    () => {},
    clock,
  );
}

Deno.test("isSlow is true when the latest read waited for a disk", async () => {
  const clock = new FakeClock();
  let readMs = 0;
  const song = await fileOnDisk(clock, () => readMs).use();
  assert.equal(song.isSlow, false);
  const large = new Uint8Array(BYTES); // 2.6 ms at 400 MB/s
  const small = new Uint8Array(65_536); // 0.2 ms
  for (
    const [into, ms, isSlow] of [
      [large, 0.3, false],
      [large, 3.7, true],
      [large, 3.5, false],
      [small, 1.2, true],
      [small, 1.1, false],
    ] as const
  ) {
    readMs = ms;
    await song.read(into, 0);
    assert.equal(song.isSlow, isSlow, `${into.length} bytes in ${ms} ms`);
  }
  song.close();
});

Deno.test("a song that cannot be decoded for another reason than a change is not taken for changed", async () => {
  const clock = new FakeClock();
  const full = new OndacastError("no-space", "Cannot write it: full");
  const file = fileOnDisk(clock, () => 0, {
    partEnd: (offset) => offset,
    read: () => Promise.reject(full),
    close() {},
  });
  const song = await file.use();
  await assert.rejects(song.read(new Uint8Array(1), 0), full);
  assert.equal(song.gone.happened, false);
  song.close();
});
