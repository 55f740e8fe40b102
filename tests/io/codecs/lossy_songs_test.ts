import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
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
import { noise } from "../../support/memory_songs.ts";

const CD = layout(16);
const FRAMES = 200_000;
const PCM = tune(CD, FRAMES);
const ignore = lacks("ffmpeg", "lame");

async function make() {
  return await CodedSongs.make(CD, PCM);
}

/**
 * A format, the options for ffmpeg, and the number of sample frames played;
 * null: as many as ffmpeg decodes.
 */
const KINDS: [
  name: string,
  codec: string,
  words: string,
  frames: number | null,
][] = [
  ["a.mp3", "mp3", "-c:a libmp3lame -b:a 192k", FRAMES],
  ["a.mp3", "mp3", "-c:a libmp3lame -q:a 4", FRAMES],
  ["a.mp3", "mp3", "-c:a libmp3lame -b:a 128k -write_xing 0", null],
  ["a.mp3", "mp3", "-c:a libmp3lame -q:a 4 -write_xing 0", null],
  ["a.mp3", "mp3", "-c:a libmp3lame -ar 22050 -ac 1", FRAMES / 2],
  ["a.mp3", "mp3", "-c:a libmp3lame -ar 8000 -ac 1 -b:a 8k", null],
  ["a.mp2", "mp2", "-c:a mp2 -b:a 192k", null],
  ["a.ogg", "vorbis", "-c:a libvorbis", FRAMES],
  ["a.ogg", "vorbis", "-c:a libvorbis -ac 1 -ar 22050", FRAMES / 2],
  ["a.m4a", "aac", "-c:a aac -aac_pns 0", FRAMES],
  // With noise substitution, which depends on all earlier frames.
  ["a.m4a", "aac", "-c:a aac -b:a 48k", FRAMES],
  ["a.m4a", "aac", "-c:a aac -aac_pns 0 -movflags +faststart", FRAMES],
  [
    "a.m4a",
    "aac",
    // Without an edit list, the delay of the encoder is heard.
    "-c:a aac -aac_pns 0 -movflags frag_keyframe+empty_moov -frag_duration 500000",
    FRAMES + 1024,
  ],
  ["a.aac", "aac", "-c:a aac -aac_pns 0", null],
  ["a.aac", "aac", "-c:a aac -b:a 48k", null],
];

for (const [name, codec, words, frames] of KINDS) {
  Deno.test({
    name: `${codec} by "${words}" is decoded like by ffmpeg, from any position`,
    ignore,
    async fn() {
      await using songs = await make();
      const file = await songs.encoded(name, words);
      const { probe, ...result } = heard(file, 1.3);
      const right = await songs.decoded(name);
      assert.equal(probe.codec, codec);
      assert.equal(
        probe.sampleFrames,
        frames ?? right.length / 2 / probe.channels,
      );
      assert.ok(distance(result.pcm, right) <= 1);
      assert.equal(result.damagedFrames, 0);
    },
  });
}

for (const name of ["a.mp3", "a.ogg", "a.opus", "a.aac", "a.m4a"]) {
  Deno.test({
    name: `${name} has the same PCM in any order of decoding, damaged or not`,
    ignore,
    async fn() {
      await using songs = await make();
      const file = await songs.encoded(name, "-b:a 48k");
      const hole = file.length / 2;
      for (const bytes of [file, file.slice().fill(0, hole, hole + 600)]) {
        const song = memoryFile(bytes);
        const probe = probeSong(song);
        const decoder = new RangeDecoder(song, probe);
        const second = (i: number) =>
          decoder.decode(i * probe.rate, (i + 1) * probe.rate).pcm;
        const inOrder = [0, 1, 2, 3].map(second);
        for (const i of [3, 1, 2, 0]) assert.deepEqual(second(i), inOrder[i]);
      }
    },
  });
}

Deno.test({
  name: "the noise that AAC substitutes is ffmpeg's two minutes into a song",
  ignore,
  async fn() {
    const format = layout(16, { rate: 16_000, channels: 1 });
    const pcm = tune(format, 118 * 16_000);
    await using songs = await CodedSongs.make(format, pcm);
    const file = memoryFile(await songs.encoded("a.m4a", "-c:a aac -b:a 24k"));
    const right = await songs.decoded("a.m4a");
    using decoder = new RangeDecoder(file, probeSong(file));
    const own = decoder.decode(115 * 16_000, 116 * 16_000).pcm;
    const part = right.subarray(2 * 115 * 16_000, 2 * 116 * 16_000);
    assert.ok(distance(own, part) <= 1, `${distance(own, part)}`);
  },
});

