import assert from "node:assert/strict";
import { AbandonedError, OndacastError } from "../../lib/errors.ts";
import type { OpenSong } from "../../lib/ports/server.ts";
import { PAGE_MEMORY_BYTES } from "../../lib/server/song_layouts.ts";
import { type Loan, SongPages } from "../../lib/server/song_pages.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { settle } from "../support/fake_clock.ts";
import fc from "../support/fast_check.ts";
import {
  CD,
  MemorySongs,
  noise,
  PHONE,
  wavFile,
} from "../support/memory_songs.ts";

const MIB = 1 << 20;
/** Bytes of a song in a page, with blocks of 8192 bytes. */
const PAGE = 127 * 8192;
const CHANGED = new OndacastError("changed", "Cannot read");

/** A song, and pages for it. */
async function setUp(
  options: { bytes?: number; block?: number; pages?: number } = {},
) {
  const { bytes = 5 * MIB, block = 8192, pages: count = 8 } = options;
  const songs = new MemorySongs();
  const file = wavFile(PHONE, noise(bytes - 44));
  const song = await songs.open(songs.add("a.wav", file));
  const pages = new SongPages({ bytes: block }, count * PAGE_MEMORY_BYTES);
  return { songs, file, song, pages };
}

async function bytesOf(
  pages: SongPages,
  song: OpenSong,
  offset: number,
  bytes: number,
): Promise<Uint8Array> {
  const into = new Uint8Array(bytes);
  await pages.read(song, into, offset);
  return into;
}

Deno.test("read() gives every part of a song to the byte, whatever its blocks", async () => {
  for (const block of [512, 1000, 8192, 100_000, 600_000, MIB]) {
    const { file, song, pages } = await setUp({ bytes: 3 * MIB + 7, block });
    const parts = fc.tuple(fc.nat(file.length - 1), fc.nat(2 * MIB));
    await fc.assert(
      fc.asyncProperty(parts, async ([offset, most]) => {
        const expected = file.slice(offset, offset + most);
        const { length } = expected;
        assertBytes(await bytesOf(pages, song, offset, length), expected);
        assert.equal(pages.read(song, new Uint8Array(length), offset), null);
      }),
      { numRuns: 10 },
    );
  }
});

Deno.test("load() brings bytes into memory, so that nothing is waited for after it", async () => {
  const { songs, song, pages } = await setUp();
  await pages.load(song, PAGE - 1000, 200_000);
  songs.reads.length = 0;
  assert.equal(pages.load(song, PAGE - 1000, 200_000), null);
  assert.equal(pages.read(song, new Uint8Array(200_000), PAGE - 1000), null);
  assert.deepEqual(songs.reads, []);
});

Deno.test("a small request reads whole blocks, a large one the rest of its page", async () => {
  const { songs, song, pages } = await setUp();
  await bytesOf(pages, song, 100, 10);
  await pages.load(song, 16_384, 20_000);
  await pages.load(song, 65_536, 300_000);
  assert.deepEqual(songs.reads.map(({ offset, bytes }) => [offset, bytes]), [
    [0, 16_384],
    [16_384, 24_576],
    [40_960, PAGE - 40_960],
  ]);
});

