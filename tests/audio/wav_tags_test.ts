import assert from "node:assert/strict";
import { songFormat, WavHeaderReader } from "../../lib/audio/wav.ts";
import { readTags } from "../../lib/model/tags.ts";
import { readWavTags } from "../../lib/audio/wav_tags.ts";
import fc from "../support/fast_check.ts";
import { ascii, chunk, data, fmt, le, riff } from "./fixtures/riff.ts";

const PCM = Array(400).fill(1);
const UTF8 = (text: string) => [...new TextEncoder().encode(text)];

function info(...texts: [id: string, text: number[]][]): number[] {
  return chunk("LIST", [
    ...ascii("INFO"),
    ...texts.flatMap(([id, text]) => chunk(id, [...text, 0])),
  ]);
}

/** An ID3v2 tag of frames. */
function tag(version: number, frames: number[][], flags = 0): number[] {
  const body = [...frames.flat(), ...Array(20).fill(0)];
  return [...ascii("ID3"), version, 0, flags, ...safe(body.length), ...body];
}

function safe(size: number): number[] {
  return [21, 14, 7, 0].map((shift) => size >> shift & 127);
}

function frame(
  version: number,
  id: string,
  body: number[],
  flags = 0,
): number[] {
  const size = le(4, body.length).reverse();
  if (version === 2) return [...ascii(id), ...size.slice(1), ...body];
  const bytes = version === 4 ? safe(body.length) : size;
  return [...ascii(id), ...bytes, 0, flags, ...body];
}

function utf16(text: string, big = false): number[] {
  const units = Array.from(text, (char) => char.charCodeAt(0));
  return [0xFEFF, ...units].flatMap((unit) =>
    big ? [unit >> 8, unit & 255] : [unit & 255, unit >> 8]
  );
}

async function tagsOf(bytes: Uint8Array) {
  const reads: number[] = [];
  const header = new WavHeaderReader(bytes.length).push(bytes);
  assert.ok(header);
  const found = await readWavTags({
    bytes: bytes.length,
    read: (into, at) => {
      reads.push(at);
      const piece = bytes.subarray(at, at + into.length);
      into.set(piece);
      return Promise.resolve(piece.length);
    },
  }, songFormat(header, bytes.length));
  return { ...found, reads };
}

Deno.test("readWavTags() reads a LIST chunk before or after the PCM", async () => {
  const list = info(["INAM", UTF8("Für Élise")], ["IART", [0x42, 0xE9]]);
  const pairs = [["INAM", "Für Élise"], ["IART", "Bé"]];
  const before = riff([fmt(), list, chunk("data", PCM)]);
  const behind = riff([fmt(), chunk("data", PCM.slice(1)), list]);
  assert.deepEqual((await tagsOf(before)).pairs, pairs);
  assert.deepEqual((await tagsOf(behind)).pairs, pairs);
});

Deno.test("readWavTags() finds a LIST chunk after 100 kB of PCM with two reads", async () => {
  const list = info(["INAM", UTF8("x")]);
  const file = riff([fmt(), chunk("data", Array(100_000).fill(0)), list]);
  const { pairs, reads } = await tagsOf(file);
  assert.deepEqual(pairs, [["INAM", "x"]]);
  assert.equal(reads.length, 2);
});

Deno.test("readWavTags() reads all tags in front of a WAV, and those behind them", async () => {
  const list = info(["IART", UTF8("z")]);
  const file = Uint8Array.from([
    ...tag(3, [frame(3, "TIT2", [3, ...UTF8("x")])]),
    ...tag(3, [frame(3, "TALB", [3, ...UTF8("y")])]),
    ...riff([fmt(), list, chunk("data", PCM)]),
  ]);
  const { pairs } = await tagsOf(file);
  assert.deepEqual(pairs, [["TIT2", "x"], ["TALB", "y"], ["IART", "z"]]);
});

/** The begin of a JPEG, and frames of ID3 that end with it. */
const JPEG = [0xFF, 0xD8, 0xFF];
const APIC = [0, ...ascii("image/jpeg\0"), 3, ...ascii("front\0"), ...JPEG];
const WIDE_APIC = [
  ...[1, ...ascii("image/jpeg\0"), 3],
  ...[0xFF, 0xFE, 0, 1, 0, 0, ...JPEG],
];

for (
  const [what, picture] of [["GIF", ascii("GIF89a")], [
    "SVG",
    ascii("<svg/>"),
  ]] as const
) {
  Deno.test(`readWavTags() finds no picture in a ${what}`, async () => {
    const start = APIC.slice(0, -JPEG.length);
    const frames = [frame(3, "APIC", [...start, ...picture])];
    const file = riff([
      fmt(),
      chunk("data", PCM),
      chunk("id3 ", tag(3, frames)),
    ]);
    assert.equal((await tagsOf(file)).art, null);
  });
}

