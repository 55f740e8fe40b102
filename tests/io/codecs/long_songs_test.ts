import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { probeSong } from "../../../lib/io/codecs/probe_song.ts";
import { RangeDecoder } from "../../../lib/io/codecs/range_decoder.ts";
import { CodedSongs, lacks, layout, tune } from "../../support/coded_songs.ts";
import { memoryFile } from "../../support/memory_file.ts";
import { TempFolder } from "../../support/programs.ts";
import { openScanned } from "../../support/scanned_folder.ts";

/** Ten minutes of silence in eight channels of 24 bits: 2.8 GB as PCM. */
const SILENCE = silentFlac(600 * 192_000);
const SECOND_BYTES = 192_000 * 24;
const LIMITS = { maxUploadBytes: 1e9, minFreeBytes: 0, maxSongs: 100 };

Deno.test("any part of 2.8 GB of silence in 71 kB is decoded alone", () => {
  assert.ok(SILENCE.length < 80_000);
  const song = memoryFile(SILENCE);
  for (const effort of ["ends", "whole"] as const) {
    assert.equal(probeSong(song, effort).sampleFrames, 600 * 192_000);
  }
  const decoder = new RangeDecoder(song, probeSong(song));
  for (const second of [300, 0, 599]) {
    const from = second * 192_000;
    const { pcm, damagedFrames } = decoder.decode(from, from + 192_000);
    assert.equal(pcm.length, SECOND_BYTES);
    assert.ok(pcm.every((byte) => byte === 0));
    assert.equal(damagedFrames, 0);
  }
});

Deno.test("a listener of 2.8 GB of silence causes no more decoding than is read", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("a.flac"), SILENCE);
  const files = await openScanned(folder.path, LIMITS);
  const song = await files.open(files.find("a.flac")!);
  assert.equal(song.entry.format?.dataBytes, 600 * SECOND_BYTES);
  const second = new Uint8Array(SECOND_BYTES);
  for (const at of [0, 300, 598]) {
    await song.read(second, song.entry.format!.dataOffset + at * SECOND_BYTES);
    assert.ok(second.every((byte) => byte === 0));
  }
  // Each second lies in at most three segments of 4 MiB, and takes the next one.
  assert.ok(files.decoded.segments <= 12, `${files.decoded.segments}`);
  song.close();
  files.close();
});

Deno.test({
  name:
    "five seconds of an audio book of ten hours take few reads and segments",
  ignore: lacks("ffmpeg"),
  async fn() {
    const format = layout(16, { rate: 8000, channels: 1 });
    await using songs = await CodedSongs.make(format, tune(format, 65_536));
    await songs.encoded("part.m4a", "-c:a aac -b:a 8k");
    const words = "-v error -stream_loop 4394 -i part.m4a -c copy -t 36000";
    await songs.run("ffmpeg", `${words} book.m4b`);
    const book = await songs.read("book.m4b");
    const file = memoryFile(book);
    const probe = probeSong(file, "ends");
    assert.equal(probe.isEstimated, false);
    assert.ok(Math.abs(probe.sampleFrames / 8000 - 36_000) < 1);
    // Its tables take 1.2 MB.
    assert.ok(file.reads < 50, `${file.reads}`);

    await using folder = await TempFolder.make();
    await Deno.writeFile(folder.file("book.m4b"), book);
    const files = await openScanned(folder.path, LIMITS);
    const song = await files.open(files.find("book.m4b")!);
    const heard = new Uint8Array(5 * 16_000);
    await song.read(heard, 44 + 5 * 3600 * 16_000);
    assert.ok(heard.some((byte) => byte !== 0));
    assert.ok(files.decoded.segments <= 3, `${files.decoded.segments}`);
    song.close();
    files.close();
  },
});

/**
 * A FLAC of 7.1 at 192 kHz and 24 bits whose samples are all zero (RFC 9639): each
 * frame has eight constant subframes.
 */
function silentFlac(sampleFrames: number): Uint8Array {
  const block = 65_535;
  const info = new Uint8Array(4 + 38);
  info.set(new TextEncoder().encode("fLaC"));
  info.set([0x80, 0, 0, 34], 4); // The last block of metadata.
  const view = new DataView(info.buffer);
  view.setUint16(8, block);
  view.setUint16(10, block);
  const rateChannelsBits = 192_000n << 44n | 7n << 41n | 23n << 36n;
  view.setBigUint64(18, rateChannelsBits | BigInt(sampleFrames));
  const frames: Uint8Array[] = [info];
  for (let at = 0; at < sampleFrames; at += block) {
    const length = Math.min(block, sampleFrames - at);
    const number = new TextEncoder().encode(String.fromCharCode(at / block));
    const size = [length - 1 >> 8, length - 1 & 0xff];
    const head = [0xff, 0xf8, 0x73, 0x7c, ...number, ...size];
    const frame = [...head, crc(head, 8, 0x07), ...Array(8 * 4).fill(0)];
    const sum = crc(frame, 16, 0x8005);
    frames.push(Uint8Array.from([...frame, sum >> 8, sum & 0xff]));
  }
  return concat(frames);
}

/** A checksum that starts at zero, most significant bit first. */
function crc(bytes: number[], bits: number, polynomial: number): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << bits - 8;
    for (let i = 0; i < 8; i++) {
      sum = sum << 1 ^ (sum >> bits - 1 & 1 ? polynomial : 0);
    }
    sum &= 2 ** bits - 1;
  }
  return sum;
}
