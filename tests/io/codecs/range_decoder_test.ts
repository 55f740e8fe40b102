import assert from "node:assert/strict";
import { probeSong } from "../../../lib/io/codecs/probe_song.ts";
import { RangeDecoder } from "../../../lib/io/codecs/range_decoder.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CD, noise, wavFile } from "../../support/memory_songs.ts";
import { hasProgram, TempFolder } from "../../support/programs.ts";

Deno.test({
  name: "decode() returns the same bytes of a FLAC in any order of ranges",
  ignore: !hasProgram("ffmpeg"),
  async fn() {
    await using folder = await TempFolder.make();
    const pcm = noise(4 * 30_000, 1);
    await Deno.writeFile(folder.file("a.wav"), wavFile(CD, pcm));
    await new Deno.Command("ffmpeg", {
      args: ["-v", "error", "-i", folder.file("a.wav"), folder.file("a.flac")],
    }).output();
    const bytes = await Deno.readFile(folder.file("a.flac"));
    const file = {
      bytes: bytes.length,
      read(into: Uint8Array, at: number) {
        const piece = bytes.subarray(at, at + into.length);
        into.set(piece);
        return piece.length;
      },
    };
    const probe = probeSong(file);
    assert.equal(probe.sampleFrames, 30_000);
    const decoder = new RangeDecoder(file, probe);
    for (const [from, to] of [[20_000, 30_000], [0, 5], [5, 20_000]]) {
      const range = decoder.decode(from, to);
      assertBytes(range.pcm, pcm.subarray(4 * from, 4 * to));
      assert.equal(range.damagedFrames, 0);
    }
  },
});
