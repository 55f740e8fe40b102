import assert from "node:assert/strict";
import { ConvertedSongs } from "../../lib/adapters/snapcast/converted_songs.ts";
import { openResampler } from "../../lib/io/sinks/open_resampler.ts";
import type { OpenSong } from "../../lib/ports/server.ts";
import { MemorySongs, noise, wavFile } from "../support/memory_songs.ts";
import { concat } from "../support/raw_peer.ts";

const HZ = 1000;
const LEVEL = 0.5;
const pause = () => Promise.resolve();

/** Songs of one rate in a row. */
function rowOf(...songs: OpenSong[]): ConvertedSongs {
  const { rate } = songs[0].entry.format!;
  const row = new ConvertedSongs(rate, openResampler, pause);
  for (const song of songs) row.add(song);
  return row;
}

const BLOCK_FRAMES = 48_000;

/** A second, or what there is of it at the end; null: it has yet to be made. */
function kept(row: ConvertedSongs, number: number): Int16Array | null {
  const frame = number * BLOCK_FRAMES;
  const frames = Math.min(BLOCK_FRAMES, row.madeFrames - frame);
  if (frames <= 0) return null;
  const samples = new Int16Array(2 * frames);
  return row.read(samples, frame) === null ? null : samples;
}

async function want(row: ConvertedSongs, number: number): Promise<void> {
  await row.want(number * BLOCK_FRAMES);
}

async function blockOf(row: ConvertedSongs, number: number) {
  await want(row, number);
  return kept(row, number);
}

/** A song of a sine in one channel, of 24 bits. */
function sineSong(rate: number, seconds: number): Promise<OpenSong> {
  const pcm = new Uint8Array(3 * Math.round(rate * seconds));
  for (let i = 0; i < pcm.length / 3; i++) {
    const value = Math.round(2 ** 23 * LEVEL * sineAt(i / rate));
    pcm.set([value & 255, (value >> 8) & 255, (value >> 16) & 255], 3 * i);
  }
  const songs = new MemorySongs();
  const format = { encoding: "s24le", rate, channels: 1, bits: 24 } as const;
  return songs.open(songs.add("sine.wav", wavFile(format, pcm)));
}

function sineAt(seconds: number): number {
  return Math.sin(2 * Math.PI * HZ * seconds);
}

/**
 * What of the samples is no sine of {@linkcode HZ}, in dB of that sine, and how
 * many sample frames that is late.
 */
function measured(samples: Int16Array, firstFrame: number) {
  let [inPhase, offPhase, power] = [0, 0, 0];
  const frames = samples.length / 2;
  const angle = (i: number) => 2 * Math.PI * HZ * (firstFrame + i) / 48_000;
  for (let i = 0; i < frames; i++) {
    assert.equal(samples[2 * i], samples[2 * i + 1]);
    inPhase += 2 / frames * samples[2 * i] * Math.sin(angle(i));
    offPhase += 2 / frames * samples[2 * i] * Math.cos(angle(i));
  }
  for (let i = 0; i < frames; i++) {
    const sine = inPhase * Math.sin(angle(i)) + offPhase * Math.cos(angle(i));
    power += (samples[2 * i] - sine) ** 2 / frames;
  }
  const level = inPhase ** 2 + offPhase ** 2;
  return {
    restDb: 10 * Math.log10(2 * power / level),
    level: Math.sqrt(level) / 32768,
    lateFrames: -Math.atan2(offPhase, inPhase) / (2 * Math.PI * HZ) * 48_000,
  };
}

Deno.test("songs of any rate become the same sine at the same times, in any order of blocks", async () => {
  for (const rate of [8_000, 44_100, 48_000, 96_000]) {
    const song = rowOf(await sineSong(rate, 3.5));
    assert.equal(song.madeFrames, 3.5 * 48_000);
    for (const block of [0, 1, 3, 1, 2]) {
      await want(song, block);
      const samples = kept(song, block)!;
      assert.equal(samples.length, block === 3 ? 48_000 : 96_000);
      // Whole periods; a filter begins and ends softly.
      const whole = block === 3 ? 0.5 : 0.9;
      const frames = Math.round(whole * 48_000) - 4800;
      const inner = samples.subarray(4800, 4800 + 2 * frames);
      const { restDb, level, lateFrames } = measured(
        inner,
        block * 48_000 + 2400,
      );
      const where = `${rate} Hz, block ${block}`;
      assert.ok(restDb < -85, `${where}: ${restDb} dB`);
      assert.ok(Math.abs(level - LEVEL) < 0.001, `${where}: ${level}`);
      assert.ok(Math.abs(lateFrames) <= 0.51, `${where}: ${lateFrames}`);
    }
  }
});

Deno.test("a song of the stream's own rate and depth keeps its bits", async () => {
  const samples = new Int16Array(2 * 48_000 * 2.5);
  crypto.getRandomValues(samples.subarray(0, 32_768));
  samples.set([-32768, 32767, 1, -1], 96_000);
  const songs = new MemorySongs();
  const encoding = "s16le";
  const format = { encoding, rate: 48_000, channels: 2, bits: 16 } as const;
  const pcm = new Uint8Array(samples.buffer);
  const entry = songs.add("a.wav", wavFile(format, pcm));
  const song = rowOf(await songs.open(entry));
  for (const block of [1, 0, 2]) {
    await want(song, block);
    const from = 96_000 * block;
    assert.deepEqual(kept(song, block), samples.slice(from, from + 96_000));
  }
});

