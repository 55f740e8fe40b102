import assert from "node:assert/strict";
import { otherServers } from "../../lib/cli/other_servers.ts";
import { EndpointsConnector } from "../../lib/client/endpoints_connector.ts";
import { isPassing, Link } from "../../lib/client/link.ts";
import { ServerClock } from "../../lib/client/server_clock.ts";
import { OndacastError } from "../../lib/errors.ts";
import type { Connector } from "../../lib/ports/common.ts";
import type { Elsewhere } from "../../lib/server/elsewhere.ts";
import { TokenGate } from "../../lib/server/token_gate.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { IDENTITY, RawServer, WELCOME } from "../support/memory_client.ts";
import { MemoryServer } from "../support/memory_server.ts";
import type { PairOptions } from "../support/memory_transport.ts";

const UNREACHABLE = new OndacastError("unreachable", "Cannot reach it");

/** A link, and when each connection was tried. */
function setUp(
  attempt: (number: number) => PairOptions | Error = () => ({}),
  server = new MemoryServer(),
) {
  const { clock } = server;
  const triedAtMs: number[] = [];
  const end = new AbortController();
  const link = new Link({
    connector: server.connector((number) => {
      triedAtMs.push(clock.now());
      return attempt(number);
    }),
    clock,
    identity: IDENTITY,
    windowBytes: 1000,
    signal: end.signal,
  });
  return { server, clock, link, triedAtMs, end };
}

/** A connection that was made and lost again. */
async function lose(world: ReturnType<typeof setUp>): Promise<void> {
  const session = await world.link.session();
  await session.welcome;
  world.server.connections.at(-1)!.cut();
  await settle();
  assert.equal(session.failure?.code, "lost");
}

Deno.test("session() opens one connection and keeps it", async () => {
  const { link, triedAtMs } = setUp();
  assert.equal(link.place, "memory:4040");
  const session = await link.session();
  assert.equal(await link.session(), session);
  assert.equal(triedAtMs.length, 1);
});

Deno.test("session() opens another connection when the one before is over", async () => {
  const world = setUp();
  await lose(world);
  const { welcome } = await world.link.session();
  await welcome;
  assert.equal(world.triedAtMs.length, 2);
});

Deno.test("session() rejects when the server cannot be reached, and may be tried again", async () => {
  const { link } = setUp((number) => number === 0 ? UNREACHABLE : {});
  await assert.rejects(link.session(), { code: "unreachable" });
  await (await link.session()).welcome;
});

Deno.test("reconnect() tries after 0.25 s, doubling to 4 s", async () => {
  const world = setUp((number) => number >= 1 && number < 9 ? UNREACHABLE : {});
  await lose(world);
  const session = await world.clock.runUntil(world.link.reconnect(60_000));
  assert.equal(session.failure, null);
  const waits = world.triedAtMs.slice(1).map((at, i) =>
    at - world.triedAtMs[i]
  );
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 4000, 4000, 4000, 4000]);
  assert.equal(world.link.reconnects, 1);
});

Deno.test("reconnect() begins anew with 0.25 s each time", async () => {
  const world = setUp((number) =>
    [1, 2, 4].includes(number) ? UNREACHABLE : {}
  );
  await lose(world);
  await world.clock.runUntil(world.link.reconnect(60_000));
  await lose(world);
  const before = world.clock.now();
  await world.clock.runUntil(world.link.reconnect(60_000));
  assert.equal(world.clock.now() - before, 750);
  assert.equal(world.link.reconnects, 2);
});

Deno.test("reconnect() gives up after so long with the last failure", async () => {
  const world = setUp((number) => number === 0 ? {} : UNREACHABLE);
  await lose(world);
  const before = world.clock.now();
  await assert.rejects(world.clock.runUntil(world.link.reconnect(60_000)), {
    code: "unreachable",
  });
  const tookMs = world.clock.now() - before;
  assert.ok(tookMs >= 55_000 && tookMs <= 64_000, `${tookMs} ms`);
});

Deno.test("reconnect() tries for ever when that long is asked for", async () => {
  const world = setUp((number) =>
    number < 500 && number > 0 ? UNREACHABLE : {}
  );
  await lose(world);
  await world.clock.runUntil(world.link.reconnect(Infinity), 10_000_000);
  assert.equal(world.triedAtMs.length, 501);
});

