import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { OndacastError } from "../../../lib/errors.ts";
import { probeSong, songTags } from "../../../lib/io/codecs/probe_song.ts";
import {
  CodedSongs,
  distance,
  heard,
  lacks,
  layout,
  tune,
} from "../../support/coded_songs.ts";
import { latin1Bytes as text, memoryFile } from "../../support/memory_file.ts";
import { noise } from "../../support/memory_songs.ts";

const CD = layout(16);
const PCM = tune(CD, 120_000);
const ignore = lacks("ffmpeg", "flac");

function refusal(file: Uint8Array): [code: string, message: string] {
  try {
    probeSong(memoryFile(file));
  } catch (error) {
    if (error instanceof OndacastError) return [error.code, error.message];
    throw error;
  }
  return ["none", "none"];
}

/** Formats that the built-in decoder decodes wrongly or not at all. */
const REFUSED: [name: string, words: string, channels: number][] = [
  ["a.m4a", "-c:a aac", 6],
  ["a.aac", "-c:a aac", 6],
  ["a.opus", "-c:a libopus", 6],
  ["a.ogg", "-c:a libspeex -ar 16000", 1],
  ["a.mka", "-c:a flac", 2],
  ["a.wma", "-c:a wmav2", 2],
  ["a.w64", "", 2],
  ["a.wv", "-c:a wavpack", 2],
  ["a.tta", "", 2],
  ["a.ac3", "", 2],
  ["a.au", "", 2],
  ["a.wav", "-c:a adpcm_ms", 2],
  ["a.m4a", "-c:a ac3", 2],
];

for (const [name, words, channels] of REFUSED) {
  Deno.test({
    name: `${channels} channels in ${name} "${words}" need ffmpeg`,
    ignore,
    async fn() {
      const format = layout(16, { channels, rate: 48_000 });
      await using songs = await CodedSongs.make(format, tune(format, 60_000));
      const [code, message] = refusal(await songs.encoded(name, words));
      assert.equal(code, "unsupported");
      assert.match(message, /^Cannot decode the song: it/);
    },
  });
}

Deno.test({
  name: "FLAC of 32 bits needs ffmpeg in any container",
  ignore,
  async fn() {
    const format = layout(32);
    await using songs = await CodedSongs.make(format, tune(format, 30_000));
    for (const name of ["a.flac", "a.oga"]) {
      const ogg = name === "a.oga" ? "--ogg" : "";
      await songs.run("flac", `${ogg} --silent --lax -o ${name} in.wav`);
      assert.equal(refusal(await songs.read(name))[0], "unsupported", name);
    }
  },
});

Deno.test({
  name: "HE-AAC is distinguished from AAC-LC, announced or not",
  ignore,
  async fn() {
    await using songs = await CodedSongs.make(CD, PCM);
    const adts = await songs.encoded("a.aac", "-c:a aac -ar 22050");
    assert.equal(refusal(adts)[0], "none");
    assert.equal(refusal(withBandReplication(adts))[0], "unsupported");
    await songs.write("b.aac", withBandReplication(adts));
    await songs.run("ffmpeg", "-v error -i b.aac -c copy b.m4a");
    assert.equal(refusal(await songs.read("b.m4a"))[0], "unsupported");

    const mp4 = await songs.encoded("a.m4a", "-c:a aac");
    assert.equal(refusal(mp4)[0], "none");
    // AudioSpecificConfig begins with the object type, 5 bits: 2 is AAC-LC.
    const at = indexOf(mp4, [0x05, 0x80, 0x80, 0x80]) + 5;
    assert.equal(mp4[at] >> 3, 2);
    mp4[at] = 5 << 3 | mp4[at] & 7;
    assert.equal(refusal(mp4)[0], "unsupported");
  },
});

Deno.test({
  name: "an encrypted song is refused",
  ignore,
  async fn() {
    await using songs = await CodedSongs.make(CD, PCM);
    const mp4 = await songs.encoded("a.m4a", "-c:a aac");
    for (const entry of ["enca", "drms"]) {
      const file = mp4.slice();
      file.set(text(entry), indexOf(file, text("mp4a")));
      assert.equal(refusal(file)[0], "unsupported");
    }
  },
});

/** Files that are not songs, regardless of their names. */
const NOT_SONGS: [name: string, file: Uint8Array][] = [
  ["an empty file", new Uint8Array()],
  ["one byte", new Uint8Array([0xff])],
  ["random bytes", noise(300_000, 11)],
  ["a list for ffmpeg", text("ffconcat version 1.0\nfile '/etc/passwd'\n")],
  ["an HLS list", text("#EXTM3U\n#EXTINF:10,\nhttp://example.org/a.ts\n")],
  ["an ID3 tag alone", text("ID3\x04\0\0\0\0\0\0")],
  ["the beginning of a FLAC", text("fLaC")],
  ["the beginning of an Ogg", text("OggS")],
  ["the beginning of an MP4", text("\0\0\0\x10ftypM4A \0\0\0\0")],
];

for (const [name, file] of NOT_SONGS) {
  Deno.test(`${name} is refused`, () => {
    const [code] = refusal(file);
    assert.ok(["not-wav", "unsupported"].includes(code), code);
    assert.deepEqual(songTags(memoryFile(file)), { tags: [], hasArt: false });
  });
}

