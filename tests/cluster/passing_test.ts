import assert from "node:assert/strict";
import { settle } from "../support/fake_clock.ts";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const song = wavFile(PHONE, noise(800));

/** A person at one server, and rooms of another one. */
async function twoServers(songs: Record<string, Uint8Array> = {}) {
  const all = await MemoryCluster.start({
    attic: { "a.wav": song, ...songs },
    cellar: {},
  });
  const [attic, cellar] = [all.node("attic"), all.node("cellar")];
  const rooms = [
    await GroupDevice.open(cellar.server, "x"),
    await GroupDevice.open(cellar.server, "y"),
  ];
  await all.run(rooms, 1_000);
  return { all, attic, cellar, rooms };
}

/** Connections between servers that are open at this one. */
const peersOf = ({ server }: { server: { hub: { sessions: number } } }) =>
  server.hub.sessions;

Deno.test("a malformed request of one client ends its own connection, and none between servers", async () => {
  const { all, attic, cellar, rooms } = await twoServers();
  const { peer } = await attic.server.connectWelcomed({
    hello: { device: "she", name: "she", features: ["groups"] },
  });
  const before = peersOf(cellar);
  await peer.send({ type: "control", to: "x", action: "volume", value: 101 });
  await all.run(rooms, 500);
  const { code, fatal } = await peer.next("error");
  assert.deepEqual([code, fatal], ["bad-message", true]);
  await peer.closed;
  assert.equal(peersOf(cellar), before);
});

Deno.test("selections of more songs than a message can name are queued at another server", async () => {
  const names = Array.from({ length: 1_200 }, (_, i) => `all/${i}.wav`);
  const songs = Object.fromEntries(names.map((name) => [name, song]));
  const { attic } = await twoServers(songs);
  const ask = await attic.client();
  const queued = await ask({ type: "queue", to: "x", songs: ["all/"] });
  assert.deepEqual([queued.type, queued.songs], ["queued", 1_200]);
});

Deno.test("names that fill a message are queued at another server, to which they are longer", async () => {
  const names = Array.from(
    { length: 480 },
    (_, i) => `${i} ${"n".repeat(120)}.wav`,
  );
  const songs = Object.fromEntries(names.map((name) => [name, song]));
  const { attic } = await twoServers(songs);
  const ask = await attic.client();
  const queued = await ask({ type: "queue", to: "x", songs: names });
  assert.deepEqual([queued.type, queued.songs], ["queued", 480]);
});

Deno.test("a client that knows no groups casts apart to devices of another server", async () => {
  const { all, attic, cellar, rooms } = await twoServers();
  const { peer } = await attic.server.connectWelcomed({
    hello: { device: "old", name: "old", features: [] },
  });
  await peer.send({ type: "cast", song: "a.wav", to: ["x", "y"] });
  await all.run(rooms, 500);
  assert.deepEqual((await peer.next("casting")).refused, []);
  const { groups } = cellar.server.hub;
  assert.ok(groups.all.values().every(({ isSeveral }) => !isSeveral));
});

Deno.test("edits at other servers are paced as those at the own one", async () => {
  const { all, attic, rooms } = await twoServers();
  const { peer } = await attic.server.connectWelcomed({
    hello: { device: "she", name: "she", features: ["groups"] },
  });
  const edit = { type: "queue", to: "x", songs: ["a.wav"], place: "end" };
  await peer.send(...Array.from({ length: 200 }, () => edit));
  await all.run(rooms, 2_000);
  await settle();
  const answered = peer.messages("queued").length;
  // 40 at once, and 20 a second.
  assert.ok(answered >= 60 && answered <= 85, `${answered}`);
});

Deno.test("a group is answered for while it goes to the server of its devices", async () => {
  const all = await MemoryCluster.start({
    ...{ attic: { "a.wav": song }, cellar: {}, shed: {} },
  }, { random: () => 1 });
  const [attic, cellar, shed] = ["attic", "cellar", "shed"].map((name) =>
    all.node(name)
  );
  const rooms = [
    await GroupDevice.open(attic.server, "x"),
    await GroupDevice.open(cellar.server, "y"),
  ];
  await all.run(rooms, 2_000);
  all.table.mostMs = 250;
  const asks = [
    await attic.client(),
    await cellar.client(),
    await shed.client(),
  ];
  const { group } = await asks[2]({
    ...{ type: "queue", to: ["x", "y"], songs: new Array(9).fill("a.wav") },
  });
  for (let i = 0; i < 60; i++) {
    for (const ask of asks) {
      const { entries, message } = await ask({ type: "entries", group });
      assert.equal(entries?.length, 9, message);
    }
    await all.run(rooms, 100);
  }
  assert.equal(shed.cluster.numbers.groups.given, 1);
});
