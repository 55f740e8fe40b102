import assert from "node:assert/strict";
import { settle } from "../../support/fake_clock.ts";
import { GroupDevice } from "../../support/group_device.ts";
import { MemoryServer } from "../../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";
import { GroupVolume } from "../../../lib/server/groups/group_volume.ts";

async function setUp(
  options: ConstructorParameters<typeof MemoryServer>[0] = {},
) {
  const server = new MemoryServer({ maxClients: 100, ...options });
  for (const name of ["a", "b", "c"]) {
    server.songs.add(`${name}.wav`, wavFile(PHONE, noise(480_000)));
  }
  const [x, y, z] = await Promise.all(
    ["x", "y", "z"].map((name) => GroupDevice.open(server, name)),
  );
  const { peer } = await server.connectWelcomed({
    hello: { device: "person", name: "person", features: ["groups"] },
  });
  let id = 0;
  const ask = async (message: Record<string, unknown>, from = peer) => {
    await from.send({ ...message, id: ++id });
    await settle();
    await settle();
    const answer = from.messages().find(({ re }) => re === id);
    assert.ok(answer, `no answer to ${message.type}`);
    return answer;
  };
  /** The songs of a device's group, its devices and its state. */
  const groupOf = ({ key }: GroupDevice) => {
    const { groups } = server.hub;
    const group = groups.group(groups.devices.get(key)!);
    const { queue, devices, playback } = group;
    const { rows } = queue.page(undefined, 9);
    return [
      rows.map(({ song }) => song[0]).join(""),
      devices.map(({ name }) => name).join(""),
      playback.state,
    ];
  };
  return { server, ask, groupOf, x, y, z };
}

Deno.test("joining puts a device's own queue aside, and leaving gives it back, stopped", async () => {
  const { ask, groupOf, x, y } = await setUp();
  await ask({ type: "queue", to: "x", songs: ["a"] });
  await ask({ type: "queue", to: "y", songs: ["b"] });
  await ask({ type: "queue", to: ["x", "y"], songs: ["c"] });
  assert.deepEqual(groupOf(x), ["c", "xy", "playing"]);
  await ask({ type: "ungroup", devices: ["x"] });
  assert.deepEqual(groupOf(x), ["a", "x", "stopped"]);
  assert.deepEqual(groupOf(y), ["c", "y", "playing"], "the queue is its own");
});

Deno.test("the queue of the first device that plays is that of a new group", async () => {
  const { ask, groupOf, x, y, z } = await setUp();
  await ask({ type: "queue", to: "y", songs: ["b"] });
  await ask({ type: "group", devices: ["x", "y"] });
  assert.deepEqual(groupOf(x), ["b", "yx", "playing"]);
  const larger = await ask({ type: "group", devices: ["z", "x", "y"] });
  assert.deepEqual(groupOf(z), ["b", "yxz", "playing"]);
  assert.deepEqual(larger.devices, [y.key, x.key, z.key]);
  const same = await ask({ type: "group", devices: ["y", "z", "x"] });
  assert.equal(same.group, larger.group);
});

Deno.test("devices that leave a group for another leave it playing", async () => {
  const { ask, groupOf, x, y, z } = await setUp();
  await ask({ type: "queue", to: ["x", "y"], songs: ["a"] });
  await ask({ type: "queue", to: ["y", "z"], songs: ["b"] });
  assert.deepEqual(groupOf(x), ["a", "x", "playing"]);
  assert.deepEqual(groupOf(z), ["b", "yz", "playing"]);
  await ask({ type: "queue", to: ["x", "y", "z"], songs: ["c"] });
  assert.deepEqual(groupOf(y), ["c", "xyz", "playing"]);
  await ask({ type: "ungroup", devices: ["x", "y", "z"] });
  assert.deepEqual(groupOf(x), ["a", "x", "stopped"]);
  assert.deepEqual(groupOf(y), ["", "y", "stopped"]);
  assert.deepEqual(groupOf(z), ["c", "z", "playing"], "the last one keeps it");
});

Deno.test("move lets a queue and its place go on elsewhere, and the former fall silent", async () => {
  const { server, ask, groupOf, x, y, z } = await setUp();
  await ask({ type: "queue", to: "x", songs: ["a", "b"] });
  await server.sweepFor(5000);
  const { group } = await ask({ type: "move", group: "x", to: ["y"] });
  assert.equal(group, y.key);
  assert.deepEqual(groupOf(x), ["", "x", "stopped"]);
  assert.deepEqual(groupOf(y), ["ab", "y", "playing"]);
  const [{ reason }] = x.peer.messages("stopped");
  assert.equal(reason, "it has left its group");
  for (const it of [x, y]) it.look();
  assert.equal(x.log.at(-1), "stopped 1");
  assert.match(y.log.join(), /^start 1 a.wav from (3[789]|4)\d+$/);
  await ask({ type: "move", group: "y", to: ["x", "z"] });
  assert.deepEqual(groupOf(z), ["ab", "xz", "playing"]);
  assert.deepEqual(groupOf(y), ["", "y", "stopped"]);
});

