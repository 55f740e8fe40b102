import assert from "node:assert/strict";
import {
  containerByHead,
  CONTAINERS,
  type FileBytes,
  HEAD_BYTES,
  inspectFile,
  SONG_ENDINGS,
} from "../../lib/audio/containers.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { chunk, fmt, id3, riff } from "./fixtures/riff.ts";

/** A file in memory that counts the bytes read from it. */
class MemoryFile implements FileBytes {
  readonly #file: Uint8Array;
  readBytes = 0;

  constructor(file: Uint8Array) {
    this.#file = file;
  }

  get bytes(): number {
    return this.#file.length;
  }

  read(into: Uint8Array, offsetBytes: number): Promise<number> {
    const piece = this.#file.subarray(offsetBytes, offsetBytes + into.length);
    into.set(piece);
    this.readBytes += piece.length;
    return Promise.resolve(piece.length);
  }
}

Deno.test("CONTAINERS has each ending once, in lower case", () => {
  assert.equal(new Set(SONG_ENDINGS).size, SONG_ENDINGS.length);
  for (const ending of SONG_ENDINGS) assert.match(ending, /^\.[a-z0-9]+$/);
});

for (
  const [begin, is] of [
    ["RIFF\x10\0\0\0WAVEfmt ", true],
    ["RF64\xff\xff\xff\xffWAVEds64", true],
    ["BW64\xff\xff\xff\xffWAVEds64", true],
    ["RIFF\x10\0\0\0AVI LIST", false],
    ["RIFX\0\0\0\x10WAVEfmt ", false],
    ["RIFF\x10\0\0\0WAV", false],
    ["fLaC\0\0\0\x22", false],
    ["", false],
  ] as const
) {
  Deno.test(`sniff() of WAV says ${is} to ${JSON.stringify(begin)}`, () => {
    const head = Uint8Array.from(begin, (char) => char.charCodeAt(0));
    const [wav] = CONTAINERS;
    assert.equal(wav.sniff(head), is);
    assert.equal(containerByHead(head), wav); // also where it knows no better
  });
}

Deno.test("inspectFile() finds the PCM of files that lay it out differently", async () => {
  const pcm = [...noise(100_000)];
  const cases: [file: Iterable<number>, dataOffset: number][] = [
    [riff([fmt(), chunk("data", pcm)]), 44],
    [riff([chunk("data", pcm), fmt()]), 20],
    [[...id3(5000), ...riff([fmt(), chunk("data", pcm)])], 5010 + 44],
    [
      riff([chunk("junk", Array(70_000).fill(0)), fmt(), chunk("data", pcm)]),
      70_052,
    ],
  ];
  for (const [bytes, dataOffset] of cases) {
    const file = new MemoryFile(Uint8Array.from(bytes));
    const content = await inspectFile(file);
    assert.equal(content.format.dataOffset, dataOffset);
    assert.equal(content.format.dataBytes, 100_000);
    assert.equal(content.bytes, file.bytes);
  }
});

Deno.test("inspectFile() reads no more of a large file than its header and a look at its PCM", async () => {
  const file = new MemoryFile(wavFile(CD, noise(1_000_000)));
  await inspectFile(file);
  assert.equal(file.readBytes, HEAD_BYTES + 64 * 1024);
});

Deno.test("inspectFile() says what a file that ends early is", async () => {
  const wav = Uint8Array.from(riff([fmt(), chunk("data", [1, 2, 3, 4])]));
  for (let length = 0; length < 44; length++) {
    const file = new MemoryFile(wav.subarray(0, length));
    await assert.rejects(inspectFile(file), { code: "not-wav" });
  }
});

Deno.test("open() of WAV gives the file byte for byte, wherever it is read", async () => {
  const wav = wavFile(CD, noise(20_000));
  const file = new MemoryFile(wav);
  const read = CONTAINERS[0].open(file, await inspectFile(file));
  for (
    const [offset, length] of [[0, 44], [1, 4095], [44, 20_000], [20_043, 1]]
  ) {
    const into = new Uint8Array(length);
    await read(into, offset);
    assert.deepEqual(into, wav.subarray(offset, offset + length));
  }
  await assert.rejects(read(new Uint8Array(2), 20_043), RangeError);
});
