import assert from "node:assert/strict";
import {
  ClientSession,
  type SessionListener,
} from "../../lib/client/client_session.ts";
import type { IncomingStream } from "../../lib/client/incoming_stream.ts";
import { MAX_SESSION_DATA_BYTES } from "../../lib/wire/frame.ts";
import { hex } from "../support/decoded.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY, RawServer, WELCOME } from "../support/memory_client.ts";
import {
  concat,
  dataFrame,
  messageFrame,
  rawFrame,
  RawPeer,
} from "../support/raw_peer.ts";
import { CD } from "../support/memory_songs.ts";
import { withPortAdvice } from "../../lib/io/net/wrong_server.ts";
import type { OndacastError } from "../../lib/errors.ts";

const START = {
  type: "start",
  stream: 1,
  song: "a.wav",
  etag: "v1",
  offset: 0,
  bytes: 444,
  format: { ...CD, dataOffset: 44, dataBytes: 400 },
  from: 0,
} as const;

/** A session that was welcomed by a server that the test controls. */
async function setUp(windowBytes = 1000) {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const session = await ClientSession.open(server.connector, {
    clock,
    identity: IDENTITY,
    windowBytes,
  });
  const peer: RawPeer = server.peer;
  const hello = await peer.next("hello");
  await peer.send({ ...WELCOME, re: hello.id });
  await session.welcome;
  return { clock, session, peer, hello };
}

/** Records all that a stream brings, as words. */
function record(stream: IncomingStream, seen: string[]): void {
  seen.push(`start ${stream.start.stream}`);
  stream.listener = {
    data: (piece) => seen.push(hex(piece)),
    end: () => seen.push("data end"),
    stopped: () => {}, // It is a push as well.
    displaced: () => seen.push("displaced"),
  };
}

/** Messages that a server may send without a request. */
const PUSHES = ["online", "control", "end", "stopped", "error", "stored"];

/** A listener that records its calls, as words. */
function recordingListener(): { seen: string[]; listener: SessionListener } {
  const seen: string[] = [];
  return {
    seen,
    listener: {
      cast: (stream) => record(stream, seen),
      closed: ({ code }) => seen.push(`closed ${code}`),
      ...Object.fromEntries(
        PUSHES.map((type) => [type, () => seen.push(type)]),
      ),
    },
  };
}

Deno.test("open() says hello at once, and welcome is what is answered", async () => {
  const { hello, session } = await setUp(1234);
  assert.deepEqual({ ...hello, id: undefined }, {
    type: "hello",
    version: 1,
    ...IDENTITY,
    window: 1234,
    features: ["tags", "groups", "live", "rename"],
    id: undefined,
  });
  assert.equal((await session.welcome).server, "studio");
  assert.equal(session.windowBytes, 1234);
});

Deno.test("open() rejects with what the connector throws", async () => {
  const connector = {
    place: "nowhere",
    connect: () => Promise.reject(new Error("unreachable")),
  };
  await assert.rejects(
    ClientSession.open(connector, {
      clock: new FakeClock(),
      identity: IDENTITY,
      windowBytes: 1,
    }),
    { message: "unreachable" },
  );
});

Deno.test("request() resolves with its own answer, in any order", async () => {
  const { session, peer } = await setUp();
  const [list, ping] = [
    session.request({ type: "list" }),
    session.request({ type: "ping", time: 5 }),
  ];
  const ids = [(await peer.next("list")).id, (await peer.next("ping")).id];
  assert.notEqual(ids[0], ids[1]);
  await peer.send(
    { type: "pong", time: 5, re: ids[1] },
    { type: "songs", songs: [], more: false, re: ids[0] },
  );
  assert.equal((await ping).time, 5);
  assert.deepEqual((await list).songs, []);
});

Deno.test("request() rejects with the server's error, and the session continues", async () => {
  const { session, peer } = await setUp();
  const play = session.request({ type: "play", song: "x" });
  const { id } = await peer.next("play");
  const error = { type: "error", code: "a-new-code", message: "Cannot" };
  await peer.send({ ...error, re: id });
  await assert.rejects(play, { code: "a-new-code", message: "Cannot" });
  assert.equal(session.failure, null);
});

