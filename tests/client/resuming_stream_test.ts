import assert from "node:assert/strict";
import { Link } from "../../lib/client/link.ts";
import {
  type Place,
  ResumingStream,
  type StreamedSong,
} from "../../lib/client/resuming_stream.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY, RawServer, WELCOME } from "../support/memory_client.ts";
import { CD } from "../support/memory_songs.ts";
import type { RawPeer } from "../support/raw_peer.ts";

/** A stream over a server in the test's hands, and all that it reports. */
async function setUp({ reconnectMs }: { reconnectMs?: number } = {}) {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const over = new AbortController();
  const link = new Link({
    ...{ connector: server.connector, clock, identity: IDENTITY },
    ...{ windowBytes: 1000, signal: over.signal },
  });
  const events: string[] = [];
  const state = { isWhole: false, from: 0 };
  const song: StreamedSong = {
    over: over.signal,
    get isWhole() {
      return state.isWhole;
    },
    next: () => ({ song: "a.wav", from: state.from }),
    begin: ({ start }, place: Place) =>
      events.push(
        `stream ${start.stream} from ${"from" in place && place.from}`,
      ),
    ready: () => Promise.resolve(),
    replaced: () => {},
    fail: ({ code }) => events.push(`failed ${code}`),
  };
  const stream = new ResumingStream(link, song, reconnectMs);
  const session = await link.session();
  await welcome(server.peer);
  return { clock, server, stream, session, state, events, over };
}

async function welcome(peer: RawPeer): Promise<void> {
  const { id } = await peer.next("hello");
  await peer.send({ ...WELCOME, re: id });
  await settle();
}

/** Answers the next `play` by a stream of this number. */
async function answer(peer: RawPeer, stream: number): Promise<void> {
  const { id } = await peer.next("play");
  await peer.send({
    ...{ type: "start", stream, song: "a.wav", etag: "v1", re: id },
    ...{ offset: 0, bytes: 444, from: 0 },
    format: { ...CD, dataOffset: 44, dataBytes: 400 },
  });
  await settle();
}

Deno.test("of several requests only the latest stream begins", async () => {
  const { stream, session, server, state, events } = await setUp();
  stream.start(session);
  for (const from of [5, 9]) {
    state.from = from;
    stream.restart();
  }
  for (const number of [1, 2, 3]) await answer(server.peer, number);
  assert.deepEqual(events, ["stream 3 from 9"]);
});

Deno.test("a refusal of an earlier request does not fail the song", async () => {
  const { stream, session, server, events } = await setUp();
  stream.start(session);
  stream.restart();
  const { id } = await server.peer.next("play");
  await server.peer.send(
    { type: "error", code: "not-found", message: "x", re: id },
  );
  await answer(server.peer, 2);
  assert.deepEqual(events, ["stream 2 from 0"]);
});

Deno.test("stop() stops a stream, also one that has not begun yet", async () => {
  for (const begins of ["before", "after"]) {
    const { stream, session, server, events } = await setUp();
    assert.equal(stream.stop(), false, "nothing was requested");
    stream.start(session);
    if (begins === "before") await answer(server.peer, 1);
    await settle();
    assert.equal(stream.stop(), true);
    assert.equal(stream.stop(), false);
    stream.drop();
    if (begins === "after") await answer(server.peer, 1);
    assert.equal((await server.peer.next("stop")).stream, 1);
    assert.equal(events.length, begins === "before" ? 1 : 0);
  }
});

Deno.test("a lost connection is replaced, and goes where the song continues by then", async () => {
  const { clock, stream, session, server, state, events } = await setUp();
  stream.start(session);
  await answer(server.peer, 1);
  server.peer.transport.close();
  await settle();
  assert.equal(stream.isReconnecting, true);
  state.from = 7;
  stream.restart();
  await clock.advance(250);
  await welcome(server.peer);
  await answer(server.peer, 1);
  assert.deepEqual(events, ["stream 1 from 0", "stream 1 from 7"]);
  assert.equal(server.peers.length, 2);
  assert.equal(server.peer.messages("play").length, 1);
});

Deno.test("a complete song needs no other connection, unless it must stay reachable", async () => {
  for (const reconnectMs of [undefined, Infinity]) {
    const { clock, stream, session, server, state, events } = await setUp({
      reconnectMs,
    });
    stream.start(session);
    await answer(server.peer, 1);
    state.isWhole = true;
    server.peer.transport.close();
    await clock.advance(1000);
    assert.equal(server.peers.length, reconnectMs === Infinity ? 2 : 1);
    assert.deepEqual(events, ["stream 1 from 0"]);
  }
});

Deno.test("a song that is over by then requests nothing over another connection", async () => {
  const { clock, stream, session, server, events, over } = await setUp();
  stream.start(session);
  await answer(server.peer, 1);
  server.peer.transport.close();
  await settle();
  over.abort();
  await clock.advance(70_000);
  assert.equal(server.peers.length, 1);
  assert.deepEqual(events, ["stream 1 from 0"]);
});
