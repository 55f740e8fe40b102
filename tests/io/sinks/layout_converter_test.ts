import assert from "node:assert/strict";
import type { PcmFormat } from "../../../lib/audio/format.ts";
import { layoutConverter } from "../../../lib/audio/layout_converter.ts";
import { fromFloats, toFloats } from "../../../lib/audio/pcm.ts";
import { openResampler } from "../../../lib/io/sinks/open_resampler.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { CD, noise, PHONE } from "../../support/memory_songs.ts";
import { concat } from "../../support/raw_peer.ts";

const STUDIO: PcmFormat = {
  ...{ encoding: "s24le", rate: 96_000, channels: 2, bits: 24 },
};

Deno.test("layoutConverter() leaves PCM of the same layout as it is", async () => {
  const converter = await layoutConverter(CD, { ...CD }, openResampler);
  const pcm = noise(4_000);
  assert.equal(converter.convert(pcm), pcm);
  assert.equal(converter.flush().length, 0);
});

Deno.test("layoutConverter() makes mono of stereo by the mean of both", async () => {
  const mono: PcmFormat = { ...CD, channels: 1 };
  const converter = await layoutConverter(CD, mono, openResampler);
  const pcm = fromFloats(CD, Float32Array.of(0.5, 0.25, -1, 0));
  const [plane] = toFloats(mono, converter.convert(pcm));
  assert.deepEqual([...plane], [0.375, -0.5]);
});

Deno.test("layoutConverter() leaves speakers silent that stereo has nothing for", async () => {
  const wide: PcmFormat = { ...CD, channels: 6 };
  const converter = await layoutConverter(CD, wide, openResampler);
  const pcm = fromFloats(CD, Float32Array.of(0.5, 0.25));
  const planes = toFloats(wide, converter.convert(pcm));
  assert.deepEqual(planes.map(([it]) => it), [0.5, 0.25, 0, 0, 0, 0]);
});

for (
  const [what, from, frames] of [
    ["a phone's", PHONE, 8_000],
    ["a studio's", STUDIO, 96_000],
  ] as const
) {
  Deno.test(`layoutConverter() keeps the length and place of ${what} sound, in any pieces`, async () => {
    const samples = Float32Array.from(
      { length: frames * from.channels },
      (_, i) => {
        const at = Math.floor(i / from.channels);
        return Math.sin(at / from.rate * 2 * Math.PI * 200) / 2;
      },
    );
    const pcm = fromFloats(from, samples);
    const whole = await converted(from, pcm, pcm.length);
    assert.equal(whole.length, 44_100 * 4);
    const pieces = await converted(from, pcm, 999 * 6);
    assertBytes(pieces, whole);
    const [left] = toFloats(CD, whole);
    let worst = 0;
    for (let i = 1_000; i < 43_000; i++) {
      const wanted = Math.sin(i / 44_100 * 2 * Math.PI * 200) / 2;
      worst = Math.max(worst, Math.abs(left[i] - wanted));
    }
    // 8 bits are exact to 1/256, and half a sample of place is 0.007.
    assert.ok(worst < 0.012, `${worst}`);
  });
}

async function converted(from: PcmFormat, pcm: Uint8Array, step: number) {
  const converter = await layoutConverter(from, CD, openResampler);
  const made: Uint8Array[] = [];
  for (let at = 0; at < pcm.length; at += step) {
    made.push(converter.convert(pcm.subarray(at, at + step)).slice());
  }
  return concat([...made, converter.flush()]);
}
