import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import { Framer, type Frames } from "../../lib/server/framer.ts";
import { type Payload, SongPayload } from "../../lib/server/payload.ts";
import { PAGE_MEMORY_BYTES } from "../../lib/server/song_layouts.ts";
import { SongPages } from "../../lib/server/song_pages.ts";
import { framedBytes, frameInPlace } from "../../lib/wire/batch.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import fc from "../support/fast_check.ts";
import { MemorySongs, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { concat, dataPayloads } from "../support/raw_peer.ts";

const KIB = 1024;
const MIB = 1 << 20;
/** Bytes of a song in a page, with blocks of 8192 bytes. */
const PAGE = 127 * 8192;

/** A song, and what frames it. */
async function setUp(
  options: { bytes?: number; block?: number; pages?: number } = {},
) {
  const { bytes = 5 * MIB, block = 8192, pages: count = 8 } = options;
  const songs = new MemorySongs();
  const file = wavFile(PHONE, noise(bytes - 44));
  const song = await songs.open(songs.add("a.wav", file));
  const clock = new FakeClock();
  const pages = new SongPages({ bytes: block }, count * PAGE_MEMORY_BYTES);
  const framer = new Framer(pages, clock);
  const payload = new SongPayload(pages, song);
  /** Frames, which are checked and released. */
  const framesAt = async (offset: number, wanted: number) => {
    const frames = await framer.frames(payload, offset, wanted);
    const parts = dataPayloads(frames.bytes);
    assertBytes(concat(parts), file.slice(offset, frames.end));
    frames.release();
    return { sizes: parts.map(({ length }) => length), end: frames.end };
  };
  return { songs, file, song, clock, pages, framer, payload, framesAt };
}

Deno.test("frames() end with blocks of the file, and with what is wanted", async () => {
  const { framesAt } = await setUp({ bytes: 50_000 });
  const table: [offset: number, wanted: number, sizes: number[]][] = [
    [0, 20_000, [8192, 8192, 3616]],
    [8192, 8192, [8192]],
    [16_384, 100, [100]],
    [40_960, 9040, [8192, 848]], // the file's end
    [49_152, 848, [848]],
    [44, 49_956, [8148, 8192, 8192, 8192, 8192, 8192, 848]],
    [8191, 16_000, [1, 8192, 7807]],
    [8193, 100, [100]],
    [49_999, 1, [1]],
  ];
  for (const [offset, wanted, sizes] of table) {
    const got = await framesAt(offset, wanted);
    assert.deepEqual(got.sizes, sizes, `${offset} ${wanted}`);
  }
});

Deno.test("a usual grant is framed at once, over the end of a page too", async () => {
  const { framesAt } = await setUp();
  for (const offset of [0, 44, PAGE - 100_044, 3 * PAGE - 8192]) {
    const { sizes, end } = await framesAt(offset, 176_400);
    assert.equal(end, offset + 176_400);
    assert.ok(sizes.slice(1, -1).every((size) => size === 8192), `${sizes}`);
  }
});

Deno.test("large frames go out as they lie, to the end of their page", async () => {
  const { framer, payload, file } = await setUp();
  const first = await framer.frames(payload, PAGE, 4 * MIB);
  const second = await framer.frames(payload, PAGE, 4 * MIB);
  assert.equal(first.end, 2 * PAGE);
  assert.equal(first.bytes.buffer, second.bytes.buffer);
  assert.equal(first.bytes.buffer.byteLength, PAGE_MEMORY_BYTES);
  assertBytes(concat(dataPayloads(first.bytes)), file.slice(PAGE, 2 * PAGE));
  const last = await framer.frames(payload, 5 * PAGE, 4 * MIB);
  assert.equal(last.end, file.length);
  assertBytes(concat(dataPayloads(last.bytes)), file.slice(5 * PAGE));
});

Deno.test("large frames off the blocks are copied, up to the end of one", async () => {
  const { framesAt } = await setUp();
  const { sizes, end } = await framesAt(44, MIB);
  assert.equal(end, 256 * KIB);
  assert.deepEqual(sizes, [8148, ...new Array(31).fill(8192)]);
});

Deno.test("frames() give the file to the byte, whatever is wanted of which blocks", async () => {
  for (const block of [512, 1000, 8192, 300_000, MIB]) {
    const { file, framesAt } = await setUp({ bytes: 3 * MIB + 7, block });
    const wants = fc.array(fc.integer({ min: 1, max: MIB }), {
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(3 * MIB), wants, async (offset, wants) => {
        let position = offset;
        for (let i = 0; position < file.length; i++) {
          const wanted = Math.min(
            wants[i % wants.length],
            file.length - position,
          );
          const { sizes, end } = await framesAt(position, wanted);
          assert.ok(end > position && end <= position + wanted);
          for (const size of sizes) {
            assert.ok(size <= block - position % block, "crosses a block");
            position += size;
          }
          if (wants.length > 3 && i > 10) break;
        }
      }),
      { numRuns: 12 },
    );
  }
});

Deno.test("piece() gives the frames of a file to the byte, in even pieces", async () => {
  for (const block of [512, 1000, 8192, 60_000, 100_000, 300_000, MIB]) {
    const { file, framer, payload } = await setUp({
      bytes: 3 * MIB + 77,
      block,
    });
    const all = new Uint8Array(framedBytes(file.length, block));
    all.set(file, all.length - file.length);
    frameInPlace(all, file.length, block);
    for (const most of [64 * KIB, 512 * KIB, MIB]) {
      const parts: Uint8Array[] = [];
      for (let position = 0; position < all.length;) {
        const frames = await framer.piece(payload, file.length, position, most);
        parts.push(frames.bytes.slice());
        position += frames.bytes.length;
        frames.release();
        assert.ok(position % (64 * KIB) === 0 || position === all.length);
      }
      assertBytes(concat(parts), all);
    }
  }
});

Deno.test("piece() frames blocks of another size than the pages have", async () => {
  const { file, framer, pages, song } = await setUp({ bytes: MIB });
  const payload = new SongPayload(pages, song, 300_000);
  const frames = await framer.piece(payload, file.length, 0, MIB);
  const { bytes } = frames;
  assert.equal(bytes.length, 256 * KIB);
  assert.deepEqual(bytes.slice(0, 4), new Uint8Array([0, 4, 147, 224]));
  assertBytes(bytes.slice(4), file.slice(0, 256 * KIB - 4));
  frames.release();
});

Deno.test("a sender has a small buffer of its own while slow peers hold all others", async () => {
  const { clock, framer, payload, file } = await setUp();
  const lent: Frames[] = [];
  while (lent.length < 16) lent.push(await framer.frames(payload, 44, 200_000));
  assert.equal(new Set(lent.map(({ bytes }) => bytes.buffer)).size, 16);
  const waiting = framer.frames(payload, 44, 200_000);
  await clock.advance(5);
  const own = await waiting;
  assert.equal(own.bytes.buffer.byteLength, 64 * KIB);
  assert.equal(own.end, 8 * 8192);
  assertBytes(concat(dataPayloads(own.bytes)), file.slice(44, own.end));
  own.release();
  lent[7].release();
  const next = await framer.frames(payload, 44, 200_000);
  assert.equal(next, lent[7]);
});

Deno.test("a small buffer holds a part of a large block", async () => {
  const { clock, framer, payload, file } = await setUp({ block: MIB });
  for (let i = 0; i < 16; i++) await framer.frames(payload, 10, 200_000);
  const waiting = framer.frames(payload, MIB - 5, 200_000);
  await clock.advance(5);
  const { bytes, end } = await waiting;
  assert.ok(bytes.length <= 64 * KIB);
  assertBytes(concat(dataPayloads(bytes)), file.slice(MIB - 5, end));
});

Deno.test("peers that read nothing hold no more than half of the pages", async () => {
  const { clock, framer, payload, pages, song } = await setUp({ pages: 4 });
  const held: Frames[] = [];
  for (let page = 0; page < 4; page++) {
    const frames = framer.frames(payload, page * PAGE, MIB);
    await clock.advance(5);
    held.push(await frames);
  }
  const sizes = held.map(({ bytes }) => bytes.buffer.byteLength);
  assert.deepEqual(sizes.slice(0, 2), [PAGE_MEMORY_BYTES, PAGE_MEMORY_BYTES]);
  assert.ok(sizes.slice(2).every((size) => size < 300 * KIB), `${sizes}`);
  // The others serve everybody else.
  await pages.load(song, 3 * PAGE, 1000);
  assert.equal(pages.load(song, 3 * PAGE, 1000), null);
});

Deno.test("a sender that waits for a slow song holds no buffer", async () => {
  const { songs, framer, payload, framesAt } = await setUp();
  const quick = await songs.open(
    songs.add("b.wav", wavFile(PHONE, noise(9000))),
  );
  const release = songs.holdReads("a.wav");
  const waiting = Array.from(
    { length: 100 },
    (_, i) => framer.frames(payload, i * 8192, 8192),
  );
  await settle();
  const other = new SongPayload(framer.pages, quick);
  const frames = await framer.frames(other, 0, 9044);
  assert.equal(frames.end, 9044);
  release();
  for (const frames of waiting) (await frames).release();
  await framesAt(0, 200_000);
});

Deno.test("a read that fails fails all that wait for it, and none after", async () => {
  const { songs, framer, payload, framesAt } = await setUp({ pages: 2 });
  for (let i = 0; i < 20; i++) {
    const release = songs.holdReads();
    songs.failRead(new OndacastError("changed", "Cannot read"));
    const results = Promise.allSettled(
      [1, 2, 3].map(() => framer.frames(payload, 0, 8192)),
    );
    await settle();
    release();
    for (const result of await results) {
      assert.equal(
        result.status === "rejected" && result.reason.code,
        "changed",
      );
    }
  }
  await framesAt(0, 20_000);
  await framesAt(44, MIB);
});

Deno.test("a buffer is not reused while a read still writes to it", async () => {
  const { framer } = await setUp();
  const reads = [1, 2, 3].map(() => Promise.withResolvers<void>());
  const payload: Payload = {
    blockBytes: 1000,
    load: () => null,
    read: (_, offset) => reads[offset / 1000].promise,
    lying: () => 0,
    peek: () => null,
    lend: () => null,
  };
  const failed = framer.frames(payload, 0, 3000);
  let isOver = false;
  const over = assert.rejects(async () => await failed, { code: "changed" })
    .then(() => isOver = true);
  reads[1].reject(new OndacastError("changed", "Cannot read"));
  reads[0].resolve();
  await settle();
  assert.equal(isOver, false);
  reads[2].resolve();
  await over;
});

Deno.test("a song of the same name and another content has pages of its own", async () => {
  const { songs, framer, framesAt } = await setUp({ bytes: 20_000 });
  await framesAt(0, 8192);
  const file = wavFile(PHONE, noise(20_000, 2));
  const changed = await songs.open(songs.add("a.wav", file));
  const payload = new SongPayload(framer.pages, changed);
  const { bytes } = await framer.frames(payload, 0, 8192);
  assertBytes(concat(dataPayloads(bytes)), file.slice(0, 8192));
});
