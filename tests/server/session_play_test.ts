import assert from "node:assert/strict";
import { READS_A_TURN } from "../../lib/server/hub.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { settle } from "../support/fake_clock.ts";
import { HELLO, MemoryServer } from "../support/memory_server.ts";
import {
  CD,
  noise,
  PHONE,
  sha256Hex,
  TAGS,
  wavFile,
} from "../support/memory_songs.ts";
import type { PairOptions } from "../support/memory_transport.ts";
import { RawPeer } from "../support/raw_peer.ts";

/** A welcomed client, and a song of 20,000 bytes with tags behind its PCM. */
async function setUp(
  options: PairOptions & { window?: number; maxClients?: number } = {},
) {
  const { window = 1 << 20, maxClients = 10, ...pair } = options;
  const server = new MemoryServer({ maxClients });
  const pcm = noise(20_000 - 44 - TAGS.length);
  const file = wavFile(PHONE, pcm, TAGS);
  const entry = server.songs.add("live/a.wav", file);
  const connection = await server.connectWelcomed({
    ...pair,
    hello: { window },
  });
  return { ...connection, server, file, entry };
}

Deno.test("play sends the whole file, header and all, then end and the empty frame", async () => {
  const { peer, file, entry } = await setUp();
  await peer.send({ type: "play", song: "live/a.wav", id: "p" });
  await peer.next("end");
  assert.deepEqual(peer.messages("start"), [{
    type: "start",
    stream: 1,
    song: "live/a.wav",
    etag: entry.etag,
    offset: 0,
    bytes: file.length,
    format: { ...PHONE, dataOffset: 44, dataBytes: entry.format!.dataBytes },
    from: 0,
    re: "p",
  }]);
  await settle();
  assertBytes(peer.data, file);
  assert.deepEqual(peer.types().slice(-2), ["end", "empty"]);
});

Deno.test("play finds a song in any case and without its ending, and start has its exact name", async () => {
  const { peer } = await setUp();
  await peer.send({ type: "play", song: "LIVE/A" });
  assert.equal((await peer.next("start")).song, "live/a.wav");
});

Deno.test("play sends only PCM from the nearest sample frame when it has from", async () => {
  const { server, peer } = await setUp();
  const pcm = noise(40_000, 3);
  server.songs.add("cd.wav", wavFile(CD, pcm, TAGS));
  const table: [from: number, frames: number][] = [
    [0, 0],
    [0.01, 441],
    [0.0100113, 441],
    [0.0100114, 442],
    [1 / 3 * 0.1, 1470],
    [10_000 / 44100, 10_000],
    [1e300, 10_000],
  ];
  for (const [from, frames] of table) {
    const before = peer.data.length;
    await peer.send({ type: "play", song: "cd", from });
    const start = await peer.next("start");
    await peer.next("end");
    await settle();
    assert.equal(start.offset, 44 + frames * 4, `${from}`);
    assert.equal(start.bytes, pcm.length - frames * 4);
    assert.equal(start.from, frames / 44100);
    assertBytes(peer.data.slice(before), pcm.slice(frames * 4));
  }
});

Deno.test("play sends the file's bytes from an offset", async () => {
  const { peer, file } = await setUp();
  for (const offset of [0, 1, 43, 44, 45, 12_345, 19_990, 19_999]) {
    const before = peer.data.length;
    await peer.send({ type: "play", song: "live/a", offset });
    const start = await peer.next("start");
    await peer.next("end");
    await settle();
    assert.equal(start.offset, offset);
    assert.equal(start.bytes, file.length - offset);
    assertBytes(peer.data.slice(before), file.slice(offset));
  }
});

Deno.test("play sends no data but the end when the offset is at or past it", async () => {
  const { peer, file } = await setUp();
  for (const offset of [file.length, file.length + 1, 2 ** 53 - 1]) {
    await peer.send({ type: "play", song: "live/a", offset });
    const start = await peer.next("start");
    await peer.next("end");
    await settle();
    assert.deepEqual([start.offset, start.bytes], [file.length, 0]);
    assert.deepEqual(peer.types().slice(-3), ["start", "end", "empty"]);
  }
});

Deno.test("play of a song that cannot be played is answered by its error, and the session continues", async () => {
  const { server, peer, entry } = await setUp();
  server.songs.addEntry({ name: "x.wav", problem: "not-wav" });
  server.songs.addEntry({ name: "y.wav", problem: "unsupported" });
  const table: [fields: Record<string, unknown>, code: string][] = [
    [{ song: "nothing" }, "not-found"],
    [{ song: "../a" }, "bad-name"],
    [{ song: "" }, "bad-name"],
    [{ song: "x" }, "not-wav"],
    [{ song: "y" }, "unsupported"],
    [{ song: "live/a", etag: "old" }, "changed"],
    [{ song: "live/a", etag: "" }, "changed"],
  ];
  for (const [fields, code] of table) {
    await peer.send({ type: "play", id: code, ...fields });
    const error = await peer.next("error");
    assert.deepEqual([error.code, error.re, error.fatal], [code, code, false]);
  }
  assert.equal(peer.messages("start").length, 0);
  await peer.send({ type: "play", song: "live/a", etag: entry.etag });
  assert.equal((await peer.next("start")).stream, 1);
});

