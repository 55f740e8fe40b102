import assert from "node:assert/strict";
import type { LentDevices } from "../../lib/cluster/lent_devices.ts";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const song = (seconds: number) =>
  wavFile(PHONE, noise(seconds * 8_000, seconds));

/** Rooms of two servers whose clocks are hours apart, and a person at the first. */
async function twoServers() {
  const all = await MemoryCluster.start({
    attic: { "a.wav": song(30), "b.wav": song(10) },
    cellar: {},
  });
  const [attic, cellar] = [all.node("attic"), all.node("cellar")];
  const x = await GroupDevice.open(attic.server, "x");
  const y = await GroupDevice.open(cellar.server, "y");
  await all.run([x, y], 1_000);
  const ask = await attic.client();
  /** Fails on a refusal. */
  const command = async (message: Record<string, unknown>) => {
    const answer = await ask(message);
    assert.notEqual(answer.type, "error", JSON.stringify(answer));
    return answer;
  };
  const play = (...songs: string[]) =>
    command({ type: "queue", to: ["x", "y"], songs });
  const control = (action: string, value?: number | boolean, to = "x") =>
    command({
      ...{ type: "control", to, action },
      ...(value !== undefined && { value }),
    });
  return { all, attic, cellar, x, y, ask, command, play, control };
}

/** Clocks drift apart by more than 100 ppm, until the drift is known. */
const MOST_OFF_US = 200;

/** Lets time pass. @returns The times at which both rooms sounded, in step. */
async function hearBoth(
  { all, x, y }: Pick<
    Awaited<ReturnType<typeof twoServers>>,
    "all" | "x" | "y"
  >,
  ms: number,
): Promise<number> {
  let heard = 0;
  await all.run([x, y], ms, () => {
    const [at, there] = [x.hears(x.nowUs), y.hears(y.nowUs)];
    if (!at || !there) return;
    assert.equal(there.entry, at.entry);
    const offUs = (there.frame - at.frame) / 8_000 * 1e6;
    const what = `${x.log.join(", ")}; ${y.log.join(", ")}`;
    assert.ok(Math.abs(offUs) < MOST_OFF_US, `off by ${offUs} us: ${what}`);
    heard++;
  });
  return heard;
}

Deno.test("rooms of two servers, whose clocks are hours apart, sound the same frames", async () => {
  const rooms = await twoServers();
  await rooms.play("b.wav", "a.wav");
  const heard = await hearBoth(rooms, 20_000);
  assert.ok(heard > 180, `${heard}`);
});

Deno.test("a device that comes anew at the moment it is borrowed is borrowed again", async () => {
  const rooms = await twoServers();
  await rooms.play("a.wav");
  await hearBoth(rooms, 2_000);
  const { hub } = rooms.cellar.server;
  const lent = hub.receivers as LentDevices;
  const borrow = lent.borrow.bind(lent);
  let loans = 0;
  lent.borrow = (...asked) => {
    const { key } = rooms.y;
    const { link, name } = hub.groups.devices.get(key)!;
    const answer = borrow(...asked);
    if (loans++ === 0) queueMicrotask(() => lent.arrive({ key, name }, link!));
    return answer;
  };
  await rooms.y.connect();
  const heard = await hearBoth(rooms, 10_000);
  assert.equal(loans, 2);
  assert.ok(heard > 60, `${heard}`);
});

Deno.test("what is heard of a loan that has ended is not about the next one", async () => {
  const rooms = await twoServers();
  await rooms.play("a.wav");
  await hearBoth(rooms, 2_000);
  const lent = rooms.cellar.server.hub.receivers as LentDevices;
  const borrow = lent.borrow.bind(lent);
  let loans = 0;
  lent.borrow = (borrower, message) => {
    loans++;
    borrower.send({ type: "lent-over", device: rooms.y.key, why: "left" });
    return borrow(borrower, message);
  };
  await rooms.y.connect();
  const heard = await hearBoth(rooms, 10_000);
  assert.equal(loans, 1);
  assert.ok(heard > 60, `${heard}`);
});

