import assert from "node:assert/strict";
import { type Node, Nodes } from "../../lib/cluster/nodes.ts";
import { MOST } from "../../lib/cluster/records.ts";
import { FakeClock } from "../support/fake_clock.ts";

const RECORD = {
  ...{ address: "127.0.0.1:1", admission: "all", clock: "this run" },
  mark: "0".repeat(64),
};
const bytes = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value));

/** The servers that "here" sees, and what it was notified of. */
function nodesOf(
  world: {
    isWritable?: boolean;
    answers?: boolean;
    heardMs?: number;
    mostBytes?: number;
  } = {},
) {
  const clock = new FakeClock();
  const told: string[] = [];
  const closing = new AbortController();
  const nodes = new Nodes({
    ...{ own: "here", clock, signal: closing.signal },
    bus: { isWritable: () => Promise.resolve(world.isWritable ?? true) },
    listener: {
      turned: ({ name, state }: Node) =>
        told.push(`${name} ${typeof state === "object" ? "refused" : state}`),
      changed: ({ name }, kind, id) => told.push(`${kind}.${name}.${id}`),
      crowded: (name, dead) => told.push(`${name} beside ${dead} dead`),
    },
    refusal: (name) => name.startsWith("stranger") ? "unknown" : null,
    lastHeardMs: () => {
      if (world.answers) world.heardMs = clock.now();
      return Promise.resolve(world.heardMs ?? -Infinity);
    },
    ...(world.mostBytes && { mostBytes: world.mostBytes }),
  });
  nodes.watch();
  /** Lets seconds pass in which some servers beat. */
  const pass = async (seconds: number, ...names: string[]) => {
    for (let i = 0; i < seconds; i++) {
      await clock.advance(1000);
      for (const name of names) nodes.heard(name);
    }
  };
  return { nodes, told, clock, pass, world, closing };
}

Deno.test("a server is alive once it has a record and beats, and dead 4 to 5 s after its last beat", async () => {
  const { nodes, told, pass, closing } = nodesOf();
  nodes.record("node.attic", bytes(RECORD), 1);
  assert.deepEqual(told, []);
  nodes.heard("attic");
  assert.deepEqual(told, ["attic alive"]);
  await pass(3, "here", "attic");
  await pass(3, "here");
  assert.deepEqual(told, ["attic alive"]);
  await pass(2, "here");
  assert.deepEqual(told, ["attic alive", "attic dead"]);
  nodes.heard("attic");
  assert.deepEqual(told.slice(2), ["attic alive"]);
  closing.abort();
});

Deno.test("a server that says that it leaves is dead at once, until it beats again", async () => {
  const { nodes, told, pass, closing } = nodesOf({ answers: true });
  nodes.record("node.attic", bytes(RECORD), 1);
  await pass(1, "here", "attic");
  nodes.left("attic");
  assert.deepEqual(told, ["attic alive", "attic dead"]);
  assert.ok(nodes.isGone("attic"));
  // Its records may still be written.
  nodes.record("node.attic", bytes(RECORD), 2);
  assert.equal(told.length, 2);
  nodes.heard("attic");
  assert.deepEqual(told.slice(2), ["attic alive"]);
  assert.ok(!nodes.isGone("attic"));
  nodes.left("here");
  closing.abort();
});

/** The server "attic" with records of two devices, of which the table then lacks one. */
async function losing() {
  const seen = nodesOf();
  const { nodes, told, pass } = seen;
  nodes.record("node.attic", bytes(RECORD), 1);
  nodes.record("device.attic.a", device("a"), 2);
  nodes.record("device.attic.b", device("b"), 3);
  await pass(1, "here", "attic");
  const readAgain = () => {
    told.length = 0;
    nodes.begin();
    nodes.record("node.attic", bytes(RECORD), 1);
    nodes.record("device.attic.b", device("b"), 3);
    nodes.complete();
  };
  return { ...seen, readAgain };
}

Deno.test("a record that the table has lost is shown for a minute, until its server writes it again", async () => {
  const { nodes, told, pass, readAgain, closing } = await losing();
  assert.equal(nodes.all.get("attic")!.device.size, 2);
  readAgain();
  await pass(40, "here", "attic");
  readAgain();
  await pass(10, "here", "attic");
  assert.deepEqual(told, []);
  nodes.record("device.attic.a", device("a"), 4);
  assert.deepEqual(told.splice(0), ["device.attic.a"]);
  readAgain();
  await pass(50, "here", "attic");
  assert.deepEqual(told, []);
  await pass(11, "here", "attic");
  assert.deepEqual(told, ["device.attic.a"]);
  assert.equal(nodes.all.get("attic")!.device.size, 1);
  closing.abort();
});

Deno.test("a record that the table has lost is gone with its server", async () => {
  const { nodes, told, pass, readAgain, closing } = await losing();
  readAgain();
  nodes.left("attic");
  await pass(1, "here");
  assert.deepEqual(told, ["attic dead"]);
  assert.equal(nodes.all.get("attic")!.device.size, 1);
  readAgain();
  closing.abort();
});

