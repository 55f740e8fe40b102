import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { ReadAhead } from "../../../lib/audio/read_ahead.ts";
import { probeSong } from "../../../lib/io/codecs/probe_song.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CodedSongs, lacks, layout, tune } from "../../support/coded_songs.ts";
import { memoryFile } from "../../support/memory_file.ts";
import { noise } from "../../support/memory_songs.ts";
import { seededRandom } from "../../support/seeded_random.ts";

const CD = layout(16);

/** Formats that are probed by their beginning and end, and the reads needed. */
const ENDS: [name: string, words: string, reads: number][] = [
  ["a.flac", "", 2],
  ["a.mp3", "-c:a libmp3lame -b:a 320k", 2],
  ["a.ogg", "-c:a libvorbis -q:a 9", 3],
  ["a.opus", "-c:a libopus -b:a 320k", 2],
  ["a.m4a", "-c:a aac -b:a 256k", 3],
  ["a.aiff", "", 2],
];

for (const [name, words, most] of ENDS) {
  Deno.test({
    name: `probing ${name} takes at most ${most} reads`,
    ignore: lacks("ffmpeg"),
    async fn() {
      await using songs = await CodedSongs.make(CD, tune(CD, 600_000));
      const bytes = await songs.encoded(name, `-metadata title=A ${words}`);
      assert.ok(bytes.length > 200_000);
      const file = memoryFile(bytes);
      const probe = probeSong(file, "ends");
      assert.equal(probe.isEstimated, false);
      assert.ok(file.reads <= most, `${file.reads}`);
      const { tags, ...rest } = probeSong(memoryFile(bytes), "whole");
      assert.deepEqual({ ...rest, tags }, probe);
    },
  });
}

Deno.test({
  name: "12 MB of art before a song cost one more read",
  ignore: lacks("ffmpeg"),
  async fn() {
    await using songs = await CodedSongs.make(CD, tune(CD, 600_000));
    const words = "-c:a libmp3lame -b:a 320k -id3v2_version 0";
    const song = await songs.encoded("a.mp3", words);
    const bytes = concat([pictureTag(12_000_000), song]);
    const file = memoryFile(bytes);
    const probe = probeSong(file, "ends");
    assert.equal(probe.sampleFrames, 600_000);
    assert.equal(probe.hasArt, false, "it is too large to be shown");
    assert.ok(file.reads <= 3, `${file.reads}`);
  },
});

Deno.test("ReadAhead returns the file's bytes at any position", () => {
  const random = seededRandom(20_261_126);
  const bytes = noise(700_000, 5);
  const ahead = new ReadAhead(memoryFile(bytes));
  for (let i = 0; i < 2_000; i++) {
    const at = Math.floor(random() * 710_000);
    const into = new Uint8Array(Math.floor(random() ** 4 * 300_000));
    const read = ahead.read(into, at);
    assertBytes(into.subarray(0, read), bytes.subarray(at, at + into.length));
  }
});

/** An ID3v2.3 tag with a picture of a front cover. */
function pictureTag(pictureBytes: number): Uint8Array {
  const text = new TextEncoder();
  const frame = concat([
    text.encode("\0image/jpeg\0\x03\0"),
    noise(pictureBytes, 9),
  ]);
  const header = new Uint8Array(10);
  header.set(text.encode("APIC"));
  new DataView(header.buffer).setUint32(4, frame.length);
  const bytes = frame.length + 10;
  const size = [21, 14, 7, 0].map((shift) => bytes >> shift & 0x7f);
  const tag = Uint8Array.from([0x49, 0x44, 0x33, 3, 0, 0, ...size]);
  return concat([tag, header, frame]);
}