for (const channels of [3, 4, 5, 6, 7, 8]) {
  Deno.test({
    name: `Vorbis of ${channels} channels is decoded like by ffmpeg`,
    ignore,
    async fn() {
      const format = layout(16, { channels });
      const pcm = tune(format, 60_000);
      await using songs = await CodedSongs.make(format, pcm);
      const file = await songs.encoded("a.ogg", "-c:a libvorbis -q:a 4");
      const { probe, pcm: own } = heard(file, 0.4);
      const right = await songs.decoded("a.ogg");
      assert.equal(probe.channels, channels);
      assert.equal(2 * channels * probe.sampleFrames, right.length);
      assert.ok(distance(own, right) <= 1, `${distance(own, right)}`);
    },
  });
}

Deno.test({
  name:
    "an album of three MP3s by LAME is gapless, with every sample frame of its source",
  ignore,
  async fn() {
    const cuts = [0, 61_234, 130_001, FRAMES];
    for (let i = 0; i < 3; i++) {
      const [from, to] = [cuts[i], cuts[i + 1]];
      const piece = PCM.subarray(4 * from, 4 * to);
      await using songs = await CodedSongs.make(CD, piece);
      await songs.run("lame", "--quiet -b 320 in.wav a.mp3");
      const { probe, pcm } = heard(await songs.read("a.mp3"));
      assert.equal(probe.sampleFrames, to - from);
      // Aligned, since a lossy codec changes tones only slightly.
      assert.ok(distance(pcm, piece) < 2_000, `${distance(pcm, piece)}`);
    }
  },
});

const LAME: [name: string, make: (mp3: Uint8Array) => Uint8Array][] = [
  ["behind 5 kB of junk", (mp3) => concat([noise(5_000, 3), mp3])],
  ["before 200 kB of junk", (mp3) => concat([mp3, noise(200_000, 4)])],
  ["before APEv2 and ID3v1", (mp3) => concat([mp3, APE, ID3V1])],
  ["behind 12 MB of ID3v2", (mp3) => concat([id3v2(12_000_000), mp3])],
];

for (const [name, change] of LAME) {
  Deno.test({
    name: `MP3 ${name} is decoded to the same song`,
    ignore,
    async fn() {
      await using songs = await make();
      await songs.run("lame", "--quiet -V2 in.wav a.mp3");
      const { probe, pcm } = heard(change(await songs.read("a.mp3")));
      assert.equal(probe.sampleFrames, FRAMES);
      assert.ok(distance(pcm, await songs.decoded("a.mp3")) <= 1);
    },
  });
}

for (
  const [name, words] of [
    ["a.mp2", ""],
    ["a.ogg", ""],
    ["a.opus", ""],
    ["a.aac", "-aac_pns 0"],
    ["a.m4a", "-aac_pns 0"],
    ["a.m4a", "-aac_pns 0 -movflags +faststart"],
  ]
) {
  Deno.test({
    name:
      `${name} "${words}" before 200 kB of junk is decoded to the same song`,
    ignore,
    async fn() {
      await using songs = await make();
      const file = await songs.encoded(name, words);
      const alone = heard(file);
      const { probe, pcm } = heard(concat([file, noise(200_000, 6)]));
      assert.equal(probe.sampleFrames, alone.probe.sampleFrames);
      assert.equal(distance(pcm, alone.pcm), 0);
    },
  });
}

Deno.test({
  name: "two concatenated MP3s are played one after the other",
  ignore,
  async fn() {
    await using songs = await make();
    await songs.run("lame", "--quiet -V2 in.wav a.mp3");
    const one = await songs.read("a.mp3");
    const both = concat([one, one]);
    await songs.write("b.mp3", both);
    const { probe, pcm } = heard(both);
    const right = await songs.decoded("b.mp3");
    assert.equal(4 * probe.sampleFrames, right.length);
    assert.ok(distance(pcm, right) <= 1);
    assert.equal(probeSong(memoryFile(both), "ends").isEstimated, true);
  },
});