Deno.test("a fatal error ends the session: all requests reject, closed is called once", async () => {
  const { session, peer } = await setUp();
  const { seen, listener } = recordingListener();
  session.listen(listener);
  const [list, ping] = [
    session.request({ type: "list" }),
    session.request({ type: "ping" }),
  ];
  const { id } = await peer.next("list");
  const fatal = { type: "error", code: "replaced", message: "Cannot" };
  await peer.send({ ...fatal, fatal: true, re: id }, { ...fatal, fatal: true });
  await assert.rejects(list, { code: "replaced", fatal: true });
  await assert.rejects(ping, { code: "replaced" });
  await assert.rejects(session.request({ type: "list" }), { code: "replaced" });
  assert.equal(session.failure?.code, "replaced");
  assert.deepEqual(seen, ["closed replaced"]);
});

Deno.test("a fatal error instead of the welcome rejects it", async () => {
  const clock = new FakeClock();
  const server = new RawServer(clock);
  const session = await ClientSession.open(server.connector, {
    clock,
    identity: IDENTITY,
    windowBytes: 1,
  });
  const { id } = await server.peer.next("hello");
  await server.peer.send({
    type: "error",
    code: "unauthorized",
    message: "Cannot",
    fatal: true,
    re: id,
  });
  await assert.rejects(session.welcome, { code: "unauthorized" });
});

Deno.test("a connection that ends rejects all with lost", async () => {
  const { session, peer } = await setUp();
  const { seen, listener } = recordingListener();
  session.listen(listener);
  const list = session.request({ type: "list" });
  await settle();
  peer.transport.close();
  await assert.rejects(list, { code: "lost" });
  assert.deepEqual(seen, ["closed lost"]);
  session.send({ type: "pong" }); // has no effect
  session.close();
});

Deno.test("pushes are handed on in order, data as it comes", async () => {
  const { session, peer } = await setUp();
  const { seen, listener } = recordingListener();
  session.listen(listener);
  await peer.write(concat([
    messageFrame(START),
    dataFrame(Uint8Array.of(1, 2)),
    dataFrame(Uint8Array.of(3)),
    messageFrame({ type: "end", stream: 1 }),
    dataFrame(new Uint8Array(0)),
    messageFrame({ type: "stopped", stream: 1, reason: "x" }),
    messageFrame({ type: "online", clients: [], more: false, total: 0 }),
    messageFrame({ type: "error", code: "internal", message: "x" }),
  ]));
  await settle();
  assert.deepEqual(seen.filter((word) => word !== "start"), [
    "start 1",
    "0102",
    "03",
    "end",
    "data end",
    "stopped",
    "online",
    "error",
  ]);
});

Deno.test("a stream that was requested is handed on before its data", async () => {
  const { session, peer } = await setUp();
  const seen: string[] = [];
  const play = session.openStream(
    { song: "a" },
    (stream) => record(stream, seen),
  );
  const { id } = await peer.next("play");
  await peer.write(concat([
    messageFrame({ ...START, re: id }),
    dataFrame(Uint8Array.of(1)),
  ]));
  await play;
  assert.deepEqual(seen, ["start 1", "01"]);
});

Deno.test("types and fields of a newer server are ignored", async () => {
  const { session, peer } = await setUp();
  const { seen, listener } = recordingListener();
  session.listen(listener);
  await peer.send(
    { type: "lyrics", text: "la" },
    { type: "hello" },
    { type: "toString", re: 99 },
    { type: "control", action: "dance", stream: 1 },
    { type: "stored", song: "a.wav", etag: "e", newer: true },
  );
  await settle();
  assert.deepEqual(seen, ["stored"]);
  assert.equal(session.failure, null);
});

Deno.test("pushes reach the listeners that handle their type", async () => {
  const { session, peer } = await setUp();
  const news: string[] = [];
  session.listen({
    online: ({ type }) => news.push(type),
    end: ({ type }) => news.push(type),
  });
  session.listen({});
  const list = session.request({ type: "list" });
  const { id } = await peer.next("list");
  await peer.send(
    { type: "online", clients: [], more: false, total: 0 },
    { type: "songs", songs: [], more: false, re: id },
    { type: "end", stream: 1 },
  );
  await list;
  await settle();
  assert.deepEqual(news, ["online", "end"]);
});

