import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { join } from "@std/path";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CodedSongs, lacks, layout, tune } from "../../support/coded_songs.ts";
import { jpegSize } from "../../support/pictures.ts";
import { TempFolder } from "../../support/programs.ts";
import { seen } from "../../support/seen.ts";
import type { SongFiles } from "../../../lib/io/songs/song_files.ts";
import { openInMemory } from "../../../lib/io/songs/folder_data.ts";
import { openScanned } from "../../support/scanned_folder.ts";

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
      const files = await openScanned(folder.path, ...args);
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
      // From the next time on, it has the length that was decoded.
      const lengthOf = () => files.find(name)!.format!.dataBytes!;
      await seen("its length", lengthOf, (bytes) => bytes === pcm.length);
      const again = await files.open(files.find(name)!);
      const whole = new Uint8Array(pcm.length);
      await again.read(whole, again.entry.format!.dataOffset);
      assertBytes(whole, pcm);
      if (difference !== 0) assert.notEqual(again.entry.etag, song.entry.etag);
      again.close();
      // Who began with the former length reads on.
      const { etag } = song.entry;
      const former = await files.open(files.find(name, etag)!);
      assert.equal(former.entry.etag, etag);
      const rest = new Uint8Array(heard.length);
      await former.read(rest, dataOffset);
      assertBytes(rest, heard);
      former.close();
      assert.equal(files.find(name)!.format!.dataBytes, pcm.length);
      files.close();
    },
  });
}

Deno.test({
  name: "all links of a chained Opus of 6 channels are counted and heard",
  ignore: lacks("ffmpeg"),
  async fn() {
    const format = layout(16, { channels: 6, rate: 48_000 });
    await using songs = await CodedSongs.make(format, tune(format, 48_000));
    const first = await songs.encoded("a.opus", "-c:a libopus");
    const words = "-c:a libopus -serial_offset 7";
    const second = await songs.encoded("b.opus", words);
    await using folder = await TempFolder.make();
    await Deno.writeFile(folder.file("a.opus"), concat([first, second]));
    const args = [LIMITS, {}, undefined, 1e9] as const;
    const files = await openScanned(folder.path, ...args);
    const song = await files.open(files.find("a.opus")!);
    const { dataOffset, dataBytes } = song.entry.format!;
    assert.equal(dataBytes, 2 * 48_000 * 12);
    const end = new Uint8Array(12 * 4800);
    await song.read(end, dataOffset + dataBytes! - end.length);
    assert.ok(end.some((byte) => byte !== 0));
    song.close();
    files.close();
  },
});

/** Songs that only ffmpeg reads, with the words that put a picture into them. */
const PICTURED: [name: string, words: string][] = [
  ["a.mka", "-c:a flac -attach b.jpg -metadata:s:t mimetype=image/jpeg"],
  [
    "a.m4a",
    "-i b.jpg -map 0 -map 1 -c:a aac -c:v copy -disposition:v attached_pic",
  ],
];

for (const [name, words] of PICTURED) {
  Deno.test({
    name: `the picture and tags of ${name} are read by ffmpeg`,
    ignore: lacks("ffmpeg"),
    async fn() {
      const format = layout(16, { channels: 6, rate: 48_000 });
      await using songs = await CodedSongs.make(format, tune(format, 60_000));
      const size = "-f lavfi -i testsrc=size=60x40 -frames:v 1";
      await songs.run("ffmpeg", `-v error ${size} b.jpg`);
      const bytes = await songs.encoded(name, `${words} -metadata title=A`);
      await using folder = await TempFolder.make();
      await Deno.writeFile(folder.file(name), bytes);
      const args = [LIMITS, {}, undefined, 1e9] as const;
      const files = await openScanned(folder.path, ...args);
      const song = files.find(name)!;
      assert.deepEqual([song.hasArt, song.tags?.title], [true, "A"]);
      const picture = await files.picture(song);
      assert.deepEqual(jpegSize(await picture!.shrunk(1024)), [60, 40]);
      files.close();
    },
  });
}

/** The options of two links of one codec. */
const CHAINS: [name: string, one: string, other: string][] = [
  ["a.ogg", "-c:a libvorbis", "-c:a libvorbis -ar 22050"],
  ["a.ogg", "-c:a libvorbis", "-c:a libvorbis -ac 1"],
  ["a.opus", "-c:a libopus", "-c:a libopus -ac 1"],
];

for (const [name, ...links] of CHAINS) {
  Deno.test({
    name: `links by "${
      links.join('" and "')
    }" have the length of both together`,
    ignore: lacks("ffmpeg"),
    async fn() {
      const format = layout(16, { rate: 48_000 });
      await using songs = await CodedSongs.make(format, tune(format, 96_000));
      const [one, other] = [
        await songs.encoded(name, links[0]),
        await songs.encoded(name, links[1]),
      ];
      await using folder = await TempFolder.make();
      await Deno.writeFile(folder.file(name), concat([one, other]));
      const args = [LIMITS, {}, undefined, 1e9] as const;
      const files = await openScanned(folder.path, ...args);
      const { format: sent } = files.find(name)!;
      const frames = sent!.dataBytes! / 4;
      // Each encoder may lose a sample frame when it resamples.
      assert.ok(Math.abs(frames - 192_000) <= 2, `${frames}`);
      files.close();
    },
  });
}

Deno.test({
  name:
    "a song plays again, with another etag, once what ffmpeg had decoded of it is removed",
  ignore: lacks("ffmpeg"),
  async fn() {
    const format = layout(16, { rate: 48_000 });
    await using songs = await CodedSongs.make(format, tune(format, 60_000));
    const bytes = await songs.encoded("a.wv", "-c:a wavpack");
    await using folder = await TempFolder.make();
    await using data = await TempFolder.make();
    const names = ["a.wv", "b.wv"];
    for (const name of names) await Deno.writeFile(folder.file(name), bytes);
    const kept = { ...await openInMemory(), path: data.path };
    const start = () =>
      openScanned(folder.path, LIMITS, {}, () => Promise.resolve(kept), 1e9);
    const hear = async (files: SongFiles, name: string) => {
      const song = await files.open(files.find(name)!);
      const { dataOffset, dataBytes } = song.entry.format!;
      const heard = new Uint8Array(dataBytes!);
      await song.read(heard, dataOffset);
      song.close();
      return { heard, etag: song.entry.etag };
    };
    const before = await start();
    const [first] = [await hear(before, "a.wv"), await hear(before, "b.wv")];
    const whole = async () =>
      (await Array.fromAsync(Deno.readDir(data.file("renditions"))))
        .filter(({ name }) => name.endsWith(".pcm"));
    const renditions = await seen("both", whole, ({ length }) => length === 2);
    before.close();
    const after = await start();
    assert.equal((await hear(after, "b.wv")).etag, after.find("b.wv")!.etag);
    assert.equal(after.find("a.wv")!.etag, first.etag);
    for (const { name } of renditions) {
      await Deno.remove(join(data.file("renditions"), name));
    }
    const again = await hear(after, "a.wv");
    assertBytes(again.heard, first.heard);
    assert.notEqual(again.etag, first.etag);
    after.close();
    kept.db.close();
  },
});
