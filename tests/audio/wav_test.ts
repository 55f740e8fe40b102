import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "../support/fast_check.ts";
import { NotWavError, UnsupportedWavError } from "../../lib/errors.ts";
import { CONTAINER_BITS, type PcmFormat } from "../../lib/audio/format.ts";
import {
  MOST_CHUNKS,
  MOST_HEADER_BYTES,
  songFormat,
  type WavHeader,
  WavHeaderReader,
} from "../../lib/audio/wav.ts";
import { PLAYED, REFUSED } from "./fixtures/ffmpeg_headers.ts";
import {
  ascii,
  chunk,
  data,
  ds64,
  type Fmt,
  fmt,
  fmtBody,
  riff,
  unpadded,
} from "./fixtures/riff.ts";

const CD: PcmFormat = {
  encoding: "s16le",
  rate: 44100,
  channels: 2,
  bits: 16,
};
const MAX = 0xFFFFFFFF;
const NOT_WAV = ["NotWavError", NotWavError] as const;
const UNSUPPORTED = ["UnsupportedWavError", UnsupportedWavError] as const;

/** Reads all bytes in one piece. */
function read(bytes: Uint8Array): WavHeader {
  const reader = new WavHeaderReader();
  return reader.push(bytes) ?? reader.end();
}

/** Reads the bytes cut at these places, given in any order. */
function readSplit(bytes: Uint8Array, cuts: number[]): WavHeader {
  const reader = new WavHeaderReader();
  const ends = [...cuts, bytes.length].sort((a, b) => a - b);
  let header: WavHeader | null = null;
  ends.reduce((from, to) => {
    header ??= reader.push(bytes.subarray(from, to));
    return to;
  }, 0);
  return header ?? reader.end();
}

/** Reads as a file reader does that skips wherever possible. */
function readSeeking(bytes: Uint8Array, blockBytes: number): WavHeader {
  const reader = new WavHeaderReader();
  while (reader.position < bytes.length) {
    const at = reader.position;
    reader.skip(Math.min(reader.skippable, bytes.length - at));
    if (reader.position > at) continue;
    const header = reader.push(bytes.subarray(at, at + blockBytes));
    if (header) return header;
  }
  return reader.end();
}

/** The header or the error, to compare ways of reading. */
function outcome(read: () => WavHeader): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotWavError || error instanceof UnsupportedWavError) {
      return `${error.name}: ${error.message}`;
    }
    throw error;
  }
}

function assertThrows(
  bytes: Uint8Array,
  [name, kind]: typeof NOT_WAV | typeof UNSUPPORTED,
  says: RegExp,
  offset?: number,
) {
  assert.throws(() => read(bytes), (error) => {
    assert.ok(error instanceof kind, `${error} is no ${name}`);
    assert.match(error.message, says);
    if (offset !== undefined) assert.equal(error.offset, offset);
    return true;
  });
}

/** Headers of every kind, for properties that hold in any split. */
const SHAPES: Record<string, Uint8Array> = {
  plain: riff([fmt(), data(400)]),
  extensible: riff([fmt({ channels: 6, bits: 24, validBits: 20 }), data(360)]),
  "odd chunks": riff([
    chunk("JUNK", [1, 2, 3]),
    fmt(),
    chunk("bext", Array(333).fill(7)),
    unpadded("LIST", ascii("INFOa")),
    data(4),
  ]),
  RF64: riff([ds64(2 ** 40, 2 ** 39), fmt(), data(MAX)], MAX, "RF64"),
};

for (const { options, hex, dataBytes, ...fields } of PLAYED) {
  Deno.test(`push() reads what FFmpeg writes with ${options}`, () => {
    const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
    const bits = CONTAINER_BITS[fields.encoding];
    assert.deepEqual(read(bytes), {
      format: { ...fields, rate: 8000, bits },
      dataOffset: bytes.length,
      dataBytes,
    });
  });
}

for (const { options, hex, wellFormed, says } of REFUSED) {
  Deno.test(`push() names the unsupported codec when FFmpeg wrote ${options}`, () => {
    const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
    assertThrows(bytes, wellFormed ? UNSUPPORTED : NOT_WAV, says);
  });
}

