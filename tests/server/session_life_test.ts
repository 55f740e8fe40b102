import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import { MAX_WAITING_BYTES } from "../../lib/wire/channel.ts";
import { settle } from "../support/fake_clock.ts";
import { HELLO, MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { concat, messageFrame, RawPeer } from "../support/raw_peer.ts";

Deno.test("ping is answered by pong with time, received and sent", async () => {
  const server = new MemoryServer();
  const { peer } = await server.connectWelcomed();
  await server.clock.advance(1234);
  await peer.send({ type: "ping", time: 77.5, id: 3 });
  assert.deepEqual(await peer.next("pong"), {
    type: "pong",
    time: 77.5,
    received: 1_234_000,
    sent: 1_234_000,
    re: 3,
  });
});

Deno.test("pong says when the ping arrived, even if it is answered later", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(10)));
  const { peer } = await server.connectWelcomed();
  const release = server.songs.holdOpen();
  await peer.send({ type: "play", song: "a" }, { type: "ping" });
  await server.clock.advance(40);
  release();
  const { received, sent } = await peer.next("pong");
  assert.deepEqual([received, sent], [0, 40_000]);
});

Deno.test("a silent client is pinged at 10 s and gone at 20 s", async () => {
  const server = new MemoryServer();
  const { peer, client, ended } = await server.connectWelcomed();
  await server.sweepFor(9500);
  assert.deepEqual(peer.types(), ["welcome"]);
  await server.sweepFor(500);
  assert.deepEqual(peer.types(), ["welcome", "ping"]);
  assert.equal(peer.messages("ping")[0].time, 10_000_000);
  await server.sweepFor(9500);
  assert.deepEqual(peer.types(), ["welcome", "ping"]);
  assert.equal(server.hub.presence.size, 1);
  await server.sweepFor(500);
  await peer.closed;
  assert.equal(peer.messages("error")[0].code, "timeout");
  client.close();
  assert.match(await ended, /^timeout: /);
  assert.equal(server.hub.presence.size, 0);
});

Deno.test("a client that answers pings stays", async () => {
  const server = new MemoryServer();
  const { peer } = await server.connectWelcomed();
  for (let i = 1; i <= 20; i++) {
    await server.sweepFor(10_000);
    await peer.next("ping");
    await peer.send({ type: "pong" });
  }
  await server.sweepFor(500);
  assert.equal(server.hub.presence.size, 1);
  assert.equal(peer.messages("ping").length, 20);
});

Deno.test("any byte counts as heard", async () => {
  const server = new MemoryServer();
  const { peer } = await server.connectWelcomed();
  for (const byte of messageFrame({ type: "pong" })) {
    await server.sweepFor(9500);
    await peer.write(Uint8Array.of(byte));
  }
  assert.deepEqual(peer.types(), ["welcome"]);
});

Deno.test("a client that only receives data and answers pings stays", async () => {
  // It has granted so much at once that it need say nothing for long.
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(13_000_000)));
  const { client, ended } = server.connect({
    toClient: { capacityBytes: 98_304 },
  });
  const read = client.read.bind(client);
  client.read = async (into) => { // little more than CD audio
    await server.clock.sleep(500);
    return await read(into.subarray(0, 98_304));
  };
  let why: string | null = null;
  ended.then((reason) => why = reason);
  const peer = new RawPeer(client, true, 98_304);
  await peer.send({ ...HELLO, window: 1 << 30 }, { type: "play", song: "a" });
  let answered = 0;
  for (let second = 0; second < 60; second++) {
    await server.sweepFor(1000);
    for (; answered < peer.messages("ping").length; answered++) {
      await peer.send({ type: "pong" });
    }
  }
  assert.equal(why, null);
});

Deno.test("a client that accepts no data for 30 s is disconnected", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(100_000)));
  const { client, ended } = server.connect({
    toClient: { capacityBytes: 1000 },
  });
  const talk = new RawPeer(client, false);
  await talk.send(HELLO, { type: "play", song: "a" });
  for (let i = 0; i < 29; i++) {
    await server.sweepFor(1000);
    await talk.send({ type: "grant", bytes: 1 });
  }
  assert.equal(server.hub.presence.size, 1);
  await server.sweepFor(3000);
  assert.match(await ended, /^timeout: .*no data accepted/);
  assert.equal(server.hub.sessions, 0);
  assert.equal(server.songs.openCount, 0);
});

Deno.test("a client that accepts a little data now and then stays", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(100_000)));
  const { client } = server.connect({ toClient: { capacityBytes: 1000 } });
  const talk = new RawPeer(client, false);
  await talk.send(HELLO, { type: "play", song: "a" });
  for (let i = 0; i < 100; i++) {
    await server.sweepFor(5000);
    await client.read(new Uint8Array(10));
    await talk.send({ type: "pong" });
  }
  assert.equal(server.hub.presence.size, 1);
});

Deno.test("a client that is sent nothing is never stuck", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(100_000)));
  const { peer } = await server.connectWelcomed({ hello: { window: 500 } });
  await peer.send({ type: "play", song: "a" });
  for (let i = 0; i < 20; i++) {
    await server.sweepFor(9000);
    await peer.send({ type: "pong" });
  }
  assert.equal(server.hub.presence.size, 1);
});

