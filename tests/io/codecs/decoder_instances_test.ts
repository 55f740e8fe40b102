import assert from "node:assert/strict";
import { probeSong } from "../../../lib/io/codecs/probe_song.ts";
import { RangeDecoder } from "../../../lib/io/codecs/range_decoder.ts";
import { SongDecoder } from "../../../lib/io/codecs/song_decoder.ts";
import { CodedSongs, lacks, tune } from "../../support/coded_songs.ts";
import { memoryFile } from "../../support/memory_file.ts";
import { CD } from "../../support/memory_songs.ts";

/** Counts the instances of the module that are created. */
function countInstances(): Disposable & { created: number } {
  const { Instance } = WebAssembly;
  const count = {
    created: 0,
    [Symbol.dispose]: () => void (WebAssembly.Instance = Instance),
  };
  WebAssembly.Instance = class extends Instance {
    constructor(...args: ConstructorParameters<typeof Instance>) {
      super(...args);
      count.created++;
    }
  };
  return count;
}

Deno.test("open() reuses the instance that refused a file", () => {
  const noSong = memoryFile(new Uint8Array(1000));
  assert.throws(() => SongDecoder.open(noSong));
  using count = countInstances();
  for (let i = 0; i < 5; i++) assert.throws(() => SongDecoder.open(noSong));
  assert.equal(count.created, 0);
});

Deno.test({
  name: "a song reuses the instance of one that is disposed",
  ignore: lacks("ffmpeg"),
  async fn() {
    await using songs = await CodedSongs.make(CD, tune(CD, 5_000));
    for (
      const [name, words] of [
        ...[["a.mp3", ""], ["a.ogg", "-c:a libvorbis"], ["a.m4a", ""]],
        ...[["a.flac", ""], ["a.caf", "-c:a alac"]],
      ]
    ) {
      const file = memoryFile(await songs.encoded(name, words));
      const decode = () => {
        using decoder = new RangeDecoder(file, probeSong(file));
        decoder.decode(0, 1000);
      };
      decode();
      using count = countInstances();
      decode();
      decode();
      assert.equal(count.created, 0, name);
    }
  },
});
