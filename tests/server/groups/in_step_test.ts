import assert from "node:assert/strict";
import { settle } from "../../support/fake_clock.ts";
import fc from "../../support/fast_check.ts";
import { GroupDevice } from "../../support/group_device.ts";
import { MemoryServer } from "../../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";

/** Songs of 30, 20, 1 and 0.1 seconds. */
const SONGS = { a: 240_000, b: 160_000, c: 8_000, d: 800 };

async function setUp() {
  const server = new MemoryServer({ maxClients: 100 });
  for (const [name, bytes] of Object.entries(SONGS)) {
    server.songs.add(`${name}.wav`, wavFile(PHONE, noise(bytes, bytes)));
  }
  const { peer } = await server.connectWelcomed({
    hello: { device: "person", name: "person", features: ["groups"] },
  });
  let id = 0;
  const ask = async (message: Record<string, unknown>) => {
    await peer.send({ ...message, id: ++id });
    await settle();
    await settle();
    const answer = peer.messages().find(({ re }) => re === id);
    assert.ok(answer, `no answer to ${message.type}`);
    return answer;
  };
  return { server, ask };
}

/** Three devices with windows of 0.5 s, 2 s and a minute. */
async function threeDevices(server: MemoryServer): Promise<GroupDevice[]> {
  const devices: GroupDevice[] = [];
  for (
    const [name, windowBytes] of [["x", 4_000], ["y", 16_000], [
      "z",
      480_000,
    ]] as const
  ) {
    devices.push(await GroupDevice.open(server, name, { windowBytes }));
  }
  return devices;
}

/** Advances the time in steps, in which devices consume what they sound. */
async function run(
  server: MemoryServer,
  devices: readonly GroupDevice[],
  ms: number,
  check: () => void = () => {},
): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await server.clock.advance(100);
    if (server.clock.now() % 500 === 0) server.hub.sweep();
    await settle();
    for (const device of devices) device.look();
    check();
    for (const device of devices) await device.consume();
    await settle();
  }
}

/** The group of a device; undefined once it is forgotten. */
function groupOf(server: MemoryServer, { key }: GroupDevice) {
  const { groups } = server.hub;
  const device = groups.devices.get(key);
  return device && groups.group(device);
}

/** Checks that whatever a device sounds is what its group's line says. */
function assertInStep(server: MemoryServer, device: GroupDevice): boolean {
  const us = device.nowUs;
  const heard = device.hears(us);
  if (heard === null) return false;
  const group = groupOf(server, device)!;
  const place = group.playback.timeline.positionAt(us);
  const what = `${us}: ${JSON.stringify(heard)}: ${device.log.join(", ")}`;
  assert.equal(place?.kind, "playing", what);
  assert.equal(heard.entry, place!.take.entry, what);
  const off = heard.frame - place!.frame;
  assert.ok(Math.abs(off) < 0.02, `off by ${off} at ${what}`);
  return true;
}

Deno.test("three devices of different windows sound the same frames of an album", async () => {
  const { server, ask } = await setUp();
  const devices = await threeDevices(server);
  const to = devices.map(({ name }) => name);
  const queued = await ask({ type: "queue", to, songs: ["c", "b", "d", "c"] });
  assert.equal(queued.type, "queued");
  const group = server.hub.groups.get(queued.group);
  const heard = new Map(devices.map((it) => [it, 0]));
  await run(server, devices, 22_000, () => {
    for (const device of devices) {
      if (!assertInStep(server, device)) continue;
      heard.set(device, heard.get(device)! + 1);
    }
  });
  assert.equal(group.queue.playing?.entry, 4);
  // 1 + 20 + 0.1 s, but for the lead.
  for (const [{ name, log }, times] of heard) {
    assert.ok(times >= 205, `${name}: ${times}, ${log.join(", ")}`);
  }
  await run(server, devices, 2_000);
  assert.equal(group.playback.state, "stopped");
  assert.deepEqual(
    devices[1].log.filter((line) => line.startsWith("st")),
    [
      "start 1 c.wav",
      "start 2 b.wav follows 1",
      "start 3 d.wav follows 2",
      "start 4 c.wav follows 3",
    ],
  );
});

