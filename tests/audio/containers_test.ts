import assert from "node:assert/strict";
import { type FileBytes, HEAD_BYTES } from "../../lib/audio/container.ts";
import { inspectFile } from "../../lib/audio/containers.ts";
import { kindByHead } from "../../lib/audio/file_heads.ts";
import { SONG_ENDINGS } from "../../lib/audio/file_kinds.ts";
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

Deno.test("SONG_ENDINGS has each ending once, in lower case", () => {
  assert.equal(new Set(SONG_ENDINGS).size, SONG_ENDINGS.length);
  for (const ending of SONG_ENDINGS) assert.match(ending, /^\.[a-z0-9]+$/);
});

for (
  const [begin, name] of [
    ["RIFF\x10\0\0\0WAVEfmt ", "WAV"],
    ["RF64\xff\xff\xff\xffWAVEds64", "WAV"],
    ["BW64\xff\xff\xff\xffWAVEds64", "WAV"],
    ["fLaC\0\0\0\x22", "FLAC"],
    ["ID3\x04\0\0\0\0\0\0", "MP3"],
    ["\xff\xfb\x90\x64", "MP3"],
    ["\xff\xfd\x90\x64", "MP3"],
    ["\xff\xe3\x90\x64", "MP3"],
    ["\xff\xf1\x50\x80", "AAC"],
    ["\xff\xf9\x50\x80", "AAC"],
    ["OggS\0\x02", "Ogg"],
    ["\0\0\0\x1cftypM4A ", "MP4"],
    ["FORM\0\0\x10\0AIFFCOMM", "AIFF"],
    ["FORM\0\0\x10\0AIFCFVER", "AIFF"],
    ["caff\0\x01", "CAF"],
    ["\x1aE\xdf\xa3", "Matroska"],
    ["\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "WMA"],
    ["MAC \x96\x0f", "Monkey's Audio"],
    ["wvpk\x10\0\0\0", "WavPack"],
    ["riff\x2e\x91\xcf\x11\xa5\xd6", "Wave64"],
    ["RIFF\x10\0\0\0AVI LIST", undefined],
    ["RIFX\0\0\0\x10WAVEfmt ", undefined],
    ["RIFF\x10\0\0\0WAV", undefined],
    ["FORM\0\0\x10\x008SVXVHDR", undefined],
    ["\xff", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`kindByHead() recognizes ${name ?? "no format"} by ${JSON.stringify(begin)}`, () => {
    const head = Uint8Array.from(begin, (char) => char.charCodeAt(0));
    assert.equal(kindByHead(head), name);
  });
}

Deno.test("inspectFile() leaves other formats to decoders, by content or else by ending", async () => {
  const cases: [file: number[], name: string][] = [
    [[...latin1("fLaC"), ...noise(100)], "a.wav"],
    [[...id3(5000), ...latin1("fLaC")], "a.wav"],
    [[...id3(5000), ...noise(100)], "a"],
    [[...noise(6000)], "junk in front.MP3"],
    [[...noise(6000)], "junk"],
  ];
  for (const [bytes, name] of cases) {
    const file = new MemoryFile(Uint8Array.from(bytes));
    assert.equal(await inspectFile(file, name), null);
  }
  const junk = new MemoryFile(noise(6000));
  await assert.rejects(inspectFile(junk, "junk.wav"), { code: "not-wav" });
});

Deno.test("inspectFile() finds the PCM in any layout", async () => {
  const pcm = [...noise(100_000)];
  const cases: [file: Iterable<number>, dataOffset: number][] = [
    [riff([fmt(), chunk("data", pcm)]), 44],
    [riff([chunk("data", pcm), fmt()]), 20],
    [[...id3(5000), ...riff([fmt(), chunk("data", pcm)])], 5010 + 44],
    [[...id3(5000, true), ...riff([fmt(), chunk("data", pcm)])], 5020 + 44],
    [
      [...id3(50), ...id3(60), ...riff([fmt(), chunk("data", pcm)])],
      60 + 70 + 44,
    ],
    [
      riff([chunk("junk", Array(70_000).fill(0)), fmt(), chunk("data", pcm)]),
      70_052,
    ],
  ];
  for (const [bytes, dataOffset] of cases) {
    const file = new MemoryFile(Uint8Array.from(bytes));
    const content = await inspectFile(file, "a.flac");
    assert.ok(content);
    assert.equal(content.format.dataOffset, dataOffset);
    assert.equal(content.format.dataBytes, 100_000);
    assert.equal(content.bytes, file.bytes);
  }
});

Deno.test("inspectFile() reads only the header and the first 64 KiB of PCM of a large file", async () => {
  const file = new MemoryFile(wavFile(CD, noise(1_000_000)));
  await inspectFile(file);
  assert.equal(file.readBytes, HEAD_BYTES + 64 * 1024);
});

Deno.test("inspectFile() describes a truncated file", async () => {
  const wav = Uint8Array.from(riff([fmt(), chunk("data", [1, 2, 3, 4])]));
  for (let length = 0; length < 44; length++) {
    const file = new MemoryFile(wav.subarray(0, length));
    await assert.rejects(inspectFile(file, "a.wav"), { code: "not-wav" });
  }
});

function latin1(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}