Deno.test("every server knows the kinds of the devices of all", async () => {
  const all = await MemoryCluster.start({
    attic: { "a.wav": song(30) },
    cellar: {},
  });
  const [attic, cellar] = [all.node("attic"), all.node("cellar")];
  const x = await GroupDevice.open(attic.server, "x", { kind: "phone" });
  const y = await GroupDevice.open(cellar.server, "y", { kind: "tv" });
  await all.run([x, y], 1_000);
  const clients = [await attic.client(), await cellar.client()];
  const sees = async (ask: typeof clients[0]) => {
    const { clients } = await ask({ type: "online" });
    const { groups } = await ask({ type: "groups" });
    type Row = { name: string; kind?: string };
    const rows: Row[] = [
      ...clients,
      ...groups.flatMap(({ devices }: { devices: Row[] }) => devices),
    ];
    return rows.filter(({ name }) => "xy".includes(name))
      .map(({ name, kind }) => `${name} ${kind}`).sort();
  };
  const kinds = ["x phone", "x phone", "y tv", "y tv"];
  for (const ask of clients) assert.deepEqual(await sees(ask), kinds);
  await clients[0]({ type: "queue", to: ["x", "y"], songs: ["a.wav"] });
  await all.run([x, y], 2_000);
  for (const ask of clients) assert.deepEqual(await sees(ask), kinds);
});

Deno.test("pause, resume, seek, next and previous act on rooms of two servers", async () => {
  const rooms = await twoServers();
  const { x, y, control } = rooms;
  const hears = (it: GroupDevice) => it.hears(it.nowUs);
  await rooms.play("a.wav", "b.wav");
  assert.ok(await hearBoth(rooms, 5_000) > 30);
  await control("pause", undefined, "y");
  await hearBoth(rooms, 2_000);
  assert.deepEqual([hears(x), hears(y)], [null, null]);
  await control("resume");
  assert.ok(await hearBoth(rooms, 5_000) > 30);
  await control("seek", 20, "y");
  assert.ok(await hearBoth(rooms, 4_000) > 25);
  assert.ok(hears(y)!.frame > 21 * 8_000);
  await control("next");
  assert.ok(await hearBoth(rooms, 4_000) > 25);
  assert.equal(hears(y)!.song, "b.wav");
  await control("previous", undefined, "y");
  await control("previous", undefined, "y");
  assert.ok(await hearBoth(rooms, 4_000) > 25);
  assert.equal(hears(y)!.song, "a.wav");
  await control("stop");
  await hearBoth(rooms, 2_000);
  assert.deepEqual([hears(x), hears(y)], [null, null]);
});

Deno.test("volume, mute and delay reach a device elsewhere, and its reports come back", async () => {
  const rooms = await twoServers();
  const { all, attic, cellar, x, y, control } = rooms;
  const { group } = await rooms.play("a.wav");
  await hearBoth(rooms, 2_000);
  y.log.length = 0;
  await control("volume", 30, "y");
  await control("mute", true, "y");
  await control("delay", 120, "y");
  await hearBoth(rooms, 1_000);
  assert.deepEqual(y.log.filter((it) => !it.startsWith("line")), [
    "volume 30",
    "mute true",
    "delay 120",
  ]);
  await y.peer.send({
    ...{ type: "state", stream: 1, position: 1, playing: true, volume: 35 },
    ...{ underruns: 0, problem: "no-player" },
    step: { errorUs: 12, grade: "exact", rttUs: 300, leadMs: 700 },
  });
  await all.run([x, y], 500);
  const rows = attic.server.hub.groups.row(
    attic.server.hub.groups.get(group),
  ).devices;
  const { volume, muted, delay, problem, step } = rows[1];
  assert.deepEqual(
    { volume, muted, delay, problem, errorUs: step?.errorUs },
    { volume: 35, muted: true, delay: 120, problem: "no-player", errorUs: 12 },
  );
  // Its own server keeps them.
  const kept = cellar.server.hub.groups.devices.get(y.key)!;
  assert.deepEqual([kept.volume, kept.muted, kept.delayMs], [35, true, 120]);
});

Deno.test("every server lists a group of both once, and commands it", async () => {
  const rooms = await twoServers();
  const { all, cellar, x, y } = rooms;
  const { group } = await rooms.play("a.wav");
  const first = await rooms.ask({ type: "groups" });
  assert.deepEqual(
    first.groups.map((it: Record<string, unknown>) => it.group),
    [group],
  );
  await all.run([x, y], 3_000);
  const askThere = await cellar.client();
  for (const ask of [rooms.ask, askThere]) {
    const { groups } = await ask({ type: "groups" });
    assert.deepEqual(
      groups.map((it: Record<string, unknown>) => [it.group, it.node]),
      [[group, "attic"]],
    );
  }
  const [{ groups: [here] }, { groups: [there] }] = [
    await rooms.ask({ type: "groups" }),
    await askThere({ type: "groups" }),
  ];
  assert.ok(here.position > 0.9, `${here.position}`);
  const apart = there.position - here.position;
  assert.ok(Math.abs(apart) < 0.2, `${apart}`);
  const paused = await askThere({ type: "control", to: "y", action: "pause" });
  assert.deepEqual(paused.to, [y.key]);
  await all.run([x, y], 1_000);
  assert.deepEqual([x.hears(x.nowUs), y.hears(y.nowUs)], [null, null]);
  const { entries } = await askThere({ type: "entries", group });
  assert.equal(entries.length, 1);
});

