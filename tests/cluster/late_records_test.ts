import assert from "node:assert/strict";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { seededRandom } from "../support/seeded_random.ts";

const SLOW_MS = 1_000;

interface Row {
  key: string;
  node?: string;
}

Deno.test("a server that is back shows nothing that it wrote last before it died", async () => {
  const names = ["attic", "cellar", "hall"];
  const random = seededRandom(7);
  const all = await MemoryCluster.start(
    Object.fromEntries(names.map((name) => [name, {}])),
    { random },
  );
  const device = await GroupDevice.open(all.node("attic").server, "x");
  await all.run([device], 2_000);
  const { key } = device;
  const record = `device.attic.${key}`;
  const written = all.table.record(record)!;
  assert.ok(written);
  all.node("attic").kill();
  await all.run([], 8_000);
  const again = await GroupDevice.open(all.node("cellar").server, "x");
  await all.run([again], 2_000);
  // A write that was under way when it died comes last.
  const late = all.table.bus("another").put(record, written);
  await all.run([again], 1_000);
  await late;
  const ask = await all.node("hall").client();
  const places = async () => {
    const { clients } = await ask({ type: "online" });
    return (clients as Row[]).filter((it) => it.key === key)
      .map(({ node }) => node);
  };
  assert.deepEqual(await places(), ["cellar"], "while it is dead");
  all.table.mostMs = SLOW_MS;
  all.open("attic", {}, { hours: 3, ppm: 0 });
  for (let i = 0; i < 100; i++) {
    await all.run([again], 100);
    assert.deepEqual(await places(), ["cellar"], `after ${i / 10} s`);
  }
  assert.equal(all.table.record(record), null);
  const { places: servers } = await ask({ type: "places" });
  const states = (servers as { state: string }[]).map(({ state }) => state);
  assert.deepEqual(states.sort(), ["alive", "alive", "here"]);
});
