import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import { Credit } from "../../lib/model/credit.ts";
import { Framer } from "../../lib/server/framer.ts";
import { SongPages } from "../../lib/server/song_pages.ts";
import {
  sendSong,
  type SongStream,
  type StreamOwner,
} from "../../lib/server/send_song.ts";
import { Channel } from "../../lib/wire/channel.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import fc from "../support/fast_check.ts";
import { MemorySongs, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import {
  type PipeOptions,
  transportPair,
} from "../support/memory_transport.ts";
import { RawPeer } from "../support/raw_peer.ts";

async function setUp(
  options: {
    bytes?: number;
    block?: number;
    window?: number;
    offset?: number;
    toClient?: PipeOptions;
    partBytes?: number;
    /** The song has changed since it was opened. */
    isGone?: boolean;
  } = {},
  reads = true,
) {
  const { bytes = 30_000, block = 1000, window = 0, offset = 0 } = options;
  const songs = new MemorySongs();
  songs.partBytes = options.partBytes ?? 0;
  const file = wavFile(PHONE, noise(bytes - 44));
  const song = await songs.open(songs.add("a.wav", file));
  const clock = new FakeClock();
  const { client, server } = transportPair(clock, options);
  const credit = new Credit(window);
  const events: string[] = [];
  const { promise: sent, resolve, reject } = Promise.withResolvers<void>();
  const owner: StreamOwner = {
    ending: () => {},
    over: (_, failure) => {
      events.push("over");
      if (failure === undefined) resolve();
      else reject(failure);
    },
  };
  const sending: SongStream = {
    owner,
    stream: 3,
    song,
    offset,
    bytes: file.length - offset,
    framer: new Framer(new SongPages({ bytes: block }, 8 << 20), clock),
    credit,
    channel: new Channel(server, clock),
    isOver: false,
  };
  if (options.isGone) songs.add("a.wav", wavFile(PHONE, noise(99)));
  sendSong(sending);
  events.push("returned");
  return {
    events,
    songs,
    file,
    song,
    credit,
    sending,
    sent,
    client,
    peer: new RawPeer(client, reads),
    hashKnown: (hash: string) => song.entry.sha256 = hash,
  };
}

Deno.test("sendSong() sends the file, end and the empty frame", async () => {
  const { sent, peer, file } = await setUp({ window: 1 << 20 });
  await sent;
  await settle();
  assertBytes(peer.data, file);
  assert.deepEqual(peer.types().slice(-2), ["end", "empty"]);
  assert.deepEqual(peer.messages("end"), [{ type: "end", stream: 3 }]);
});

Deno.test("sendSong() tells the hash with end when it is known by then", async () => {
  const { sent, peer, hashKnown, credit } = await setUp();
  hashKnown("ab".repeat(32));
  credit.grant(1 << 20);
  await sent;
  await settle();
  assert.equal(peer.messages("end")[0].sha256, "ab".repeat(32));
});

Deno.test("sendSong() sends nothing before there is credit", async () => {
  const { sent, peer, credit } = await setUp();
  await settle();
  assert.deepEqual(peer.frames, []);
  credit.grant(1 << 20);
  await sent;
});

Deno.test("sendSong() uses all credit, at last with a shorter frame", async () => {
  const { peer, credit } = await setUp({ window: 2500 });
  await settle();
  assert.deepEqual(peer.dataFrames.map((f) => f.length), [1000, 1000, 500]);
  credit.grant(100);
  await settle();
  credit.grant(1400);
  await settle();
  assert.deepEqual(
    peer.dataFrames.map((f) => f.length),
    [1000, 1000, 500, 100, 400, 1000],
  );
  assert.equal(credit.bytes, 0);
});

Deno.test("sendSong() never sends beyond the credit and uses all of it, whatever is granted", async () => {
  const scenario = fc.record({
    window: fc.nat(5000),
    grants: fc.array(fc.nat(4000), { maxLength: 30 }),
    block: fc.integer({ min: 1, max: 3000 }),
    offset: fc.nat(20_000),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ window, grants, block, offset }) => {
      const { peer, credit, file, sent } = await setUp({
        bytes: 20_000,
        window,
        block,
        offset,
      });
      const rest = file.slice(offset);
      let granted = window;
      const check = async () => {
        await settle();
        const sizes = peer.dataFrames.map((frame) => frame.length)
          .filter((size) => size > 0);
        const total = sizes.reduce((sum, size) => sum + size, 0);
        assert.equal(total, Math.min(granted, rest.length));
        assertBytes(peer.data, rest.slice(0, total));
        assert.ok(sizes.every((size) => size <= block));
      };
      await check();
      for (const bytes of grants) {
        credit.grant(bytes);
        granted += bytes;
        await check();
      }
      credit.grant(rest.length);
      granted += rest.length;
      await sent;
      await check();
      assert.deepEqual(peer.types().slice(-2), ["end", "empty"]);
    }),
    { numRuns: 60 },
  );
});