Deno.test("a device that leaves the group is given back to its server, with its own queue", async () => {
  const rooms = await twoServers();
  const { all, cellar, x, y, command } = rooms;
  await command({ type: "queue", to: "y", songs: ["b.wav"], place: "end" });
  await rooms.play("a.wav");
  assert.ok(await hearBoth(rooms, 3_000) > 15);
  await command({ type: "ungroup", devices: ["y"] });
  await all.run([x, y], 1_000);
  assert.equal(y.hears(y.nowUs), null);
  assert.equal(x.hears(x.nowUs)?.song, "a.wav");
  const { groups } = await rooms.ask({ type: "groups" });
  assert.deepEqual(
    groups.map((it: Record<string, unknown>) => [it.group, it.node, it.songs])
      .sort(),
    [[x.key, "attic", 1], [y.key, "cellar", 1]].sort(),
  );
  assert.equal(
    cellar.server.hub.groups.devices.get(y.key)?.isReceiving,
    true,
  );
});

Deno.test("move takes a queue to a device of another server, and to both", async () => {
  const rooms = await twoServers();
  const { all, x, y, command } = rooms;
  await command({ type: "queue", to: "x", songs: ["a.wav"] });
  await all.run([x, y], 2_000);
  await command({ type: "move", group: "x", to: ["x", "y"] });
  assert.ok(await hearBoth(rooms, 4_000) > 25);
  await command({ type: "move", group: "x", to: ["y"] });
  await all.run([x, y], 1_000);
  assert.equal(x.hears(x.nowUs), null);
  assert.match(y.log.at(-1)!, /start|line/);
});

Deno.test("a song goes once to a server, whatever devices there play it in step", async () => {
  const rooms = await twoServers();
  const { all, attic, cellar, x, y, command } = rooms;
  const others: GroupDevice[] = [];
  for (const name of ["z", "w"]) {
    others.push(await GroupDevice.open(cellar.server, name));
  }
  const devices = [x, y, ...others];
  await all.run(devices, 1_000);
  const sent = () =>
    attic.server.connections
      .filter(({ session }) => session.member.isTrusted)
      .reduce((sum, { server }) => sum + server.outgoing.written, 0);
  const before = sent();
  await command({
    ...{ type: "queue", to: devices.map(({ name }) => name) },
    songs: ["a.wav"],
  });
  await all.run(devices, 33_000);
  for (const { streams, log } of [y, ...others]) {
    assert.ok(log.includes("start 1 a.wav"), log.join());
    assert.equal(streams[0].receivedBytes, song(30).length);
  }
  const ratio = (sent() - before) / song(30).length;
  assert.ok(ratio >= 1 && ratio <= 1.05, `${ratio}`);
});

Deno.test("a song is read where it is, also by another name", async () => {
  const all = await MemoryCluster.start({
    attic: { "a.wav": song(30) },
    cellar: { "the same.wav": song(30) },
  });
  const y = await GroupDevice.open(all.node("cellar").server, "y");
  await all.run([y], 1_000);
  const ask = await all.node("attic").client();
  await ask({ type: "cast", to: ["y"], song: "a.wav" });
  const { songs: before } = all.node("attic").server;
  await all.run([y], 1_000);
  assert.match(y.log.join(), /^start 1 (attic:)?a.wav/);
  assert.equal(y.streams[0].receivedBytes, song(30).length);
  assert.deepEqual(before.reads, []);
});

Deno.test("a device whose connection breaks is away, and back in step", async () => {
  const rooms = await twoServers();
  const { all, attic, x, y } = rooms;
  const { group } = await rooms.play("a.wav");
  await hearBoth(rooms, 3_000);
  y.cut();
  await all.run([x], 1_000);
  const row = () =>
    attic.server.hub.groups.row(attic.server.hub.groups.get(group));
  assert.equal(row().devices[1].away, true);
  await y.connect();
  await hearBoth(rooms, 2_000);
  assert.ok(await hearBoth(rooms, 3_000) > 25);
  assert.equal(row().devices[1].away, undefined);
});