Deno.test("upload() gets the grants that come once it is ready", async () => {
  const { session, peer } = await setUp();
  const { seen, listener } = recordingListener();
  session.listen(listener);
  const upload = session.upload({ song: "a" });
  const { id } = await peer.next("upload");
  // What is granted before it is ready is of an upload before.
  await peer.send(
    { type: "grant", bytes: 6 },
    { type: "ready", window: 100, re: id },
    { type: "grant", bytes: 7 },
    { type: "grant", bytes: 8 },
  );
  await upload.ready;
  await settle();
  assert.equal(upload.credit.bytes, 115);
  assert.deepEqual(seen, []);
});

Deno.test("a data frame of more than 1 MiB ends the session as bad-frame", async () => {
  const { session, peer } = await setUp();
  await peer.write(rawFrame(0, new Uint8Array(0), MAX_SESSION_DATA_BYTES));
  await settle();
  assert.equal(session.failure, null);
  const other = await setUp();
  const long = MAX_SESSION_DATA_BYTES + 1;
  await other.peer.write(rawFrame(0, new Uint8Array(0), long));
  await settle();
  assert.equal(other.session.failure?.code, "bad-frame");
});

Deno.test("an answer of another type fails its request, and no other", async () => {
  const { session, peer } = await setUp();
  const pinged = session.request({ type: "ping" });
  const opened = session.openStream({ song: "a" }, () => assert.fail());
  const upload = session.upload({ song: "b.wav" });
  const { id: ping } = await peer.next("ping");
  const { id: play } = await peer.next("play");
  const { id: up } = await peer.next("upload");
  await peer.send(
    { type: "receiving", on: true, re: play },
    { type: "stored", song: "b.wav", etag: "e", bytes: 1, re: up },
    { type: "pong", re: ping },
  );
  await assert.rejects(opened, { code: "bad-message" });
  for (const promise of [upload.ready, upload.stored]) {
    await assert.rejects(promise, { code: "bad-message" });
  }
  assert.equal((await pinged).type, "pong");
  assert.equal(session.failure, null);
});

Deno.test("an answer to nothing that was asked is no answer", async () => {
  const { session, peer } = await setUp();
  await peer.send(
    { type: "pong", re: 999 },
    { type: "error", code: "stale", message: "x", re: "?" },
  );
  await settle();
  assert.equal(session.failure, null);
});

const BROKEN: [what: string, code: string, bytes: Uint8Array][] = [
  ["a reserved frame type", "bad-frame", rawFrame(7, new Uint8Array(1))],
  [
    "a message beyond 1 MiB",
    "bad-frame",
    rawFrame(1, new Uint8Array(0), (1 << 20) + 1),
  ],
  ["a message that is no JSON", "bad-message", rawFrame(1, Uint8Array.of(1))],
  [
    "a start without format",
    "bad-message",
    messageFrame({ ...START, format: null }),
  ],
];

for (const [what, code, bytes] of BROKEN) {
  Deno.test(`a session ends with ${code} when the server sends ${what}`, async () => {
    const { clock, session, peer } = await setUp();
    const { seen, listener } = recordingListener();
    session.listen(listener);
    await peer.write(bytes);
    await clock.advance(2000);
    assert.equal(session.failure?.code, code);
    assert.deepEqual(seen, [`closed ${code}`]);
    await peer.closed;
  });
}

Deno.test("a message of 1 MiB from the server is accepted, split or not", async () => {
  const { session, peer } = await setUp();
  const short = JSON.stringify({
    type: "online",
    clients: [],
    more: false,
    total: 7,
    x: "",
  });
  const x = "x".repeat((1 << 20) - short.length);
  const { seen, listener } = recordingListener();
  session.listen(listener);
  await peer.send({ type: "online", clients: [], more: false, total: 7, x });
  await settle();
  assert.deepEqual(seen, ["online"]);
});

Deno.test("used() grants a quarter of the window at a time, widen() what it grows by", async () => {
  const { session, peer } = await setUp(1000);
  session.used(249);
  session.used(1);
  session.used(249);
  session.widen(900);
  session.widen(3000);
  session.used(501);
  await settle();
  assert.deepEqual(peer.messages("grant").map(({ bytes }) => bytes), [
    250,
    2000,
    750,
  ]);
});

