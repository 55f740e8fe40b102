import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { openResampler } from "../../../lib/io/sinks/open_resampler.ts";
import type { Resampler } from "../../../lib/audio/resampler.ts";

const MODULE = new URL("../../../lib/io/codecs/resampler.bin", import.meta.url);

Deno.test("resampler.bin is the one that was built, and imports nothing", async () => {
  const bytes = await Deno.readFile(MODULE);
  const sum = createHash("sha256").update(bytes).digest("hex");
  const kept = await Deno.readTextFile(
    new URL(`${MODULE}.sha256`, import.meta.url),
  );
  assert.equal(kept, `${sum}  resampler.bin\n`);
  assert.deepEqual(
    WebAssembly.Module.imports(new WebAssembly.Module(bytes)),
    [],
  );
});

/** A sine in the left channel, and its negative in the right one. */
function sine(cycles: number, from: number, frames: number): Float32Array {
  const samples = new Float32Array(2 * frames);
  for (let i = 0; i < frames; i++) {
    samples[2 * i] = 0.5 * Math.sin(2 * Math.PI * cycles * (from + i));
    samples[2 * i + 1] = -samples[2 * i];
  }
  return samples;
}

/** Resamples a sine of `cycles` a sample frame, in chunks of 441. */
function resample(
  resampler: Resampler,
  cycles: number,
  chunks: number,
  ratio: (chunk: number) => number,
): Float32Array[] {
  return Array.from({ length: chunks }, (_, chunk) => {
    resampler.ratio = ratio(chunk);
    return resampler.process(sine(cycles, 441 * chunk, 441)).slice();
  });
}

/** Power of a sine to that of all else in the left channel, in dB. */
function signalToNoise(samples: Float32Array, cycles: number): number {
  let [ss, cc, sc, sy, cy] = [0, 0, 0, 0, 0];
  const each = (act: (y: number, s: number, c: number) => void) => {
    for (let i = 0; i < samples.length / 2; i++) {
      const angle = 2 * Math.PI * cycles * i;
      act(samples[2 * i], Math.sin(angle), Math.cos(angle));
    }
  };
  each((y, s, c) => {
    [ss, cc, sc] = [ss + s * s, cc + c * c, sc + s * c];
    [sy, cy] = [sy + s * y, cy + c * y];
  });
  const det = ss * cc - sc * sc;
  const [a, b] = [(sy * cc - cy * sc) / det, (cy * ss - sy * sc) / det];
  let [signal, noise] = [0, 0];
  each((y, s, c) => {
    signal += (a * s + b * c) ** 2;
    noise += (y - a * s - b * c) ** 2;
  });
  return 10 * Math.log10(signal / noise);
}

function joined(pieces: Float32Array[]): Float32Array {
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

const STEREO = { channels: 2, fromHz: 44_100, toHz: 48_000 };

for (const hz of [997, 10_007, 19_001]) {
  Deno.test(`a sine of ${hz} Hz is resampled from 44.1 to 48 kHz with 100 dB between it and all else`, async () => {
    const resampler = await openResampler(STEREO);
    const made = resample(resampler, hz / 44_100, 200, () => 1);
    const snr = signalToNoise(joined(made.slice(20)), hz / 48_000);
    assert.ok(snr > 100, `${snr} dB`);
  });
}

Deno.test("each sample is that of the input at the delay, also while the ratio changes", async () => {
  const resampler = await openResampler(STEREO);
  const cycles = 997 / 44_100;
  let readFrames = 0;
  for (let chunk = 0; chunk < 500; chunk++) {
    resampler.ratio = 1 + 5e-4 * Math.sin(chunk);
    const at = readFrames - resampler.delayFrames;
    const made = resampler.process(sine(cycles, readFrames, 441));
    readFrames += 441;
    if (chunk < 2) continue;
    const step = resampler.ratio * 44_100 / 48_000;
    for (let i = 0; i < made.length / 2; i++) {
      const expected = 0.5 * Math.sin(2 * Math.PI * cycles * (at + i * step));
      const error = Math.abs(made[2 * i] - expected);
      assert.ok(error < 1e-5, `${error} in chunk ${chunk}`);
      assert.equal(made[2 * i + 1], -made[2 * i]);
    }
  }
});

Deno.test("process() takes any split, and gives the same samples", async () => {
  const whole = await openResampler(STEREO);
  const split = await openResampler(STEREO);
  const input = sine(0.01, 0, 5000);
  const expected = whole.process(input).slice();
  const pieces = [1, 0, 1024, 1025, 2950].map((frames, i, all) => {
    const from = all.slice(0, i).reduce((sum, it) => sum + it, 0);
    return split.process(input.subarray(2 * from, 2 * (from + frames))).slice();
  });
  const got = joined(pieces);
  for (let i = 0; i < got.length; i++) {
    assert.ok(Math.abs(got[i] - expected[i]) < 1e-6);
  }
  assert.ok(Math.abs(got.length - expected.length) <= 2);
});

Deno.test("reset() forgets what was read", async () => {
  const resampler = await openResampler(STEREO);
  const first = resampler.process(sine(0.01, 0, 441)).slice();
  const { delayFrames } = resampler;
  resampler.reset();
  assert.deepEqual(resampler.process(sine(0.01, 0, 441)), first);
  assert.equal(resampler.delayFrames, delayFrames);
});

Deno.test("a ratio or channels out of bounds are an error", async () => {
  const resampler = await openResampler(STEREO);
  resampler.ratio = 1.5;
  assert.throws(() => resampler.process(sine(0.01, 0, 441)), RangeError);
  for (const channels of [0, 33]) {
    await assert.rejects(openResampler({ ...STEREO, channels }), RangeError);
  }
});
