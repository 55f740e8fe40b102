import assert from "node:assert/strict";
import {
  MOST_CONTROLS,
  MOST_LINE_BYTES,
} from "../../lib/adapters/snapcast/control_port.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { ControlWorld } from "../support/snapcast_app.ts";

/** Two rooms, and two apps that know them. */
async function household() {
  const world = new ControlWorld();
  await world.welcomed("bath");
  await world.welcomed("study");
  const [app, other] = [world.app(), world.app()];
  await world.settle();
  return { world, app, other };
}

/** The group that a client is in. */
// deno-lint-ignore no-explicit-any -- as JSON has any shape.
const groupOf = ({ server }: any, client: string) =>
  // deno-lint-ignore no-explicit-any -- the same.
  server.groups.find(({ clients }: any) =>
    clients.some(({ id }: { id: string }) => id === client)
  );

Deno.test("Server.GetStatus has a client for each room, and its group's queue as a stream", async () => {
  const { world, app } = await household();
  using _ = world;
  assert.deepEqual(await app.call("Server.GetRPCVersion"), {
    ...{ major: 2, minor: 0, patch: 0 },
  });
  const status = await app.call("Server.GetStatus");
  const group = groupOf(status, "bath");
  assert.deepEqual(group.clients, [{
    config: {
      instance: 1,
      latency: 0,
      name: "",
      volume: { muted: false, percent: 100 },
    },
    connected: true,
    host: { arch: "", ip: "192.0.2.7", mac: "", name: "the bath", os: "" },
    id: "bath",
    lastSeen: { sec: 1_700_000_000, usec: 0 },
    snapclient: { name: "Snapclient", protocolVersion: 2, version: "" },
  }]);
  const stream = status.server.streams.find(({ id }: { id: string }) =>
    id === group.stream_id
  );
  assert.equal(stream.status, "idle");
  assert.equal(stream.uri.query.name, "the bath");
  assert.deepEqual(
    await app.call("Group.GetStatus", { id: group.id }),
    { group },
  );
  const { client } = await app.call("Client.GetStatus", { id: "bath" });
  assert.deepEqual(client, group.clients[0]);
});

Deno.test("what an app sets is set, and the others are notified of it", async () => {
  const { world, app, other } = await household();
  using _ = world;
  const { id: group } = groupOf(await app.call("Server.GetStatus"), "bath");
  const id = "bath";
  const steps: [string, Record<string, unknown>, unknown, string[]][] = [
    [
      "Client.SetVolume",
      { id, volume: { percent: 42 } },
      { volume: { percent: 42, muted: false } },
      ["Client.OnVolumeChanged", "Stream.OnProperties"],
    ],
    [
      "Client.SetVolume",
      { id, volume: { muted: true, percent: 42 } },
      { volume: { percent: 42, muted: true } },
      ["Client.OnVolumeChanged", "Group.OnMute"],
    ],
    ["Client.SetLatency", { id, latency: -25 }, { latency: -25 }, [
      "Client.OnLatencyChanged",
    ]],
    ["Client.SetName", { id, name: "Bad" }, { name: "Bad" }, [
      "Client.OnNameChanged",
    ]],
    ["Group.SetMute", { id: group, mute: false }, { mute: false }, [
      "Client.OnVolumeChanged",
      "Group.OnMute",
    ]],
    ["Group.SetName", { id: group, name: "Upstairs" }, { name: "Upstairs" }, [
      "Group.OnNameChanged",
    ]],
    [
      "Group.SetStream",
      { id: group, stream_id: group },
      { stream_id: group },
      [],
    ],
  ];
  for (const [method, params, result, news] of steps) {
    assert.deepEqual(await app.call(method, params), result, method);
    assert.deepEqual(other.news(), news, method);
  }
  await world.notify();
  assert.deepEqual(app.news(), []);
  const [{ name, volume, muted, delayMs }] = [
    ...world.server.hub.groups.devices.values(),
  ].filter((it) => it.name === "Bad");
  assert.deepEqual([name, volume, muted, delayMs], ["Bad", 42, false, -25]);
  assert.ok(world.online.some((it) => it.name === "Bad"));
});

Deno.test("a room keeps the name that an app gave it, and an empty one is its host's again", async () => {
  const { world, app } = await household();
  using _ = world;
  const names = () => world.online.map(({ name }) => name).sort();
  await app.call("Client.SetName", { id: "bath", name: "Bad" });
  world.port.find([...world.server.hub.presence.named("Bad")][0].key)!
    .end("a test");
  await world.settle();
  await world.welcomed("bath");
  assert.deepEqual(names(), ["Bad", "the study"]);
  await app.call("Client.SetName", { id: "bath", name: "" });
  assert.deepEqual(names(), ["the bath", "the study"]);
});