const FORMATS: [name: string, fields: Fmt, expected: Partial<PcmFormat>][] = [
  ["8 bits", { bits: 8 }, { encoding: "u8", bits: 8 }],
  ["16 bits", {}, CD],
  ["24 bits", { bits: 24 }, { encoding: "s24le", bits: 24 }],
  ["32 bits", { bits: 32 }, { encoding: "s32le", bits: 32 }],
  ["float", { tag: 3, bits: 32 }, { encoding: "f32le", bits: 32 }],
  ["double", { tag: 3, bits: 64 }, { encoding: "f64le", bits: 64 }],
  ["A-law", { tag: 6, bits: 8 }, { encoding: "alaw", bits: 8 }],
  ["mu-law", { tag: 7, bits: 8 }, { encoding: "mulaw", bits: 8 }],
  ["20 bits in 24", { bits: 20 }, {
    encoding: "s24le",
    bits: 24,
    validBits: 20,
  }],
  ["24 bits in 32", { bits: 24, blockAlign: 8 }, {
    encoding: "s32le",
    bits: 32,
    validBits: 24,
  }],
  ["no block align", { bits: 24, blockAlign: 0 }, {
    encoding: "s24le",
    bits: 24,
  }],
  ["valid bits", { bits: 32, validBits: 24 }, {
    encoding: "s32le",
    bits: 32,
    validBits: 24,
  }],
  ["valid bits for bits", { bits: 24, validBits: 24, blockAlign: 8 }, {
    encoding: "s32le",
    bits: 32,
    validBits: 24,
  }],
  ["valid bits 0", { bits: 16, validBits: 0 }, CD],
  ["all bits valid", { bits: 16, validBits: 16 }, CD],
  ["extensible float", { tag: 3, bits: 32, validBits: 24 }, {
    encoding: "f32le",
    bits: 32,
  }],
  ["extensible A-law", { tag: 6, bits: 8, validBits: 8 }, {
    encoding: "alaw",
    bits: 8,
  }],
  ["64 channels at 768 kHz", { channels: 64, rate: 768000 }, {
    channels: 64,
    rate: 768000,
  }],
];

for (const [name, fields, expected] of FORMATS) {
  Deno.test(`push() gives the format when fmt has ${name}`, () => {
    const { format } = read(riff([fmt(fields), data(4)]));
    assert.deepEqual(format, { ...CD, ...expected });
  });
}

const HEAD = riff([]);
const ERRORS: [
  name: string,
  bytes: Uint8Array,
  kind: typeof NOT_WAV | typeof UNSUPPORTED,
  says: RegExp,
  offset?: number,
][] = [
  ["an empty file", new Uint8Array(), NOT_WAV, /empty file/, 0],
  ["two bytes", HEAD.subarray(0, 2), NOT_WAV, /end of file/, 2],
  ["no chunk at all", HEAD, NOT_WAV, /end of file/, 12],
  [
    "unprintable bytes",
    Uint8Array.of(0, 34, 92, 200, 1, 2, 3, 4),
    NOT_WAV,
    /"\\x00\\x22\\x5c\\xc8"/,
    0,
  ],
  ["RIFX", riff([], 4, "RIFX"), UNSUPPORTED, /big-endian RIFX/, 0],
  [
    "another form",
    Uint8Array.from(ascii("RIFF1234AVI ")),
    NOT_WAV,
    /"AVI "/,
    8,
  ],
  ["data first", riff([data(4), fmt()]), NOT_WAV, /expected "fmt "/, 12],
  [
    "a wavl list",
    riff([fmt(), chunk("LIST", ascii("wavldata"))]),
    UNSUPPORTED,
    /wavl/,
    44,
  ],
  [
    "a chunk beyond the end",
    riff([fmt(), chunk("bext", [1, 2], 5000)]),
    NOT_WAV,
    /end of file in chunk "bext" of 5000 bytes/,
    46,
  ],
  ["a short fmt", riff([chunk("fmt ", [1, 0])]), NOT_WAV, /"fmt " of 2/, 16],
  [
    "a short extensible fmt",
    riff([chunk("fmt ", fmtBody({ validBits: 16 }).slice(0, 38))]),
    NOT_WAV,
    /"fmt " of 38 bytes, expected 40/,
    16,
  ],
  ["0 channels", riff([fmt({ channels: 0 })]), NOT_WAV, /0 channels/, 22],
  ["0 Hz", riff([fmt({ rate: 0 })]), NOT_WAV, /0 Hz/, 24],
  ["0 bits", riff([fmt({ bits: 0 })]), NOT_WAV, /0 bits/, 34],
  [
    "65 channels",
    riff([fmt({ channels: 65 })]),
    UNSUPPORTED,
    /65 channels, expected 1 to 64/,
    22,
  ],
  ["768,001 Hz", riff([fmt({ rate: 768001 })]), UNSUPPORTED, /768001 Hz/, 24],
  ["64-bit PCM", riff([fmt({ bits: 64 })]), UNSUPPORTED, /64-bit PCM/, 34],
  ["half floats", riff([fmt({ tag: 3 })]), UNSUPPORTED, /16-bit float/, 34],
  ["GSM", riff([fmt({ tag: 0x31 })]), UNSUPPORTED, /GSM 6.10/, 20],
  ["an unknown tag", riff([fmt({ tag: 0xABC })]), UNSUPPORTED, /0x0abc/, 20],
  [
    "extensible MP3",
    riff([fmt({ tag: 0x55, validBits: 0 })]),
    UNSUPPORTED,
    /MP3/,
  ],
  [
    "an unknown GUID",
    riff([fmt({ validBits: 16, guid: Array(12).fill(0xAB) })]),
    UNSUPPORTED,
    /unknown sub-format of bytes 01000000abab/,
    44,
  ],
  [
    "RF64 without ds64",
    riff([fmt(), data(MAX)], MAX, "RF64"),
    NOT_WAV,
    /RF64, expected "ds64"/,
    44,
  ],
  [
    "a short ds64",
    riff([chunk("ds64", Array(16).fill(0))], MAX, "BW64"),
    NOT_WAV,
    /"ds64" of 16 bytes/,
    16,
  ],
  [
    "a ds64 size beyond 2^53",
    riff([ds64(100, 2n ** 53n)], MAX, "RF64"),
    NOT_WAV,
    /9007199254740992, expected 0 to 2\^53 - 1/,
    28,
  ],
];