Deno.test({
  name: "only the audio inside the edit list is played",
  ignore,
  async fn() {
    await using songs = await CodedSongs.make(CD, PCM);
    const file = await songs.encoded("a.m4b", "-f mp4 -c:a alac");
    const at = indexOf(file, text("elst"));
    const view = new DataView(file.buffer, file.byteOffset + at + 12);
    view.setUint32(0, 500);
    view.setUint32(4, 10_000);
    const { probe, pcm } = heard(file, 0.3);
    assert.equal(probe.sampleFrames, 22_050);
    assert.equal(probe.firstFrame, 10_000);
    assert.equal(distance(pcm, PCM.subarray(40_000)), 0);
    assert.equal(pcm.length, 4 * 22_050);
  },
});

Deno.test({
  name: "the song is found after a picture and after a video track",
  ignore,
  async fn() {
    await using songs = await CodedSongs.make(CD, PCM);
    const picture = "-f lavfi -i testsrc=size=64x64:rate=1:duration=1";
    const first = `-v error ${picture} -i in.wav`;
    const film = "-map 0:v -map 1:a -c:v mpeg4 -c:a alac a.mp4";
    await songs.run("ffmpeg", `${first} ${film}`);
    assert.equal(distance(heard(await songs.read("a.mp4")).pcm, PCM), 0);
    const cover =
      "-map 1:a -map 0:v -c:v mjpeg -frames:v 1 -disposition:v attached_pic -c:a alac a.m4a";
    await songs.run("ffmpeg", `${first} ${cover}`);
    const { probe, pcm } = heard(await songs.read("a.m4a"));
    assert.equal(distance(pcm, PCM), 0);
    assert.equal(probe.hasArt, true);
  },
});

Deno.test({
  name: "an MP4 with more art than a decoder may hold is played without",
  ignore,
  async fn() {
    await using songs = await CodedSongs.make(CD, PCM);
    const file = await songs.encoded("a.m4a", "-c:a alac");
    const moov = indexOf(file, text("moov")) - 4;
    const udta = new Uint8Array(48_000_000);
    udta.set(text("udta\0\0\0\0meta\0\0\0\0\0\0\0\0ilst\0\0\0\0covr"), 4);
    const view = new DataView(udta.buffer);
    for (const [at, headers] of [[0, 0], [8, 8], [20, 20], [28, 28]]) {
      view.setUint32(at, udta.length - headers);
    }
    const all = concat([file, udta]);
    new DataView(all.buffer).setUint32(moov, all.length - moov);
    const { probe, pcm } = heard(all);
    assert.equal(probe.hasArt, false);
    assert.equal(distance(pcm, PCM), 0);
  },
});

Deno.test("unsupported channel counts and sample rates are refused", () => {
  assert.equal(refusal(aiff({ channels: 8, rate: 96_000 }))[0], "none");
  assert.equal(refusal(aiff({ channels: 9, rate: 96_000 }))[0], "unsupported");
  assert.equal(refusal(aiff({ channels: 1, rate: 800_000 }))[0], "unsupported");
  assert.equal(refusal(aiff({ channels: 1, rate: 1 }))[0], "unsupported");
});

/** 800,000 bytes of 16-bit PCM as AIFF. */
function aiff({ channels, rate }: { channels: number; rate: number }) {
  const bytes = 800_000;
  const file = new Uint8Array(54 + bytes);
  const view = new DataView(file.buffer);
  file.set(text("FORM....AIFFCOMM"));
  view.setUint32(16, 18);
  view.setUint16(20, channels);
  view.setUint32(22, Math.floor(bytes / 2 / channels));
  view.setUint16(26, 16);
  const exponent = Math.floor(Math.log2(rate));
  view.setUint16(28, 16_383 + exponent);
  view.setUint32(30, rate * 2 ** (31 - exponent));
  file.set(text("SSND"), 38);
  view.setUint32(42, 8 + bytes);
  return file;
}

/** Each ADTS frame with a fill element of band replication before its end. */
function withBandReplication(adts: Uint8Array): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let at = 0; at + 7 < adts.length;) {
    const bytes = (adts[at + 3] & 3) << 11 | adts[at + 4] << 3 |
      adts[at + 5] >> 5;
    const bits = [...adts.subarray(at + 7, at + bytes)]
      .map((byte) => byte.toString(2).padStart(8, "0")).join("");
    const end = bits.lastIndexOf("111");
    // Fill element of 4 bytes: EXT_SBR_DATA and anything.
    const filled = `${bits.slice(0, end)}1100100${"1101"}${
      "0110".repeat(7)
    }111`;
    const padded = filled.padEnd(Math.ceil(filled.length / 8) * 8, "0");
    const body = Uint8Array.from(
      padded.match(/.{8}/g)!,
      (byte) => parseInt(byte, 2),
    );
    const header = adts.slice(at, at + 7);
    const length = 7 + body.length;
    header[3] = header[3] & 0xfc | length >> 11;
    header[4] = length >> 3 & 0xff;
    header[5] = header[5] & 0x1f | (length & 7) << 5;
    frames.push(header, body);
    at += bytes;
  }
  return concat(frames);
}

function indexOf(bytes: Uint8Array, part: Iterable<number>): number {
  const wanted = [...part];
  const found = bytes.findIndex((_, i) =>
    wanted.every((byte, k) => bytes[i + k] === byte)
  );
  assert.ok(found >= 0);
  return found;
}
