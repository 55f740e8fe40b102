import assert from "node:assert/strict";
import { COST, RATE_LIMIT } from "../../lib/server/cost.ts";
import { MAX_STRANGER_BYTES } from "../../lib/server/session.ts";
import { MAX_MESSAGE_TO_CLIENT_BYTES } from "../../lib/wire/frame.ts";
import { MAX_ROWS, WELCOME_ROWS } from "../../lib/wire/messages.ts";
import { settle, settleFully } from "../support/fake_clock.ts";
import { HELLO, MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { concat, messageFrame } from "../support/raw_peer.ts";

Deno.test("clients of an address are admitted up to its limit, and one more is busy", async () => {
  const server = new MemoryServer({ maxClients: 20, maxClientsPerAddress: 3 });
  const connect = (clientAddress: string, device: string) =>
    server.connectWelcomed({ clientAddress, hello: { device } });
  const first = await connect("[2001:db8::1]:1", "1");
  await connect("[2001:db8::2]:2", "2");
  await connect("[2001:db8::3]:3", "3");
  const { peer, client, ended } = server.connectRaw({
    clientAddress: "[2001:db8::4]:4",
  });
  const { code, fatal, message } = await peer.next("error");
  assert.deepEqual([code, fatal], ["busy", true]);
  assert.match(message, /--max-clients-per-address/);
  client.close();
  await ended;
  await connect("192.0.2.7:5", "5"); // Others have places of their own.
  first.client.close();
  await first.ended;
  await connect("[2001:db8::4]:4", "4");
});

Deno.test("clients of this machine are admitted up to --max-clients", async () => {
  const server = new MemoryServer({ maxClients: 20, maxClientsPerAddress: 3 });
  for (let i = 0; i < 20; i++) {
    await server.connectWelcomed({
      clientAddress: `127.0.0.1:${i + 1}`,
      hello: { device: `${i}` },
    });
  }
  assert.equal(server.hub.sessions, 20);
});

/** Refused, but not fatal: said again and again until so many bytes are out. */
function refusedHellos(bytes: number): Uint8Array {
  const long = messageFrame({ ...HELLO, name: "", more: "m".repeat(60_000) });
  const short = messageFrame({ ...HELLO, name: "", more: "" });
  const last = bytes - long.length * Math.floor(bytes / long.length - 1) -
    long.length;
  return concat([
    ...Array(Math.floor(bytes / long.length)).fill(long),
    messageFrame({
      ...HELLO,
      name: "",
      more: "m".repeat(last - short.length),
    }),
  ]);
}

for (const [more, answer] of [[0, "welcome"], [1, "bad-message"]] as const) {
  Deno.test(`a client that sent ${MAX_STRANGER_BYTES + more} bytes before a valid hello gets ${answer}`, async () => {
    const server = new MemoryServer();
    const { peer } = server.connectRaw();
    const bytes = refusedHellos(MAX_STRANGER_BYTES + more);
    assert.equal(bytes.length, MAX_STRANGER_BYTES + more);
    await peer.write(bytes);
    await settleFully(() => peer.frames.length);
    await peer.send(HELLO).catch(() => {}); // It may be over.
    await settle();
    const last = peer.messages().at(-1)!;
    assert.equal(last.code ?? last.type, answer);
    assert.equal(last.fatal ?? false, more > 0);
  });
}

Deno.test("bytes pipelined behind a hello do not count against its limit", async () => {
  const { peer } = new MemoryServer().connectRaw();
  const pings = Array.from(
    { length: 10 },
    () => ({ type: "ping", more: "m".repeat(60_000) }),
  );
  await peer.send(HELLO, ...pings);
  await settleFully(() => peer.frames.length);
  assert.equal(peer.messages("pong").length, pings.length);
});

/** What a client has spent that was welcomed, and who is shown alone to itself. */
const HELLO_COST = 1 + COST.hello + COST.row;

/** The frames of so many messages of one kind. */
function many(count: number, message: unknown): Uint8Array {
  return concat(Array(count).fill(messageFrame(message)));
}

Deno.test("a client may spend its whole burst at once, and more as time passes", async () => {
  const server = new MemoryServer();
  const { peer } = await server.connectWelcomed();
  const pongs = () => peer.frames.length - 1;
  const burst = RATE_LIMIT.burst - HELLO_COST;
  await peer.write(many(burst, { type: "ping" }));
  await settleFully(pongs);
  assert.equal(pongs(), burst);
  const more = 2000;
  await peer.write(many(more, { type: "ping" }));
  await settleFully(pongs);
  assert.equal(pongs(), burst + 1);
  const moreMs = more * 1000 / RATE_LIMIT.perSecond;
  await server.clock.advance(moreMs / 2);
  await settleFully(pongs);
  const half = pongs() - burst;
  assert.ok(half >= more * 0.4 && half <= more / 2 + 1, `${half} of ${more}`);
  await server.clock.advance(moreMs / 2 + 20);
  await settleFully(pongs);
  assert.equal(pongs(), burst + more);
  assert.deepEqual(peer.messages("error"), []);
});

Deno.test("a client below its rate limit never waits", async () => {
  const server = new MemoryServer();
  const { peer } = await server.connectWelcomed();
  const each = RATE_LIMIT.perSecond / 10;
  const rounds = 2 * RATE_LIMIT.burst / each;
  for (let i = 1; i <= rounds; i++) {
    await peer.write(many(each, { type: "ping" }));
    await settleFully(() => peer.frames.length);
    assert.equal(peer.frames.length, 1 + i * each);
    await server.clock.advance(100);
  }
});

/** What each costs: as many are answered at once as the burst is worth, and no more. */
const COSTS: [
  what: string,
  message: Record<string, unknown>,
  cost: number,
  answers?: number,
][] = [
  ["a short message", { type: "ping" }, 1],
  ["a long one", { type: "ping", more: "m".repeat(60_000) }, 469],
  ["rows of songs", { type: "list" }, 100],
  [
    "a text that is searched for",
    { type: "list", match: "\ufdfa".repeat(800), after: "\uffff" },
    120,
  ],
  ["rows of clients", { type: "online" }, 62],
  ["receivers that are looked for", { type: "control", action: "pause" }, 110],
  ["receivers that no song reaches", { type: "cast", song: "1" }, 110],
  ["a stream", { type: "play", song: "1", offset: 1e6 }, 21, 3],
  ["streams of a cast", { type: "cast", song: "1", to: ["all"] }, 22],
  ["an upload that is refused", { type: "upload", song: "1" }, 101],
];
const NOBODY = Array.from({ length: 99 }, (_, i) => `nobody ${i}`);

for (const [what, message, cost, answers = 1] of COSTS) {
  Deno.test(`${what}: a ${message.type} costs ${cost}, and a client that has spent its burst is read later`, async () => {
    const server = new MemoryServer({ maxClients: 100 });
    for (let i = 0; i < 99; i++) {
      server.songs.add(`${i}.wav`, wavFile(PHONE, noise(10)));
    }
    await server.connectWelcomed({
      hello: { device: "all", name: "all", receive: true },
    });
    for (let i = 0; i < 59; i++) {
      await server.connectWelcomed({ hello: { device: `${i}`, name: "n" } });
    }
    const { peer } = await server.connectWelcomed();
    const before = peer.frames.length;
    const enough = Math.ceil((RATE_LIMIT.burst - HELLO_COST - 59) / cost);
    const to = message.type === "cast" || message.type === "control"
      ? { to: NOBODY }
      : {};
    await peer.write(many(enough + 20, { ...to, ...message }));
    await settleFully(() => peer.frames.length);
    const counted = (peer.frames.length - before) / answers;
    assert.ok(Math.abs(counted - enough) <= 2, `${counted}, not ${enough}`);
  });
}

Deno.test("a throttled client still learns that the server ends", async () => {
  const server = new MemoryServer();
  const { peer, ended, session, client } = await server.connectWelcomed();
  await peer.write(many(RATE_LIMIT.burst + 5000, { type: "ping" }));
  await settle();
  session.member.leave("the test says so");
  await peer.closed;
  client.close();
  await server.clock.runUntil(ended);
  assert.equal(server.hub.sessions, 0);
});

/** Devices whose rows are as long as rows can be. */
async function fill(server: MemoryServer, count: number): Promise<void> {
  const song = `${"s".repeat(200)}/`.repeat(4) + "s".repeat(200) + ".wav";
  server.songs.add(song, wavFile(PHONE, noise(10)));
  for (let i = 0; i < count; i++) {
    const { peer } = await server.connectWelcomed({
      hello: { device: `${i}`, name: "\u{1F3B5}".repeat(64), receive: true },
    });
    await peer.send(
      { type: "play", song },
      {
        ...{ type: "state", stream: 1, position: 0.1, playing: true },
        ...{
          volume: 100,
          underruns: 2 ** 53 - 1,
          problem: "\u0001".repeat(1024),
        },
      },
    );
  }
  await settle();
}

Deno.test("welcome and online stay within one message, however long the rows are", async () => {
  const server = new MemoryServer({ maxClients: 2000 });
  await fill(server, 150);
  const { peer } = await server.connectWelcomed();
  const [welcome] = peer.messages("welcome");
  assert.equal(welcome.online.length, WELCOME_ROWS);
  await peer.send({ type: "online" });
  const online = await peer.next("online");
  assert.ok(online.clients.length > 100 && online.clients.length < 150);
  assert.deepEqual([online.more, online.total], [true, 151]);
  for (const { payload } of peer.frames) {
    assert.ok(payload.length <= MAX_MESSAGE_TO_CLIENT_BYTES);
  }
  await peer.send({ type: "online", after: online.clients.at(-1).key });
  const rest = await peer.next("online");
  assert.equal(online.clients.length + rest.clients.length, 151);
  assert.equal(rest.more, false);
});

for (const type of ["online", "list"]) {
  Deno.test(`${type} takes a limit of ${MAX_ROWS} rows, and no more`, async () => {
    const { peer } = await new MemoryServer().connectWelcomed();
    await peer.send({ type, limit: MAX_ROWS, id: 1 });
    await settle();
    assert.equal(peer.messages().at(-1)!.re, 1);
    await peer.send({ type, limit: MAX_ROWS + 1 });
    assert.equal((await peer.next("error")).code, "bad-message");
  });
}

Deno.test("a watcher is notified four times a second at most", async () => {
  const server = new MemoryServer({ maxClients: 100 });
  const { peer } = await server.connectWelcomed({ hello: { device: "w" } });
  await peer.send({ type: "online", watch: true });
  await settle();
  const told = () => peer.messages("online").length - 1;
  for (let i = 0; i < 20; i++) { // Somebody comes each 50 ms.
    await server.connectWelcomed({ hello: { device: `${i}` } });
    await server.clock.advance(50);
  }
  assert.equal(told(), 4);
  await server.clock.advance(1000);
  assert.ok(told() <= 5);
  assert.equal(peer.messages("online").at(-1)!.total, 21);
});

Deno.test("many watchers are notified four times a second, by a list that is encoded once", async () => {
  const server = new MemoryServer({ maxClients: 100 });
  const watch = async (device: string, capacityBytes?: number) => {
    const connection = server.connectRaw({ toClient: { capacityBytes } });
    await connection.peer.send(
      { ...HELLO, device },
      { type: "online", watch: true },
    );
    await settle();
    return connection;
  };
  const watchers = [];
  for (let i = 0; i < 40; i++) watchers.push(await watch(`${i}`));
  const slow = await watch("slow", 10_000);
  const { peer } = await server.connectWelcomed({ hello: { device: "t" } });
  await server.clock.advance(1000);
  slow.client.incoming.held = true;
  let encoded = 0;
  const online = server.hub.online.bind(server.hub);
  server.hub.online = (...args) => (encoded++, online(...args));
  const before = watchers.map(({ peer }) => peer.messages("online").length);
  for (let i = 0; i < 100; i++) {
    await peer.send({ type: "receive", on: i % 2 === 0 });
    await server.clock.advance(10);
  }
  await server.clock.advance(1000);
  await settleFully(() => slow.client.incoming.queued);
  for (const [i, { peer }] of watchers.entries()) {
    const news = peer.messages("online").slice(before[i]);
    assert.ok(news.length >= 3 && news.length <= 5, `${news.length} times`);
    const toggled = news.at(-1)!.clients.find(({ receiving }: {
      receiving: boolean;
    }) => receiving);
    assert.equal(toggled, undefined);
  }
  assert.ok(encoded <= 5, `encoded ${encoded} times`);
  assert.ok(slow.session.member.channel.waitingBytes < 20_000);
  // Who waits to be told costs nothing until it reads.
  encoded = 0;
  await server.clock.advance(10_000);
  assert.equal(encoded, 0);
  slow.client.incoming.held = false;
  await settleFully(() => slow.peer.frames.length);
  await server.clock.advance(1000);
  assert.equal(encoded, 1);
  const newest = slow.peer.messages("online").at(-1)!;
  assert.deepEqual(
    newest.clients.filter(({ receiving }: { receiving: boolean }) => receiving),
    [],
  );
});