for (const [name, bytes, kind, says, offset] of ERRORS) {
  Deno.test(`push() or end() throws ${kind[0]} when given ${name}`, () =>
    assertThrows(bytes, kind, says, offset));
}

const PLAIN_OFFSET = 44;
const SIZES: [name: string, bytes: Uint8Array, dataBytes: number | null][] = [
  ["any size", riff([fmt(), data(7)]), 7],
  ["the greatest size (FFmpeg)", riff([fmt(), data(MAX)], MAX), null],
  [
    "the greatest size less a header",
    riff([fmt(), data(MAX - 44)], MAX - 8),
    null,
  ],
  ["0x7FFFF000 (SoX, MPlayer)", riff([fmt(), data(0x7FFFF000)]), null],
  [
    "0x7FFFF000 rounded down to 6-byte frames (SoX)",
    riff([fmt(), data(0x7FFFEFFC)]),
    null,
  ],
  ["0x7FFFFFFF (LAME)", riff([fmt(), data(0x7FFFFFFF)]), null],
  ["0x7FFFFFFF less a header (oggdec)", riff([fmt(), data(0x7FFFFFD3)]), null],
  ["0x80000000 (arecord)", riff([fmt(), data(0x80000000)]), null],
  ["just above 2 GiB", riff([fmt(), data(0x80000001)]), 0x80000001],
  [
    "just below the streamed 2 GiB",
    riff([fmt(), data(0x7FFFEE00)]),
    0x7FFFEE00,
  ],
  ["just below 4 GiB", riff([fmt(), data(0xFFFFEFFF)]), 0xFFFFEFFF],
  ["0 and a file's size of 0", riff([fmt(), data(0)], 0), null],
  ["0 and the greatest file's size", riff([fmt(), data(0)], MAX), null],
  ["0 and a file that ends after it", riff([fmt(), data(0)], 36), null],
  ["0 and a file that goes on", riff([fmt(), data(0)], 37), null],
  [
    "64 bits of size",
    riff([ds64(2 ** 40, 2 ** 39 + 1), fmt(), data(MAX)], MAX, "RF64"),
    2 ** 39 + 1,
  ],
  [
    "the greatest 64-bit size",
    riff([ds64(0, 2n ** 53n - 1n), fmt(), data(MAX)], MAX, "BW64"),
    2 ** 53 - 1,
  ],
  [
    "a ds64 of 2 GiB",
    riff([ds64(2 ** 32, 2 ** 31), fmt(), data(MAX)], MAX, "RF64"),
    2 ** 31,
  ],
  ["a ds64 left at 0", riff([ds64(0, 0), fmt(), data(MAX)], MAX, "RF64"), null],
  ["an empty RF64", riff([ds64(99, 0), fmt(), data(MAX)], MAX, "RF64"), 0],
  [
    "a 32-bit size in RF64 without ds64",
    riff([fmt(), data(8)], MAX, "RF64"),
    8,
  ],
  [
    "a 32-bit size that differs from ds64",
    riff([ds64(99, 5), fmt(), data(8)], 0, "RF64"),
    5,
  ],
  ["a ds64 in RIFF", riff([ds64(99, 5), fmt(), data(MAX)]), null],
];