/** Formats to truncate, and whether ffmpeg ends at a whole frame there, too. */
const CUT: [name: string, words: string, exact: boolean][] = [
  ["a.mp2", "-c:a mp2 -b:a 192k", false],
  ["a.mp3", "-c:a libmp3lame -q:a 2", false],
  ["a.mp3", "-c:a libmp3lame -b:a 128k -write_xing 0", false],
  ["a.ogg", "-c:a libvorbis", true],
  ["a.opus", "-c:a libopus", true],
  ["a.aac", "-c:a aac -aac_pns 0", true],
  ["a.m4a", "-c:a aac -aac_pns 0 -movflags +faststart", true],
  [
    "a.m4a",
    "-c:a aac -aac_pns 0 -movflags frag_keyframe+empty_moov -frag_duration 500000",
    true,
  ],
];

for (const [name, words, isExact] of CUT) {
  Deno.test({
    name: `${name} by "${words}" truncated to 60 % ends at its last frame`,
    ignore,
    async fn() {
      await using songs = await make();
      const whole = await songs.encoded(name, words);
      const file = whole.slice(0, 0.6 * whole.length);
      await songs.write(name, file);
      const { probe, ...result } = heard(file);
      const right = await songs.decoded(name);
      const more = right.length / 4 - probe.sampleFrames;
      // ffmpeg also decodes the incomplete last frame.
      assert.ok(isExact ? more === 0 : more >= 0 && more <= 1_152, `${more}`);
      const most = probe.codec === "opus" ? 26 : 1;
      assert.ok(distance(result.pcm, right) <= most);
      assert.equal(result.damagedFrames, 0);
    },
  });
}

for (const name of ["a.mp3", "a.mp2", "a.ogg", "a.opus", "a.aac", "a.m4a"]) {
  Deno.test({
    name: `audio after a gap in ${name} keeps its position`,
    ignore,
    async fn() {
      await using songs = await make();
      // The noise substitution of AAC depends on earlier frames.
      const words = /aac|m4a/.test(name) ? "-aac_pns 0" : "";
      const file = await songs.encoded(name, words);
      const good = heard(file);
      const from = Math.floor(file.length / 2);
      file.fill(0, from, from + 3_000);
      const { probe, ...result } = heard(file);
      assert.equal(probe.sampleFrames, good.probe.sampleFrames);
      const { damagedFrames } = result;
      assert.ok(damagedFrames > 0 && damagedFrames < 1.3 * probe.rate);
      const last = (pcm: Uint8Array) => pcm.subarray(-4 * probe.rate);
      assert.ok(distance(last(result.pcm), last(good.pcm)) <= 12);
    },
  });
}

Deno.test({
  name: "chained links of the same format are played one after the other",
  ignore,
  async fn() {
    for (const name of ["a.ogg", "a.opus"]) {
      await using songs = await make();
      const one = await songs.encoded(name);
      const alone = heard(one);
      const two = heard(concat([one, one]));
      const { sampleFrames } = alone.probe;
      assert.equal(two.probe.sampleFrames, 2 * sampleFrames);
      assert.ok(distance(two.pcm, alone.pcm) === 0);
      const second = two.pcm.subarray(4 * sampleFrames);
      assert.ok(distance(second, alone.pcm) <= 12);
      const other = await songs.encoded("b.ogg", "-c:a libvorbis -ar 22050");
      const mixed = heard(concat([one, other]));
      assert.equal(mixed.probe.sampleFrames, sampleFrames);
      const joined = mixed.probe.joinedFrames;
      const isSameCodec = name === "a.ogg";
      assert.equal(joined, isSameCodec ? 2 * sampleFrames : undefined);
    }
  },
});

const ID3V1 = new Uint8Array(128);
ID3V1.set([0x54, 0x41, 0x47]);
/** An APEv2 tag that is only a footer. */
const APE = new Uint8Array(32);
APE.set(new TextEncoder().encode("APETAGEX"));
APE.set([0xd0, 7, 0, 0, 32], 8);

function id3v2(bytes: number): Uint8Array {
  const tag = new Uint8Array(10 + bytes);
  const size = [21, 14, 7, 0].map((shift) => bytes >> shift & 0x7f);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0, ...size]);
  return tag;
}