Deno.test("data without a listener is granted again", async () => {
  const { peer } = await setUp(1000);
  for (let i = 0; i < 10; i++) await peer.write(dataFrame(new Uint8Array(100)));
  await settle();
  const granted = peer.messages("grant").reduce(
    (sum, { bytes }) => sum + bytes,
    0,
  );
  assert.ok(granted > 750);
});

Deno.test("ping of the server is answered by pong with its time", async () => {
  const { peer } = await setUp();
  await peer.send({ type: "ping", time: 3 }, { type: "ping" });
  const answers = [await peer.next("pong"), await peer.next("pong")];
  assert.deepEqual(answers, [{ type: "pong", time: 3 }, { type: "pong" }]);
});

Deno.test("a silent server is pinged at 10 s and lost at 20 s", async () => {
  const { clock, session, peer } = await setUp();
  const { seen, listener } = recordingListener();
  session.listen(listener);
  await clock.advance(9999);
  assert.equal(peer.messages("ping").length, 0);
  await clock.advance(1001);
  assert.equal(peer.messages("ping").length, 1);
  await clock.advance(8999);
  assert.deepEqual(seen, []);
  await clock.advance(1001);
  assert.deepEqual(seen, ["closed lost"]);
  await peer.closed;
});

Deno.test("a client that was suspended reads what came before it gives its server up", async () => {
  const { clock, session, peer } = await setUp();
  const { seen, listener } = recordingListener();
  session.listen(listener);
  await clock.advance(500);
  await clock.standStill(24_000);
  await peer.send({ type: "ping" });
  await clock.advance(9_500);
  assert.deepEqual([seen, session.failure], [[], null]);
  await clock.advance(21_500);
  assert.deepEqual(seen, ["closed lost"]);
});

Deno.test("a silent server is pinged though this side has something to say", async () => {
  const { clock, peer, session } = await setUp();
  for (let i = 0; i < 12; i++) {
    session.send({ type: "pong" });
    await clock.advance(1000);
  }
  assert.equal(peer.messages("ping").length, 1);
});

Deno.test("a server that answers pings is kept for ever", async () => {
  const { clock, session, peer } = await setUp();
  for (let i = 0; i < 60; i++) {
    await clock.advance(5000);
    if (peer.messages("ping").length > 0) await peer.send({ type: "pong" });
  }
  assert.equal(session.failure, null);
});

Deno.test("close() says bye, ends, and lets no sleeper go on", async () => {
  const { clock, session, peer } = await setUp();
  session.close();
  session.close();
  await peer.next("bye");
  await peer.closed;
  peer.transport.close();
  assert.equal(session.failure?.code, "interrupted");
  await clock.advance(60_000);
  assert.equal(peer.messages("ping").length, 0);
});

const ELSE = /something else than Ondacast answers .* Is it the right port\?/;
const OTHERS: [what: string, sends: Uint8Array, code: string, says: RegExp][] =
  [
    ["data", dataFrame(new Uint8Array(9)), "not-ondacast", ELSE],
    ["garbage", Uint8Array.of(0xE1, 0, 0, 1, 0), "not-ondacast", ELSE],
    [
      "no message",
      rawFrame(1, new TextEncoder().encode("[1]")),
      "not-ondacast",
      ELSE,
    ],
    [
      "nothing",
      new Uint8Array(0),
      "lost",
      /nothing heard for 20 s\. Is it the right port\?/,
    ],
  ];

for (const [what, sends, code, says] of OTHERS) {
  Deno.test(`what answers with ${what} instead of a welcome is asked about`, async () => {
    const clock = new FakeClock();
    const server = new RawServer(clock);
    const { connector } = server;
    const session = await ClientSession.open({
      place: connector.place,
      async connect() {
        const transport = await connector.connect();
        const explain = (error: OndacastError) =>
          withPortAdvice(error, transport.peer);
        return Object.assign(transport, { explain });
      },
    }, { clock, identity: IDENTITY, windowBytes: 1000 });
    const answered = session.welcome.then(() => null, (error) => error);
    if (sends.length > 0) await server.peer.write(sends);
    await clock.advance(21_000);
    const error = await answered;
    assert.equal(error.code, code);
    assert.match(error.message, says);
  });
}