for (const [name, bytes, dataBytes] of SIZES) {
  Deno.test(`push() gives ${dataBytes} bytes of PCM when data has ${name}`, () =>
    assert.equal(read(bytes).dataBytes, dataBytes));
}

const other = fmt({ bits: 8, channels: 1, rate: 8000 });
const LAYOUTS: [name: string, chunks: number[][]][] = [
  ["chunks before fmt", [chunk("JUNK", Array(28).fill(0)), fmt()]],
  ["a padded chunk of odd length", [fmt(), chunk("iXML", [1, 2, 3])]],
  ["an odd chunk without a pad byte", [fmt(), unpadded("iXML", [1, 2, 3])]],
  ["no pad byte before LIST", [
    unpadded("xxxx", [1]),
    chunk("LIST", ascii("INFO")),
    fmt(),
  ]],
  ["a pad byte that is not 0", [fmt(), unpadded("xxxx", [1]), [0x64]]],
  ["an odd fmt", [chunk("fmt ", [...fmtBody(), 0])]],
  ["a long fmt", [chunk("fmt ", [...fmtBody(), ...Array(99).fill(255)])]],
  ["an extension with a wrong size", [chunk("fmt ", [...fmtBody(), 255, 255])]],
  ["two fmt, of which the first counts", [fmt(), other]],
  ["empty chunks", [chunk("xxxx", []), fmt(), chunk("LIST", [])]],
  ["a LIST of two bytes", [chunk("LIST", [1, 2]), fmt()]],
];

for (const [name, chunks] of LAYOUTS) {
  Deno.test(`push() finds the PCM when there is ${name}`, () => {
    const bytes = riff([...chunks, data(400)]);
    const header = { format: CD, dataOffset: bytes.length, dataBytes: 400 };
    assert.deepEqual(read(bytes), header);
  });
}

Deno.test("push() accepts the maximum number of chunks before the PCM, and not one more", () => {
  const withChunks = (chunks: number) =>
    riff([
      fmt(),
      ...Array.from({ length: chunks - 2 }, () => chunk("JUNK", [])),
      data(400),
    ]);
  assert.equal(read(withChunks(MOST_CHUNKS)).dataBytes, 400);
  assert.throws(() => read(withChunks(MOST_CHUNKS + 1)), {
    code: "unsupported",
    message: /more than 1024 chunks before any PCM/,
  });
});

Deno.test("push() skips the maximum number of bytes before the PCM, and not one more", () => {
  const junk = (bytes: number, fileBytes?: number) =>
    new WavHeaderReader(fileBytes).push(riff([unpadded("JUNK", [], bytes)]));
  const most = MOST_HEADER_BYTES - 20;
  junk(most);
  junk(most, 2 ** 40);
  for (const fileBytes of [undefined, 2 ** 40]) {
    assert.throws(() => junk(most + 1, fileBytes), {
      code: "unsupported",
      message: /67108865 bytes before the PCM, expected at most 67108864/,
    });
  }
  // A file that announces more than it has is truncated.
  junk(MAX, 5000);
});

Deno.test("push() ignores the PCM and returns the same header when called again", () => {
  const reader = new WavHeaderReader();
  const bytes = riff([fmt(), data(8), [1, 2, 3, 4]]);
  const header = reader.push(bytes);
  assert.equal(reader.position, PLAIN_OFFSET);
  assert.equal(reader.push(Uint8Array.of(5)), header);
  assert.equal(reader.position, PLAIN_OFFSET);
});

Deno.test("push() and end() throw the same error again when push() has thrown", () => {
  const reader = new WavHeaderReader();
  const thrown = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      return error;
    }
  };
  const first = thrown(() => reader.push(Uint8Array.from(ascii("OggS...."))));
  assert.ok(first instanceof NotWavError);
  assert.equal(thrown(() => reader.push(HEAD)), first);
  assert.equal(thrown(() => reader.end()), first);
});