Deno.test("a server that is back has its devices in step again", async () => {
  const rooms = await twoServers();
  const { all, cellar, x, y } = rooms;
  await rooms.play("a.wav");
  await hearBoth(rooms, 3_000);
  cellar.kill();
  await all.run([x], 7_000);
  const again = all.open("cellar", {}, { hours: 50, ppm: -60 });
  y.server = again.server;
  await y.connect();
  await hearBoth(rooms, 3_000);
  assert.ok(await hearBoth(rooms, 5_000) > 40);
});

Deno.test("a device whose program is too old for groups plays apart at its own server", async () => {
  const rooms = await twoServers();
  const { all, cellar, x, y, ask } = rooms;
  y.cut();
  await all.run([x], 500);
  await y.connect([]);
  await all.run([x, y], 500);
  const to = ["x", "y"];
  const { refused } = await ask({ type: "cast", song: "a.wav", to });
  assert.deepEqual(refused, []);
  await all.run([x, y], 1_000);
  assert.match(y.log.join(), /start 1 a.wav/);
  assert.equal(cellar.server.hub.groups.devices.get(y.key)?.isReceiving, true);
  const grouped = await ask({ type: "group", devices: to });
  assert.deepEqual(
    grouped.refused.map(({ code }: { code: string }) => code),
    ["unsupported"],
  );
});

Deno.test("a server that dies makes its devices away", async () => {
  const rooms = await twoServers();
  const { all, attic, cellar, x } = rooms;
  const { group } = await rooms.play("a.wav");
  await hearBoth(rooms, 3_000);
  cellar.kill();
  await all.run([x], 6_000);
  const { devices, state } = attic.server.hub.groups.row(
    attic.server.hub.groups.get(group),
  );
  assert.deepEqual([state, devices[1].away], ["playing", true]);
  assert.equal(x.hears(x.nowUs)?.song, "a.wav");
});

Deno.test("a device goes on for a while when the server of its group is gone, and is its own then", async () => {
  const rooms = await twoServers();
  const { all, attic, cellar, y } = rooms;
  await rooms.play("a.wav");
  await hearBoth(rooms, 3_000);
  // It cannot take over the group.
  all.table.cut("cellar");
  attic.kill();
  await all.run([y], 8_000);
  const device = cellar.server.hub.groups.devices.get(y.key)!;
  assert.equal(device.isReceiving, false);
  await all.run([y], 12_000);
  assert.equal(device.isReceiving, true);
  assert.equal(y.log.at(-1), "stopped 1");
});

Deno.test("a device that chooses a song of its own leaves the group at the other server", async () => {
  const rooms = await twoServers();
  const { all, attic, x, y } = rooms;
  await rooms.play("a.wav");
  await hearBoth(rooms, 3_000);
  await y.peer.send({ type: "play", song: "b.wav" });
  await all.run([x, y], 1_000);
  assert.match(y.log.at(-1)!, /start \d b.wav/);
  assert.equal(attic.server.hub.groups.devices.get(y.key), undefined);
  assert.equal(x.hears(x.nowUs)?.song, "a.wav");
});

Deno.test("a group goes on when its server dies, also if only others have the song, by another name", async () => {
  const all = await MemoryCluster.start({
    attic: { "a.wav": song(30) },
    cellar: {},
    shed: { "the same.wav": song(30) },
  });
  const x = await GroupDevice.open(all.node("cellar").server, "x");
  const y = await GroupDevice.open(all.node("shed").server, "y");
  await all.run([x, y], 1_000);
  const ask = await all.node("attic").client();
  await ask({ type: "queue", to: ["x", "y"], songs: ["a.wav"] });
  await hearBoth({ all, x, y }, 5_000);
  all.node("attic").kill();
  await all.run([x, y], 10_000);
  assert.ok(await hearBoth({ all, x, y }, 5_000) > 45);
  const rows = ["cellar", "shed"].map((name) => all.node(name).server.hub)
    .flatMap((
      { groups },
    ) => [...groups.all.values().map((it) => groups.row(it))])
    .filter(({ devices }) => devices.length > 1);
  assert.deepEqual(rows.map(({ state }) => state), ["playing"]);
});