Deno.test("readWavTags() reads ID3 of each version and encoding", async () => {
  const table: [version: number, frames: number[][], flags: number][] = [
    [2, [
      frame(2, "TT2", [0, ...UTF8("é")]),
      frame(2, "PIC", [0, ...ascii("JPG"), 3, 0, ...JPEG]),
    ], 0],
    [
      3,
      [frame(3, "TIT2", [1, ...utf16("é")]), frame(3, "APIC", APIC)],
      0,
    ],
    [4, [frame(4, "TIT2", [3, ...UTF8("é")]), frame(4, "APIC", WIDE_APIC)], 0],
    [4, [
      frame(4, "TIT2", [1, ...utf16("é", true)]),
      frame(4, "APIC", WIDE_APIC),
    ], 0],
    [
      4,
      [
        frame(4, "TIT2", [0, 0, 0, 3, 3, ...UTF8("é")], 1),
        frame(4, "APIC", WIDE_APIC),
      ],
      0,
    ],
    [3, [frame(3, "TIT2", [0, 0xE9]), frame(3, "APIC", APIC)], 0],
    [
      3,
      [frame(3, "TIT2", [1, 0xFF, 0, 0xFE, 0xE9, 0]), frame(3, "APIC", APIC)],
      0x80,
    ],
  ];
  for (const [version, frames, flags] of table) {
    const file = riff([
      fmt(),
      chunk("data", PCM),
      chunk("id3 ", tag(version, frames, flags)),
    ]);
    const { pairs, art } = await tagsOf(file);
    assert.deepEqual(readTags(pairs), { title: "é" }, `${version} ${flags}`);
    const picture = art && file.slice(art.offset, art.offset + art.bytes);
    // One that is not stored as it is, is left out.
    assert.deepEqual(picture, flags === 0 ? Uint8Array.from(JPEG) : null);
  }
});

Deno.test("readWavTags() reads user-defined texts by their keys, and skips a large picture", async () => {
  const user = frame(3, "TXXX", [0, ...ascii("REPLAYGAIN_TRACK_GAIN\0-3 dB")]);
  const picture = frame(3, "APIC", [
    ...APIC,
    ...Array(200_000).fill(7),
  ]);
  const title = frame(3, "TIT2", [0, ...ascii("x")]);
  const file = riff([
    fmt(),
    chunk("data", PCM),
    chunk("id3 ", tag(3, [user, picture, title])),
  ]);
  const { pairs, art, reads } = await tagsOf(file);
  assert.deepEqual(pairs, [
    ["TXXX:REPLAYGAIN_TRACK_GAIN", "-3 dB"],
    ["TIT2", "x"],
  ]);
  assert.equal(art?.bytes, 200_000 + JPEG.length);
  assert.ok(reads.length <= 4);
});

Deno.test("readWavTags() reads an ID3 tag before the RIFF header", async () => {
  const file = riff([fmt(), chunk("data", PCM)]);
  const front = tag(3, [frame(3, "TIT2", [0, ...ascii("front")])]);
  const { pairs } = await tagsOf(Uint8Array.from([...front, ...file]));
  assert.deepEqual(pairs, [["TIT2", "front"]]);
});

Deno.test("readWavTags() returns no tags for an untagged file", async () => {
  for (
    const file of [riff([fmt(), chunk("data", PCM)]), riff([fmt(), data(9)])]
  ) {
    assert.deepEqual((await tagsOf(file)).pairs, []);
  }
});

Deno.test("readWavTags() never throws, and reads a bounded number of bytes of any file", async () => {
  const whole = [
    ...info(["INAM", UTF8("a")], ["IART", UTF8("b")]),
    ...chunk("id3 ", tag(4, [frame(4, "TIT2", [1, ...utf16("c")])])),
  ];
  await fc.assert(fc.asyncProperty(
    fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
    fc.nat(whole.length),
    async (changes, length) => {
      const bytes = [...whole];
      for (const [at, byte] of changes) bytes[at] = byte;
      const file = riff([fmt(), chunk("data", PCM), bytes.slice(0, length)]);
      const { pairs, reads } = await tagsOf(file);
      assert.ok(pairs.length <= 512 && reads.length <= 17);
    },
  ));
});

Deno.test("readWavTags() stops after a bounded number of chunks", async () => {
  const chunks = Array.from(
    { length: 1000 },
    () => chunk("junk", Array(20_000).fill(0)),
  );
  const { reads } = await tagsOf(riff([fmt(), chunk("data", PCM), ...chunks]));
  assert.ok(reads.length <= 17, `${reads.length}`);
});
