import assert from "node:assert/strict";
import { ConvertedSong } from "../../lib/adapters/snapcast/converted_song.ts";
import { Conversions } from "../../lib/adapters/snapcast/conversions.ts";
import { openResampler } from "../../lib/io/sinks/open_resampler.ts";
import type { OpenSong } from "../../lib/ports/server.ts";
import { MemorySongs, wavFile } from "../support/memory_songs.ts";

const HZ = 1000;
const LEVEL = 0.5;
const pause = () => Promise.resolve();

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
    const song = new ConvertedSong(
      await sineSong(rate, 3.5),
      openResampler,
      pause,
    );
    assert.equal(song.madeFrames, 3.5 * 48_000);
    for (const block of [0, 1, 3, 1, 2]) {
      await song.want(block);
      const samples = song.block(block)!;
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
    song.close();
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
  const song = new ConvertedSong(
    await songs.open(entry),
    openResampler,
    pause,
  );
  for (const block of [1, 0, 2]) {
    await song.want(block);
    const from = 96_000 * block;
    assert.deepEqual(song.block(block), samples.slice(from, from + 96_000));
  }
  song.close();
});

Deno.test("blocks join without a step", async () => {
  const song = new ConvertedSong(
    await sineSong(44_100, 3),
    openResampler,
    pause,
  );
  await Promise.all([song.want(1), song.want(0)]);
  const end = song.block(0)!.at(-2)!;
  const [next] = song.block(1)!;
  const most = 32768 * LEVEL * 2 * Math.PI * HZ / 48_000;
  assert.ok(Math.abs(next - end) <= most + 2);
  song.close();
});

Deno.test("few blocks are kept, and none behind the end is made", async () => {
  const song = new ConvertedSong(
    await sineSong(8_000, 8),
    openResampler,
    pause,
  );
  for (let block = 0; block < 9; block++) await song.want(block);
  const kept = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((it) => song.block(it));
  assert.deepEqual(kept, [4, 5, 6, 7]);
  song.close();
});

Deno.test("rooms of a group share a conversion, which closes with the last of them", async () => {
  const songs = new MemorySongs();
  const pcm = new Uint8Array(1000);
  const format = { encoding: "u8", rate: 8000, channels: 1, bits: 8 } as const;
  const entry = songs.add("a.wav", wavFile(format, pcm));
  const conversions = new Conversions(openResampler, pause);
  let open = 0;
  const use = async (group: string) => {
    const song = await songs.open(entry);
    open++;
    return conversions.use({ ...song, close: () => void open-- }, group);
  };
  const [a, b, c] = [await use("g"), await use("g"), await use("h")];
  assert.equal(a.song, b.song);
  assert.notEqual(a.song, c.song);
  assert.deepEqual([conversions.size, open], [2, 2]);
  for (const it of [a, b, c]) it.release();
  assert.deepEqual([conversions.size, open], [0, 0]);
});
