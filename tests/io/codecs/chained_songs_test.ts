import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { probeSong } from "../../../lib/io/codecs/probe_song.ts";
import { CodedSongs, lacks, layout, tune } from "../../support/coded_songs.ts";
import { memoryFile } from "../../support/memory_file.ts";

const CD = layout(16);
const ignore = lacks("ffmpeg");

/** Links of a file, each of so many seconds, encoded with the options for ffmpeg. */
const CHAINS: [what: string, name: string, words: string, seconds: number[]][] =
  [
    ["a copy of the first", "a.opus", "-b:a 256k", [12, 12]],
    ["copies of the first", "a.ogg", "-q:a 9", [12, 12, 12, 12, 12]],
    ["a copy of the first, after another", "a.ogg", "-q:a 9", [12, 3, 12]],
    // ffmpeg gives all links the serial number 0 then.
    ["a longer one of the same serial number", "a.ogg", "-bitexact", [3, 60]],
    ["a shorter one of the same serial number", "a.oga", "-bitexact", [20, 1]],
    ["another serial number", "a.opus", "-b:a 256k", [3, 12]],
    ["short ones", "a.opus", "-b:a 32k", [3, 3]],
  ];

for (const [what, name, words, seconds] of CHAINS) {
  Deno.test({
    name:
      `the length of ${name} is known from the list if it continues by ${what}`,
    ignore,
    async fn() {
      await using songs = await CodedSongs.make(CD, tune(CD, 60 * 44_100));
      const made = new Map<number, Uint8Array>();
      for (const t of seconds) {
        made.set(
          t,
          made.get(t) ?? await songs.encoded(name, `-t ${t} ${words}`),
        );
      }
      const file = memoryFile(concat(seconds.map((t) => made.get(t)!)));
      const probe = probeSong(file, "ends");
      assert.equal(probe.isEstimated, false);
      const sum = seconds.reduce((all, t) => all + t, 0);
      assert.equal(probe.sampleFrames, sum * probe.rate);
    },
  });
}

Deno.test({
  name:
    "a chain longer than 16 MiB is estimated, and counted when it is opened",
  ignore,
  async fn() {
    await using songs = await CodedSongs.make(CD, tune(CD, 12 * 44_100));
    const one = await songs.encoded("a.ogg", "-q:a 10");
    const links = Math.ceil(40 * 1024 * 1024 / one.length);
    const file = memoryFile(concat(Array(links).fill(one)));
    let bytes = 0;
    const counted = {
      ...file,
      read(into: Uint8Array, offset: number) {
        bytes += into.length;
        return file.read(into, offset);
      },
    };
    const listed = probeSong(counted, "ends");
    const read = bytes;
    assert.equal(listed.isEstimated, true);
    const right = links * 12 * 44_100;
    assert.ok(Math.abs(listed.sampleFrames / right - 1) < 0.02);
    assert.equal(probeSong(counted, "whole").sampleFrames, right);
    assert.ok(read < (bytes - read) / 2, `${read} of ${bytes}`);
  },
});