Deno.test("replies to a client that does not read are bounded, and reading from it pauses", async () => {
  const server = new MemoryServer();
  const { client, session } = server.connect({
    toServer: { capacityBytes: 8192 },
    toClient: { capacityBytes: 1000 },
  });
  const talk = new RawPeer(client, false);
  await talk.send(HELLO);
  const pings = concat(
    new Array(19_000).fill(messageFrame({ type: "ping", time: 1 })),
  );
  talk.write(pings).catch(() => {});
  for (let i = 0; i < 50; i++) {
    await settle();
    const waiting = session.member.channel.waitingBytes;
    assert.ok(waiting <= MAX_WAITING_BYTES + 64 * 1024, `${waiting} bytes`);
  }
  assert.ok(session.member.channel.waitingBytes > MAX_WAITING_BYTES / 2);
  assert.ok(client.outgoing.queued > 0);
  // Once it reads, it is answered all the way.
  const peer = new RawPeer(client);
  while (peer.messages("pong").length < 19_000) await settle();
});

Deno.test("large replies that a client does not read are bounded too", async () => {
  const server = new MemoryServer();
  for (let i = 0; i < 1000; i++) {
    server.songs.addEntry({ name: `${i}${"n".repeat(200)}.wav` });
  }
  const { client, session } = server.connect({
    toClient: { capacityBytes: 1000 },
  });
  const talk = new RawPeer(client, false);
  await talk.send(HELLO);
  const lists = concat(new Array(2000).fill(messageFrame({ type: "list" })));
  await talk.write(lists);
  let most = 0;
  for (let i = 0; i < 20; i++) {
    await settle();
    most = Math.max(most, session.member.channel.waitingBytes);
  }
  assert.ok(most <= 2 << 20, `${most} bytes wait`);
});

Deno.test("a client that never reads its replies is disconnected", async () => {
  const server = new MemoryServer();
  const { client, ended } = server.connect({ toClient: { capacityBytes: 10 } });
  const talk = new RawPeer(client, false);
  await talk.send(HELLO);
  const pings = concat(
    new Array(20_000).fill(messageFrame({ type: "ping", time: 1 })),
  );
  talk.write(pings).catch(() => {});
  await server.sweepFor(35_000);
  assert.match(await ended, /^timeout: /);
  assert.equal(server.hub.sessions, 0);
});

Deno.test("after a suspension a server reads what arrived before it judges silence", async () => {
  const server = new MemoryServer();
  const { peer } = await server.connectWelcomed();
  const stranger = server.connectRaw({ clientAddress: "192.0.2.8:4711" });
  await server.clock.standStill(24_000);
  server.hub.sweep();
  await peer.send({ type: "ping" });
  await stranger.peer.send({ ...HELLO, device: "another" });
  await stranger.peer.next("welcome");
  await server.sweepFor(9_500);
  assert.deepEqual(peer.types(), ["welcome", "pong"]);
  await server.sweepFor(11_000);
  await peer.closed;
  assert.equal(peer.messages("error")[0].code, "timeout");
});

Deno.test("after a suspension a server disconnects no client for data it could not accept meanwhile", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(100_000)));
  const { client, session, ended } = server.connect({
    toClient: { capacityBytes: 1000 },
  });
  await new RawPeer(client, false).send(HELLO, { type: "play", song: "a" });
  await server.sweepFor(1_000);
  await server.clock.standStill(40_000);
  server.hub.sweep();
  assert.equal(session.member.isEnding, false);
  client.close();
  await ended;
});

Deno.test("a client is not silent while the server handles its request", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(10)));
  const { peer } = await server.connectWelcomed();
  const release = server.songs.holdOpen(); // As a disk that spins up.
  await peer.send({ type: "play", song: "a" });
  await server.sweepFor(60_000);
  release();
  await peer.next("end");
  await server.sweepFor(9_500);
  assert.deepEqual(peer.messages("error"), []);
  await server.sweepFor(11_000);
  await peer.closed;
});

Deno.test("close() sends every client the reason, and waits until all have left", async () => {
  const server = new MemoryServer();
  const one = await server.connectWelcomed({ hello: { device: "1" } });
  const two = await server.connectWelcomed({ hello: { device: "2" } });
  const error = new OndacastError("busy", "Cannot go on: the server ends");
  const closed = server.hub.close(error);
  await one.peer.closed;
  await two.peer.closed;
  for (const { peer } of [one, two]) {
    const last = peer.messages().at(-1)!;
    assert.deepEqual([last.code, last.fatal], ["busy", true]);
  }
  one.client.close(); // two is cut after a second
  await server.clock.runUntil(closed);
  await server.clock.runUntil(Promise.all([one.ended, two.ended]));
  assert.equal(server.hub.sessions, 0);
});

Deno.test("nothing follows a fatal error, not even answers to earlier requests", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(5000)));
  const { peer, client, ended } = await server.connectWelcomed();
  const release = server.songs.holdOpen();
  await peer.send({ type: "play", song: "a" }, { type: "ping" });
  await settle();
  const closed = server.hub.close(new OndacastError("busy", "Cannot go on"));
  release();
  await peer.closed;
  client.close();
  await closed;
  await ended;
  await settle(); // the song that was opened meanwhile is closed again
  assert.deepEqual(peer.types(), ["welcome", "error"]);
  assert.equal(server.songs.openCount, 0);
});

Deno.test("an error is sent in the middle of a stream", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(100_000)));
  const { peer, client } = await server.connectWelcomed({
    toClient: { capacityBytes: 2000 },
    hello: { window: 1 << 20 },
  });
  await peer.send({ type: "play", song: "a" }, { type: "teleport" });
  await peer.closed;
  client.close();
  assert.equal(peer.messages().at(-1)?.code, "unknown-type");
  assert.equal(peer.frames.at(-1)?.type, 1);
});
