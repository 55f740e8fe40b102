import assert from "node:assert/strict";
import { probeSong } from "../../../lib/io/codecs/probe_song.ts";
import { RangeDecoder } from "../../../lib/io/codecs/range_decoder.ts";
import {
  CodedSongs,
  distance,
  heard,
  lacks,
  layout,
  tune,
} from "../../support/coded_songs.ts";
import { memoryFile } from "../../support/memory_file.ts";
import { seededRandom } from "../../support/seeded_random.ts";

const FORMAT = layout(16, { rate: 48_000 });
const ignore = lacks("opusenc", "opusdec");

/** Stereo, from the level of each sample frame. */
function pcmOf(seconds: number, level: (i: number) => number): Uint8Array {
  const samples = new Int16Array(seconds * 96_000);
  for (let i = 0; i < samples.length; i += 2) {
    const value = Math.max(-1, Math.min(1, level(i / 2))) * 32_767;
    samples.fill(value, i, i + 2);
  }
  return new Uint8Array(samples.buffer);
}

const random = seededRandom(6_716);
const tone = (hz: number) => (i: number) =>
  0.95 * Math.sin(2 * Math.PI * hz * i / 48_000);
const loudNoise = () => 3 * (random() - 0.5);

/** The PCM of libopus, clipped to 16 bits. */
async function reference(songs: CodedSongs): Promise<Uint8Array> {
  await songs.run("opusdec", "--quiet --float --rate 48000 a.opus a.raw");
  const floats = new Float32Array((await songs.read("a.raw")).slice().buffer);
  const clipped = Int16Array.from(
    floats,
    (it) => Math.max(-32_768, Math.min(32_767, Math.round(it * 32_768))),
  );
  return new Uint8Array(clipped.buffer);
}

const KINDS: [what: string, words: string, level: (i: number) => number][] = [
  ["SILK", "--bitrate 8 --speech", tone(1_000)],
  ["SILK in long frames", "--bitrate 8 --speech --framesize 60", tone(440)],
  ["SILK and CELT together", "--bitrate 16 --speech", tone(1_000)],
  ["CELT", "--bitrate 64", tone(97)],
  ["CELT in short frames", "--bitrate 128 --framesize 2.5", tone(1_000)],
  ["CELT that has to be clipped", "--bitrate 96", loudNoise],
];

for (const [what, words, level] of KINDS) {
  Deno.test({
    name: `Opus with ${what} is decoded like by libopus, from any position`,
    ignore,
    async fn() {
      await using songs = await CodedSongs.make(FORMAT, pcmOf(10, level));
      await songs.run("opusenc", `--quiet ${words} in.wav a.opus`);
      const { probe, pcm } = heard(await songs.read("a.opus"), 3);
      const right = await reference(songs);
      assert.equal(4 * probe.sampleFrames, right.length);
      assert.ok(distance(pcm, right) <= 1, `${distance(pcm, right)}`);
    },
  });
}

Deno.test({
  name: "Opus with SILK has the same PCM in any order of decoding",
  ignore,
  async fn() {
    await using songs = await CodedSongs.make(FORMAT, pcmOf(80, tone(440)));
    const words = "--quiet --bitrate 8 --speech --comp 0 in.wav a.opus";
    await songs.run("opusenc", words);
    const file = memoryFile(await songs.read("a.opus"));
    const probe = probeSong(file);
    const second = (decoder: RangeDecoder, at: number) =>
      decoder.decode(at * 48_000, (at + 1) * 48_000).pcm;
    // Around the end of the exact part, and of the next block.
    const places = [38, 39, 40, 41, 68, 69, 70, 71];
    const inOrder = new RangeDecoder(file, probe);
    const pieces = places.map((at) => second(inOrder, at));
    const backwards = new RangeDecoder(file, probe);
    for (const [i, at] of [...places.entries()].reverse()) {
      assert.deepEqual(second(backwards, at), pieces[i], `${at} s`);
    }
  },
});

for (const gain of [0, -6]) {
  Deno.test({
    name: `Opus with a header gain of ${gain} dB is decoded like by opusdec`,
    ignore,
    async fn() {
      await using songs = await CodedSongs.make(FORMAT, tune(FORMAT, 200_000));
      await songs.run("opusenc", "--quiet in.wav a.opus");
      const file = await songs.read("a.opus");
      setGain(file, gain);
      await songs.write("a.opus", file);
      const words = "--quiet --no-dither --rate 48000 a.opus a.raw";
      await songs.run("opusdec", words);
      const right = await songs.read("a.raw");
      const { probe, pcm } = heard(file, 1.3);
      assert.equal(probe.rate, 48_000);
      assert.equal(4 * probe.sampleFrames, right.length);
      assert.ok(distance(pcm, right) <= 1);
    },
  });
}

/** Writes the output gain of OpusHead, and the checksum of its page. */
function setGain(file: Uint8Array, db: number): void {
  const view = new DataView(file.buffer, file.byteOffset);
  view.setInt16(28 + 16, db * 256, true);
  view.setUint32(22, 0, true);
  const bytes = file.subarray(0, 28 + 19);
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc << 1 ^ (crc < 0 ? 0x04c11db7 : 0);
    }
  }
  view.setUint32(22, crc >>> 0, true);
}