Deno.test("no byte is read twice, whoever wants which part at the same time", async () => {
  const { songs, file, song } = await setUp({ bytes: 2 * MIB });
  const wants = fc.array(fc.tuple(fc.nat(MIB), fc.nat(MIB - 1)), {
    minLength: 1,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(wants, async (wants) => {
      songs.reads.length = 0;
      const pages = new SongPages({ bytes: 8192 }, 4 * PAGE_MEMORY_BYTES);
      await Promise.all(wants.map(async ([offset, bytes]) => {
        const got = await bytesOf(pages, song, offset, bytes);
        assertBytes(got, file.slice(offset, offset + bytes));
      }));
      const read = new Uint8Array(file.length);
      for (const { offset, bytes } of songs.reads) {
        const part = read.subarray(offset, offset + bytes);
        assert.ok(part.every((times) => times === 0));
        part.fill(1);
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("nothing before the wanted part of a page is read until it is wanted", async () => {
  const { songs, file, song, pages } = await setUp();
  const parts = [[900_000, 65_536], [500_000, 10], [990_000, 20], [0, 10]];
  for (const [offset, bytes] of parts) {
    assertBytes(
      await bytesOf(pages, song, offset, bytes),
      file.slice(offset, offset + bytes),
    );
  }
  assert.deepEqual(songs.reads.map(({ offset, bytes }) => [offset, bytes]), [
    [892_928, 73_728],
    [499_712, 393_216],
    [966_656, 24_576],
    [0, 499_712],
  ]);
});

Deno.test("a page has one read at a time, which all its readers wait for", async () => {
  const { songs, song, pages } = await setUp();
  const release = songs.holdReads();
  const waiting = Array.from(
    { length: 1000 },
    () => pages.load(song, 8192, 65_536),
  );
  await settle();
  assert.equal(songs.reads.length, 1);
  release();
  await Promise.all(waiting);
  assert.equal(songs.reads.length, 1);
});

Deno.test("a reader goes on with a page whose first reader has left", async () => {
  const { file, song, pages } = await setUp();
  const begun = Promise.withResolvers<void>();
  const leaving = { ...song, read: () => begun.promise };
  const left = bytesOf(pages, leaving, 0, 1000);
  const stays = bytesOf(pages, song, 0, 1000);
  begun.reject(new AbandonedError());
  await assert.rejects(left, { name: "AbandonedError" });
  assertBytes(await stays, file.slice(0, 1000));
});

Deno.test("a reader that waits for the read of another one hurries it", async () => {
  const { songs, song, pages } = await setUp();
  const release = songs.holdReads();
  const hurried: number[][] = [];
  const newcomer: OpenSong = {
    ...song,
    hurry: (...range) => void hurried.push(range),
  };
  const reads = [
    pages.load(song, PAGE + 16_384, 65_536),
    pages.load(newcomer, PAGE + 20_000, 1_000),
  ];
  const [from, to] = [PAGE + 16_384, PAGE + 16_384 + 65_536];
  assert.deepEqual(hurried, [[from, to, from]]);
  release();
  await Promise.all(reads);
  assert.equal(hurried.length, 1);
});

Deno.test("a reader elsewhere in the page of a decoded song waits for no other", async () => {
  const { songs, file, song, pages } = await setUp();
  const parts: OpenSong = {
    ...song,
    partEnd: (offset) => offset - offset % 65_536 + 65_536,
  };
  const release = songs.holdReads();
  const waits = bytesOf(pages, parts, 500_000, 1_000);
  release();
  const unheld = songs.reads.length;
  const never = { ...parts, read: () => new Promise<void>(() => {}) };
  void bytesOf(pages, never, 1_500_000, 1_000);
  for (const offset of [1_200_000, 1_700_000]) {
    await pages.load(parts, offset, 1_000);
    assertBytes(
      await bytesOf(pages, parts, offset, 1_000),
      file.slice(offset, offset + 1_000),
    );
  }
  assertBytes(await waits, file.slice(500_000, 501_000));
  assert.equal(unheld, 1);
});

Deno.test("a song whose reads take long holds up no reader of another", async () => {
  const { songs, song, pages } = await setUp({ pages: 2 });
  const quick = wavFile(CD, noise(100_000));
  const other = await songs.open(songs.add("b.wav", quick));
  await bytesOf(pages, other, 0, 100_000);
  const release = songs.holdReads("a.wav");
  const slow = [pages.load(song, 0, 10), pages.load(song, PAGE, 10)];
  assertBytes(await bytesOf(pages, other, 0, 100_000), quick.slice(0, 100_000));
  release();
  await Promise.all(slow);
});

Deno.test("memory stays within the budget, whatever readers and borrowers do", async () => {
  const { songs, file, song, pages } = await setUp({
    bytes: 12 * MIB,
    pages: 4,
  });
  const memories = new Set<ArrayBufferLike>();
  const { read } = song;
  song.read = (into, offset) => {
    if (into.buffer.byteLength === PAGE_MEMORY_BYTES) memories.add(into.buffer);
    return read(into, offset);
  };
  const steps = fc.array(
    fc.record({
      page: fc.nat(10),
      act: fc.constantFrom("read", "load", "lend", "release", "fail", "hold"),
      bytes: fc.integer({ min: 1, max: PAGE }),
    }),
    { minLength: 20, maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const loans: Loan[] = [];
      const waits: Promise<void>[] = [];
      let release = () => {};
      const finish = (work: Promise<unknown> | null) =>
        waits.push(
          Promise.resolve(work).then(() => {}, (error) => {
            assert.equal(error, CHANGED);
          }),
        );
      for (const { page, act, bytes } of steps) {
        const offset = page * PAGE;
        if (act === "fail") songs.failRead(CHANGED);
        if (act === "release") loans.pop()?.release();
        if (act === "load") finish(pages.load(song, offset, bytes));
        if (act === "read") {
          finish(
            bytesOf(pages, song, offset, bytes).then((got) => {
              assertBytes(got, file.slice(offset, offset + bytes));
            }),
          );
        }
        if (act === "lend") {
          const loan = pages.lend(song, offset, bytes);
          if (loan !== null) loans.push(loan);
        }
        if (act === "hold") {
          release();
          release = songs.holdReads();
        }
        if (bytes % 3 === 0) await settle();
      }
      release();
      await Promise.all(waits);
      for (const loan of loans) loan.release();
    }),
    { numRuns: 40 },
  );
  assert.ok(memories.size <= 4, `${memories.size} pages`);
});

Deno.test("forget() has the pages of one content read again", async () => {
  const { songs, file, song, pages } = await setUp();
  const other = await songs.open(songs.add("b.wav", wavFile(PHONE, noise(90))));
  await bytesOf(pages, song, 0, 2 * MIB);
  await bytesOf(pages, other, 0, 90);
  songs.reads.length = 0;
  pages.forget(song.entry.etag);
  assertBytes(
    await bytesOf(pages, song, 0, 2 * MIB),
    file.subarray(0, 2 * MIB),
  );
  const again = songs.reads.length;
  assert.ok(again > 0);
  await bytesOf(pages, other, 0, 90);
  assert.equal(songs.reads.length, again);
});
