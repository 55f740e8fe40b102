import assert from "node:assert/strict";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const song = (seconds: number) =>
  wavFile(PHONE, noise(seconds * PHONE.rate, seconds));
const SONGS = { "a.wav": song(60), "b.wav": song(10) };

/** Two servers with the same songs, and a device of each. */
async function twoServers() {
  const all = await MemoryCluster.start({ attic: SONGS, cellar: SONGS });
  const [attic, cellar] = [all.node("attic"), all.node("cellar")];
  const x = await GroupDevice.open(attic.server, "x");
  const y = await GroupDevice.open(cellar.server, "y");
  await all.run([x, y], 1_000);
  return { all, attic, cellar, x, y };
}

Deno.test("the line of a group goes on where it was when its owner dies", async () => {
  const { all, attic, cellar, x, y } = await twoServers();
  const ask = await attic.client();
  const { group } = await ask({
    ...{ type: "queue", to: ["x", "y"], songs: ["a.wav", "b.wav"] },
  });
  await all.run([x, y], 5_000);
  const startedUs = y.nowUs - y.hears(y.nowUs)!.frame / PHONE.rate * 1e6;
  attic.kill();
  let silences = 0;
  await all.run([y], 15_000, () => {
    const heard = y.hears(y.nowUs);
    if (!heard) silences++;
    else {
      const dueFrame = (y.nowUs - startedUs) / 1e6 * PHONE.rate;
      const offUs = (heard.frame - dueFrame) / PHONE.rate * 1e6;
      assert.ok(Math.abs(offUs) < 2_000, `off by ${offUs} us`);
    }
  });
  assert.equal(silences, 0);
  const taken = cellar.server.hub.groups.get(group);
  assert.deepEqual(taken.devices.map(({ name }) => name), ["x", "y"]);
  assert.deepEqual([taken.queue.entries.length, taken.playback.state], [
    ...[2, "playing"],
  ]);
  assert.equal(cellar.term(group), 2);
});

Deno.test("a line goes on where it was when its owner leaves with a song that has yet to sound", async () => {
  const { all, attic, cellar, x, y } = await twoServers();
  const ask = await attic.client();
  const { group } = await ask({
    ...{ type: "queue", to: ["x", "y"], songs: ["b.wav", "a.wav"] },
  });
  await all.run([x, y], 2_000);
  const startUs = (heard: { song: string; frame: number }) =>
    y.nowUs -
    ((heard.song === "a.wav" ? 10 : 0) + heard.frame / PHONE.rate) * 1e6;
  const startedUs = startUs(y.hears(y.nowUs)!);
  const { playback, queue } = attic.server.hub.groups.get(group);
  const aheadUs = () => {
    const nowUs = attic.server.clock.now() * 1000;
    return playback.position(nowUs).atUs - nowUs;
  };
  while (aheadUs() < 1_000) await all.run([x, y], 100);
  assert.equal(queue.playing!.song, "a.wav");
  assert.equal(y.hears(y.nowUs)!.song, "b.wav");
  attic.stop();
  await all.run([y], 6_000, () => {
    const heard = y.hears(y.nowUs);
    assert.ok(heard);
    const offUs = startUs(heard) - startedUs;
    assert.ok(Math.abs(offUs) < 3_000, `off by ${offUs} us`);
  });
  assert.equal(cellar.term(group), 2);
});

Deno.test("a server that is stopped leaves its groups to others at once, and their line goes on", async () => {
  const { all, attic, cellar, x, y } = await twoServers();
  const ask = await attic.client();
  const { group } = await ask({
    ...{ type: "queue", to: ["x", "y"], songs: ["b.wav", "a.wav"] },
  });
  await all.run([x, y], 8_700);
  const stopped = attic.stop();
  await all.run([y], 300);
  await stopped;
  assert.deepEqual([cellar.term(group), attic.term(group)], [2, 1]);
  const { owned, taken, devices } = cellar.cluster.numbers.groups;
  assert.deepEqual([taken, owned], [1, 1]);
  assert.deepEqual(devices, { lent: 0, borrowed: 0 });
  const askThere = await cellar.client();
  const queued = await askThere({
    ...{ type: "queue", to: "y", songs: ["b.wav"], place: "end" },
  });
  assert.equal(queued.type, "queued");
  let silences = 0;
  await all.run([y], 5_000, () => {
    if (!y.hears(y.nowUs)) silences++;
  });
  assert.equal(silences, 0);
  assert.equal(y.hears(y.nowUs)!.song, "a.wav");
  // Its own device finds the other server.
  x.server = cellar.server;
  await x.connect();
  let together = 0;
  await all.run([x, y], 5_000, () => {
    const [at, there] = [x.hears(x.nowUs), y.hears(y.nowUs)];
    if (!at || !there) return;
    assert.ok(Math.abs(at.frame - there.frame) < 2);
    together++;
  });
  assert.ok(together > 30, `${together}`);
  assert.match(cellar.log.join("\n"), /server attic has left/);
});