Deno.test("clients become a group, whose app is answered and whose other is updated", async () => {
  const { world, app, other } = await household();
  using _ = world;
  const { id } = groupOf(await app.call("Server.GetStatus"), "bath");
  const clients = ["bath", "study"];
  const united = await app.call("Group.SetClients", { id, clients });
  assert.equal(united.server.groups.length, 1);
  await world.notify();
  assert.ok(other.news().includes("Server.OnUpdate"));
  const { id: all } = groupOf(united, "bath");
  const apart = await app.call("Group.SetClients", {
    ...{ id: all, clients: ["bath"] },
  });
  assert.equal(apart.server.groups.length, 2);
});

Deno.test("a stream that is set is another group's queue, which is joined", async () => {
  const { world, app, other } = await household();
  using _ = world;
  const status = await app.call("Server.GetStatus");
  const [from, to] = ["bath", "study"].map((it) => groupOf(status, it).id);
  const { stream_id } = await app.call("Group.SetStream", {
    ...{ id: from, stream_id: to },
  });
  assert.ok(other.news().includes("Group.OnStreamChanged"));
  const { server: { groups } } = await app.call("Server.GetStatus");
  assert.deepEqual(
    groups.map((it: { id: string; clients: unknown[] }) => [
      it.id,
      it.clients.length,
    ]),
    [[stream_id, 2]],
  );
});

Deno.test("Stream.Control plays and pauses, whose state others are notified of", async () => {
  const { world, app, other } = await household();
  using _ = world;
  world.server.songs.add("a.wav", wavFile(PHONE, noise(8000 * 60)));
  const { id } = groupOf(await app.call("Server.GetStatus"), "bath");
  await world.ask({ type: "queue", to: ["the bath"], songs: ["a.wav"] });
  await world.pass(1000);
  other.news();
  const states: string[] = [];
  for (const command of ["pause", "Play", "playPause", "stop"]) {
    await app.call("Stream.Control", { id, command });
    await world.notify();
    const { server: { streams } } = await app.call("Server.GetStatus");
    const stream = streams.find((it: { id: string }) => it.id === id);
    states.push(stream.properties.playbackStatus);
    assert.equal(stream.properties.metadata.title, "a");
  }
  assert.deepEqual(states, ["paused", "playing", "paused", "stopped"]);
  assert.ok(other.news().includes("Stream.OnUpdate"));
  await app.call("Stream.Control", {
    ...{ id, command: "setPosition", params: { position: 20 } },
  });
  await app.call("Stream.SetProperty", {
    ...{ id, property: "loopStatus", value: "track" },
  });
  const { server: { streams } } = await app.call("Server.GetStatus");
  const { properties } = streams.find((it: { id: string }) => it.id === id);
  assert.deepEqual([properties.position, properties.loopStatus], [20, "track"]);
});

Deno.test("apps are notified of clients that come and go, and what these set", async () => {
  const { world, app } = await household();
  using _ = world;
  const attic = await world.welcomed("attic");
  await world.notify();
  assert.deepEqual(app.news(), ["Client.OnConnect", "Server.OnUpdate"]);
  await attic.json(7, { volume: 100, muted: true });
  await world.notify();
  assert.deepEqual(app.news(), ["Client.OnVolumeChanged", "Group.OnMute"]);
  attic.close();
  await world.notify();
  assert.deepEqual(app.news(), ["Client.OnDisconnect", "Server.OnUpdate"]);
});

const REFUSED: [string, unknown, RegExp][] = [
  ["Client.GetStatus", { id: "nobody" }, /-32602.*Client not found/],
  ["Client.GetStatus", {}, /-32602.*id/],
  ["Client.GetStatus", ["bath"], /-32602/],
  ["Client.SetVolume", { id: "bath", volume: { percent: 174 } }, /-32602/],
  ["Client.SetLatency", { id: "bath", latency: 2001 }, /-32602/],
  ["Client.SetName", { id: "bath", name: "\u202Eevil" }, /-32602/],
  ["Group.GetStatus", { id: "nobody" }, /-32602.*Group not found/],
  ["Group.SetClients", { id: "x", clients: [] }, /-32602/],
  ["Stream.Control", { id: "x", command: "toString" }, /-32602/],
  ["Server.DeleteClient", { id: "bath" }, /-32601/],
  ["__proto__", {}, /-32601/],
];

Deno.test("what cannot be done is answered with an error, and changes nothing", async () => {
  const { world, app, other } = await household();
  using _ = world;
  for (const [method, params, error] of REFUSED) {
    await assert.rejects(app.call(method, params), error, method);
  }
  await world.notify();
  assert.deepEqual(other.news(), []);
});

Deno.test("an id of a client that is the key of a room never names that client", async () => {
  const { world, app } = await household();
  using _ = world;
  const { key } = world.server.hub.presence.named("the bath")[0];
  await world.welcomed(key);
  const { client } = await app.call("Client.GetStatus", { id: key });
  assert.equal(client.host.name, "the bath");
});

