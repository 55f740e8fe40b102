import assert from "node:assert/strict";
import { codingInPcm, CodingLook } from "../../lib/audio/coded_pcm.ts";
import { CD, noise } from "../support/memory_songs.ts";

/** Bytes that begin each frame, in noise, `distance` bytes apart. */
function coded(begins: number[], distance: number, phase = 0): Uint8Array {
  const bytes = noise(64 * 1024).map((byte) => byte & 0x7F | 1);
  for (let at = phase; at + begins.length <= bytes.length; at += distance) {
    bytes.set(begins, at);
  }
  return bytes;
}

/** The header of an IEC 61937 burst of a data type. */
const burst = (type: number) => [0x72, 0xF8, 0x1F, 0x4E, type, 0];

const SEEN: [name: string, begins: number[], distance: number, RegExp][] = [
  ["AC-3", burst(1), 6144, /^AC-3 for S\/PDIF/],
  ["AC-3 of another stream number", burst(1 | 0x40), 6144, /^AC-3/],
  [
    "AC-3 in words of the other order",
    [0xF8, 0x72, 0x4E, 0x1F, 0, 1],
    6144,
    /^AC-3/,
  ],
  ["MP2 or MP3", burst(5), 4608, /^MP2 or MP3/],
  ["AAC", burst(7), 4096, /^AAC/],
  ["DTS", burst(11), 2048, /^DTS for/],
  ["DTS-HD", burst(17), 16384, /^DTS-HD/],
  ["E-AC-3", burst(21), 24576, /^E-AC-3/],
  ["DTS of CDs, 14 bits", [0xFF, 0x1F, 0x00, 0xE8, 0xF1, 0x07], 4096, /^DTS$/],
  ["DTS, 16 bits", [0x7F, 0xFE, 0x80, 0x01, 0xFC], 2013, /^DTS$/],
  [
    "DTS, 16 bits, swapped",
    [0xFE, 0x7F, 0x01, 0x80, 0x3C, 0xFC],
    2012,
    /^DTS$/,
  ],
];

for (const [name, begins, distance, as] of SEEN) {
  Deno.test(`codingInPcm() detects ${name} at any offset`, () => {
    for (const phase of [0, 4, 1000, 4000]) {
      assert.match(codingInPcm(CD, coded(begins, distance, phase)) ?? "", as);
    }
  });
}

const UNSEEN: [name: string, pcm: Uint8Array][] = [
  ["noise", noise(64 * 1024)],
  ["silence", new Uint8Array(64 * 1024)],
  ["one burst alone", coded(burst(1), 60_000, 6000)],
  ["bursts at another distance", coded(burst(1), 6148)],
  ["bursts of an unknown type", coded(burst(30), 6144)],
  ["a truncated burst", coded(burst(1), 6144).subarray(0, 6144 + 3)],
  [
    "a tone with the sync word of DTS as its peak",
    coded([0x7F, 0xFE, 0x80, 0x01], 400),
  ],
  ["no bytes", new Uint8Array()],
];

for (const [name, pcm] of UNSEEN) {
  Deno.test(`codingInPcm() finds no codec in ${name}`, () =>
    assert.equal(codingInPcm(CD, pcm), null));
}

Deno.test("codingInPcm() finds a codec in 16-bit stereo only", () => {
  const pcm = coded(burst(1), 6144);
  const wide = { ...CD, encoding: "s24le", bits: 24 } as const;
  assert.equal(codingInPcm(wide, pcm), null);
  assert.equal(codingInPcm({ ...CD, channels: 1 }, pcm), null);
});

Deno.test("codingInPcm() takes linear time on the worst input", () => {
  const worst = coded(burst(1), 4);
  const startMs = performance.now();
  for (let i = 0; i < 10; i++) codingInPcm(CD, worst.fill(0x72, 0, 999));
  // 7 ms each on a slow machine; minutes if the time were quadratic.
  assert.ok(performance.now() - startMs < 2000);
});

Deno.test("see() throws once it has seen enough compressed audio, in any split", () => {
  const pcm = coded(burst(1), 6144);
  for (const size of [1, 1000, 8192, 65536]) {
    const look = new CodingLook(CD, 44);
    const see = () => {
      for (let at = 0; at < pcm.length; at += size) {
        look.see(pcm.subarray(at, at + size));
      }
    };
    assert.throws(see, { code: "unsupported", message: /AC-3.*at byte 44/ });
  }
});

Deno.test("see() throws for compressed audio after silence, in any split", () => {
  const swapped = [0xF8, 0x72, 0x4E, 0x1F, 0, 1];
  const frame = [0x77, 0x0B, 0, 0, 0x40, 0x14];
  for (const coding of [coded(swapped, 6144), coded(frame, 768)]) {
    const pcm = new Uint8Array(100_000 + coding.length);
    pcm.set(coding, 100_000);
    for (const size of [1, 999, 1000, 8192]) {
      const look = new CodingLook(CD, 44);
      const see = () => {
        for (let at = 0; at < pcm.length; at += size) {
          look.see(pcm.subarray(at, at + size));
        }
      };
      assert.throws(see, { code: "unsupported", message: /AC-3.*at byte 44/ });
    }
  }
});

Deno.test("see() accepts PCM", () => {
  const look = new CodingLook(CD, 44);
  for (let i = 0; i < 9; i++) look.see(noise(8192, i));
});