Deno.test("of many records that are lost, at most a thousand are forgotten in a look", async () => {
  const { nodes, told, clock, pass, closing } = nodesOf();
  nodes.record("node.attic", bytes(RECORD), 1);
  for (let i = 0; i < 2_500; i++) {
    nodes.record(`device.attic.${i}`, device(`${i}`), i + 2);
  }
  await pass(1, "here", "attic");
  nodes.begin();
  nodes.record("node.attic", bytes(RECORD), 1);
  nodes.complete();
  told.length = 0;
  await pass(59, "here", "attic");
  await clock.advance(750);
  assert.equal(told.length, 0);
  await clock.advance(250);
  assert.equal(told.length, 1_000);
  nodes.left("attic");
  await clock.advance(250);
  assert.equal(nodes.all.get("attic")!.device.size, 500);
  await clock.advance(250);
  assert.equal(nodes.all.get("attic")!.device.size, 0);
  closing.abort();
});

for (
  const [name, world, beats] of [
    ["nothing is heard at all", {}, []],
    ["JetStream has no leader", { isWritable: false }, ["here"]],
    ["it answers on a connection", { answers: true }, ["here"]],
  ] as const
) {
  Deno.test(`a silent server is not dead while ${name}`, async () => {
    const { nodes, told, pass, closing } = nodesOf(world);
    nodes.record("node.attic", bytes(RECORD), 1);
    nodes.heard("attic");
    await pass(20, ...beats);
    assert.deepEqual(told, ["attic alive"]);
    closing.abort();
  });
}

Deno.test("a silent server that answers now and then is not dead, until it answers no more", async () => {
  const { nodes, told, pass, world, closing } = nodesOf();
  nodes.record("node.attic", bytes(RECORD), 1);
  nodes.heard("attic");
  for (let i = 0; i < 10; i++) {
    world.answers = i % 2 === 0;
    await pass(1, "here");
  }
  assert.deepEqual(told, ["attic alive"]);
  world.answers = false;
  await pass(3, "here");
  assert.deepEqual(told, ["attic alive", "attic dead"]);
  closing.abort();
});

Deno.test("a server without a beat is not dead while anything comes from it within three seconds", async () => {
  const { nodes, told, clock, pass, world, closing } = nodesOf();
  nodes.record("node.attic", bytes(RECORD), 1);
  nodes.heard("attic");
  for (let i = 0; i < 4; i++) {
    world.heardMs = clock.now();
    await pass(2, "here");
  }
  assert.deepEqual(told, ["attic alive"]);
  await pass(2, "here");
  assert.deepEqual(told, ["attic alive", "attic dead"]);
  closing.abort();
});

Deno.test("a server that was cut off from all takes nobody for dead that is silent since then alone", async () => {
  const { nodes, told, pass, closing } = nodesOf();
  nodes.record("node.attic", bytes(RECORD), 1);
  await pass(3, "here", "attic");
  await pass(20);
  await pass(3, "here");
  assert.deepEqual(told, ["attic alive"]);
  await pass(3, "here");
  assert.deepEqual(told, ["attic alive", "attic dead"]);
  closing.abort();
});

Deno.test("a server that may not join is refused, and its records are not shown", () => {
  const { nodes, told, closing } = nodesOf();
  nodes.record("node.stranger", bytes(RECORD), 1);
  nodes.heard("stranger");
  nodes.record("device.stranger.k", bytes(DEVICE), 2);
  assert.deepEqual(told, ["stranger refused"]);
  closing.abort();
});

const DEVICE = {
  ...{ key: "k", id: "127.0.0.1:2", name: "speaker", receiving: true },
  state: { doing: "waiting" },
};

Deno.test("as many strangers as there may be servers keep no server out", async () => {
  const { nodes, told, pass, closing } = nodesOf({ mostBytes: 20_000 });
  for (let i = 0; i < MOST.node; i++) {
    nodes.heard(`stranger-${i}`);
    if (i % 2 === 0) nodes.record(`node.stranger-${i}`, bytes(RECORD), i + 1);
    nodes.record(`device.stranger-${i}.k`, bytes(DEVICE), i + 100);
  }
  told.length = 0;
  for (const name of ["attic", "cellar"]) {
    nodes.heard(name);
    nodes.record(`node.${name}`, bytes(RECORD), 200);
    nodes.record(`device.${name}.k`, bytes(DEVICE), 201);
    nodes.heard(name);
  }
  assert.deepEqual([...nodes.alive()].map((it) => it.name), [
    "attic",
    "cellar",
  ]);
  assert.equal(nodes.all.size, MOST.node);
  assert.ok(told.includes("attic alive") && told.includes("cellar alive"));
  // They come again, and take the place of none that may join, alive or dead.
  await pass(10, "here", "attic");
  for (let i = 0; i < MOST.node; i++) {
    nodes.record(`node.stranger-again-${i}`, bytes(RECORD), 300 + i);
  }
  const { state, device } = nodes.all.get("cellar")!;
  assert.deepEqual([state, device.size], ["dead", 1]);
  closing.abort();
});

