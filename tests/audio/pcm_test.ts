import assert from "node:assert/strict";
import fc from "../support/fast_check.ts";
import {
  CONTAINER_BITS,
  type Encoding,
  type PcmFormat,
} from "../../lib/audio/format.ts";
import {
  applyGain,
  peakLevel,
  silence,
  toFloats,
} from "../../lib/audio/pcm.ts";

const ENCODINGS = Object.keys(CONTAINER_BITS) as Encoding[];

function format(encoding: Encoding, channels = 1): PcmFormat {
  const bits = CONTAINER_BITS[encoding];
  return { encoding, rate: 48000, channels, bits };
}

function floats(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

function doubles(...values: number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}

/** The level of each single sample, in order. */
function levels(encoding: Encoding, bytes: Uint8Array): number[] {
  const step = CONTAINER_BITS[encoding] / 8;
  return Array.from(
    { length: bytes.length / step },
    (_, i) =>
      peakLevel(format(encoding), bytes.subarray(i * step, (i + 1) * step)),
  );
}

const SILENCES: Record<Encoding, number> = {
  u8: 0x80,
  s16le: 0,
  s24le: 0,
  s32le: 0,
  f32le: 0,
  f64le: 0,
  alaw: 0xD5,
  mulaw: 0xFF,
};

for (const encoding of ENCODINGS) {
  Deno.test(`silence() is silent when it is ${encoding}`, () => {
    const bytes = silence(format(encoding), 48);
    assert.deepEqual(bytes, new Uint8Array(48).fill(SILENCES[encoding]));
    const least = encoding === "alaw" ? 8 / 32768 : 0;
    assert.equal(peakLevel(format(encoding), bytes), least);
  });
}

const WAVEFORM_POINTS: [
  name: string,
  Encoding,
  bytes: Uint8Array,
  level: number,
][] = [
  ["least u8", "u8", Uint8Array.of(0x80, 0x00), 1],
  ["greatest u8", "u8", Uint8Array.of(0x80, 0xFF), 127 / 128],
  ["least s16le", "s16le", Uint8Array.of(0, 0x80, 1, 0), 1],
  ["greatest s16le", "s16le", Uint8Array.of(0xFF, 0x7F), 32767 / 32768],
  ["least s24le", "s24le", Uint8Array.of(0, 0, 0x80), 1],
  ["s24le of -1", "s24le", Uint8Array.of(255, 255, 255), 1 / 2 ** 23],
  ["least s32le", "s32le", Uint8Array.of(0, 0, 0, 0x80), 1],
  ["s32le of 1", "s32le", Uint8Array.of(1, 0, 0, 0), 1 / 2 ** 31],
  ["f32le", "f32le", floats(0.25, -0.5), 0.5],
  ["f64le", "f64le", doubles(0.25, -0.5), 0.5],
  ["float beyond full scale", "f32le", floats(7), 1],
  ["infinite float", "f32le", floats(-Infinity), 1],
  ["NaN", "f64le", doubles(NaN, 0.125, NaN), 0.125],
  ["greatest A-law", "alaw", Uint8Array.of(0xAA), 32256 / 32768],
  ["least A-law", "alaw", Uint8Array.of(0x2A), 32256 / 32768],
  ["greatest mu-law", "mulaw", Uint8Array.of(0x80), 32124 / 32768],
  ["negative zero of mu-law", "mulaw", Uint8Array.of(0x7F), 0],
  ["nothing", "s16le", new Uint8Array(), 0],
];

for (const [name, encoding, bytes, level] of WAVEFORM_POINTS) {
  Deno.test(`peakLevel() is ${level} when given ${name}`, () =>
    assert.equal(peakLevel(format(encoding), bytes), level));
}

Deno.test("peakLevel() ignores the last sample frame when it is partial", () => {
  const stereo = format("s16le", 2);
  const bytes = Uint8Array.of(0, 0x20, 0, 0, 0, 0x80, 0);
  assert.equal(peakLevel(stereo, bytes), 0.25);
});

/** G.711 levels, sampled from its tables 1a and 2a, of 32768. */
const G711: [encoding: Encoding, code: number, magnitude: number][] = [
  ["alaw", 0xD5, 8],
  ["alaw", 0xD4, 24],
  ["alaw", 0xC5, 264],
  ["alaw", 0xF5, 528],
  ["alaw", 0xE5, 1056],
  ["alaw", 0x95, 2112],
  ["alaw", 0x85, 4224],
  ["alaw", 0xB5, 8448],
  ["alaw", 0xA5, 16896],
  ["mulaw", 0xFE, 8],
  ["mulaw", 0xEF, 132],
  ["mulaw", 0xDF, 396],
  ["mulaw", 0xCF, 924],
  ["mulaw", 0xBF, 1980],
  ["mulaw", 0xAF, 4092],
  ["mulaw", 0x9F, 8316],
  ["mulaw", 0x8F, 16764],
];

for (const [encoding, code, magnitude] of G711) {
  Deno.test(`peakLevel() is ${magnitude} of 32768 when ${encoding} is ${code} of either sign`, () => {
    for (const signed of [code, code ^ 0x80]) {
      const level = peakLevel(format(encoding), Uint8Array.of(signed));
      assert.equal(level * 32768, magnitude);
    }
  });
}

const GAINS: [
  name: string,
  Encoding,
  bytes: Uint8Array,
  gain: number,
  expected: Uint8Array,
][] = [
  [
    "u8",
    "u8",
    Uint8Array.of(0, 0x80, 0xFF),
    0.5,
    Uint8Array.of(0x40, 0x80, 0xC0),
  ],
  [
    "s16le",
    "s16le",
    Uint8Array.of(0, 0x80, 0xFF, 0x7F),
    0.25,
    Uint8Array.of(0, 0xE0, 0, 0x20),
  ],
  [
    "s24le",
    "s24le",
    Uint8Array.of(0, 0, 0x80, 0xFE, 0xFF, 0xFF, 4, 2, 1),
    0.5,
    Uint8Array.of(0, 0, 0xC0, 0xFF, 0xFF, 0xFF, 2, 0x81, 0),
  ],
  [
    "s32le",
    "s32le",
    Uint8Array.of(0, 0, 0, 0x80, 0xFF, 0xFF, 0xFF, 0x7F),
    0.5,
    Uint8Array.of(0, 0, 0, 0xC0, 0, 0, 0, 0x40),
  ],
  ["f32le", "f32le", floats(1, -0.5, 4), 0.25, floats(0.25, -0.125, 1)],
  ["f64le", "f64le", doubles(0.1, -3), 0.5, doubles(0.05, -1.5)],
  [
    "alaw",
    "alaw",
    Uint8Array.of(0xA5, 0x25, 0xD5, 0x55),
    0.5,
    Uint8Array.of(0xB5, 0x35, 0xD5, 0x55),
  ],
  [
    "mulaw",
    "mulaw",
    Uint8Array.of(0xFE, 0x7E, 0xFF, 0x7F),
    0.75,
    Uint8Array.of(0xFE, 0x7E, 0xFF, 0xFF),
  ],
];

for (const [name, encoding, bytes, gain, expected] of GAINS) {
  Deno.test(`applyGain() scales to the nearest when given ${name}`, () => {
    const scaled = bytes.slice();
    applyGain(format(encoding), scaled, gain);
    assert.deepEqual(scaled, expected);
  });
}

Deno.test("applyGain() throws RangeError when the gain is out of range", () => {
  for (const gain of [-0.1, 16.1, NaN, Infinity]) {
    assert.throws(() => applyGain(format("u8"), new Uint8Array(1), gain), {
      name: "RangeError",
      message: `Cannot apply gain: ${gain}, expected 0 to 16`,
    });
  }
});

Deno.test("applyGain() gives silence when the gain is 0 and a float is infinite", () => {
  const bytes = floats(Infinity, NaN, 1);
  applyGain(format("f32le"), bytes, 0);
  assert.deepEqual(bytes, floats(0, 0, 0));
});

Deno.test("applyGain() reaches every code of G.711 when the gain is nearly 1", () => {
  for (const encoding of ["alaw", "mulaw"] as const) {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
    const scaled = codes.slice();
    // Close enough to 1 to keep the level between the same two decision values.
    applyGain(format(encoding), scaled, 1 - 1e-6);
    const zero = encoding === "mulaw"
      ? codes.map((c) => c === 0x7F ? 0xFF : c)
      : codes;
    assert.deepEqual(scaled, zero);
  }
});

const anyPcm = fc.record({
  encoding: fc.constantFrom(...ENCODINGS),
  channels: fc.integer({ min: 1, max: 3 }),
  bytes: fc.uint8Array({ maxLength: 100 }),
  gain: fc.double({ min: 0, max: 1, noNaN: true }),
});

Deno.test("applyGain() changes no byte when the gain is 1", () => {
  fc.assert(fc.property(anyPcm, ({ encoding, channels, bytes }) => {
    const scaled = bytes.slice();
    applyGain(format(encoding, channels), scaled, 1);
    assert.deepEqual(scaled, bytes);
  }));
});

Deno.test("applyGain() makes no sample louder, for any PCM", () => {
  fc.assert(
    fc.property(anyPcm, ({ encoding, bytes, gain }) => {
      const whole = bytes.slice(0, bytes.length - bytes.length % 8);
      const before = levels(encoding, whole);
      applyGain(format(encoding, 1), whole, gain);
      const after = levels(encoding, whole);
      after.forEach((level, i) =>
        assert.ok(
          level <= before[i] || encoding === "alaw" && level === 8 / 32768,
        )
      );
    }),
    { numRuns: 1000 },
  );
});

Deno.test("applyGain() leaves a partial sample frame and all bytes outside a view unchanged", () => {
  fc.assert(
    fc.property(
      anyPcm,
      fc.nat(7),
      ({ encoding, channels, bytes, gain }, offset) => {
        const pcm = format(encoding, channels);
        const apart = bytes.slice();
        applyGain(pcm, apart, gain);

        const around = new Uint8Array(offset + bytes.length + 9).fill(0xA7);
        around.set(bytes, offset);
        const view = around.subarray(offset, offset + bytes.length);
        assert.equal(peakLevel(pcm, view), peakLevel(pcm, bytes));
        applyGain(pcm, view, gain);
        assert.deepEqual(view.slice(), apart);

        const partial = bytes.length % (pcm.bits / 8 * channels);
        assert.deepEqual(
          view.slice(bytes.length - partial),
          bytes.slice(bytes.length - partial),
        );
        assert.ok(around.subarray(0, offset).every((byte) => byte === 0xA7));
        assert.ok(
          around.subarray(offset + bytes.length).every((byte) => byte === 0xA7),
        );
      },
    ),
  );
});

Deno.test("toFloats() separates the channels of whole sample frames", () => {
  const format = {
    ...{ encoding: "s24le", rate: 8000, channels: 3, bits: 24 } as const,
  };
  const bytes = Uint8Array.of(
    ...[0, 0, 0x40, 0, 0, 0x80, 1, 0, 0],
    ...[0, 0, 0, 0, 0, 0x20, 0xFF, 0xFF, 0xFF],
    ...[1, 2, 3],
  );
  assert.deepEqual(toFloats(format, bytes).map((plane) => [...plane]), [
    [0.5, 0],
    [-1, 0.25],
    [2 ** -23, -(2 ** -23)],
  ]);
});

Deno.test("toFloats() is exact for samples of 8, 16 and 24 bits and for floats", () => {
  for (const encoding of ["u8", "s16le", "s24le", "f32le"] as const) {
    const bits = CONTAINER_BITS[encoding];
    const format = { encoding, rate: 8000, channels: 1, bits };
    const bytes = new Uint8Array(bits * 256);
    if (encoding !== "f32le") bytes.forEach((_, i) => bytes[i] = i * 97 + 13);
    const [floats] = toFloats(format, bytes);
    const full = encoding === "f32le" ? 1 : 2 ** (bits - 1);
    const view = new DataView(bytes.buffer);
    const back = Array.from(floats, (value) => value * full);
    const step = bits / 8;
    const expected = back.map((_, i) =>
      encoding === "u8"
        ? bytes[i] - 128
        : encoding === "s16le"
        ? view.getInt16(i * step, true)
        : encoding === "s24le"
        ? view.getInt8(i * step + 2) << 16 | view.getUint16(i * step, true)
        : view.getFloat32(i * step, true)
    );
    assert.deepEqual(back, expected, encoding);
  }
});

Deno.test("applyGain() clips integers at full scale, and floats not", () => {
  const table: [encoding: Encoding, samples: number[], louder: number[]][] = [
    ["u8", [0x80, 0xC0, 0x40, 0xFF, 0x00], [0x80, 0xFF, 0x00, 0xFF, 0x00]],
    [
      "s16le",
      [...[0x00, 0x10], ...[0x00, 0x60], ...[0x00, 0xA0]],
      [...[0x00, 0x20], ...[0xFF, 0x7F], ...[0x00, 0x80]],
    ],
    [
      "s24le",
      [...[0, 0, 0x60], ...[0, 0, 0xA0]],
      [...[0xFF, 0xFF, 0x7F], ...[0, 0, 0x80]],
    ],
    ["mulaw", [0x80, 0x00, 0xFF], [0x80, 0x00, 0xFF]],
    ["alaw", [0xAA, 0x2A], [0xAA, 0x2A]],
  ];
  for (const [encoding, samples, louder] of table) {
    const bytes = Uint8Array.from(samples);
    applyGain(format(encoding), bytes, 2);
    assert.deepEqual([...bytes], louder, encoding);
  }
  const floats = new Float32Array([0.75, -0.75]);
  applyGain(format("f32le"), new Uint8Array(floats.buffer), 2);
  assert.deepEqual([...floats], [1.5, -1.5]);
});