Deno.test("a plain play takes a device out of its group, whose others play on", async () => {
  const { ask, groupOf, x, y } = await setUp();
  await ask({ type: "queue", to: ["x", "y"], songs: ["a"] });
  await x.peer.send({ type: "play", song: "b", id: "own" });
  await settle();
  assert.deepEqual(groupOf(y), ["a", "y", "playing"]);
  assert.deepEqual(groupOf(x), ["", "x", "stopped"]);
  x.look();
  assert.equal(x.log.at(-1), "start 2 b.wav");
});

Deno.test("a queue that is shuffled leaves no song out, wherever it begins", async () => {
  const { server, ask, x } = await setUp();
  for (const index of [undefined, 0, 1, 2]) {
    await ask({
      ...{ type: "queue", to: "x", songs: ["a", "b", "c"], shuffle: true },
      ...(index !== undefined && { index }),
    });
    const { queue } = server.hub.groups.get(x.key);
    const songs = queue.page(undefined, 9).rows.map(({ song }) => song[0]);
    assert.equal(songs[0], "abc"[index ?? 0]);
    assert.equal(songs.toSorted().join(""), "abc");
    assert.equal(queue.playing?.song, `${songs[0]}.wav`);
  }
});

Deno.test("of two who press next at once, one skips", async () => {
  const { ask, groupOf, x } = await setUp();
  await ask({ type: "queue", to: ["x", "y"], songs: ["a", "b", "c"] });
  const next = { type: "control", to: "x", action: "next", entry: 1 };
  assert.equal((await ask(next)).type, "controlled");
  assert.equal((await ask(next)).code, "stale");
  assert.deepEqual(groupOf(x), ["abc", "xy", "playing"]);
});

Deno.test("GroupVolume.scaledTo() keeps ratios, and 0 remembers them", () => {
  const devices = [{ volume: 80 }, { volume: 40 }];
  const volume = new GroupVolume(() => devices);
  const set = (percent: number) => {
    const scaled = volume.scaledTo(percent);
    for (const [i, it] of devices.entries()) it.volume = scaled[i];
    return scaled;
  };
  assert.deepEqual(set(40), [40, 20]);
  assert.deepEqual(set(0), [0, 0]);
  assert.deepEqual(set(100), [100, 50]);
  assert.equal(volume.percent, 100);
});

Deno.test("with --control own a client elsewhere commands only its own group", async () => {
  const { ask, x } = await setUp({ control: "own" });
  const pause = { type: "control", action: "pause" };
  assert.equal((await ask({ ...pause, to: "x" })).code, "read-only");
  const queue = { type: "queue", to: "x", songs: ["a"] };
  assert.equal((await ask(queue)).code, "read-only");
  assert.equal((await ask(queue, x.peer)).type, "queued");
  assert.equal((await ask({ ...pause, to: "y" }, x.peer)).code, "read-only");
});

Deno.test("a device is as far from the line as it reports, while its group plays one", async () => {
  const { ask, x } = await setUp();
  const step = { errorUs: 90, grade: "exact", rttUs: 300, leadMs: 350 };
  const steps = async () => {
    const { groups } = await ask({ type: "groups" });
    const rows: { devices: { key: string; step?: unknown }[] }[] = groups;
    return rows.map(({ devices }) => devices)
      .find((devices) => devices.some(({ key }) => key === x.key))!
      .map(({ step }) => step);
  };
  const report = async (of: object) => {
    const state = { position: 0, playing: true, volume: 100, underruns: 0 };
    await x.peer.send({ ...state, type: "state", stream: 1, ...of });
    await settle();
  };
  await ask({ type: "queue", to: ["x", "y"], songs: ["a"] });
  assert.deepEqual(await steps(), [undefined, undefined]);
  await report({ step });
  assert.deepEqual(await steps(), [step, undefined]);
  await ask({ type: "control", to: ["x"], action: "stop" });
  assert.deepEqual(await steps(), [undefined, undefined]);
  await ask({ type: "control", to: ["x"], action: "resume" });
  await ask({ type: "ungroup", devices: ["y"] });
  await report({ stream: 2 });
  assert.deepEqual(await steps(), [undefined], "it plays alone");
});
