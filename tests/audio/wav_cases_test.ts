import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import { CONTAINER_BITS, type SongFormat } from "../../lib/audio/format.ts";
import { songFormat, WavHeaderReader } from "../../lib/audio/wav.ts";
import { data, fmt, riff } from "./fixtures/riff.ts";
import { WAV_CASES } from "./fixtures/wav_cases.ts";
import { WAV_FMT_CASES } from "./fixtures/wav_fmt_cases.ts";

/** Reads a file in small blocks, and skips where possible. */
function read(file: Uint8Array): SongFormat {
  const reader = new WavHeaderReader(file.length);
  while (reader.position < file.length) {
    const at = reader.position;
    reader.skip(Math.min(reader.skippable, file.length - at));
    if (reader.position > at) continue;
    const header = reader.push(file.subarray(at, at + 7));
    if (header) return songFormat(header, file.length);
  }
  return reader.end();
}

for (const { name, file, plays, refused } of [...WAV_CASES, ...WAV_FMT_CASES]) {
  if (plays) {
    Deno.test(`the PCM is found to the byte in a WAV with ${name}`, () => {
      const { pcm, ...fields } = plays;
      const { dataOffset, dataBytes, ...format } = read(file);
      const found = file.subarray(dataOffset, dataOffset + dataBytes!);
      assert.deepEqual([...found], pcm);
      const cd = { encoding: "s16le", rate: 44100, channels: 2 } as const;
      const bits = CONTAINER_BITS[fields.encoding ?? cd.encoding];
      assert.deepEqual(format, { ...cd, bits, ...fields });
    });
  }
  if (refused) {
    Deno.test(`a file that is ${name} is refused with its kind`, () =>
      assert.throws(() => read(file), (error) => {
        assert.ok(error instanceof OndacastError);
        assert.match(error.message, refused);
        return true;
      }));
  }
}

const GIB5 = 5 * 2 ** 30;
const HUGE: [name: string, riff: number, data: number, tail: number][] = [
  ["wrapped", GIB5 + 36, GIB5, 0],
  ["wrapped, with a chunk at the end", GIB5 + 36 + 12, GIB5, 12],
  ["wrapped, with a tag beyond the announced end", GIB5 + 36, GIB5, 128],
  ["clamped", 0xFFFFFFFF, 0xFFFFFFFF - 36, 0],
  ["of 31 bits", 0x7FFFFFFF, 0x7FFFFFFF - 36, 0],
  ["left at 0", 0, 0, 0],
  ["wrapped to 100 bytes", 2 ** 33 + 100 + 36, 2 ** 33 + 100, 0],
];

for (const [name, riffBytes, dataBytes, tail] of HUGE) {
  Deno.test(`a file beyond 4 GiB has its true length when its sizes are ${name}`, () => {
    const real = Math.max(GIB5, dataBytes);
    const fileBytes = 44 + real + tail;
    const reader = new WavHeaderReader(fileBytes);
    const head = riff([fmt(), data(dataBytes % 2 ** 32)], riffBytes % 2 ** 32);
    const { dataBytes: pcm } = songFormat(reader.push(head)!, fileBytes);
    assert.equal(pcm, real);
  });
}

Deno.test("PCM beyond 4 GiB before its format is found when the sizes wrapped", () => {
  const fileBytes = 44 + GIB5;
  const reader = new WavHeaderReader(fileBytes);
  const [data32, format] = [data(GIB5 % 2 ** 32), fmt()];
  assert.equal(reader.push(riff([data32], (GIB5 + 36) % 2 ** 32)), null);
  assert.equal(reader.skippable, GIB5);
  reader.skip(GIB5);
  const header = reader.push(Uint8Array.from(format))!;
  const { dataOffset, dataBytes } = songFormat(header, fileBytes);
  assert.deepEqual([dataOffset, dataBytes], [20, GIB5]);
});

Deno.test("PCM has its announced size in a longer file whose sizes did not wrap", () => {
  const reader = new WavHeaderReader(GIB5);
  const header = reader.push(riff([fmt(), data(400)], 436))!;
  assert.equal(songFormat(header, GIB5).dataBytes, 400);
});
