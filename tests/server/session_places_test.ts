import assert from "node:assert/strict";
import { MOST_BEYOND } from "../../lib/server/places.ts";
import { settle } from "../support/fake_clock.ts";
import { HELLO, MemoryServer } from "../support/memory_server.ts";
import { messageFrame } from "../support/raw_peer.ts";
import { lastWord } from "../support/last_word.ts";

Deno.test("a client beyond the limit is busy, until another has left", async () => {
  const server = new MemoryServer({ maxClients: 2 });
  const first = await server.connectWelcomed({ hello: { device: "1" } });
  await server.connectWelcomed({ hello: { device: "2" } });
  const { error } = await lastWord(server, messageFrame(HELLO));
  assert.equal(error.code, "busy");
  assert.equal(error.fatal, true);
  first.client.close();
  await first.ended;
  await server.connectWelcomed();
});

Deno.test("a connection counts from its accept on, with or without hello", async () => {
  const server = new MemoryServer({ maxClients: 1 });
  server.connectRaw();
  const { error } = await lastWord(server, messageFrame(HELLO));
  assert.equal(error.code, "busy");
});

Deno.test("a device that connects again ends its older connection with replaced", async () => {
  const server = new MemoryServer();
  const older = await server.connectWelcomed();
  const newer = await server.connectWelcomed();
  await older.peer.closed;
  const error = older.peer.messages().at(-1)!;
  assert.deepEqual([error.code, error.fatal], ["replaced", true]);
  older.client.close();
  await older.ended;
  assert.equal(server.hub.presence.size, 1);
  const keys = [older, newer].map(({ peer }) =>
    peer.messages("welcome")[0].key
  );
  assert.equal(keys[0], keys[1]);
  await newer.peer.send({ type: "ping" });
  await newer.peer.next("pong");
});

Deno.test("a device that connects again to a full server takes its older connection's place", async () => {
  const server = new MemoryServer({ maxClients: 2 });
  const others = await server.connectWelcomed({ hello: { device: "other" } });
  let older = await server.connectWelcomed();
  for (let i = 0; i < MOST_BEYOND + 5; i++) {
    const newer = await server.connectWelcomed();
    await older.peer.closed;
    assert.equal(older.peer.messages().at(-1)!.code, "replaced");
    older.client.close();
    await older.ended;
    older = newer;
  }
  assert.equal(server.hub.sessions, 2);
  const stranger = messageFrame({ ...HELLO, device: "stranger" });
  assert.equal((await lastWord(server, stranger)).error.code, "busy");
  others.client.close();
  await others.ended;
  await server.connectWelcomed({ hello: { device: "third" } });
});

Deno.test("replaced connections that read nothing hold a full server to its most", async () => {
  const server = new MemoryServer({ maxClients: 1 });
  await server.connectWelcomed();
  for (let i = 0; i < 2 * MOST_BEYOND; i++) {
    const { peer } = server.connectRaw();
    await peer.send(HELLO);
  }
  await settle();
  assert.ok(server.hub.sessions <= 1 + MOST_BEYOND);
});

Deno.test("some connections beyond the limit may say hello, and others are busy at once", async () => {
  const server = new MemoryServer({ maxClients: 1 });
  await server.connectWelcomed({ hello: { device: "first" } });
  for (let i = 0; i < MOST_BEYOND; i++) server.connectRaw();
  const { peer } = server.connectRaw();
  assert.equal((await peer.next("error")).code, "busy");
  assert.equal(server.hub.sessions, 1 + MOST_BEYOND);
});

Deno.test("another device of the same name replaces nobody", async () => {
  const server = new MemoryServer();
  const older = await server.connectWelcomed();
  await server.connectWelcomed({ hello: { device: "another" } });
  await settle();
  assert.equal(server.hub.presence.size, 2);
  assert.deepEqual(older.peer.types(), ["welcome"]);
});
