import assert from "node:assert/strict";
import { QueueRecord } from "../../lib/cluster/queue_record.ts";
import { ClusterSecret } from "../../lib/cluster/secret.ts";
import type { SavedGroup } from "../../lib/ports/group_store.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { MemoryTable } from "../support/memory_bus.ts";

const SECRET = new ClusterSecret("only they know it", "home");
const ORDER = "g.order";

function group(...songs: string[]): SavedGroup {
  const entries = songs.map((_, i) => i + 1);
  return {
    ...{ id: "g", name: "", devices: ["k"], state: "stopped", atWallMs: null },
    queue: {
      ...{ entries, unshuffled: null, batches: [{ entries, songs }] },
      ...{ playing: 1, seconds: 0, nextEntry: songs.length + 1 },
      ...{ revision: 1, repeat: "off" },
    },
  };
}

Deno.test("a queue is whole although the table has lost its order, and a former owner has dropped its pages", async () => {
  const [shared, clock] = [new MemoryTable(), new FakeClock()];
  const open = (server: string) => {
    const table = shared.bus(server).queues;
    const same = (names: readonly string[]) => Promise.resolve([...names]);
    const names = { there: same, here: same };
    return {
      table,
      record: new QueueRecord({ table, clock, secret: SECRET, names }, "g"),
    };
  };
  const { record: former, table } = open("attic");
  const kept = { group: group("a.wav", "b.wav"), devices: [] };
  await former.write(1, kept);
  const { value: lost } = await table.get(ORDER);
  const { record: owner } = open("cellar");
  const taken = (await owner.take(2))!;
  // JetStream is back with what it had before.
  await table.put(ORDER, lost!);
  await open("attic").record.write(1, { ...kept, group: group("c.wav") });
  await owner.write(2, taken);
  const { group: last } = (await open("shed").record.take(3))!;
  const songs = last.queue.batches.flatMap((it) => [...it.songs]);
  assert.deepEqual(songs, ["a.wav", "b.wav"]);
});