Deno.test("skip() throws RangeError for more bytes than are skippable", () => {
  const reader = new WavHeaderReader();
  assert.equal(reader.skippable, 0);
  assert.throws(() => reader.skip(1), RangeError);
  reader.push(riff([unpadded("JUNK", [], 9999)]));
  assert.equal(reader.skippable, 9999);
  for (const bytes of [-1, 0.5, NaN, 10000]) {
    assert.throws(() => reader.skip(bytes), RangeError);
  }
  reader.skip(9999);
  assert.equal(reader.position, 20 + 9999);
});

for (const [name, bytes] of Object.entries(SHAPES)) {
  const whole = read(bytes);

  Deno.test(`push() gives the same header when ${name} arrives byte by byte`, () =>
    assert.deepEqual(readSplit(bytes, [...bytes.keys()]), whole));

  Deno.test(`end() throws NotWavError when ${name} is truncated anywhere`, () => {
    for (let end = 0; end < bytes.length; end++) {
      const cut = bytes.subarray(0, end);
      assertThrows(cut, NOT_WAV, end ? /end of file/ : /empty file/, end);
    }
  });

  Deno.test(`skip() leads to the same header for ${name}`, () => {
    for (let block = 1; block <= 64; block++) {
      assert.deepEqual(readSeeking(bytes, block), whole);
    }
  });
}

Deno.test("push() returns the same header when a random file is split at random", () => {
  const piece = fc.oneof(
    fc.constantFrom(fmt(), other, data(10), data(0), data(MAX), ds64(9, 9)),
    fc.tuple(
      fc.constantFrom("LIST", "JUNK", "fmt ", "abcd"),
      fc.array(fc.nat(255), { maxLength: 50 }),
      fc.boolean(),
    ).map(([id, body, pad]) => (pad ? chunk : unpadded)(id, body)),
  );
  const file = fc.tuple(
    fc.array(piece, { maxLength: 6 }),
    fc.constantFrom("RIFF", "RF64"),
  )
    .map(([chunks, kind]) => riff(chunks, MAX, kind));
  fc.assert(
    fc.property(
      file,
      fc.array(fc.nat(400)),
      fc.integer({ min: 1, max: 64 }),
      (bytes, cuts, block) => {
        const whole = outcome(() => read(bytes));
        assert.deepEqual(outcome(() => readSplit(bytes, cuts)), whole);
        assert.deepEqual(
          outcome(() => readSeeking(bytes, block)),
          whole,
        );
      },
    ),
  );
});

Deno.test("push() throws only its two errors when bytes are mutated", () => {
  const interesting = [0, 1, 0x7F, 0x80, 0xFE, 0xFF];
  const mutation = fc.tuple(
    fc.nat(500),
    fc.oneof(fc.constantFrom(...interesting), fc.nat(255)),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(SHAPES)),
      fc.array(mutation, { minLength: 1, maxLength: 8 }),
      (shape, mutations) => {
        const bytes = shape.slice();
        for (const [at, byte] of mutations) bytes[at % bytes.length] = byte;
        outcome(() => {
          const header = read(bytes);
          assert.ok(header.dataOffset <= bytes.length);
          const { dataBytes } = songFormat(header, bytes.length);
          assert.ok(dataBytes! <= bytes.length - header.dataOffset);
          return header;
        });
      },
    ),
    { numRuns: 20_000 },
  );
});

Deno.test("push() throws only its two errors when bytes are random", () => {
  const tail = fc.uint8Array({ maxLength: 200 });
  fc.assert(fc.property(tail, fc.boolean(), (bytes, headed) => {
    outcome(() => read(headed ? Uint8Array.of(...HEAD, ...bytes) : bytes));
  }));
});

const CUTS: [dataBytes: number | null, fileBytes: number, expected: number][] =
  [
    [400, 444, 400],
    [400, 1000, 400],
    [400, 443, 396],
    [399, 1000, 396],
    [null, 447, 400],
    [400, 44, 0],
    [400, 10, 0],
    [0, 1000, 0],
  ];

for (const [dataBytes, fileBytes, expected] of CUTS) {
  Deno.test(`songFormat() gives ${expected} bytes when ${dataBytes} are claimed in ${fileBytes}`, () =>
    assert.deepEqual(
      songFormat({ format: CD, dataOffset: 44, dataBytes }, fileBytes),
      { ...CD, dataOffset: 44, dataBytes: expected },
    ));
}