Deno.test("the first of a new group plays on without a gap, and others join", async () => {
  const { server, ask } = await setUp();
  const [x, y] = await threeDevices(server);
  await ask({ type: "queue", to: "x", songs: ["a"] });
  const state = { type: "state", playing: true, volume: 70, underruns: 0 };
  await server.clock.advance(3000);
  await x.peer.send({ ...state, stream: 1, position: 2.5 });
  await settle();
  const { group, devices } = await ask({ type: "group", devices: ["x", "y"] });
  assert.deepEqual(devices, [x.key, y.key]);
  await settle();
  for (const it of [x, y]) it.look();
  assert.deepEqual(x.log, ["start 1 a.wav", "line 1:20000"]);
  assert.equal(x.pending?.atUs, 3_000_000);
  assert.match(y.log.join(", "), /^start 1 a.wav from \d+, line 1:0$/);
  await run(server, [x, y], 1500);
  assert.ok(assertInStep(server, y));
  const row = server.hub.groups.row(server.hub.groups.get(group));
  assert.deepEqual([row.was, row.state, row.volume], [x.key, "playing", 100]);
  await ask({ type: "ungroup", devices: ["x"] });
  x.look();
  assert.equal(x.log.at(-1), "stopped 1");
  assert.equal(groupOf(server, y)?.id, y.key);
  assert.equal(groupOf(server, y)?.playback.state, "playing");
  assert.equal(groupOf(server, x)?.playback.state, "stopped");
});

const COMMANDS = [
  ...["pause", "resume", "seek", "next", "previous", "cut", "rejoin"] as const,
  ...["remove", "shuffle", "leave", "join", "move", "repeat", "wait"] as const,
  ...["stall", "queue"] as const,
];
interface Command {
  kind: typeof COMMANDS[number];
  /** The device that is named. */
  who: number;
  value: number;
  waitMs: number;
}
const command: fc.Arbitrary<Command> = fc.record({
  kind: fc.constantFrom(...COMMANDS),
  who: fc.nat(2),
  value: fc.nat(30),
  waitMs: fc.nat(40).map((it) => it * 100),
});

/** Does commands with three devices, and checks what they sound meanwhile. */
async function obey(commands: readonly Command[]): Promise<void> {
  const { server, ask } = await setUp();
  const devices = await threeDevices(server);
  const names = devices.map(({ name }) => name);
  await ask({ type: "queue", to: names, songs: ["b", "c", "d", "a"] });
  const lastMs = new Map<GroupDevice, number>();
  const check = () => {
    for (const device of devices) {
      // One that is away knows nothing of a stop.
      if (device.isConnected && groupOf(server, device)?.isSeveral) {
        assertInStep(server, device);
      }
    }
  };
  for (const { kind, who, value, waitMs } of commands) {
    const device = devices[who];
    const group = groupOf(server, device)!;
    const to = device.name;
    const control = (action: string, value?: unknown) =>
      ask({
        ...{ type: "control", to, action },
        ...(value !== undefined && { value }),
      });
    if (kind === "wait") await run(server, devices, waitMs, check);
    else if (kind === "seek") await control(kind, value);
    else if (kind === "shuffle") await control(kind, value % 2 === 0);
    else if (kind === "repeat") {
      await control(kind, ["off", "all", "one"][value % 3]);
    } else if (kind === "leave") {
      await ask({ type: "ungroup", devices: [to] });
    } else if (kind === "join") {
      await ask({ type: "group", devices: names });
    } else if (kind === "move") {
      const others = names.filter((it) => it !== to);
      await ask({ type: "move", group: group.id, to: others });
    } else if (kind === "rejoin") await device.rejoin();
    else if (kind === "cut") {
      device.cut();
      await run(server, devices, waitMs, check);
      await device.connect();
    } else if (kind === "remove") {
      const { entries } = group.queue;
      const entry = entries[value % Math.max(1, entries.length)];
      if (entry !== undefined) group.change((it) => it.remove([entry]));
    } else if (kind === "stall") device.grants = !device.grants;
    else if (kind === "queue") {
      const place = ["now", "next", "end"][value % 3];
      await ask({ type: "queue", to, place, songs: ["c", "b"] });
    } else await control(kind);
    await settle();
    for (const it of devices) it.look();
    check();
    lastMs.set(device, server.clock.now());
    await run(server, devices, waitMs % 700, check);
  }
  for (const device of devices) device.grants = true;
  await ask({ type: "group", devices: names });
  await ask({ type: "queue", to: names, songs: ["a"] });
  for (const it of devices) it.look();
  await run(server, devices, 2_000, check);
  for (const device of devices) {
    assert.ok(
      assertInStep(server, device),
      `${device.name}: ${device.log.join(", ")}`,
    );
  }
}

Deno.test("whatever is done, what devices of one group sound is the same frame", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 5, maxLength: 30, size: "max" }),
      obey,
    ),
    { numRuns: 60, interruptAfterTimeLimit: 10_000 },
  );
});