Deno.test("a group whose owner has no device in it any more goes to a server that has, without a gap", async () => {
  const { all, attic, cellar, x, y } = await twoServers();
  const z = await GroupDevice.open(cellar.server, "z");
  await all.run([x, y, z], 1_000);
  const ask = await attic.client();
  const { group } = await ask({
    ...{ type: "queue", to: ["x", "y", "z"], songs: ["b.wav", "a.wav"] },
  });
  await all.run([x, y, z], 3_000);
  x.cut();
  let silences = 0;
  const startUs = () => y.nowUs - y.hears(y.nowUs)!.frame / PHONE.rate * 1e6;
  const startedUs = startUs();
  const check = () => {
    const [at, there] = [y.hears(y.nowUs), z.hears(z.nowUs)];
    if (!at || !there) silences++;
    else if (at.song === "b.wav") {
      assert.ok(Math.abs(startUs() - startedUs) < 3_000);
    }
  };
  await all.run([y, z], 1_500, check);
  assert.deepEqual([attic.term(group), cellar.term(group)], [1, 1]);
  await all.run([y, z], 10_000, check);
  assert.deepEqual([attic.term(group), cellar.term(group)], [2, 2]);
  assert.equal(silences, 0);
  assert.equal(attic.server.hub.groups.all.get(group), undefined);
  assert.match(attic.log.join("\n"), /gives the group .* to cellar/);
  assert.equal(attic.cluster.numbers.groups.given, 1);
  // Its device comes back to a group that is elsewhere.
  await x.connect();
  await all.run([x, y, z], 5_000, check);
  const [at, there] = [x.hears(x.nowUs)!, y.hears(y.nowUs)!];
  assert.ok(Math.abs(at.frame - there.frame) < 2);
  assert.equal(silences, 0);
  const paused = await ask({ type: "control", to: "x", action: "pause" });
  assert.equal(paused.type, "controlled");
  assert.equal(cellar.term(group), 2);
});

Deno.test("a device that goes to another server takes its queue along", async () => {
  const { all, attic, cellar, x, y } = await twoServers();
  const ask = await attic.client();
  const { group } = await ask({
    ...{ type: "queue", to: "x", songs: ["a.wav", "b.wav"] },
  });
  await all.run([x, y], 3_000);
  x.cut();
  const moved = new GroupDevice(cellar.server, "x");
  await moved.connect();
  await all.run([moved, y], 8_000);
  assert.equal(moved.key, group);
  const taken = cellar.server.hub.groups.get(group);
  assert.equal(taken.queue.entries.length, 2);
  assert.equal(taken.playback.state, "playing");
  assert.ok(moved.streams.some(({ song }) => song === "a.wav"));
  assert.equal(attic.server.hub.groups.all.get(group), undefined);
  assert.deepEqual([attic.term(group), cellar.term(group)], [2, 2]);
});

Deno.test("when halves meet, the higher term's queue stands, and the other's edits are kept aside", async () => {
  const { all, attic, cellar, x, y } = await twoServers();
  const [atAttic, atCellar] = [await attic.client(), await cellar.client()];
  const { group } = await atAttic({
    ...{ type: "queue", to: ["x", "y"], songs: ["a.wav"] },
  });
  await all.run([x, y], 3_000);
  all.part("attic");
  await all.run([x, y], 8_000);
  assert.deepEqual([attic.term(group), cellar.term(group)], [1, 2]);
  // Both halves play on, and are commanded.
  const own = await atAttic({
    ...{ type: "edit", group, action: "clear" },
  });
  assert.equal(own.code, "lost");
  await atAttic({ type: "queue", to: "x", songs: ["b.wav"], place: "end" });
  await atCellar({
    ...{ type: "queue", to: "y", songs: ["b.wav", "b.wav"], place: "end" },
  });
  await all.run([x, y], 1_000);
  assert.ok(x.hears(x.nowUs) && y.hears(y.nowUs));
  all.meet("attic");
  await all.run([x, y], 8_000);
  assert.deepEqual([attic.term(group), cellar.term(group)], [2, 2]);
  const { devices, queue } = cellar.server.hub.groups.get(group);
  assert.deepEqual(
    devices.map(({ name, link }) => [name, link !== null]),
    [["x", true], ["y", true]],
  );
  assert.equal(queue.entries.length, 3);
  assert.equal(attic.server.hub.groups.all.get(group), undefined);
  const [at, there] = [x.hears(x.nowUs)!, y.hears(y.nowUs)!];
  assert.ok(Math.abs(at.frame - there.frame) < 2);
  assert.match(attic.log.join("\n"), /edits of its queue here.*kept aside/);
});

Deno.test("no owner changes while the table cannot be written", async () => {
  const { all, attic, cellar, x, y } = await twoServers();
  const ask = await attic.client();
  const { group } = await ask({
    ...{ type: "queue", to: ["x", "y"], songs: ["a.wav"] },
  });
  await all.run([x, y], 3_000);
  for (const name of ["attic", "cellar"]) all.table.cut(name);
  await all.run([x, y], 20_000);
  assert.deepEqual([attic.term(group), cellar.term(group)], [1, 1]);
  const [at, there] = [x.hears(x.nowUs)!, y.hears(y.nowUs)!];
  assert.ok(Math.abs(at.frame - there.frame) < 2);
  for (const name of ["attic", "cellar"]) all.table.join(name);
  await all.run([x, y], 5_000);
  assert.deepEqual([attic.term(group), cellar.term(group)], [1, 1]);
});

Deno.test("a server that starts again goes on with its groups, without a data folder too", async () => {
  const { all, attic, x, y } = await twoServers();
  const ask = await attic.client();
  const { group } = await ask({
    ...{ type: "queue", to: "x", songs: ["a.wav", "b.wav"] },
  });
  await all.run([x, y], 3_000);
  attic.kill();
  const again = all.open("attic", SONGS, { hours: 1, ppm: 0 });
  const back = new GroupDevice(again.server, "x");
  await back.connect();
  await all.run([back, y], 3_000);
  const { queue, playback } = again.server.hub.groups.get(group);
  assert.deepEqual([queue.entries.length, playback.state], [2, "playing"]);
  assert.equal(again.term(group), 1);
});
