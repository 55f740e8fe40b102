import assert from "node:assert/strict";
import { SongFiles } from "../../../lib/io/songs/song_files.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CodedSongs, lacks, layout, tune } from "../../support/coded_songs.ts";
import { TempFolder } from "../../support/programs.ts";

const LIMITS = { maxUploadBytes: 1e9, minFreeBytes: 0, maxSongs: 100 };

/** Songs that only ffmpeg decodes, and the raw format of their PCM. */
const SONGS: [name: string, words: string, channels: number, raw: string][] = [
  ["a.m4a", "-c:a aac", 6, "s16le"],
  ["a.aac", "-c:a aac", 6, "s16le"],
  ["a.opus", "-c:a libopus", 6, "s16le"],
  ["a.mka", "-c:a flac", 6, "s16le"],
  ["a.wma", "-c:a wmav2", 2, "s16le"],
  ["a.wv", "-c:a wavpack", 2, "s16le"],
  ["a.w64", "-c:a pcm_s24le", 2, "s24le"],
  ["a.wav", "-c:a adpcm_ms", 2, "s16le"],
];

for (const [name, words, channels, raw] of SONGS) {
  Deno.test({
    name:
      `${channels} channels in ${name} "${words}" are sent as ffmpeg decodes them`,
    ignore: lacks("ffmpeg"),
    async fn() {
      const format = layout(16, { channels, rate: 48_000 });
      await using songs = await CodedSongs.make(format, tune(format, 60_000));
      const bytes = await songs.encoded(name, words);
      const pcm = await songs.run(
        "ffmpeg",
        `-v error -i ${name} -f ${raw} -c:a pcm_${raw} -`,
      );
      await using folder = await TempFolder.make();
      await Deno.writeFile(folder.file(name), bytes);
      const args = [LIMITS, {}, undefined, 1e9] as const;
      const files = await SongFiles.openFolder(folder.path, ...args);
      const song = await files.open(files.find(name)!);
      const { dataOffset, dataBytes, ...sent } = song.entry.format!;
      assert.equal(sent.encoding, raw);
      assert.equal(sent.channels, channels);
      const heard = new Uint8Array(dataBytes!);
      await song.read(heard, dataOffset);
      // Its length is the container's, rounded to 10 ms by ffmpeg's report.
      const frameBytes = channels * sent.bits / 8;
      const difference = (heard.length - pcm.length) / frameBytes;
      assert.ok(Math.abs(difference) <= 2048, `${difference}`);
      const both = Math.min(heard.length, pcm.length);
      assertBytes(heard.subarray(0, both), pcm.subarray(0, both));
      assert.ok(heard.subarray(both).every((byte) => byte === 0));
      song.close();
      files.close();
    },
  });
}