Deno.test("play requests the hash, and start and end carry it once it is known", async () => {
  const { server, peer, file } = await setUp();
  const hash = sha256Hex(file);
  await peer.send({ type: "play", song: "live/a" });
  await peer.next("end");
  assert.deepEqual(server.songs.wanted, ["live/a.wav"]);
  assert.equal(peer.messages("start")[0].sha256, undefined);
  server.songs.setHash("live/a.wav", hash);
  await peer.send({ type: "play", song: "live/a" });
  const [start, end] = [await peer.next("start"), await peer.next("end")];
  assert.deepEqual([start.sha256, end.sha256], [hash, hash]);
});

Deno.test("data never exceeds the window and the grants, and uses all of them", async () => {
  const { peer, file } = await setUp({ window: 2500 });
  await peer.send({ type: "play", song: "live/a" });
  await settle();
  assertBytes(peer.data, file.slice(0, 2500));
  await peer.send({ type: "grant", bytes: 1 }, { type: "grant", bytes: 600 });
  await settle();
  assertBytes(peer.data, file.slice(0, 3101));
  await peer.send({ type: "grant", bytes: 0 });
  await settle();
  assert.equal(peer.data.length, 3101);
  await peer.send({ type: "grant", bytes: 2 ** 53 - 1 });
  await peer.next("end");
  assertBytes(peer.data, file);
});

Deno.test("all that is granted goes out at once, beside a crowd too", async () => {
  const { server, peer } = await setUp({ window: 10_500, maxClients: 1000 });
  const others = Array.from(
    { length: READS_A_TURN },
    () => server.connectRaw(),
  );
  await peer.send({ type: "play", song: "live/a" });
  await settle();
  assert.equal(peer.data.length, 10_500);
  for (const [bytes, inAll] of [[4700, 15_200], [1, 15_201]]) {
    await peer.send({ type: "grant", bytes });
    await settle();
    assert.equal(peer.data.length, inAll);
  }
  for (const { client } of others) client.close();
  await Promise.all(others.map(({ ended }) => ended));
});

Deno.test("credit is the connection's, whichever stream it is spent on", async () => {
  const { peer } = await setUp({ window: 3000 });
  await peer.send({ type: "play", song: "live/a", offset: 19_000 });
  await peer.next("end");
  await peer.send({ type: "play", song: "live/a" });
  await settle();
  assert.equal(peer.data.length, 3000);
});

Deno.test("pausing is granting nothing: the server keeps no timer", async () => {
  const { server, peer } = await setUp({ window: 1000 });
  await peer.send({ type: "play", song: "live/a" });
  await settle();
  for (let i = 0; i < 100; i++) {
    await server.clock.advance(9000);
    await peer.send({ type: "pong" });
  }
  assert.equal(peer.data.length, 1000);
  await peer.send({ type: "grant", bytes: 1000 });
  await settle();
  assert.equal(peer.data.length, 2000);
});

