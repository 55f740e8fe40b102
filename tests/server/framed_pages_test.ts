import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import type { OpenSong } from "../../lib/ports/server.ts";
import { FramedPages } from "../../lib/server/framed_pages.ts";
import type { FramesLease } from "../../lib/server/lease.ts";
import { PageGrid } from "../../lib/server/page_grid.ts";
import { framedBytes, frameInPlace } from "../../lib/wire/batch.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { settle } from "../support/fake_clock.ts";
import fc from "../support/fast_check.ts";
import { MemorySongs, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { concat, dataPayloads } from "../support/raw_peer.ts";

const MIB = 1 << 20;

/** A song of so many bytes and pages for it. */
async function setUp(
  options: { bytes?: number; block?: number; pages?: number } = {},
) {
  const { bytes = 5 * MIB, block = 8192, pages: count = 8 } = options;
  const songs = new MemorySongs();
  const file = wavFile(PHONE, noise(bytes - 44));
  const entry = songs.add("a.wav", file);
  const song = await songs.open(entry);
  const pages = new FramedPages({
    blockBytes: block,
    budgetBytes: count * new PageGrid(block).mostBytes,
  });
  return { songs, file, song, pages };
}

/** What was lent, given back. */
function taken(lease: FramesLease): { sizes: number[]; payload: Uint8Array } {
  const payloads = dataPayloads(lease.bytes);
  lease.release();
  const payload = concat(payloads);
  assert.equal(payload.length, lease.payloadBytes);
  return { sizes: payloads.map(({ length }) => length), payload };
}

async function framesOf(
  pages: FramedPages,
  song: OpenSong,
  offset: number,
  room: number,
) {
  return taken(await pages.frames(song, offset, room));
}

Deno.test("frames() gives whole blocks, and one short frame for the odd room, when the offset is on the grid", async () => {
  const { file, song, pages } = await setUp({ bytes: 50_000 });
  const table: [offset: number, room: number, sizes: number[]][] = [
    [0, 20_000, [8192, 8192, 3616]],
    [8192, 8192, [8192]],
    [8192, 16_383, [8192, 8191]],
    [16_384, 30_000, [8192, 8192, 8192, 5424]],
    [40_960, 99_999, [8192, 848]], // the file's end
    [49_152, 848, [848]],
  ];
  for (const [offset, room, sizes] of table) {
    const { sizes: got, payload } = await framesOf(pages, song, offset, room);
    assert.deepEqual(got, sizes, `${offset} ${room}`);
    assertBytes(payload, file.slice(offset, offset + payload.length));
  }
});

Deno.test("frames() begins with a short frame up to the grid when the offset is off it", async () => {
  const { file, song, pages } = await setUp({ bytes: 50_000 });
  const table: [offset: number, room: number, sizes: number[]][] = [
    [44, 99_999, [8148, 8192, 8192, 8192, 8192, 8192, 848]],
    [8191, 16_000, [1, 8192, 7807]],
    [8193, 100, [100]],
    [49_999, 99_999, [1]],
    [49_153, 99_999, [847]],
  ];
  for (const [offset, room, expected] of table) {
    const { sizes, payload } = await framesOf(pages, song, offset, room);
    assert.deepEqual(sizes, expected, `${offset} ${room}`);
    assertBytes(payload, file.slice(offset, offset + payload.length));
  }
});

Deno.test("frames() gathers a usual grant over the end of a page", async () => {
  const { file, song, pages } = await setUp();
  const from = MIB - 100_044;
  const { sizes, payload } = await framesOf(pages, song, from, 176_400);
  assert.equal(payload.length, 176_400);
  assert.ok(sizes.slice(1, -1).every((size) => size === 8192), `${sizes}`);
  assertBytes(payload, file.slice(from, from + 176_400));
});

Deno.test("frames() gives one part after the other when more is asked for than a usual grant", async () => {
  const { song, pages } = await setUp();
  const { sizes } = await framesOf(pages, song, 44, 256 * 1024 + 1);
  assert.deepEqual(sizes, [8148]);
});

Deno.test("frames() gathers nothing when slow peers hold all that it gathers in", async () => {
  const { song, pages } = await setUp();
  const lent: FramesLease[] = [];
  while (lent.length < 17) lent.push(await pages.frames(song, 44, 20_000));
  assert.equal(new Set(lent.map(({ bytes }) => bytes.buffer)).size, 17);
  assert.deepEqual(lent.map(({ payloadBytes }) => payloadBytes), [
    ...new Array(16).fill(20_000),
    8148,
  ]);
  lent[7].release();
  assert.equal((await pages.frames(song, 44, 20_000)).payloadBytes, 20_000);
});

Deno.test("frames() lends the memory of a short frame again once it is released, and not before", async () => {
  const { file, song, pages } = await setUp();
  const first = await pages.frames(song, 44, 100);
  const second = await pages.frames(song, 144, 100);
  assert.notEqual(second.bytes.buffer, first.bytes.buffer);
  assertBytes(first.bytes.subarray(4), file.slice(44, 144));
  first.release();
  const third = await pages.frames(song, 244, 100);
  assert.equal(third.bytes.buffer, first.bytes.buffer);
  assertBytes(third.bytes.subarray(4), file.slice(244, 344));
  assertBytes(second.bytes.subarray(4), file.slice(144, 244));
});

Deno.test("frames() has memory for ever more short frames that nobody releases", async () => {
  const { file, song, pages } = await setUp();
  const lent: FramesLease[] = [];
  for (let i = 0; i < 600; i++) lent.push(await pages.frames(song, 44 + i, 10));
  assert.equal(new Set(lent.map(({ bytes }) => bytes.buffer)).size, 600);
  assert.equal(lent[599].bytes.buffer.byteLength, 14);
  lent.forEach(({ bytes }, i) =>
    assertBytes(bytes.subarray(4), file.slice(44 + i, 54 + i))
  );
});

Deno.test("frames() gives a shorter frame when the room is less than a block", async () => {
  const { file, song, pages } = await setUp({ bytes: 50_000 });
  for (const room of [1, 100, 8191]) {
    const { sizes, payload } = await framesOf(pages, song, 16_384, room);
    assert.deepEqual(sizes, [room]);
    assertBytes(payload, file.slice(16_384, 16_384 + room));
  }
});

Deno.test("frames() goes no further than its page", async () => {
  const { file, song, pages } = await setUp();
  const { payload } = await framesOf(pages, song, MIB - 16_384, 10 * MIB);
  assertBytes(payload, file.slice(MIB - 16_384, MIB));
});

Deno.test("frames() gives the file to the byte, within every room, back on the grid", async () => {
  const { file, song, pages } = await setUp({ bytes: 30_000, block: 1000 });
  const rooms = fc.array(fc.integer({ min: 1, max: 6000 }), {
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(fc.asyncProperty(
    fc.nat(29_999),
    rooms,
    async (offset, rooms) => {
      const parts: Uint8Array[] = [];
      let position = offset;
      for (let i = 0; position < file.length; i++) {
        const room = rooms[i % rooms.length];
        const { sizes, payload } = await framesOf(pages, song, position, room);
        assert.ok(payload.length >= 1 && payload.length <= room);
        for (const size of sizes) {
          assert.ok(
            Math.floor(position / 1000) ===
              Math.floor((position + size - 1) / 1000),
            "crosses the grid",
          );
          position += size;
        }
        assert.ok(
          position % 1000 === 0 || position === file.length ||
            payload.length === room,
          "ends off the grid with room left",
        );
        parts.push(payload);
      }
      assertBytes(concat(parts), file.slice(offset));
    },
  ));
});

Deno.test("frames() reads once when many listeners want the same at once", async () => {
  const { songs, song, pages } = await setUp();
  const release = songs.holdReads();
  const leases = Array.from(
    { length: 100 },
    () => pages.frames(song, 8192, 65_536),
  );
  await settle();
  release();
  for (const lease of await Promise.all(leases)) lease.release();
  assert.deepEqual(songs.reads, [
    { name: "a.wav", offset: 0, bytes: 8192 + 65_536 },
  ]);
});

Deno.test("frames() reads no byte of a page twice, whoever wants which part", async () => {
  const { songs, file, song, pages } = await setUp({ bytes: MIB });
  const wants = fc.array(fc.tuple(fc.nat(127), fc.nat(127)), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(wants, async (wants) => {
      songs.reads.length = 0;
      const fresh = new FramedPages({
        blockBytes: pages.blockBytes,
        budgetBytes: 4 * MIB,
      });
      await Promise.all(wants.map(async ([block, blocks]) => {
        const offset = block * 8192;
        const { payload } = await framesOf(
          fresh,
          song,
          offset,
          blocks * 8192 + 1,
        );
        assertBytes(payload, file.slice(offset, offset + payload.length));
      }));
      const read = songs.reads.reduce((sum, { bytes }) => sum + bytes, 0);
      assert.ok(read <= MIB);
      songs.reads.reduce((end, { offset, bytes }) => {
        assert.equal(offset, end);
        return offset + bytes;
      }, 0);
    }),
    { numRuns: 40 },
  );
});

Deno.test("frames() reads no more than was asked for, in whole blocks", async () => {
  const { songs, song, pages } = await setUp();
  await framesOf(pages, song, 0, 65_536);
  await framesOf(pages, song, 0, 65_536);
  await framesOf(pages, song, 65_536, 131_072);
  await framesOf(pages, song, 44, 100);
  assert.deepEqual(songs.reads.map(({ offset, bytes }) => [offset, bytes]), [
    [0, 65_536],
    [65_536, 131_072],
  ]);
});

Deno.test("frames() recycles the page that was used least recently", async () => {
  const { songs, song, pages } = await setUp({ pages: 2 });
  const read = async (page: number) => {
    songs.reads.length = 0;
    await framesOf(pages, song, page * MIB, 8192);
    return songs.reads.length;
  };
  assert.equal(await read(0), 1);
  assert.equal(await read(1), 1);
  assert.equal(await read(0), 0); // now 1 is the older
  assert.equal(await read(2), 1); // takes the place of 1
  assert.equal(await read(0), 0);
  assert.equal(await read(1), 1); // takes the place of 2
  assert.equal(await read(0), 0);
});

Deno.test("frames() leaves pages alone while they are lent", async () => {
  const { file, song, pages } = await setUp({ pages: 2 });
  const lent = await pages.frames(song, 0, MIB);
  for (const page of [1, 2, 3, 1]) await framesOf(pages, song, page * MIB, MIB);
  assertBytes(concat(dataPayloads(lent.bytes)), file.slice(0, MIB));
  lent.release();
});

Deno.test("frames() gives blocks of their own when all pages are lent", async () => {
  const { songs, file, song, pages } = await setUp({ pages: 2 });
  const lent = [
    await pages.frames(song, 0, MIB),
    await pages.frames(song, MIB, MIB),
  ];
  const spare = await framesOf(pages, song, 2 * MIB, MIB);
  assert.deepEqual(spare.sizes, new Array(8).fill(8192));
  assertBytes(spare.payload, file.slice(2 * MIB, 2 * MIB + 65_536));
  const short = await framesOf(pages, song, 2 * MIB + 44, 100);
  assertBytes(short.payload, file.slice(2 * MIB + 44, 2 * MIB + 144));
  lent[0].release();
  songs.reads.length = 0;
  await framesOf(pages, song, 2 * MIB, MIB);
  await framesOf(pages, song, 2 * MIB, MIB);
  assert.equal(songs.reads.length, 1); // a page again
  lent[1].release();
});

Deno.test("frames() gives one whole block of its own when a block is larger than the spare", async () => {
  const { file, song, pages } = await setUp({ pages: 2, block: MIB });
  const lent = [
    await pages.frames(song, 0, MIB),
    await pages.frames(song, MIB, MIB),
  ];
  const { sizes, payload } = await framesOf(pages, song, 2 * MIB, 4 * MIB);
  assert.deepEqual(sizes, [MIB]);
  assertBytes(payload, file.slice(2 * MIB, 3 * MIB));
  for (const lease of lent) lease.release();
});

Deno.test("frames() rejects when a read fails, and does better the next time", async () => {
  const { songs, file, song, pages } = await setUp({ pages: 2 });
  for (let i = 0; i < 5; i++) {
    songs.failRead(new OndacastError("changed", "Cannot read"));
    await assert.rejects(async () => await pages.frames(song, 0, 20_000), {
      code: "changed",
    });
    songs.failRead(new OndacastError("changed", "Cannot read"));
    await assert.rejects(async () => await pages.frames(song, 44, 10), {
      code: "changed",
    });
  }
  const { payload } = await framesOf(pages, song, 0, 20_000);
  assertBytes(payload, file.slice(0, 20_000));
  // No failed page is held: both are there.
  const lent = [
    await pages.frames(song, MIB, MIB),
    await pages.frames(song, 2 * MIB, MIB),
  ];
  assert.deepEqual(lent.map(({ payloadBytes }) => payloadBytes), [MIB, MIB]);
});

Deno.test("frames() keeps what a page has when a later read into it fails", async () => {
  const { songs, file, song, pages } = await setUp();
  const lent = await pages.frames(song, 0, 8192);
  songs.failRead(new OndacastError("changed", "Cannot read"));
  await assert.rejects(async () => await pages.frames(song, 0, 65_536), {
    code: "changed",
  });
  assertBytes(concat(dataPayloads(lent.bytes)), file.slice(0, 8192));
  lent.release();
  const { payload } = await framesOf(pages, song, 0, 65_536);
  assertBytes(payload, file.slice(0, 65_536));
});

Deno.test("frames() fails all that wait for a failing read, and none after", async () => {
  const { songs, song, pages } = await setUp();
  const release = songs.holdReads();
  songs.failRead(new OndacastError("changed", "Cannot read"));
  const waiting = [1, 2, 3].map(() => pages.frames(song, 0, 8192));
  const results = Promise.allSettled(waiting);
  await settle();
  release();
  for (const { status } of await results) assert.equal(status, "rejected");
  await framesOf(pages, song, 0, 8192);
});

Deno.test("prepare() reads ahead, so that frames() reads nothing", async () => {
  const { songs, song, pages } = await setUp();
  pages.prepare(song, 65_536, 131_072);
  await settle();
  songs.reads.length = 0;
  await framesOf(pages, song, 65_536, 131_072);
  assert.deepEqual(songs.reads, []);
});

Deno.test("prepare() reads nothing ahead of what comes at once", async () => {
  const { songs, pages } = await setUp();
  songs.isSlow = false;
  const song = await songs.open(songs.page({}).rows[0]);
  pages.prepare(song, 65_536, 131_072);
  pages.preparePiece(song, MIB, 100_000);
  await settle();
  assert.deepEqual(songs.reads, []);
});

Deno.test("prepare() does nothing at the end, without payload, or with no page free", async () => {
  const { songs, file, song, pages } = await setUp({ pages: 2 });
  pages.prepare(song, file.length, 8192);
  pages.prepare(song, 0, 0);
  const lent = [
    await pages.frames(song, 0, MIB),
    await pages.frames(song, MIB, MIB),
  ];
  songs.reads.length = 0;
  pages.prepare(song, 2 * MIB, 8192);
  await settle();
  assert.deepEqual(songs.reads, []);
  for (const lease of lent) lease.release();
});

Deno.test("prepare() says nothing of a read that fails, and holds no page", async () => {
  const { songs, file, song, pages } = await setUp({ pages: 2 });
  for (let i = 0; i < 4; i++) {
    songs.failRead(new OndacastError("changed", "Cannot read"));
    pages.prepare(song, i * MIB, 8192);
    await settle();
  }
  const { payload } = await framesOf(pages, song, 3 * MIB, MIB);
  assertBytes(payload, file.slice(3 * MIB, 4 * MIB));
});

/** The run of all of a file's frames. */
function runOf(file: Uint8Array, block: number): Uint8Array {
  const run = new Uint8Array(framedBytes(file.length, block));
  run.set(file, run.length - file.length);
  frameInPlace(run, file.length, block);
  return run;
}

Deno.test("piece() gives the run to the byte, in pieces that end with a page", async () => {
  for (const block of [512, 1000, 8192, 60_000, 100_000, MIB]) {
    const { file, song, pages } = await setUp({ bytes: 3 * MIB + 77, block });
    const run = runOf(file, block);
    const parts: Uint8Array[] = [];
    for (let position = 0; position < run.length;) {
      const { bytes, release } = await pages.piece(song, position, 700_001);
      parts.push(bytes.slice());
      release();
      position += bytes.length;
      const atPage = position % pages.grid.pageBytes === 0;
      assert.ok(bytes.length === 700_001 || atPage || position === run.length);
    }
    assertBytes(concat(parts), run);
  }
});

Deno.test("piece() and frames() share their pages, wherever each begins", async () => {
  const bytes = 3 * MIB;
  const block = 1000;
  const { file, song } = await setUp({ bytes, block });
  const run = runOf(file, block);
  const wants = fc.array(
    fc.tuple(fc.boolean(), fc.nat(bytes - 1), fc.integer({ min: 1, max: MIB })),
    { minLength: 1, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(wants, async (wants) => {
      const budgetBytes = 3 * MIB; // too little for all
      const pages = new FramedPages({ blockBytes: block, budgetBytes });
      await Promise.all(wants.map(async ([isPiece, at, most]) => {
        if (isPiece) {
          const lease = await pages.piece(song, at, most);
          assert.ok(lease.bytes.length >= 1 && lease.bytes.length <= most);
          assertBytes(lease.bytes, run.slice(at, at + lease.bytes.length));
          lease.release();
        } else {
          const { payload } = await framesOf(pages, song, at, most);
          assertBytes(payload, file.slice(at, at + payload.length));
        }
      }));
    }),
    { numRuns: 40 },
  );
});

Deno.test("preparePiece() reads ahead over the end of a page", async () => {
  const { songs, song, pages } = await setUp();
  pages.preparePiece(song, MIB, 100_000);
  await settle();
  songs.reads.length = 0;
  (await pages.piece(song, MIB, 100_000)).release();
  assert.deepEqual(songs.reads, []);
});

Deno.test("frames() takes a song of the same name and other content for another", async () => {
  const { songs, song, pages } = await setUp({ bytes: 20_000 });
  await framesOf(pages, song, 0, 8192);
  const other = wavFile(PHONE, noise(20_000, 2));
  const changed = await songs.open(songs.add("a.wav", other));
  const { payload } = await framesOf(pages, changed, 0, 8192);
  assertBytes(payload, other.slice(0, 8192));
});

Deno.test("onGrid() shortens a batch to end with a block, if it holds the end of one", async () => {
  const { pages } = await setUp();
  const table: [offset: number, batch: number, expected: number][] = [
    [0, 65_536, 65_536],
    [44, 65_536, 65_492],
    [8191, 65_536, 57_345],
    [44, 8148, 8148],
    [44, 8147, 8147],
    [44, 8149, 8148],
  ];
  for (const [offset, batch, expected] of table) {
    assert.equal(pages.onGrid(offset, batch), expected, `${offset} ${batch}`);
  }
});