Deno.test("reconnect() tries again when a server is full or has hung up", async () => {
  const world = setUp(
    (number) => number === 1 ? { toClient: { cutAfterBytes: 3 } } : {},
    new MemoryServer({ maxClients: 1 }),
  );
  await lose(world);
  // Somebody else takes the place for a while.
  const other = world.server.connectRaw();
  const again = world.link.reconnect(60_000);
  await world.clock.advance(3000);
  other.client.close();
  const session = await world.clock.runUntil(again);
  assert.equal(session.failure, null);
});

Deno.test("reconnect() rejects at once with an error that trying again does not help", async () => {
  const world = setUp();
  await lose(world);
  const hub: { gate: TokenGate } = world.server.hub;
  hub.gate = new TokenGate("new", world.clock);
  const before = world.clock.now();
  await assert.rejects(world.clock.runUntil(world.link.reconnect(60_000)), {
    code: "unauthorized",
  });
  assert.equal(world.clock.now() - before, 250);
});

Deno.test("reconnect() tries again when something else answers in place of a known server", async () => {
  const other = new OndacastError("not-ondacast", "Cannot talk to it");
  const met = setUp((number) => number === 1 ? other : {});
  await lose(met);
  const session = await met.clock.runUntil(met.link.reconnect(60_000));
  assert.equal(session.failure, null);
  assert.equal(met.triedAtMs.length, 3);
  const never = setUp(() => other);
  await assert.rejects(never.clock.runUntil(never.link.reconnect(60_000)), {
    code: "not-ondacast",
  });
});

Deno.test("reconnect() rejects with interrupted at once", async () => {
  const world = setUp((number) => number === 0 ? {} : UNREACHABLE);
  await lose(world);
  const again = world.link.reconnect(Infinity);
  await world.clock.advance(1000);
  world.end.abort();
  await assert.rejects(again, { code: "interrupted" });
  assert.equal(world.clock.now(), 1000);
});

Deno.test("close() says bye, and leaves no connection", async () => {
  const { link, server } = setUp();
  await (await link.session()).welcome;
  link.close();
  link.close();
  const [{ ended }] = server.connections;
  assert.equal(await server.clock.runUntil(ended), "said bye");
});

Deno.test("isPassing() is true of errors after which trying again may help", () => {
  for (const code of ["lost", "unreachable", "busy", "timeout"] as const) {
    assert.equal(isPassing(new OndacastError(code, "x")), true, code);
  }
  const others = ["replaced", "unauthorized", "version", "changed"] as const;
  for (const code of others) {
    assert.equal(isPassing(new OndacastError(code, "x")), false, code);
  }
});

Deno.test("FakeClock runs out loud when nothing can happen any more", async () => {
  await assert.rejects(new FakeClock().runUntil(new Promise(() => {})), {
    message: /stalled/,
  });
});

Deno.test("a link keeps to the server that it met first", async () => {
  const { connector, avoided, link, servers } = setUpTwo(null);
  await (await link.session()).welcome;
  assert.equal(link.serverId, "one");
  servers[0].connections.at(-1)!.cut();
  await settle();
  connector.at = 1;
  await assert.rejects(link.session(), {
    code: "unreachable",
    message: /another one answers at memory:4040/,
  });
  assert.equal(avoided(), 1);
  connector.at = 0;
  await (await link.session()).welcome;
});

Deno.test("a link takes no other server than the one it is given the id of", async () => {
  const { connector, link, servers } = setUpTwo("two");
  connector.elsewhere = 1;
  await (await link.session()).welcome;
  await settle();
  assert.deepEqual(servers.map(({ hub }) => hub.sessions), [0, 1]);
});

/** Two servers, and a link that is led to the first one. */
function setUpTwo(serverId: string | null) {
  const servers = ["one", "two"].map((serverId) =>
    new MemoryServer({ serverId })
  );
  const { clock } = servers[0];
  const connectors = servers.map((server) => server.connector());
  let avoided = 0;
  const connector = {
    place: "memory:4040",
    at: 0,
    elsewhere: null as number | null,
    connect: () => connectors[connector.at].connect(),
    avoid() {
      avoided++;
      if (connector.elsewhere === null) return false;
      connector.at = connector.elsewhere;
      return true;
    },
  };
  const link = new Link({
    ...{ connector, clock, identity: IDENTITY, windowBytes: 1000, serverId },
    signal: new AbortController().signal,
  });
  return { servers, connector, link, avoided: () => avoided };
}

