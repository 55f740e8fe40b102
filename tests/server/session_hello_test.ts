import assert from "node:assert/strict";
import { settle } from "../support/fake_clock.ts";
import { HELLO, MemoryServer } from "../support/memory_server.ts";
import {
  concat,
  dataFrame,
  messageFrame,
  rawFrame,
} from "../support/raw_peer.ts";
import { lastWord } from "../support/last_word.ts";

const utf8 = new TextEncoder();

Deno.test("hello is answered by welcome, with the clients online and the services", async () => {
  const server = new MemoryServer();
  const other = await server.connectWelcomed({
    clientAddress: "[2001:db8::7]:99",
    hello: { device: "other", name: "studio pi", receive: true },
  });
  const { peer } = server.connectRaw({ clientAddress: "192.0.2.7:4711" });
  await peer.send({ ...HELLO, id: "h" });
  const welcome = await peer.next("welcome");
  assert.equal(welcome.re, "h");
  assert.equal(welcome.version, 1);
  assert.equal(welcome.you, "192.0.2.7:4711");
  assert.equal(welcome.server, "studio");
  assert.equal(welcome.clock, "this run");
  assert.deepEqual(welcome.features, ["tags", "groups", "live", "rename"]);
  assert.equal(welcome.total, 2);
  const rows = welcome.online as { key: string; name: string }[];
  assert.deepEqual(rows.map(({ name }) => name).sort(), [
    "kitchen",
    "studio pi",
  ]);
  assert.ok(rows.some(({ key }) => key === welcome.key));
  for (const service of welcome.services) {
    assert.deepEqual(Object.keys(service), ["key", "title", "type"]);
  }
  const { key } = other.peer.messages("welcome")[0];
  assert.notEqual(key, welcome.key);
});

const KINDS: [said: string | undefined, shown: string | undefined][] = [
  ["computer", "computer"],
  ["phone", "phone"],
  ["tablet", "tablet"],
  ["speaker", "speaker"],
  ["tv", "tv"],
  ["of a later version", undefined],
  ["constructor", undefined],
  [undefined, undefined],
];

for (const [said, shown] of KINDS) {
  Deno.test(`a device that says it is ${said} is shown as ${shown}`, async () => {
    const server = new MemoryServer();
    const kind = said !== undefined && { kind: said };
    const { peer } = await server.connectWelcomed({
      hello: { ...kind, receive: true, features: ["groups"] },
    });
    const [{ online: [client] }] = peer.messages("welcome");
    await peer.send({ type: "groups", id: 1 });
    const { groups } = await peer.next("groups");
    const [device] = groups![0].devices;
    assert.deepEqual([client.kind, device.kind], [shown, shown]);
    assert.equal("kind" in client, shown !== undefined);
  });
}

Deno.test("welcome names no more than the first 100, and how many there are", async () => {
  const server = new MemoryServer({ maxClients: 200 });
  for (let i = 0; i < 120; i++) {
    await server.connectWelcomed({ hello: { device: `device ${i}` } });
  }
  const { peer } = await server.connectWelcomed();
  const [welcome] = peer.messages("welcome");
  assert.equal(welcome.online.length, 100);
  assert.equal(welcome.total, 121);
});

Deno.test("hello, list and ping may come in one packet, split anywhere", async () => {
  const bytes = concat([
    messageFrame({ ...HELLO, id: 1 }),
    messageFrame({ type: "list", id: 2 }),
    messageFrame({ type: "ping", id: 3 }),
  ]);
  for (let at = 1; at < bytes.length; at += 7) {
    const { peer } = new MemoryServer().connectRaw();
    await peer.write(bytes.subarray(0, at));
    await settle();
    await peer.write(bytes.subarray(at));
    await peer.next("pong");
    assert.deepEqual(peer.messages().map(({ re }) => re), [1, 2, 3]);
  }
});

const FATAL: [what: string, code: string, bytes: Uint8Array][] = [
  ["a request before hello", "bad-message", messageFrame({ type: "list" })],
  [
    "a second hello",
    "bad-message",
    concat([messageFrame(HELLO), messageFrame(HELLO)]),
  ],
  ["version 2", "version", messageFrame({ ...HELLO, version: 2 })],
  ["version 0", "version", messageFrame({ ...HELLO, version: 0 })],
  [
    "a hello without a window",
    "bad-message",
    messageFrame({ ...HELLO, window: undefined }),
  ],
  ["a list as window", "bad-message", messageFrame({ ...HELLO, window: [] })],
  [
    "an unknown type",
    "unknown-type",
    concat([messageFrame(HELLO), messageFrame({ type: "teleport" })]),
  ],
  [
    "a client's own message type back",
    "unknown-type",
    concat([messageFrame(HELLO), messageFrame({ type: "welcome" })]),
  ],
  ["a reserved frame type", "bad-frame", rawFrame(2, new Uint8Array(0))],
  ["frame type 255", "bad-frame", rawFrame(255, new Uint8Array(9))],
  [
    "a message announced as 65,537 bytes",
    "bad-frame",
    rawFrame(1, new Uint8Array(0), 65_537),
  ],
  [
    "data without an upload",
    "bad-frame",
    concat([messageFrame(HELLO), dataFrame(new Uint8Array(5))]),
  ],
  ["data before hello", "bad-frame", dataFrame(new Uint8Array(5))],
  [
    "an empty data frame without an upload",
    "bad-frame",
    concat([messageFrame(HELLO), dataFrame(new Uint8Array(0))]),
  ],
  ["broken UTF-8", "bad-message", rawFrame(1, Uint8Array.of(0x22, 0xFF, 0x22))],
  ["broken JSON", "bad-message", rawFrame(1, utf8.encode("{"))],
  ["an array", "bad-message", messageFrame([HELLO])],
  ["no type", "bad-message", messageFrame({ version: 1 })],
  ["an empty message", "bad-message", rawFrame(1, new Uint8Array(0))],
  [
    "both from and offset",
    "bad-message",
    concat([
      messageFrame(HELLO),
      messageFrame({ type: "play", song: "a", from: 1, offset: 1 }),
    ]),
  ],
];