Deno.test("blocks join without a step", async () => {
  const song = rowOf(await sineSong(44_100, 3));
  await Promise.all([want(song, 1), want(song, 0)]);
  const end = kept(song, 0)!.at(-2)!;
  const [next] = kept(song, 1)!;
  const most = 32768 * LEVEL * 2 * Math.PI * HZ / 48_000;
  assert.ok(Math.abs(next - end) <= most + 2);
});

Deno.test("few blocks are kept, and none behind the end is made", async () => {
  const song = rowOf(await sineSong(8_000, 8));
  for (let block = 0; block < 9; block++) await want(song, block);
  const left = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((it) => kept(song, it));
  assert.deepEqual(left, [4, 5, 6, 7]);
});

/** Songs of noise, 16-bit stereo, and one that is all of them in a row. */
async function albumOf(rate: number, frames: number[]) {
  const format = { encoding: "s16le", rate, channels: 2, bits: 16 } as const;
  const songs = new MemorySongs();
  const parts = frames.map((it, i) => noise(4 * it, i + 1));
  const joined = concat(parts);
  const open = (name: string, pcm: Uint8Array) =>
    songs.open(songs.add(name, wavFile(format, pcm)));
  return {
    songs: await Promise.all(parts.map((it, i) => open(`${i}.wav`, it))),
    joined: await open("joined.wav", joined),
  };
}

/** Compares without a picture of all differences, which takes minutes. */
function assertSame(
  samples: Int16Array | null,
  wanted: Int16Array | null,
  where = "",
): void {
  assert.equal(samples!.length, wanted!.length, where);
  const other = samples!.findIndex((it, i) => it !== wanted![i]);
  assert.equal(other, -1, where);
}

Deno.test("songs in a row are converted as the joined album is, to the sample", async () => {
  for (const rate of [44_100, 48_000, 96_000]) {
    const lengths = [rate * 1.3 + 7, 100, rate * 0.9 + 1].map(Math.floor);
    const { songs, joined } = await albumOf(rate, lengths);
    const [row, album] = [rowOf(...songs), rowOf(joined)];
    assert.equal(row.madeFrames, album.madeFrames);
    for (const number of [0, 1, 2, 1]) {
      assertSame(
        await blockOf(row, number),
        await blockOf(album, number),
        `${rate} Hz, block ${number}`,
      );
    }
  }
});

Deno.test("a song that comes after the end was converted is joined to it all the same", async () => {
  const { songs: [first, second], joined } = await albumOf(44_100, [
    ...[44_100 + 500, 44_100],
  ]);
  const [row, album] = [rowOf(first), rowOf(joined)];
  assert.equal((await blockOf(row, 1))!.length, 2 * row.madeFrames - 96_000);
  row.add(second);
  assert.equal(kept(row, 1), null);
  for (const number of [0, 1, 2]) {
    assertSame(await blockOf(row, number), await blockOf(album, number));
  }
});

Deno.test("a song that comes while the end is converted is joined to it all the same", async () => {
  const { songs: [first, second], joined } = await albumOf(44_100, [
    ...[44_100 + 500, 44_100],
  ]);
  const wanted = await blockOf(rowOf(joined), 1);
  // The last two read the end, and silence after it.
  for (const when of [1, 11, 12]) {
    let pauses = 0;
    const row = new ConvertedSongs(44_100, openResampler, () => {
      if (++pauses === when) row.add(second);
      return Promise.resolve();
    });
    row.add(first);
    await want(row, 1);
    assert.ok(pauses > when);
    assertSame(kept(row, 1), wanted, `after ${when} reads`);
  }
});

Deno.test("a song that is removed is silence, from its first sample frame on", async () => {
  const { songs: [first, second] } = await albumOf(44_100, [44_100, 44_100]);
  const row = rowOf(first);
  const alone = await blockOf(row, 0);
  const added = row.add(second);
  await want(row, 1);
  row.removeFrom(added);
  assertSame(await blockOf(row, 0), alone);
  assert.equal(await blockOf(row, 1), null);
});

Deno.test("a song whose content is gone is silent, and those beside it are heard", async () => {
  const { songs: [first, second, third] } = await albumOf(48_000, [
    ...[24_000, 24_000, 24_000],
  ]);
  const error = new Error("It is gone");
  const gone = { ...second, read: () => Promise.reject(error) };
  const row = rowOf(first, gone, third);
  const block = (await blockOf(row, 0))!;
  assert.ok(block.subarray(0, 48_000).some((it) => it !== 0));
  assert.ok(block.subarray(48_000).every((it) => it === 0));
  assert.ok((await blockOf(row, 1))!.some((it) => it !== 0));
  const failures = row.songs.map(({ failure }) => failure);
  assert.deepEqual(failures, [null, { error }, null]);
});

Deno.test("songs of a rate that cannot be converted fail", async () => {
  const song = await sineSong(44_100, 1);
  const error = new RangeError("No");
  const open = () => Promise.reject(error);
  const row = new ConvertedSongs(44_100, open, pause);
  const added = row.add(song);
  assert.equal(await blockOf(row, 0), null);
  assert.deepEqual(added.failure, { error });
});
