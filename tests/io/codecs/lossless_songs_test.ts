import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { flacMd5Bytes } from "../../../lib/audio/flac_md5.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import {
  CodedSongs,
  heard,
  lacks,
  layout,
  tune,
} from "../../support/coded_songs.ts";
import { probeSong } from "../../../lib/io/codecs/probe_song.ts";
import { memoryFile } from "../../support/memory_file.ts";
import { noise } from "../../support/memory_songs.ts";
import { concat } from "@std/bytes/concat";

const CD = layout(16);
const FRAMES = 150_000;
const ignore = lacks("ffmpeg", "flac");

/** A format, its bits per sample, and the options for ffmpeg. */
const KINDS: [name: string, codec: string, bits: number, words: string][] = [
  ["a.flac", "flac", 16, ""],
  ["a.flac", "flac", 24, ""],
  ["a.oga", "flac", 16, "-c:a flac"],
  ["a.mp4", "flac", 16, "-c:a flac -strict -2"],
  ["a.m4a", "alac", 16, "-c:a alac"],
  ["a.m4a", "alac", 24, "-c:a alac"],
  ["a.caf", "alac", 16, "-c:a alac"],
  ["a.caf", "pcm", 16, "-c:a pcm_s16be"],
  ["a.caf", "pcm", 24, "-c:a pcm_s24le"],
  ["a.aiff", "pcm", 16, ""],
  ["a.aiff", "pcm", 24, "-c:a pcm_s24be"],
  ["a.aifc", "pcm", 16, "-f aiff -c:a pcm_s16le"],
];

for (const [name, codec, bits, words] of KINDS) {
  for (const channels of [1, 6]) {
    Deno.test({
      name: `${codec} in ${name} is decoded bit for bit, ` +
        `${bits} bits of ${channels} channels`,
      ignore,
      async fn() {
        const format = layout(bits, { channels });
        const pcm = tune(format, 60_000);
        await using songs = await CodedSongs.make(format, pcm);
        const file = await songs.encoded(name, words);
        const { probe, ...result } = heard(file, 0.4);
        assert.equal(probe.codec, codec);
        assert.equal(probe.encoding, format.encoding);
        assert.equal(probe.validBits, bits);
        assert.equal(probe.sampleFrames, 60_000);
        assert.equal(probe.isEstimated, false);
        assertBytes(result.pcm, pcm);
        assert.equal(result.damagedFrames, 0);
      },
    });
  }
}

for (const bits of [8, 12, 16, 20, 24]) {
  Deno.test({
    name:
      `FLAC of ${bits} bits is decoded into the upper bits of its container, with its MD5`,
    ignore,
    async fn() {
      const format = layout(bits);
      const pcm = tune(format, FRAMES);
      await using songs = await CodedSongs.make(format, pcm);
      await songs.run("flac", "--silent --lax -o a.flac in.wav");
      const { probe, ...result } = heard(await songs.read("a.flac"));
      assert.equal(probe.encoding, format.encoding);
      assert.equal(probe.validBits, bits);
      assertBytes(result.pcm, pcm);
      const md5 = createHash("md5").update(flacMd5Bytes(result.pcm, probe));
      assert.equal(md5.digest("hex"), probe.md5);
    },
  });
}

for (const block of [16, 192, 4608, 65_535]) {
  Deno.test({
    name: `FLAC in blocks of ${block} is decoded from any position`,
    ignore,
    async fn() {
      const pcm = tune(CD, FRAMES);
      await using songs = await CodedSongs.make(CD, pcm);
      const words = `--silent --lax --blocksize=${block} -o a.flac in.wav`;
      await songs.run("flac", words);
      assertBytes(heard(await songs.read("a.flac"), 0.3).pcm, pcm);
    },
  });
}

for (const float of ["f32be", "f64be"]) {
  Deno.test({
    name: `AIFF-C of ${float} is decoded without a change of its samples`,
    ignore,
    async fn() {
      await using songs = await CodedSongs.make(CD, tune(CD, FRAMES));
      const file = await songs.encoded("a.aifc", `-f aiff -c:a pcm_${float}`);
      const encoding = float.replace("be", "le");
      const { probe, pcm } = heard(file);
      assert.equal(probe.encoding, encoding);
      const words = `-v error -i in.wav -f ${encoding} -c:a pcm_${encoding} -`;
      assertBytes(pcm, await songs.run("ffmpeg", words));
    },
  });
}

/** A corrupt FLAC, and the number of sample frames left; null: all. */
const WRONG: [
  name: string,
  make: (flac: Uint8Array) => Uint8Array,
  cut: boolean,
][] = [
  ["without a total", (flac) => withTotal(flac, 0), false],
  [
    "whose total is 12 hours",
    (flac) => withTotal(flac, 12 * 3600 * 44_100),
    false,
  ],
  ["behind an ID3v2 tag", (flac) => concat([id3v2(5_000), flac]), false],
  ["before an ID3v1 tag", (flac) => concat([flac, id3v1()]), false],
  ["before 200 kB of junk", (flac) => concat([flac, noise(200_000, 7)]), false],
  ["cut to 60 %", (flac) => flac.subarray(0, flac.length * 0.6), true],
];