Deno.test("sendSong() lets no frame cross what was granted by then", async () => {
  const { peer, credit } = await setUp({ bytes: 20_000, block: 700 });
  const grants = [1, 2, 699, 1400, 33, 701, 3000, 5];
  const ends: number[] = [];
  for (const bytes of grants) {
    credit.grant(bytes);
    ends.push((ends.at(-1) ?? 0) + bytes);
    await settle();
  }
  const boundaries = new Set<number>();
  peer.dataFrames.reduce((at, { length }) => {
    boundaries.add(at + length);
    return at + length;
  }, 0);
  for (const end of ends) assert.ok(boundaries.has(end), `${end}`);
});

Deno.test("sendSong() begins with 64 KiB at most, and doubles to a megabyte", async () => {
  const { sent, peer, songs } = await setUp({
    bytes: 4 << 20,
    block: 8192,
    window: 16 << 20,
    toClient: { readBytes: () => 65_536 },
  });
  await sent;
  await settle();
  assert.equal(songs.reads[0].bytes, 65_536);
  assert.equal(peer.data.length, 4 << 20);
});

Deno.test("sendSong() waits for no more to be decoded than it sends next", async () => {
  for (const partBytes of [20_000, 300_000]) {
    const bytes = 3 * partBytes;
    const { songs, sent } = await setUp({
      ...{ bytes, offset: partBytes - 3_000, window: 1 << 20, partBytes },
    });
    await sent;
    const ends = songs.reads.map(({ offset, bytes }) => offset + bytes);
    assert.deepEqual(ends, [partBytes, 2 * partBytes, bytes]);
  }
});

Deno.test("sendSong() cuts frames at a megabyte and no longer", async () => {
  const { sent, peer, file } = await setUp({
    bytes: 3 << 20,
    block: 1 << 20,
    window: 16 << 20,
  });
  await sent;
  await settle();
  assertBytes(peer.data, file);
  assert.ok(peer.dataFrames.every(({ length }) => length <= 1 << 20));
});

Deno.test("sendSong() sends nothing once it is over while it waits for credit", async () => {
  const { sent, peer, sending, credit } = await setUp();
  await settle();
  sending.isOver = true;
  credit.grant(5000);
  await sent;
  await settle();
  assert.deepEqual(peer.types(), []);
  assert.equal(credit.bytes, 5000);
});

Deno.test("sendSong() sends nothing once it is over while it reads", async () => {
  const { sent, peer, sending, credit, songs } = await setUp();
  const release = songs.holdReads();
  credit.grant(5000);
  await settle();
  sending.isOver = true;
  release();
  await sent;
  await settle();
  assert.deepEqual(peer.types(), []);
  assert.equal(credit.bytes, 5000);
});

Deno.test("sendSong() sends no more once it is over while it writes", async () => {
  const { sent, client, sending, credit } = await setUp({
    toClient: { capacityBytes: 1500 },
  }, false);
  credit.grant(5000);
  await settle();
  sending.isOver = true;
  credit.grant(5000);
  const peer = new RawPeer(client);
  await sent;
  await settle();
  assert.deepEqual(peer.types(), new Array(5).fill("data"));
  assert.equal(credit.bytes, 5000);
});

Deno.test("sendSong() fails with changed when the song is gone while it waits for credit", async () => {
  const { sent, peer, songs, credit } = await setUp({ window: 1000 });
  await settle();
  songs.add("a.wav", wavFile(PHONE, noise(99)));
  credit.grant(1000);
  await assert.rejects(sent, { code: "changed" });
  await settle();
  assert.equal(peer.data.length, 1000);
});

Deno.test("sendSong() fails with changed when the song is gone while its last credit is written", async () => {
  const { sent, client, songs } = await setUp({
    ...{ window: 5000, toClient: { capacityBytes: 1500 } },
  }, false);
  await settle();
  songs.add("a.wav", wavFile(PHONE, noise(99)));
  const changed = assert.rejects(sent, { code: "changed" });
  const peer = new RawPeer(client);
  await settle();
  assert.equal(peer.data.length, 5000);
  // Without any other grant.
  await Promise.race([
    changed,
    settle().then(() => assert.fail("it still waits")),
  ]);
});

Deno.test("sendSong() tells that the song is gone once it has returned, and once only", async () => {
  const { events, sent, peer } = await setUp({ window: 1000, isGone: true });
  await assert.rejects(sent, { code: "changed" });
  await settle();
  assert.deepEqual(events, ["returned", "over"]);
  assert.equal(peer.data.length, 0);
});

Deno.test("sendSong() fails with changed when a read finds it so", async () => {
  const { sent, songs, credit } = await setUp();
  songs.failRead(new OndacastError("changed", "Cannot read"));
  credit.grant(1000);
  await assert.rejects(sent, { code: "changed" });
});
