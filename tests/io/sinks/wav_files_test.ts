import assert from "node:assert/strict";
import { wavFiles } from "../../../lib/io/sinks/wav_files.ts";
import { songFormat, WavHeaderReader } from "../../../lib/audio/wav.ts";
import type { PcmFormat } from "../../../lib/audio/format.ts";
import { CD, PHONE } from "../../support/memory_songs.ts";
import { TempFolder } from "../../support/programs.ts";

/** The PCM of a file, by the length in its header. */
async function pcmOf(path: string): Promise<number[]> {
  const file = await Deno.readFile(path);
  const { dataOffset, dataBytes } = new WavHeaderReader().push(file)!;
  assert.notEqual(dataBytes, null);
  return [...file.subarray(dataOffset, dataOffset + dataBytes!)];
}

async function names(folder: TempFolder): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder.path));
  return entries.map(({ name }) => name).sort();
}

/** Writes one stream to its end. */
async function play(
  open: ReturnType<typeof wavFiles>,
  format: PcmFormat,
  ...pcm: number[]
): Promise<string> {
  const sink = await open(format);
  await sink.write(Uint8Array.from(pcm));
  await sink.end();
  return sink.label;
}

Deno.test("wavFiles() writes consecutive streams of the same format into one file", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("song.wav");
  await Deno.writeTextFile(
    path,
    "of an earlier run, and longer than what comes now, much longer",
  );
  const open = wavFiles(path);
  await play(open, PHONE, 1, 2, 3); // odd, so padded
  assert.deepEqual(await pcmOf(path), [1, 2, 3]);
  await play(open, PHONE, 4, 5);
  assert.deepEqual(await pcmOf(path), [1, 2, 3, 4, 5]);
  assert.deepEqual(await names(folder), ["song.wav"]);
});

Deno.test("wavFiles() starts the next file for another format, and for a cast that replaces a stream", async () => {
  await using folder = await TempFolder.make();
  const open = wavFiles(folder.file("song.wav"));
  await play(open, PHONE, 1, 2);
  await play(open, CD, 1, 2, 3, 4);
  const cut = await open(CD);
  await cut.write(Uint8Array.of(5, 6, 7, 8));
  cut.cut?.();
  await cut.end();
  await play(open, CD, 9, 9, 9, 9);
  assert.deepEqual(await names(folder), [
    ...["song-2.wav", "song-3.wav", "song.wav"],
  ]);
  assert.deepEqual(await pcmOf(folder.file("song.wav")), [1, 2]);
  assert.deepEqual(await pcmOf(folder.file("song-2.wav")), [
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
  ]);
  assert.deepEqual(await pcmOf(folder.file("song-3.wav")), [9, 9, 9, 9]);
});

Deno.test("wavFiles() skips numbers that an earlier run has used", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(folder.file("song-2"), "precious");
  const open = wavFiles(folder.file("song"));
  await play(open, PHONE, 1, 2);
  assert.match(await play(open, CD, 1, 2, 3, 4), /song-3$/);
  assert.equal(await Deno.readTextFile(folder.file("song-2")), "precious");
});

Deno.test("wavFiles() reuses a file without data", async () => {
  await using folder = await TempFolder.make();
  const open = wavFiles(folder.file("song.wav"));
  await play(open, PHONE);
  await play(open, CD, 1, 2, 3, 4);
  assert.deepEqual(await names(folder), ["song.wav"]);
  assert.deepEqual(await pcmOf(folder.file("song.wav")), [1, 2, 3, 4]);
});

Deno.test("wavFiles() starts the next file when the previous one was removed", async () => {
  await using folder = await TempFolder.make();
  const open = wavFiles(folder.file("song.wav"));
  await play(open, PHONE, 1, 2);
  await Deno.rename(folder.file("song.wav"), folder.file("kept.wav"));
  await play(open, PHONE, 3, 4);
  assert.deepEqual(await pcmOf(folder.file("kept.wav")), [1, 2]);
});

Deno.test("wavFiles() writes the container and the speakers, but not the valid bits", async () => {
  await using folder = await TempFolder.make();
  const path = folder.file("song.wav");
  const pcm = { encoding: "s24le", rate: 48000, bits: 24 } as const;
  for (const channelMask of [undefined, 0x10F]) {
    const layout = { ...pcm, channels: 5, ...(channelMask && { channelMask }) };
    await play(
      wavFiles(path),
      { ...layout, validBits: 20 },
      ...Array(15).fill(1),
    );
    const file = await Deno.readFile(path);
    const { format } = new WavHeaderReader().push(file)!;
    assert.deepEqual(format, layout);
  }
});

Deno.test("end() waits for a write in progress", async () => {
  await using folder = await TempFolder.make();
  const open = wavFiles(folder.file("song.wav"));
  const sink = await open(PHONE);
  const pcm = new Uint8Array(1 << 20).fill(7);
  await Promise.all([sink.write(pcm), sink.write(pcm), sink.end()]);
  const file = await Deno.readFile(folder.file("song.wav"));
  const header = new WavHeaderReader().push(file)!;
  assert.equal(songFormat(header, file.length).dataBytes, 2 << 20);
  assert.ok(file.subarray(header.dataOffset).every((byte) => byte === 7));
});

Deno.test({
  name: "wavFiles() writes all streams into a path that is no regular file",
  ignore: Deno.build.os === "windows",
  async fn() {
    const open = wavFiles("/dev/null");
    await play(open, PHONE, 1);
    assert.equal(await play(open, CD, 1, 2, 3, 4), "file /dev/null");
  },
});

Deno.test("wavFiles() throws output-failed when the folder does not exist", async () => {
  await using folder = await TempFolder.make();
  const open = wavFiles(folder.file("none/song.wav"));
  await assert.rejects(() => open(PHONE), { code: "output-failed" });
});