for (const [what, code, bytes] of FATAL) {
  Deno.test(`a session ends with ${code} on ${what}`, async () => {
    const server = new MemoryServer();
    const { error, types, why } = await lastWord(server, bytes);
    assert.equal(error.type, "error");
    assert.equal(error.code, code);
    assert.equal(error.fatal, true);
    assert.match(String(error.message), /^Cannot /);
    assert.equal(types.filter((type) => type === "error").length, 1);
    assert.ok(why.startsWith(`${code}: `), why);
    assert.equal(server.hub.sessions, 0);
    assert.equal(server.hub.presence.size, 0);
  });
}

Deno.test("a fatal error carries the request's id as re", async () => {
  const server = new MemoryServer();
  const table: Record<string, unknown>[] = [
    { ...HELLO, version: 2, id: 7 },
    { type: "list", id: "before hello" },
    { type: "teleport", id: 0 },
    { ...HELLO, window: -1, id: "x".repeat(64) },
  ];
  for (const message of table) {
    const { error } = await lastWord(server, messageFrame(message));
    assert.equal(error.re, message.id);
  }
});

Deno.test("what follows a fatal error is not answered", async () => {
  const { types } = await lastWord(
    new MemoryServer(),
    concat([
      messageFrame(HELLO),
      messageFrame({ type: "teleport" }),
      messageFrame({ type: "ping" }),
      messageFrame({ type: "teleport" }),
    ]),
  );
  assert.deepEqual(types, ["welcome", "error"]);
});

Deno.test("what came before a fatal error is still answered", async () => {
  const { types } = await lastWord(
    new MemoryServer(),
    concat([
      messageFrame(HELLO),
      messageFrame({ type: "ping" }),
      rawFrame(2, new Uint8Array(0)),
    ]),
  );
  assert.deepEqual(types, ["welcome", "pong", "error"]);
});

Deno.test("a session without hello ends with timeout after 5 s", async () => {
  const server = new MemoryServer();
  const { peer, client, ended } = server.connectRaw();
  await server.sweepFor(4500);
  assert.deepEqual(peer.types(), []);
  await server.sweepFor(500);
  await peer.closed;
  client.close();
  assert.equal(peer.messages()[0].code, "timeout");
  assert.equal(peer.messages()[0].fatal, true);
  assert.match(await ended, /^timeout: /);
});

Deno.test("a session that dribbles bytes but no hello ends with timeout after 5 s too", async () => {
  const server = new MemoryServer();
  const { peer, ended, client } = server.connectRaw();
  const frame = messageFrame(HELLO);
  for (let i = 0; i < 9; i++) {
    await peer.write(frame.subarray(i, i + 1));
    await server.sweepFor(500);
  }
  assert.deepEqual(peer.types(), []);
  await server.sweepFor(500);
  assert.equal(peer.messages()[0].code, "timeout");
  client.close();
  await ended;
});

Deno.test("only a client with the token is admitted, and nobody is sent it", async () => {
  const server = new MemoryServer({ token: "s3cret" });
  const refused = [
    undefined,
    "",
    "s3cre",
    "s3cret ",
    "S3CRET",
    "x".repeat(1024),
  ];
  for (const token of refused) {
    const { error } = await server.clock.runUntil(
      lastWord(server, messageFrame({ ...HELLO, token, id: 1 })),
    );
    assert.equal(error.code, "unauthorized");
    assert.equal(error.fatal, true);
    assert.equal(error.re, 1);
    assert.doesNotMatch(String(error.message), /s3cret/);
  }
  await server.clock.runUntil(
    server.connectWelcomed({ hello: { token: "s3cret" } }),
  );
});

Deno.test("a server without a token admits a client that has one", async () => {
  await new MemoryServer().connectWelcomed({ hello: { token: "any" } });
});

Deno.test("a hello with an invalid name is bad-name, and may be repeated", async () => {
  const { peer } = new MemoryServer().connectRaw();
  await peer.send({ ...HELLO, name: "192.0.2.7:1", id: 1 });
  const error = await peer.next("error");
  assert.deepEqual([error.code, error.fatal, error.re], ["bad-name", false, 1]);
  await peer.send(HELLO);
  await peer.next("welcome");
});

Deno.test("a session takes a message of 65,536 bytes", async () => {
  const { peer } = await new MemoryServer().connectWelcomed();
  const short = JSON.stringify({ type: "ping", id: 9, more: "" });
  const more = "m".repeat(65_536 - short.length);
  await peer.send({ type: "ping", id: 9, more });
  assert.equal((await peer.next("pong")).re, 9);
});

Deno.test("a client that leaves without a message is dropped at once", async () => {
  for (const cut of [true, false]) {
    const server = new MemoryServer();
    const connection = await server.connectWelcomed();
    if (cut) connection.cut();
    else connection.client.close();
    await connection.ended;
    assert.equal(server.hub.sessions, 0);
    assert.equal(server.hub.presence.size, 0);
    assert.equal(connection.server.closed, true);
  }
});

Deno.test("bye ends the session after earlier requests are answered", async () => {
  const server = new MemoryServer();
  const { peer, client, ended } = await server.connectWelcomed();
  await peer.send({ type: "ping", id: 1 }, { type: "bye" }, { type: "list" });
  await peer.closed;
  client.close();
  assert.deepEqual(peer.types(), ["welcome", "pong"]);
  assert.equal(await ended, "said bye");
});
