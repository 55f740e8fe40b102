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
