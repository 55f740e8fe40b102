import assert from "node:assert/strict";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CodedSongs, lacks, layout, tune } from "../../support/coded_songs.ts";
import { sha256Hex, wavFile } from "../../support/memory_songs.ts";
import type { KnownSong } from "../../../lib/io/songs/known_song.ts";
import { OpenSongs } from "../../../lib/io/songs/open_songs.ts";
import { SongFolder } from "../../../lib/io/songs/song_folder.ts";
import { TempFolder } from "../../support/programs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

const LIMITS = { maxUploadBytes: 1e9, minFreeBytes: 0, maxSongs: 100 };

Deno.test({
  name: "a song that is decoded is heard to its end while it is renamed",
  ignore: lacks("ffmpeg"),
  async fn() {
    const format = layout(16, { channels: 2, rate: 48_000 });
    const pcm = tune(format, 48_000 * 20);
    await using songs = await CodedSongs.make(format, pcm);
    await using folder = await TempFolder.make();
    const bytes = await songs.encoded("a.flac", "-c:a flac");
    await Deno.writeFile(folder.file("a.flac"), bytes);
    const files = await openScanned(folder.path, LIMITS);
    const song = await files.open(files.find("a")!);
    const { dataOffset, dataBytes } = song.entry.format!;
    const heard = new Uint8Array(dataBytes!);
    const half = dataBytes! / 2;
    await song.read(heard.subarray(0, 1000), dataOffset);
    await files.rename("a", "box/b");
    await song.read(heard.subarray(0, half), dataOffset);
    await files.rename("box/b", "c");
    await song.read(heard.subarray(half), dataOffset + half);
    assertBytes(heard, pcm);
    song.close();
    files.close();
  },
});

Deno.test({
  name: "rename() keeps the ending, and moves no link",
  ignore: Deno.build.os === "windows", // where links need a right
  async fn() {
    await using folder = await TempFolder.make();
    const format = layout(16, { channels: 1, rate: 8_000 });
    const wav = wavFile(format, tune(format, 8_000));
    await Deno.writeFile(folder.file("a.WAV"), wav);
    await Deno.symlink(folder.file("a.WAV"), folder.file("link.wav"));
    const files = await openScanned(folder.path, LIMITS);
    await assert.rejects(files.rename("a", "b.mp3"), { code: "bad-name" });
    await assert.rejects(files.rename("link", "b"), { code: "unsupported" });
    assert.equal((await files.rename("a", "vol. 2")).name, "vol. 2.WAV");
    files.close();
  },
});

Deno.test("a song that is renamed twice is looked for by its last name", async () => {
  await using folder = await TempFolder.make();
  const format = layout(16, { channels: 1, rate: 8_000 });
  await Deno.writeFile(folder.file("a.wav"), wavFile(format, tune(format, 8)));
  const files = await openScanned(folder.path, LIMITS);
  const song = files.get("a.wav")!;
  files.close();
  const opened = await SongFolder.open(folder.path);
  const { promise, resolve } = Promise.withResolvers<string>();
  const songs = new OpenSongs(opened, {
    isSame: () => Promise.resolve(true),
    ...{ learned() {}, hashed() {}, damaged() {}, counted() {} },
  }, null!);
  const { setInterval: realInterval } = globalThis;
  let look = () => {};
  globalThis.setInterval = ((work: () => void) => {
    look = work;
    return realInterval(() => {}, 1e9);
  }) as typeof setInterval;
  try {
    const stream = await songs.use(song);
    const rename = (from: KnownSong, name: string) =>
      songs.follow(from, () => Promise.resolve({ ...from, name }));
    await rename(await rename(song, "b.wav"), "c.wav");
    opened.path = (name) => {
      resolve(name);
      return Promise.reject(new Error("it is away"));
    };
    look();
    assert.equal(await promise, "c.wav");
    stream.close();
  } finally {
    globalThis.setInterval = realInterval;
  }
});

Deno.test("find() knows a song by its former name and its etag", async () => {
  await using folder = await TempFolder.make();
  const format = layout(16, { channels: 1, rate: 8_000 });
  const wav = wavFile(format, tune(format, 8_000));
  await Deno.writeFile(folder.file("a.wav"), wav);
  const files = await openScanned(folder.path, LIMITS);
  const { etag } = await files.rename("a", "b");
  assert.equal(files.find("a.wav", etag)?.name, "b.wav");
  assert.equal(files.find("a.wav", "other"), undefined);
  assert.equal(files.find("a.wav"), undefined);
  files.close();
});

Deno.test("a song that was stored and renamed has the etag and the hash that it had", async () => {
  await using folder = await TempFolder.make();
  const format = layout(16, { channels: 1, rate: 8_000 });
  const wav = wavFile(format, tune(format, 8_000));
  const files = await openScanned(folder.path, LIMITS);
  const writer = await files.create("a.wav", { replace: false });
  await writer.write(wav);
  const sha256 = sha256Hex(wav);
  const { etag } = await writer.store({ bytes: wav.length, sha256 });
  const renamed = await files.rename("a", "b");
  // Its stamp changes, but possibly not before the next second.
  assert.ok(files.get("b.wav")!.probe);
  const stream = await files.open(renamed);
  assert.deepEqual(
    [stream.entry.etag, stream.entry.sha256],
    [etag, sha256],
  );
  stream.close();
  files.close();
});
