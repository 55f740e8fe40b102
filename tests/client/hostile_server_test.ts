import assert from "node:assert/strict";
import { ClientSession } from "../../lib/client/client_session.ts";
import { Link } from "../../lib/client/link.ts";
import { Output } from "../../lib/client/output.ts";
import { Receiver } from "../../lib/client/receiver.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY, RawServer, WELCOME } from "../support/memory_client.ts";
import { PHONE } from "../support/memory_songs.ts";
import { transportPair } from "../support/memory_transport.ts";
import { concat, messageFrame } from "../support/raw_peer.ts";
import { Recorder } from "../support/recording_sink.ts";

const FORMAT = { ...PHONE, dataOffset: 0, dataBytes: 8000 };

function start(stream: number, rate = 8000) {
  return {
    ...{ type: "start", stream, song: `${stream}.wav`, etag: "e" },
    ...{ offset: 0, bytes: 8000, format: { ...FORMAT, rate }, from: 0 },
  };
}

/** A receiver at a server that is driven by hand. */
async function setUp() {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const recorder = new Recorder(clock, { realTime: true });
  const link = new Link({
    connector: server.connector,
    clock,
    identity: { ...IDENTITY, receive: true },
    windowBytes: 10_000,
    signal: new AbortController().signal,
  });
  const receiver = new Receiver({
    link,
    output: new Output(recorder.open),
    listener: { waiting() {}, start() {}, end() {}, problem() {} },
  });
  receiver.run().catch(() => {});
  await settle();
  const { id } = await server.peer.next("hello");
  await server.peer.send({ ...WELCOME, re: id });
  await settle();
  return { clock, server, recorder, link };
}

Deno.test("a server that pings but reads no pongs is read no further", async () => {
  const clock = new FakeClock();
  const pair = transportPair(clock, { toServer: { capacityBytes: 1000 } });
  await ClientSession.open(
    { place: "raw:4040", connect: () => Promise.resolve(pair.client) },
    { clock, identity: IDENTITY, windowBytes: 1000 },
  );
  const pings = concat(
    Array.from({ length: 5000 }, () => messageFrame({ type: "ping" })),
  );
  for (let i = 0; i < 40; i++) await pair.server.write(pings);
  await settle();
  const unread = pair.client.incoming.queued;
  assert.ok(unread > 35 * pings.length, `${unread} of ${40 * pings.length}`);
});

Deno.test("a server that has a receiver seek for ever without an answer is left", async () => {
  const { server, link } = await setUp();
  await server.peer.send(start(1));
  await settle();
  const session = link.current!;
  const seek = messageFrame({ type: "control", action: "seek", value: 0.5 });
  await server.peer.write(concat(Array.from({ length: 5000 }, () => seek)));
  await settle();
  assert.equal(session.failure?.code, "lost");
  assert.ok(server.peers[0].messages("play").length <= 1024);
});

Deno.test("a thousand casts in one packet open one player", async () => {
  const { clock, server, recorder } = await setUp();
  const casts = Array.from({ length: 1000 }, (_, i) => start(i + 1, 8000 + i));
  await server.peer.send(...casts);
  await clock.advance(1000);
  assert.deepEqual(recorder.opened.map(({ rate }) => rate), [8999]);
});