Deno.test("a server more than there may be takes the place of none that may join", () => {
  const { nodes, told } = nodesOf();
  for (let i = 0; i <= MOST.node; i++) {
    nodes.record(`node.server-${i}`, bytes(RECORD), i + 1);
    nodes.heard(`server-${i}`);
  }
  assert.equal(told.at(-1), `server-${MOST.node} beside 0 dead`);
  assert.equal([...nodes.alive()].length, MOST.node);
  assert.ok(!nodes.all.has(`server-${MOST.node}`));
});

Deno.test("records that are not as they should be are ignored", () => {
  const { nodes, told, closing } = nodesOf();
  nodes.record("node.attic", bytes(RECORD), 1);
  nodes.heard("attic");
  for (
    const [key, value] of [
      ["device.attic.k", { ...DEVICE, name: "\u202e" }],
      ["device.attic.k", { ...DEVICE, receiving: "yes" }],
      ["device.attic.k", "x".repeat(70_000)],
      ["device.ATTIC.k", DEVICE],
      ["other.attic.k", DEVICE],
      ["song.attic.k", { ...SONG, name: "../secret.wav" }],
      ["song.attic.k", { ...SONG, title: "\u001b[2J" }],
    ] as const
  ) {
    nodes.record(key, bytes(value), 2);
  }
  assert.deepEqual(told, ["attic alive"]);
  nodes.record("device.attic.k", bytes(DEVICE), 3);
  nodes.record("song.attic.k", bytes(SONG), 4);
  assert.deepEqual(told.slice(1), ["device.attic.k", "song.attic.k"]);
  closing.abort();
});

const SONG = {
  ...{ name: "a.wav", bytes: 1, seconds: 1, etag: "e", format: null },
};

const device = (key: string) =>
  bytes({
    key,
    id: "1.2.3.4:5",
    name: key,
    receiving: true,
    state: { doing: "waiting" },
  });

Deno.test("a server goes by its last valid record, whatever follows it", () => {
  const { nodes, told, closing } = nodesOf();
  nodes.record("node.attic", bytes(RECORD), 1);
  nodes.heard("attic");
  const { record } = nodes.all.get("attic")!;
  nodes.record("node.attic", null, 2);
  nodes.record("node.attic", bytes({ ...RECORD, address: "[" }), 3);
  nodes.record("node.attic.a", null, 4);
  nodes.record("node.attic.a", bytes({ ...RECORD, address: "pi:1" }), 5);
  assert.deepEqual(told, ["attic alive"]);
  assert.equal(nodes.all.get("attic")!.record, record);
  closing.abort();
});

Deno.test("devices beyond the most of a server are ignored, and so is their end", () => {
  const { nodes, told, closing } = nodesOf();
  nodes.record("node.attic", bytes(RECORD), 1);
  nodes.heard("attic");
  told.length = 0;
  for (let i = 0; i < MOST.device + 10; i++) {
    nodes.record(`device.attic.${i}`, device(`${i}`), i + 2);
  }
  nodes.record(`device.attic.${MOST.device + 1}`, null, 0);
  assert.equal(told.length, MOST.device);
  assert.equal(nodes.all.get("attic")!.device.size, MOST.device);
  closing.abort();
});

Deno.test("a server has at most as many bytes of records as it leaves free for others", () => {
  const { nodes, told, closing } = nodesOf({ mostBytes: 1_000 });
  for (const name of ["attic", "cellar"]) {
    nodes.record(`node.${name}`, bytes(RECORD), 1);
    nodes.heard(name);
  }
  told.length = 0;
  const put = (name: string, i: number, revision = 2) => {
    const key = `k${`${i}`.padStart(3, "0")}`;
    nodes.record(`device.${name}.${key}`, device(key), revision);
  };
  const fill = (name: string, from = 0) => {
    for (let i = from; i < 100; i++) put(name, i);
    return nodes.all.get(name)!.device.size;
  };
  const { length } = device("k000");
  const most = Math.floor(500 / length);
  assert.equal(fill("attic"), most);
  const mostBeside = Math.floor((1_000 - most * length) / 2 / length);
  assert.ok(mostBeside > 0);
  assert.equal(fill("cellar"), mostBeside);
  assert.equal(told.length, most + mostBeside);
  // One that is written again takes no more room.
  put("attic", 0, 3);
  assert.equal(told.length, most + mostBeside + 1);
  nodes.record("device.cellar.k000", null, 0);
  assert.equal(fill("cellar", 50), mostBeside);
  assert.ok(nodes.all.get("cellar")!.device.has("k050"));
  closing.abort();
});