for (const [name, make, isCut] of WRONG) {
  Deno.test({
    name: `FLAC ${name} has the length and the PCM of its readable part`,
    ignore,
    async fn() {
      const pcm = tune(CD, FRAMES);
      await using songs = await CodedSongs.make(CD, pcm);
      await songs.run("flac", "--silent -o a.flac in.wav");
      const file = make(await songs.read("a.flac"));
      const { probe, ...result } = heard(file);
      const { sampleFrames } = probeSong(memoryFile(file), "ends");
      assert.equal(sampleFrames, probe.sampleFrames);
      if (isCut) {
        assert.equal(probe.sampleFrames % 4096, 0);
        assert.ok(Math.abs(probe.sampleFrames / FRAMES - 0.6) < 0.05);
      } else {
        assert.equal(probe.sampleFrames, FRAMES);
      }
      assertBytes(result.pcm, pcm.subarray(0, 4 * probe.sampleFrames));
      assert.equal(result.damagedFrames, 0);
    },
  });
}

/** Options for ffmpeg, and the sample frames of the largest packet. */
const CUT: [name: string, words: string, packet: number][] = [
  ["a.oga", "-c:a flac", 4608],
  ["a.mp4", "-c:a flac -strict -2 -movflags +faststart", 4608],
  ["a.m4a", "-c:a alac -movflags +faststart", 4096],
  [
    "a.m4a",
    "-c:a alac -movflags frag_keyframe+empty_moov -frag_duration 200000",
    4096,
  ],
  ["a.caf", "-c:a pcm_s16be", 1],
  ["a.aiff", "", 1],
  ["a.aifc", "-f aiff -c:a pcm_s16le", 1],
];

for (const [name, words, packet] of CUT) {
  Deno.test({
    name: `${name} by "${words}" truncated to 60 % ends at its last packet`,
    ignore,
    async fn() {
      const pcm = tune(CD, FRAMES);
      await using songs = await CodedSongs.make(CD, pcm);
      const file = await songs.encoded(name, words);
      const cut = file.subarray(0, 0.6 * file.length);
      const { probe, ...result } = heard(cut);
      const { sampleFrames } = probe;
      assert.ok(sampleFrames % packet === 0, `${sampleFrames}`);
      assert.ok(
        Math.abs(sampleFrames / FRAMES - 0.6) < 0.15,
        `${sampleFrames}`,
      );
      assertBytes(result.pcm, pcm.subarray(0, 4 * sampleFrames));
      assert.equal(result.damagedFrames, 0);
      assert.equal(
        probeSong(memoryFile(cut), "ends").sampleFrames,
        sampleFrames,
      );
    },
  });
}

for (
  const [name, words] of [
    ["a.flac", ""],
    ["a.oga", "-c:a flac"],
    ["a.mp4", "-c:a flac -strict -2"],
  ]
) {
  Deno.test({
    name: `a gap in ${name} is silence of the same length`,
    ignore,
    async fn() {
      const pcm = tune(CD, FRAMES);
      await using songs = await CodedSongs.make(CD, pcm);
      const file = await songs.encoded(name, words);
      file.fill(0, file.length / 2, file.length / 2 + 3_000);
      const { probe, ...result } = heard(file);
      assert.equal(probe.sampleFrames, FRAMES);
      let wrong = 0;
      for (let at = 0; at < pcm.length; at += 4) {
        const there = result.pcm.subarray(at, at + 4);
        if (there.every((byte, i) => byte === pcm[at + i])) continue;
        assert.deepEqual([...there], [0, 0, 0, 0]);
        wrong++;
      }
      assert.equal(wrong, result.damagedFrames);
      assert.ok(wrong > 0 && wrong < FRAMES / 2, `${wrong}`);
    },
  });
}

for (const name of ["a.m4a", "a.caf"]) {
  Deno.test({
    name: `audio around a gap in ALAC in ${name} is exact`,
    ignore,
    async fn() {
      const pcm = tune(CD, FRAMES);
      await using songs = await CodedSongs.make(CD, pcm);
      const file = await songs.encoded(name, "-c:a alac");
      const middle = file.length / 2;
      file.fill(0, middle, middle + 3_000);
      const result = heard(file).pcm;
      assert.equal(result.length, pcm.length);
      // Without a checksum, the damaged packets themselves may be noise.
      const third = Math.floor(FRAMES / 3) * 4;
      assertBytes(result.subarray(0, third), pcm.subarray(0, third));
      assertBytes(result.subarray(-third), pcm.subarray(-third));
    },
  });
}

/** The FLAC with another total number of sample frames in STREAMINFO. */
function withTotal(flac: Uint8Array, total: number): Uint8Array {
  const changed = flac.slice();
  const view = new DataView(changed.buffer);
  view.setUint8(21, view.getUint8(21) & 0xf0 | total / 2 ** 32);
  view.setUint32(22, total % 2 ** 32);
  return changed;
}

/** An empty ID3v2.4 tag. */
function id3v2(bytes: number): Uint8Array {
  const tag = new Uint8Array(10 + bytes);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, bytes >> 7, bytes & 0x7f]);
  return tag;
}

function id3v1(): Uint8Array {
  const tag = new Uint8Array(128);
  tag.set([0x54, 0x41, 0x47]);
  return tag;
}