Deno.test("the next play replaces the last one, with none of its data after start", async () => {
  for (const capacityBytes of [Infinity, 3000, 1]) {
    const { peer, file, server } = await setUp({ toClient: { capacityBytes } });
    // Where the network holds nothing up, a stream could be over in time.
    const release = capacityBytes === Infinity
      ? server.songs.holdReads()
      : () => {};
    await peer.send(
      { type: "play", song: "live/a", id: 1 },
      { type: "play", song: "live/a", offset: 15_000, id: 2 },
      { type: "play", song: "live/a", offset: 18_000, id: 3 },
    );
    for (let i = 0; i < 3; i++) await peer.next("start");
    release();
    await peer.next("end");
    await settle();
    const starts = peer.messages("start");
    assert.deepEqual(starts.map(({ stream, re }) => [stream, re]), [
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const types = peer.types();
    const after = peer.frames.slice(types.lastIndexOf("start"));
    const data = after.filter(({ type }) => type === 0)
      .flatMap(({ payload }) => [...payload]);
    assert.deepEqual(data, [...file.slice(18_000)]);
    assert.deepEqual(peer.messages("end").map(({ stream }) => stream), [3]);
    assert.equal(types.filter((type) => type === "empty").length, 1);
    assert.equal(peer.messages("stopped").length, 0);
  }
});

Deno.test("a hundred seeks in a row spend no credit on what is not sent", async () => {
  const { peer, file } = await setUp({ window: 500 });
  for (let i = 0; i < 100; i++) {
    await peer.send({ type: "play", song: "live/a", offset: i * 10 });
    await peer.next("start");
  }
  await settle();
  assert.equal(peer.data.length, 500);
  await peer.send({ type: "grant", bytes: 1 << 20 });
  await peer.next("end");
  const types = peer.types();
  const last = peer.frames.slice(types.lastIndexOf("start"));
  const data = last.filter(({ type }) => type === 0)
    .flatMap(({ payload }) => [...payload]);
  assert.deepEqual(data, [...file.slice(990)]);
});

Deno.test("stop is answered by stopped, after which no data comes", async () => {
  const { peer } = await setUp({ window: 1500 });
  await peer.send({ type: "play", song: "live/a" });
  await settle();
  await peer.send({ type: "stop", stream: 1, id: "s" });
  const stopped = await peer.next("stopped");
  assert.deepEqual([stopped.stream, stopped.re], [1, "s"]);
  assert.equal(typeof stopped.reason, "string");
  await peer.send({ type: "grant", bytes: 1 << 20 });
  await settle();
  assert.equal(peer.types().at(-1), "stopped");
  assert.equal(peer.messages("end").length, 0);
});

Deno.test("stop without a stream stops the one that runs", async () => {
  const { peer } = await setUp({ window: 1 });
  await peer.send({ type: "play", song: "live/a" }, { type: "stop" });
  assert.equal((await peer.next("stopped")).stream, 1);
});

Deno.test("a request for a stream that is over is stale, and has no effect", async () => {
  const { peer } = await setUp({ window: 25_000 });
  await peer.send({ type: "stop", id: 1 }); // none yet
  await peer.send({ type: "play", song: "live/a" }); // stream 1 ends
  await peer.next("end");
  await settle();
  await peer.send({ type: "stop", stream: 1, id: 2 }, { type: "stop", id: 3 });
  await peer.send({ type: "play", song: "live/a" }); // stream 2 runs
  await peer.next("start");
  await peer.send({ type: "stop", stream: 1, id: 4 });
  await peer.send({ type: "stop", stream: 3, id: 5 });
  const state = { position: 1, playing: true, volume: 50, underruns: 0 };
  await peer.send({ type: "state", stream: 1, id: 6, ...state });
  await settle();
  const errors = peer.messages("error");
  assert.deepEqual(errors.map(({ re }) => re), [1, 2, 3, 4, 5, 6]);
  assert.ok(errors.every(({ code, fatal }) => code === "stale" && !fatal));
  await peer.send({ type: "grant", bytes: 1 << 20 });
  assert.equal((await peer.next("end")).stream, 2);
});

Deno.test("a stream ends in exactly one way, wherever a slow client stops it", async () => {
  const endings = new Set<string>();
  for (let capacityBytes = 600; capacityBytes < 6000; capacityBytes += 29) {
    const server = new MemoryServer();
    server.songs.add("a.wav", wavFile(PHONE, noise(3956)));
    const { client } = server.connect({ toClient: { capacityBytes } });
    const talk = new RawPeer(client, false);
    await talk.send(HELLO, { type: "play", song: "a" });
    await settle();
    await talk.send({ type: "stop", stream: 1 });
    await settle();
    const peer = new RawPeer(client); // only now it reads
    await settle();
    const ends = peer.types().filter((type) =>
      ["end", "empty", "stopped", "error"].includes(type)
    ).join(" ");
    endings.add(ends);
  }
  // Either it is stopped, or its end is on its way and stop comes too late.
  endings.delete("stopped");
  endings.delete("end empty error");
  assert.deepEqual([...endings], []);
});

Deno.test("a song that changes while it is sent is stopped with changed, and the session continues", async () => {
  const { server, peer } = await setUp({ window: 3000 });
  await peer.send({ type: "play", song: "live/a" });
  await settle();
  const other = wavFile(PHONE, noise(500, 9));
  server.songs.add("live/a.wav", other);
  await peer.send({ type: "grant", bytes: 5000 });
  const stopped = await peer.next("stopped");
  assert.deepEqual([stopped.stream, stopped.code], [1, "changed"]);
  assert.equal(peer.data.length, 3000);
  await peer.send({ type: "play", song: "live/a" });
  await peer.next("end");
  assertBytes(peer.data.slice(3000), other);
});

Deno.test("a song that cannot be read is stopped, and can be played again", async () => {
  const { server, peer, file } = await setUp();
  server.songs.failRead(new Error("input/output error"));
  await peer.send({ type: "play", song: "live/a" });
  const stopped = await peer.next("stopped");
  assert.deepEqual([stopped.stream, stopped.code], [1, "internal"]);
  await peer.send({ type: "play", song: "live/a" });
  await peer.next("end");
  assertBytes(peer.data, file);
});

Deno.test("every song that was opened is closed, however its stream ends", async () => {
  const endings: [string, (peer: RawPeer) => Promise<void>][] = [
    ["end", (peer) => peer.send({ type: "grant", bytes: 1 << 20 })],
    ["stop", (peer) => peer.send({ type: "stop" })],
    ["bye", (peer) => peer.send({ type: "bye" })],
    ["closed", (peer) => Promise.resolve(peer.transport.close())],
    ["fatal", (peer) => peer.send({ type: "teleport" })],
  ];
  for (const [how, end] of endings) {
    const { server, peer } = await setUp({ window: 1500 });
    await peer.send({ type: "play", song: "live/a" });
    await peer.send({ type: "play", song: "live/a" });
    await settle();
    assert.equal(server.songs.openCount, 1, how);
    await end(peer);
    await settle();
    assert.equal(server.songs.openCount, 0, how);
  }
});