/** Three servers that name each other, and a link that begins at the first. */
function setUpCluster(clusters: string[]) {
  const { clock } = new MemoryServer();
  const names = ["one", "two", "three"];
  const servers = names.map((serverId) =>
    new MemoryServer({ serverId, clock })
  );
  const up = new Set(names);
  const tried: string[] = [];
  const open = ({ host }: { host: string }): Connector => {
    const connector = servers[names.indexOf(host)].connector();
    return {
      ...connector,
      connect(signal) {
        tried.push(host);
        if (!up.has(host)) return Promise.reject(UNREACHABLE);
        return connector.connect(signal);
      },
    };
  };
  for (const [i, { hub }] of servers.entries()) {
    const others = {
      also: names.filter((name) => name !== names[i]).map((it) => `${it}:4040`),
      cluster: clusters[i],
    };
    hub.elsewhere = { place: names[i], others } as Partial<
      Elsewhere
    > as Elsewhere;
  }
  const own = { host: "one", port: 4040 };
  const connector = new EndpointsConnector({
    endpoints: [own],
    open,
    others: (named) =>
      otherServers(named, own, { trust: null, sendsToken: false })
        .map((it) => ({ ...it, connector: open(it) })),
  });
  const link = new Link({
    ...{ connector, clock, identity: IDENTITY, windowBytes: 1000 },
    ...{ serverId: null, signal: new AbortController().signal },
  });
  const kill = (i: number) => {
    up.delete(names[i]);
    for (const { cut } of servers[i].connections) cut();
  };
  return { servers, clock, link, tried, kill };
}

Deno.test("a link whose server is lost goes on at the others of its cluster in turn", async () => {
  const { servers, clock, link, tried, kill } = setUpCluster([
    ...["home", "home", "home"],
  ]);
  await (await link.session()).welcome;
  kill(0);
  await settle();
  await clock.runUntil(link.reconnect(60_000));
  assert.deepEqual(tried, ["one", "one", "two"]);
  assert.equal(link.lastServerId, "two");
  kill(1);
  await settle();
  await clock.runUntil(link.reconnect(60_000));
  assert.equal(link.lastServerId, "three");
  assert.deepEqual(servers.map(({ hub }) => hub.sessions), [0, 0, 1]);
});

Deno.test("a link takes no server of another cluster, though its own has named it", async () => {
  const { clock, link, kill, servers } = setUpCluster([
    ...["home", "other", "home"],
  ]);
  await (await link.session()).welcome;
  kill(0);
  await settle();
  await clock.runUntil(link.reconnect(60_000));
  assert.equal(link.lastServerId, "three");
  assert.equal(servers[1].hub.sessions, 0);
});

for (const serverId of [undefined, "home"]) {
  Deno.test(`what a server sends right behind its greeting is heard, ${serverId ? "also if it alone is taken" : "whichever is taken"}`, async () => {
    const clock = new FakeClock();
    const server = new RawServer(clock);
    const link = new Link({
      ...{ connector: server.connector, clock, serverId },
      ...{ identity: IDENTITY, windowBytes: 1000 },
      signal: new AbortController().signal,
    });
    const serverClock = new ServerClock(link, () => clock.now());
    const heard: string[] = [];
    link.listen({
      opened: (session) => {
        heard.push("opened");
        session.listen({
          line: ({ stream }) =>
            heard.push(`line ${stream} by ${serverClock.current?.name}`),
          closed: ({ code }) => heard.push(`closed by ${code}`),
        });
      },
      greeted: (_, { server }) => heard.push(`greeted by ${server}`),
    });
    const session = link.session();
    await settle();
    const { id: re } = await server.peer.next("hello");
    await server.peer.send(
      { ...WELCOME, re, serverId: "home", features: ["groups"] },
      { type: "line", stream: 1, frame: 0, at: 5 },
      { type: "error", code: "busy", message: "It ends", fatal: true },
    );
    await session;
    await settle();
    assert.deepEqual(heard, [
      ...["opened", "greeted by studio", "line 1 by c", "closed by busy"],
    ]);
  });
}
