import assert from "node:assert/strict";
import { Channel, MAX_WAITING_BYTES } from "../../lib/wire/channel.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import {
  MemoryTransport,
  type PairOptions,
  Pipe,
  transportPair,
} from "../support/memory_transport.ts";
import { RawPeer } from "../support/raw_peer.ts";

function setUp(options: PairOptions = {}, reads = true) {
  const clock = new FakeClock();
  const pair = transportPair(clock, options);
  const channel = new Channel(pair.server, clock);
  return { clock, ...pair, channel, peer: new RawPeer(pair.client, reads) };
}

const KIBIBYTE = new Uint8Array(1024);

Deno.test("send() keeps the order of messages and frames", async () => {
  const { channel, peer } = setUp({ toClient: { capacityBytes: 7 } });
  channel.send({ type: "ping", time: 1 });
  const sent = channel.sendFrames(Uint8Array.of(0, 0, 0, 1, 9, 0, 0, 0, 0));
  channel.send({ type: "pong", time: 2 });
  await sent;
  await peer.next("pong");
  assert.deepEqual(peer.types(), ["ping", "data", "empty", "pong"]);
});

Deno.test("sendFrames() resolves only when the transport has accepted all", async () => {
  const { channel, client } = setUp(
    { toClient: { capacityBytes: 100 } },
    false,
  );
  let sent = false;
  const done = channel.sendFrames(new Uint8Array(150)).then(() => sent = true);
  await settle();
  assert.equal(sent, false);
  await client.read(new Uint8Array(50));
  await done;
  assert.equal(sent, true);
});

Deno.test("waitingBytes counts messages until they are written", async () => {
  const { channel, client } = setUp({ toClient: { capacityBytes: 10 } }, false);
  channel.send({ type: "ping", time: 1 });
  const waiting = channel.waitingBytes;
  assert.equal(waiting, 4 + '{"type":"ping","time":1}'.length);
  await settle();
  assert.equal(channel.waitingBytes, waiting);
  await client.read(KIBIBYTE);
  await client.read(KIBIBYTE);
  await client.read(KIBIBYTE);
  await settle();
  assert.equal(channel.waitingBytes, 0);
});

Deno.test("relieved() waits while a peer leaves too many messages unread", async () => {
  const { channel, client } = setUp(
    { toClient: { capacityBytes: 1000 } },
    false,
  );
  const message = {
    type: "error",
    code: "x",
    message: "m".repeat(1000),
  } as const;
  let relieved = false;
  await channel.relieved();
  while (channel.waitingBytes <= MAX_WAITING_BYTES) channel.send(message);
  const done = channel.relieved().then(() => relieved = true);
  await settle();
  assert.equal(relieved, false);
  const peer = new RawPeer(client);
  await done;
  assert.ok(channel.waitingBytes <= MAX_WAITING_BYTES);
  assert.ok(peer.frames.length >= 1);
});

Deno.test("relieved() resolves when the connection breaks", async () => {
  const { channel, server } = setUp({ toClient: { capacityBytes: 1 } }, false);
  const message = {
    type: "error",
    code: "x",
    message: "m".repeat(1000),
  } as const;
  while (channel.waitingBytes <= MAX_WAITING_BYTES) channel.send(message);
  const done = channel.relieved();
  server.close();
  await done;
  assert.equal(channel.broken, true);
});

Deno.test("sendFrames() rejects and closes the transport when writing fails", async () => {
  const { channel, server, cut } = setUp();
  cut();
  await assert.rejects(channel.sendFrames(KIBIBYTE), { code: "lost" });
  assert.equal(channel.broken, true);
  assert.equal(server.closed, true);
  await assert.rejects(channel.sendFrames(KIBIBYTE), { code: "lost" });
});

Deno.test("send() throws nothing when writing fails, and reading ends", async () => {
  const { channel, cut } = setUp();
  cut();
  channel.send({ type: "ping", time: 1 });
  assert.equal(await channel.read(KIBIBYTE), null);
  await settle();
  assert.equal(channel.waitingBytes, 0);
});

Deno.test("heard() records when the peer was heard, and sending when it was spoken to", async () => {
  const { clock, channel, peer } = setUp();
  await clock.advance(300);
  const read = channel.read(KIBIBYTE);
  await settle();
  assert.equal(channel.heardAtMs, 0);
  await clock.advance(200);
  await peer.write(Uint8Array.of(1));
  assert.equal(await read, 1);
  channel.heard(1);
  assert.equal(channel.heardAtMs, 500);
  assert.equal(channel.spokeAtMs, 0);
  channel.send({ type: "ping" });
  assert.equal(channel.spokeAtMs, 500);
});

Deno.test("closeAfterSending() delivers everything sent, then the end", async () => {
  const { clock, channel, peer, client } = setUp({
    toClient: { capacityBytes: 5 },
  });
  channel.send({ type: "ping", time: 1 });
  const closed = channel.closeAfterSending();
  await peer.closed;
  assert.deepEqual(peer.types(), ["ping"]);
  client.close();
  await clock.runUntil(closed);
});

Deno.test("closeAfterSending() lets nothing follow the last message", async () => {
  const { clock, channel, peer, client } = setUp();
  channel.send({ type: "ping", time: 1 });
  const closed = channel.closeAfterSending();
  channel.send({ type: "ping", time: 2 });
  await assert.rejects(channel.sendFrames(KIBIBYTE), { code: "lost" });
  await peer.closed;
  assert.deepEqual(peer.types(), ["ping"]);
  client.close();
  await clock.runUntil(closed);
});

Deno.test("closeAfterSending() reads what the peer still sends before it closes", async () => {
  const { channel, server, client } = setUp();
  const closed = channel.closeAfterSending();
  await client.write(new Uint8Array(10_000));
  await settle();
  assert.equal(client.outgoing.queued, 0);
  assert.equal(server.closed, false);
  await client.closeWrite();
  await closed;
  assert.equal(server.closed, true);
});

Deno.test("closeAfterSending() closes after a second when the peer accepts nothing", async () => {
  const { clock, channel, server } = setUp(
    { toClient: { capacityBytes: 1 } },
    false,
  );
  channel.send({ type: "ping", time: 1 });
  const closed = channel.closeAfterSending();
  await clock.advance(999);
  assert.equal(server.closed, false);
  await clock.advance(1);
  await closed;
  assert.equal(server.closed, true);
});

Deno.test("closeAfterSending() closes after a second when the peer never stops sending", async () => {
  const { clock, channel, server, client } = setUp();
  const closed = channel.closeAfterSending();
  for (let i = 0; i < 9; i++) {
    await client.write(KIBIBYTE);
    await clock.advance(100);
  }
  assert.equal(server.closed, false);
  await clock.advance(100);
  await closed;
  assert.equal(server.closed, true);
});

Deno.test("closeAfterSending() shares a read in progress", async () => {
  const clock = new FakeClock();
  let reading = 0;
  class Strict extends MemoryTransport {
    override async read(into: Uint8Array): Promise<number | null> {
      assert.equal(++reading, 1, "two reads at once");
      try {
        return await super.read(into);
      } finally {
        reading--;
      }
    }
  }
  const [up, down] = [new Pipe(clock, {}), new Pipe(clock, {})];
  const channel = new Channel(new Strict("peer", up, down), clock);
  const read = channel.read(KIBIBYTE);
  const closed = channel.closeAfterSending();
  await up.write(Uint8Array.of(1));
  assert.equal(await read, 1);
  up.end();
  await closed;
});