Deno.test("with --control own an app elsewhere changes nothing", async () => {
  using world = new ControlWorld({ control: "own" });
  await world.welcomed("bath");
  const app = world.app();
  const volume = { percent: 5 };
  const { id } = groupOf(await app.call("Server.GetStatus"), "bath");
  for (
    const [method, params] of [
      ["Client.SetVolume", { id: "bath", volume }],
      ["Client.SetName", { id: "bath", name: "x" }],
      ["Group.SetName", { id, name: "x" }],
      ["Group.SetMute", { id, mute: true }],
      ["Stream.Control", { id, command: "stop" }],
    ] as const
  ) {
    await assert.rejects(app.call(method, params), /read-only/, method);
  }
});

Deno.test("an app that reads nothing is sent the whole state once it reads again", async () => {
  const { world, app } = await household();
  using _ = world;
  const slow = world.app({ reads: false, toClient: { capacityBytes: 100 } });
  await world.settle();
  for (let percent = 0; percent < 40; percent++) {
    await app.call("Client.SetVolume", { id: "bath", volume: { percent } });
  }
  await world.notify();
  slow.read();
  for (let i = 0; i < 3; i++) await world.notify();
  const news = slow.notifications.splice(0);
  const methods = news.map(({ method }) => method);
  assert.equal(methods.at(-1), "Server.OnUpdate");
  assert.ok(methods.length < 5, `${methods}`);
  const [client] = groupOf(news.at(-1)!.params, "bath").clients;
  assert.equal(client.config.volume.percent, 39);
});

Deno.test("an app that takes nothing for 30 s is disconnected", async () => {
  const { world, app } = await household();
  using _ = world;
  const stuck = world.app({ reads: false, toClient: { capacityBytes: 100 } });
  await world.settle();
  await app.call("Client.SetVolume", { id: "bath", volume: { percent: 3 } });
  await world.server.clock.advance(31_000);
  assert.match((await stuck.ended).reason, /no data accepted for 30 s/);
});

Deno.test("a line that is too long, and an address that is not served, end a connection", async () => {
  const { world, other } = await household();
  using _ = world;
  const long = world.app();
  await long.write("x".repeat(MOST_LINE_BYTES + 1));
  await world.settle();
  assert.match((await long.ended).reason, /a line of/);
  const foreign = world.app({ clientAddress: "203.0.113.1:5" });
  assert.equal((await foreign.ended).reason, "No");
  assert.equal(other.isClosed, false);
});

Deno.test("a request of HTTP ends a connection before its body acts", async () => {
  const { world } = await household();
  using _ = world;
  const browser = world.app();
  const params = { id: "bath", volume: { percent: 1 } };
  const call = { jsonrpc: "2.0", method: "Client.SetVolume", params };
  const lines = ["POST / HTTP/1.1", "", JSON.stringify(call)];
  await browser.write(lines.join("\r\n"));
  await world.settle();
  assert.match((await browser.ended).reason, /JSON-RPC/);
  const { volume } = world.server.hub.groups.devices.values().next().value!;
  assert.equal(volume, 100);
});

Deno.test("beyond the most apps, the one that has been silent the longest gives way", async () => {
  using world = new ControlWorld({ maxClients: 1000 });
  const apps = Array.from({ length: MOST_CONTROLS }, () => world.app());
  await world.settle();
  for (const app of apps.slice(1)) await app.call("Server.GetRPCVersion");
  const another = world.app();
  await world.settle();
  assert.deepEqual(apps.map(({ isClosed }) => isClosed).indexOf(true), 0);
  assert.equal(apps.filter(({ isClosed }) => isClosed).length, 1);
  await another.call("Server.GetRPCVersion");
});

Deno.test("an app that only listens stays, however many connect from another address", async () => {
  using world = new ControlWorld({ maxClients: 1000 });
  const listener = world.app({ clientAddress: "192.168.1.2:5000" });
  await world.settle();
  const others = Array.from(
    { length: 2 * MOST_CONTROLS },
    (_, i) => world.app({ clientAddress: `192.168.1.3:${5000 + i}` }),
  );
  await world.settle();
  assert.equal(listener.isClosed, false);
  const left = others.filter(({ isClosed }) => !isClosed);
  assert.equal(left.length, MOST_CONTROLS - 1);
});

Deno.test("requests beyond the pace of a session are answered later", async () => {
  const { world, app } = await household();
  using _ = world;
  const request = { jsonrpc: "2.0", method: "Server.GetStatus" };
  const batch = JSON.stringify(Array(64).fill(request));
  for (let i = 0; i < 200; i++) app.write(batch);
  app.write('{"jsonrpc":"2.0","id":"last","method":"Server.GetRPCVersion"}');
  let passedMs = 0;
  while (app.answerTo("last") === undefined && passedMs < 60_000) {
    await world.pass(100);
    passedMs += 100;
  }
  assert.ok(passedMs > 2_000 && passedMs < 20_000, `${passedMs} ms`);
});
