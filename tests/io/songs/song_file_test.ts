import assert from "node:assert/strict";
import { lookIntoSong } from "../../../lib/io/songs/song_file.ts";
import { chunk, data, fmt, id3, riff } from "../../audio/fixtures/riff.ts";
import { CD, noise, wavFile } from "../../support/memory_songs.ts";
import { systemClock } from "../../../lib/io/clock/clock.ts";
import { DecoderPool } from "../../../lib/io/codecs/decoder_pool.ts";
import { Ffmpeg } from "../../../lib/io/codecs/ffmpeg.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { hasProgram, TempFolder } from "../../support/programs.ts";

const NO_DECODERS = {
  pool: new DecoderPool({
    spawn: () => assert.fail("it is a WAV"),
    size: 1,
    clock: new FakeClock(),
  }),
  ffmpeg: () => Promise.resolve(null),
};

Deno.test("lookIntoSong() finds PCM in front of its format", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("song.wav");
  const pcm = [...noise(100_000)];
  const file = riff([chunk("data", pcm), fmt()]);
  await Deno.writeFile(path, Uint8Array.from([...id3(5000), ...file]));
  const { format } = await lookIntoSong(path, NO_DECODERS);
  assert.equal(format?.dataOffset, 5010 + 20);
  assert.equal(format?.dataBytes, 100_000);
});

Deno.test("lookIntoSong() reports a problem when the data is AC-3", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("song.wav");
  const pcm = noise(40_000);
  for (let at = 20_000; at < pcm.length; at += 6144) {
    pcm.set([0x72, 0xF8, 0x1F, 0x4E, 1, 0], at);
  }
  await Deno.writeFile(path, wavFile(CD, pcm));
  const { format, problem, problemText } = await lookIntoSong(
    path,
    NO_DECODERS,
  );
  assert.deepEqual([format, problem], [null, "unsupported"]);
  assert.match(problemText!, /AC-3 for S\/PDIF \(IEC 61937\) in place of PCM/);
});

Deno.test("lookIntoSong() reports a problem when AC-3 follows silence", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("song.wav");
  const pcm = new Uint8Array(1_200_000);
  pcm.set(noise(200_000), 1_000_000);
  for (let at = 1_000_000; at < pcm.length; at += 6144) {
    pcm.set([0x72, 0xF8, 0x1F, 0x4E, 1, 0], at);
  }
  await Deno.writeFile(path, wavFile(CD, pcm));
  const { problemText } = await lookIntoSong(path, NO_DECODERS);
  assert.match(problemText!, /AC-3 for S\/PDIF \(IEC 61937\) in place of PCM/);
});

Deno.test({
  name: "lookIntoSong() gives all of 5 GiB when a writer's sizes wrapped",
  ignore: Deno.build.os === "windows", // which would write all of it
  async fn() {
    await using folder = await TempFolder.make();
    const path = folder.file("song.wav");
    const bytes = 5 * 2 ** 30;
    const head = riff([fmt(), data(bytes % 2 ** 32)], (bytes + 36) % 2 ** 32);
    await Deno.writeFile(path, head);
    await Deno.truncate(path, head.length + bytes);
    const { format } = await lookIntoSong(path, NO_DECODERS);
    assert.equal(format?.dataBytes, bytes);
  },
});

Deno.test({
  name: "lookIntoSong() says what a song is that ffmpeg cannot decode either",
  ignore: !hasProgram("ffmpeg"),
  async fn() {
    await using folder = await TempFolder.make();
    const path = folder.file("song.wav");
    const ffmpeg = () => Ffmpeg.find(systemClock);
    for (
      const [format, what] of [
        [{ tag: 3, bits: 16 }, /16-bit float/],
        [{ tag: 1, bits: 64 }, /64-bit PCM/],
        [{ tag: 0x9999, bits: 16 }, /format tag 0x9999/],
      ] as const
    ) {
      const chunks = [fmt(format), chunk("data", [...noise(48_000)])];
      await Deno.writeFile(path, riff(chunks, chunks.flat().length + 4));
      const found = await lookIntoSong(path, { ...NO_DECODERS, ffmpeg });
      assert.equal(found.problem, "unsupported");
      assert.match(found.problemText!, what);
    }
  },
});

Deno.test("lookIntoSong() leaves the reads of a file with a decoder's ending to the worker", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("song.flac");
  await Deno.writeFile(path, noise(5000));
  const probe = {
    ...{ codec: "flac", encoding: "u8", rate: 1000, channels: 2 },
    ...{ validBits: 8, sampleFrames: 9, isEstimated: false, firstFrame: 0 },
    ...{ tags: [["title", "Air"]], hasArt: false },
  };
  const pool = { run: () => ({ result: Promise.resolve(probe) }) };
  const { read } = Deno.FsFile.prototype;
  let reads = 0;
  Deno.FsFile.prototype.read = function (into) {
    reads++;
    return read.call(this, into);
  };
  try {
    const { tags } = await lookIntoSong(path, {
      pool: pool as unknown as DecoderPool,
      ffmpeg: () => Promise.resolve(null),
    });
    assert.equal(tags?.title, "Air");
    assert.equal(reads, 0);
  } finally {
    Deno.FsFile.prototype.read = read;
  }
});
