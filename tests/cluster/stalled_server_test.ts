import assert from "node:assert/strict";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const SONGS = {
  "a.wav": wavFile(PHONE, noise(40_000)),
  "b.wav": wavFile(PHONE, noise(40_000, 2)),
};

/** A server that has no song, while the first of others reads none of its own. */
async function setUp(holders: string[]) {
  const all = await MemoryCluster.start({
    ...Object.fromEntries(holders.map((name) => [name, SONGS])),
    shed: {},
  });
  all.node(holders[0]).server.songs.holdReads();
  const { peer } = await all.node("shed").server.connectWelcomed({
    hello: { window: 1 << 20 },
  });
  /** @returns The bytes of a song that a client of it has after a time. */
  return async (song: string, afterMs: number) => {
    const before = peer.data.length;
    await peer.send({ type: "play", song });
    await all.run([], afterMs);
    return peer.data.length - before;
  };
}

Deno.test("a song is read from another server once the first one has sent nothing for 10 s, and the next song at once", async () => {
  const received = await setUp(["attic", "cellar"]);
  const { length } = SONGS["a.wav"];
  assert.equal(await received("attic:a.wav", 9_000), 0);
  assert.equal(await received("attic:a.wav", 3_000), length);
  assert.equal(await received("attic:b.wav", 1_000), length);
});

Deno.test("a server that sends nothing is waited for if it alone has a song", async () => {
  const received = await setUp(["attic"]);
  assert.equal(await received("attic:a.wav", 30_000), 0);
});
