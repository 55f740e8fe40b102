import assert from "node:assert/strict";
import type {
  GroupStore,
  SavedDevice,
  SavedGroup,
} from "../../../lib/ports/group_store.ts";
import { settle } from "../../support/fake_clock.ts";
import { GroupDevice } from "../../support/group_device.ts";
import { MemoryServer } from "../../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";

/** Keeps what is saved for the next server. */
class KeptGroups implements GroupStore {
  readonly #groups = new Map<string, SavedGroup>();
  readonly #devices = new Map<string, SavedDevice>();

  load(): ReturnType<GroupStore["load"]> {
    return Promise.resolve({
      devices: [...this.#devices.values()],
      groups: [...this.#groups.values()],
    });
  }

  save(change: Parameters<GroupStore["save"]>[0]): Promise<void> {
    for (const id of change.goneGroups ?? []) this.#groups.delete(id);
    for (const it of change.groups ?? []) this.#groups.set(it.id, it);
    for (const it of change.devices ?? []) this.#devices.set(it.key, it);
    for (const key of change.goneDevices ?? []) this.#devices.delete(key);
    return Promise.resolve();
  }

  mark(...[id, place]: Parameters<GroupStore["mark"]>): void {
    const { playing, seconds, atWallMs } = place;
    const group = this.#groups.get(id)!;
    const queue = { ...group.queue, playing, seconds };
    this.#groups.set(id, { ...group, queue, atWallMs });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function serverWith(store: GroupStore) {
  const server = new MemoryServer({ maxClients: 100, store });
  for (const [i, name] of ["a", "b", "c"].entries()) {
    server.songs.add(`${name}.wav`, wavFile(PHONE, noise(480_000, i + 1)));
  }
  await server.hub.groups.load();
  return server;
}

async function asker(server: MemoryServer) {
  const { peer } = await server.connectWelcomed({
    hello: { device: "person", name: "person", features: ["groups"] },
  });
  let id = 0;
  return async (message: Record<string, unknown>) => {
    await peer.send({ ...message, id: ++id });
    await settle();
    await settle();
    const answer = peer.messages().find(({ re }) => re === id);
    assert.ok(answer, `no answer to ${message.type}`);
    return answer;
  };
}

async function inStep(
  server: MemoryServer,
  us: number,
  devices: GroupDevice[],
) {
  await server.clock.advance(us / 1000 - server.clock.now());
  for (const it of devices) it.look();
  const [first, ...others] = devices.map((it) => it.hears(us));
  assert.ok(first);
  for (const it of others) assert.deepEqual(it, first);
  return first;
}

Deno.test("a member that reconnects asks for nothing, and is in step again", async () => {
  const server = await serverWith(new KeptGroups());
  const ask = await asker(server);
  const x = await GroupDevice.open(server, "x");
  const y = await GroupDevice.open(server, "y");
  await ask({ type: "queue", to: ["x", "y"], songs: ["a"] });
  await server.sweepFor(5000);
  y.cut();
  await server.sweepFor(2000);
  const { groups } = server.hub;
  const group = groups.all.values().find(({ devices }) => devices.length === 2);
  const { devices } = groups.row(group!);
  assert.deepEqual(devices.map(({ away }) => away), [undefined, true]);
  await y.connect();
  await settle();
  assert.deepEqual(y.peer.types().slice(0, 3), ["welcome", "start", "line"]);
  await inStep(server, 9_000_000, [x, y]);
});

Deno.test("what is set of a member while it is away holds once it is back", async () => {
  const server = await serverWith(new KeptGroups());
  const ask = await asker(server);
  await GroupDevice.open(server, "x");
  const y = await GroupDevice.open(server, "y");
  await ask({ type: "queue", to: ["x", "y"], songs: ["a"] });
  const set = async (values: Record<string, number | boolean>) => {
    for (const [action, value] of Object.entries(values)) {
      await ask({ type: "control", to: [y.key], action, value });
    }
  };
  await set({ volume: 40, mute: true, delay: 30 });
  await server.sweepFor(2000);
  y.cut();
  y.log.length = 0;
  await server.sweepFor(2000);
  await set({ volume: 100, mute: false, delay: 0 });
  await y.connect();
  const state = { type: "state", stream: 1, position: 0, playing: true };
  await y.peer.send({ ...state, volume: 40, underruns: 0 });
  await server.sweepFor(2000);
  /** What it was told since the last look. */
  const told = () => {
    y.look();
    return y.log.splice(0).filter((it) => /volume|mute|delay/.test(it));
  };
  assert.deepEqual(told(), ["volume 100", "mute false", "delay 0"]);
  // It is told once.
  y.cut();
  await y.connect();
  await server.sweepFor(2000);
  assert.deepEqual(told(), []);
});

Deno.test("the next song of a member that is back does not keep it silent before", async () => {
  const server = await serverWith(new KeptGroups());
  const ask = await asker(server);
  server.songs.add("short.wav", wavFile(PHONE, noise(80_000)));
  const x = await GroupDevice.open(server, "x");
  const y = await GroupDevice.open(server, "y");
  await ask({ type: "queue", to: ["x", "y"], songs: ["short", "a"] });
  await server.sweepFor(3000);
  y.cut();
  await y.connect();
  await settle();
  y.look();
  // It needs a second, and has been sent both songs long before.
  assert.match(y.log.join(), /^start 1 short.*start 2 a.wav follows 1/);
  await inStep(server, 6_000_000, [x, y]);
});

Deno.test("what a device is, is known while it is away from a server that has started again", async () => {
  const store = new KeptGroups();
  const before = await serverWith(store);
  const ask = await asker(before);
  await GroupDevice.open(before, "x", { kind: "tv" });
  await GroupDevice.open(before, "y");
  await ask({ type: "queue", to: ["x", "y"], songs: ["a"] });
  const { groups } = (await serverWith(store)).hub;
  const group = groups.all.values().find(({ devices }) => devices.length === 2);
  const { devices } = groups.row(group!);
  assert.deepEqual(
    devices.map(({ name, away, kind }) => ({ name, away, kind })),
    [
      { name: "x", away: true, kind: "tv" },
      { name: "y", away: true, kind: undefined },
    ],
  );
});

Deno.test("a group goes on at the right place when the server has started again", async () => {
  const store = new KeptGroups();
  const before = await serverWith(store);
  const ask = await asker(before);
  for (const name of ["x", "y"]) await GroupDevice.open(before, name);
  await ask({ type: "queue", to: ["x", "y"], songs: ["a", "b"] });
  await ask({ type: "control", to: "x", action: "volume", value: 30 });
  await before.sweepFor(11_100);
  // It is killed, and its successor is there three seconds later.
  const after = await serverWith(store);
  await after.clock.advance(14_100);
  const x = await GroupDevice.open(after, "x");
  const y = await GroupDevice.open(after, "y");
  await settle();
  const heard = await inStep(after, 16_100_000, [x, y]);
  assert.equal(heard.song, "a.wav");
  assert.ok(Math.abs(heard.frame - 15 * 8000) < 9, `${heard.frame}`);
  const first = ["welcome", "start", "line", "control"];
  assert.deepEqual(x.peer.types().slice(0, 4), first);
  assert.ok(x.log.includes("volume 30"));
});

Deno.test("a group whose devices are away for a minute waits where they left it", async () => {
  const store = new KeptGroups();
  const server = await serverWith(store);
  const ask = await asker(server);
  const x = await GroupDevice.open(server, "x");
  const y = await GroupDevice.open(server, "y");
  const { group } = await ask({
    ...{ type: "queue", to: ["x", "y"], songs: ["a", "b"] },
  });
  await server.sweepFor(11_100);
  for (const it of [x, y]) it.cut();
  await settle();
  await server.sweepFor(61_000);
  await x.connect();
  const row = server.hub.groups.row(server.hub.groups.get(group));
  assert.deepEqual([row.state, row.entry, row.position], ["paused", 1, 10.4]);
  assert.deepEqual(x.peer.types(), ["welcome"]);
  const askAgain = await asker(server);
  await askAgain({ type: "control", to: "x", action: "resume" });
  x.look();
  assert.deepEqual(x.log.slice(-2), ["start 1 a.wav from 83200", "line 1:0"]);
});

Deno.test("a device alone goes on where it was, not where it would have been", async () => {
  const server = await serverWith(new KeptGroups());
  const ask = await asker(server);
  const x = await GroupDevice.open(server, "x");
  await ask({ type: "queue", to: "x", songs: ["a"] });
  const state = { type: "state", playing: true, volume: 100, underruns: 0 };
  await server.clock.advance(5000);
  await x.peer.send({ ...state, stream: 1, position: 4.5 });
  await settle();
  x.cut();
  await server.sweepFor(30_000);
  await x.connect();
  await settle();
  x.look();
  assert.equal(x.log.at(-1), "start 1 a.wav from 36000");
});

Deno.test("a receiver of the first version plays its queue by one start after the other", async () => {
  const server = await serverWith(new KeptGroups());
  const ask = await asker(server);
  const x = await GroupDevice.open(server, "x");
  await x.connect([]);
  const { refused } = await ask({
    ...{ type: "queue", to: ["x"], songs: ["a", "nothing", "b"] },
  });
  assert.deepEqual(refused.map(({ to }: { to: string }) => to), ["nothing"]);
  await server.sweepFor(1000);
  x.look();
  assert.deepEqual(x.log.slice(-1), ["start 1 a.wav"]);
  const start = x.peer.messages("start")[0];
  assert.deepEqual([start.group, start.entry], [undefined, undefined]);
  const state = { type: "state", volume: 100, underruns: 0, stream: 1 };
  await x.peer.send({ ...state, position: 60, playing: false });
  await settle();
  await server.clock.advance(0);
  x.look();
  assert.deepEqual(x.log.slice(-1), ["start 2 b.wav"]);
  await GroupDevice.open(server, "y");
  const grouped = await ask({ type: "group", devices: ["x", "y"] });
  assert.deepEqual(
    grouped.refused.map(({ to, code }: Record<string, string>) => [to, code]),
    [["x", "unsupported"]],
  );
});

Deno.test("a receiver of the first version that asks for its song again is sent what is cast meanwhile", async () => {
  const server = await serverWith(new KeptGroups());
  const ask = await asker(server);
  const x = await GroupDevice.open(server, "x");
  await x.connect([]);
  await ask({ type: "queue", to: "x", songs: ["a"] });
  await server.sweepFor(1000);
  x.cut();
  await server.sweepFor(1000);
  await x.connect([]);
  // Its group opens the song for itself, behind the stream.
  const { songs } = server;
  const open = songs.open.bind(songs);
  const [asked, goOn] = [0, 1].map(() => Promise.withResolvers<void>());
  let opened = 0;
  songs.open = async (entry) => {
    if (++opened === 2) {
      asked.resolve();
      await goOn.promise;
    }
    return await open(entry);
  };
  await x.peer.send({ type: "play", song: "a", offset: 8044 });
  await asked.promise;
  await ask({ type: "queue", to: "x", songs: ["b"] });
  goOn.resolve();
  await server.sweepFor(1000);
  x.look();
  assert.deepEqual(x.log.slice(-1), ["start 2 b.wav"]);
});

Deno.test("a song that fails passes on to the next, and a silent round stops the group", async () => {
  const server = await serverWith(new KeptGroups());
  const ask = await asker(server);
  const x = await GroupDevice.open(server, "x", { windowBytes: 1000 });
  const { group } = await ask({ type: "queue", to: "x", songs: ["a", "b"] });
  await server.sweepFor(1000);
  await server.songs.remove("a");
  await x.peer.send({ type: "grant", bytes: 10 });
  await server.sweepFor(1000);
  x.look();
  assert.deepEqual(x.log, ["start 1 a.wav", "stopped 1", "start 2 b.wav"]);
  await ask({ type: "queue", to: "x", songs: ["c", "b"], repeat: "all" });
  for (const name of ["b", "c"]) await server.songs.remove(name);
  await server.sweepFor(1000);
  const row = server.hub.groups.row(server.hub.groups.get(group));
  assert.equal(row.state, "stopped");
  assert.match(row.problem ?? "", /Cannot|none/);
});
