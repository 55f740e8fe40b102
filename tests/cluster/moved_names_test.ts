import assert from "node:assert/strict";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const song = (seconds: number, seed: number) =>
  wavFile(PHONE, noise(seconds * PHONE.rate, seed));
const [OURS, THEIRS, SAME] = [song(20, 1), song(30, 2), song(25, 3)];

/** A group of two servers that have other songs by one name; the first one dies. */
async function takenOver(more: Record<string, Record<string, Uint8Array>>) {
  const all = await MemoryCluster.start({
    attic: { "a.wav": OURS, "b.wav": SAME },
    cellar: { "a.wav": THEIRS, "c.wav": SAME },
    ...more,
  });
  const x = await GroupDevice.open(all.node("attic").server, "x");
  const y = await GroupDevice.open(all.node("cellar").server, "y");
  await all.run([x, y], 1_000);
  const ask = await all.node("attic").client();
  const { group } = await ask({
    ...{ type: "queue", to: ["x", "y"], songs: ["a.wav", "b.wav"] },
  });
  await all.run([x, y], 3_000);
  all.node("attic").kill();
  await all.run([y], 10_000);
  const there = await all.node("cellar").client();
  const songs = async () => {
    const { entries } = await there({ type: "entries", group });
    return entries.map((it: { song: string }) => it.song);
  };
  return { all, y, group, there, songs };
}

Deno.test("an entry means the song of its first owner, though the next one has another of that name", async () => {
  const { y, songs } = await takenOver({});
  // Nobody has what it names; what follows is the same as a song there.
  assert.deepEqual(await songs(), ["attic:a.wav", "c.wav"]);
  assert.equal(y.hears(y.nowUs)?.song, "c.wav");
});

Deno.test("an entry goes on from a third server with the same content", async () => {
  const { y, songs } = await takenOver({ shed: { "d.wav": OURS } });
  assert.deepEqual(await songs(), ["d.wav", "c.wav"]);
  assert.equal(y.hears(y.nowUs)?.song, "d.wav");
  assert.ok(y.hears(y.nowUs)!.frame > 10 * PHONE.rate);
});

Deno.test("an entry has its bare name again at the server that it was queued at", async () => {
  const { all, group, there, y } = await takenOver({});
  const again = all.open("attic", { "a.wav": OURS, "b.wav": SAME }, {
    ...{ hours: 9, ppm: 20 },
  });
  await all.run([y], 6_000);
  const z = await GroupDevice.open(again.server, "z");
  await all.run([y, z], 1_000);
  await there({ type: "move", group, to: ["z"] });
  await all.run([y, z], 3_000);
  y.cut();
  all.node("cellar").kill();
  await all.run([z], 15_000);
  const ask = await again.client();
  const { groups } = await ask({ type: "groups" });
  const { entries } = await ask({ type: "entries", group: groups[0].group });
  assert.deepEqual(
    entries.map((it: { song: string }) => it.song),
    ["a.wav", "b.wav"],
  );
});
