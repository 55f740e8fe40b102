import assert from "node:assert/strict";
import { codingInFrames } from "../../lib/audio/coded_frames.ts";
import { CODED_LOOK_BYTES, codingInPcm } from "../../lib/audio/coded_pcm.ts";
import { CD, noise } from "../support/memory_songs.ts";

/** Frame headers in noise, at these distances in bytes. */
function frames(head: number[], distances: number[], phase = 0): Uint8Array {
  const bytes = noise(CODED_LOOK_BYTES).map((byte) => byte & 0x7F | 1);
  let at = phase;
  for (let i = 0; at + head.length <= bytes.length; i++) {
    bytes.set(head, at);
    at += distances[i % distances.length];
  }
  return bytes;
}

function swapped(bytes: Uint8Array): Uint8Array {
  return bytes.map((_, i) => bytes[i ^ 1]);
}

/** Frames as FFmpeg 5.1 writes them, at the distances that it reports. */
const SEEN: [name: string, head: number[], distances: number[]][] = [
  ["MP3", [0xFF, 0xFB, 0x94, 0x64], [384]], // 48 kHz, 128 kbit/s
  ["MP3", [0xFF, 0xFB, 0x90, 0x64], [417]], // 44.1 kHz
  ["MP3", [0xFF, 0xF3, 0x84, 0xC4], [192]], // MPEG-2, 24 kHz, 64 kbit/s
  ["MP3", [0xFF, 0xE3, 0x48, 0xC4], [288]], // MPEG-2.5, 8 kHz, 32 kbit/s
  ["MP2", [0xFF, 0xFD, 0xC4, 0x00], [768]], // 48 kHz, 256 kbit/s
  ["AC-3", [0x0B, 0x77, 0x2D, 0x6A, 0x14, 0x40], [768]], // 48 kHz, 192 kbit/s
  ["AC-3", [0x0B, 0x77, 0x2D, 0x6A, 0x54, 0x40], [834]], // 44.1 kHz
  ["AC-3", [0x0B, 0x77, 0x2D, 0x6A, 0x55, 0x40], [836]],
  ["E-AC-3", [0x0B, 0x77, 0x01, 0x7F, 0x34, 0x86], [768]],
  ["AAC", [0xFF, 0xF1, 0x4C, 0x80, 0x2F, 0xFF, 0xFC], [383]],
];

for (const [name, head, distances] of SEEN) {
  Deno.test(`codingInFrames() detects ${name} of ${distances} bytes a frame`, () => {
    for (const phase of [0, 4, 1000, 4097]) {
      const coded = frames(head, distances, phase);
      assert.equal(codingInFrames(coded), name);
      assert.equal(codingInFrames(swapped(coded)), name);
      assert.equal(codingInPcm(CD, coded), name);
    }
  });
}

const MP3 = [0xFF, 0xFB, 0x94, 0x64];

const UNSEEN: [name: string, pcm: Uint8Array][] = [
  ["noise", noise(CODED_LOOK_BYTES)],
  [
    "quiet noise",
    noise(CODED_LOOK_BYTES).map((it, i) => i % 2 ? -(it & 1) : it),
  ],
  ["silence", new Uint8Array(CODED_LOOK_BYTES)],
  ["bytes of 0xFF", new Uint8Array(CODED_LOOK_BYTES).fill(0xFF)],
  ["four frames alone", frames(MP3, [384, 384, 384, 99_999])],
  ["headers at another distance", frames(MP3, [388])],
  ["headers of layer 1", frames([0xFF, 0xFF, 0x94, 0x64], [384])],
  ["headers with bit rate 0", frames([0xFF, 0xFB, 0x04, 0x64], [384])],
  [
    "a tone that contains a header",
    frames(MP3, [384]).map((_, i, all) => all[i % 384]),
  ],
  ["an odd byte", Uint8Array.of(0xFF)],
];

for (const [name, pcm] of UNSEEN) {
  Deno.test(`codingInFrames() finds no codec in ${name}`, () =>
    assert.equal(codingInFrames(pcm), null));
}

/** Two tones, one for each channel, as samples of -32768 to 32767. */
function stereo(...tones: ((seconds: number) => number)[]): Uint8Array {
  const samples = new Int16Array(CODED_LOOK_BYTES / 2);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.round(tones[i % 2]((i >> 1) / CD.rate));
  }
  return new Uint8Array(samples.buffer);
}

const square = (hertz: number, level: number, rest: number) => (at: number) =>
  rest + (at * hertz % 1 < 0.5 ? level : -level);
const swelling = (hertz: number, level: number) => (at: number) =>
  level * Math.sin(2 * Math.PI * hertz * at) * Math.sin(at * CD.rate / 8000);

// Each contains headers of MP2 or of DTS, at distances that frames have.
const TONES: [name: string, pcm: Uint8Array][] = [
  ["square waves", stereo(square(650, 45.71, 183), square(300, 145.99, -915))],
  ["quiet tones", stereo(swelling(800, 32.0907), swelling(550, 69.98))],
];

for (const [name, pcm] of TONES) {
  Deno.test(`codingInPcm() finds no codec in ${name}`, () =>
    assert.equal(codingInPcm(CD, pcm), null));
}

Deno.test("codingInFrames() takes linear time on the worst input", () => {
  const head = [0xFF, 0xF1, 0x4C, 0x80, 0x00, 0xFF, 0xFC];
  const worst = new Uint8Array(CODED_LOOK_BYTES).map((_, i) => head[i % 7]);
  const startMs = performance.now();
  for (let i = 0; i < 10; i++) codingInFrames(worst);
  // 5 ms each on a slow machine; minutes if the time were quadratic.
  assert.ok(performance.now() - startMs < 2000);
});
