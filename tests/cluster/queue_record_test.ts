import assert from "node:assert/strict";
import type { Table } from "../../lib/cluster/bus.ts";
import { OutdatedTerm, QueueRecord } from "../../lib/cluster/queue_record.ts";
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

function openAll() {
  const [shared, clock] = [new MemoryTable(), new FakeClock()];
  const same = (names: readonly string[]) => Promise.resolve([...names]);
  const names = { there: same, here: same };
  const open = (server: string) => {
    const table = shared.bus(server).queues;
    const world = { table, clock, secret: SECRET, names };
    return { table, record: new QueueRecord(world, "g") };
  };
  return { open, clock };
}

/** Has the table lose all pages. @returns Puts them there again. */
async function losePages(table: Table): Promise<() => Promise<void>> {
  const keys = (await table.keys("g")).filter((key) => key !== ORDER);
  assert.ok(keys.length > 0);
  const pages = await Promise.all(keys.map(async (key) => {
    const { value } = await table.get(key);
    await table.drop(key);
    return [key, value!] as const;
  }));
  return async () => {
    for (const [key, value] of pages) await table.put(key, value);
  };
}

const songsOf = ({ group: { queue } }: { group: SavedGroup }) =>
  queue.batches.flatMap(({ songs }) => [...songs]);

for (const how of ["is checked again", "has another order"]) {
  Deno.test(`an owner writes the pages that a table lacks once it ${how}`, async () => {
    const { open } = openAll();
    const { record: owner, table } = open("attic");
    const kept = { group: group("a.wav", "b.wav"), devices: [] };
    await owner.write(1, kept);
    await losePages(table);
    if (how === "is checked again") owner.recheck();
    else await table.put(ORDER, (await table.get(ORDER)).value!);
    await owner.write(1, kept);
    const taken = (await open("shed").record.take(2))!;
    assert.deepEqual(songsOf(taken), ["a.wav", "b.wav"]);
  });
}

Deno.test("a new owner waits for pages that a copy of the table lacks", async () => {
  const { open, clock } = openAll();
  const { record: owner, table } = open("attic");
  await owner.write(1, { group: group("a.wav", "b.wav"), devices: [] });
  const putBack = await losePages(table);
  const taking = open("shed").record.take(2);
  await clock.advance(1_000);
  await putBack();
  await clock.advance(1_000);
  assert.deepEqual(songsOf((await taking)!), ["a.wav", "b.wav"]);
});

Deno.test("a new owner waits for the order of a group that has devices", async () => {
  const { open, clock } = openAll();
  const { record: owner, table } = open("attic");
  await owner.write(1, { group: group("a.wav"), devices: [] });
  const { value } = await table.get(ORDER);
  await table.drop(ORDER);
  const [taking, unexpected] = [true, false].map((isExpected) =>
    open("shed").record.take(2, isExpected)
  );
  assert.equal(await unexpected, null);
  await clock.advance(1_000);
  await table.put(ORDER, value!);
  await clock.advance(1_000);
  assert.deepEqual(songsOf((await taking)!), ["a.wav"]);
});

Deno.test("an owner that is one no more while it writes does not replace what another one has written in the same term", async () => {
  const { open } = openAll();
  const [attic, cellar] = [open("attic"), open("cellar")];
  await attic.record.write(1, { group: group("a.wav"), devices: [] });
  let isOwner = true;
  const { swap } = attic.table;
  attic.table.swap = async (...asked) => {
    await cellar.record.write(1, { group: group("b.wav"), devices: [] });
    isOwner = false;
    return await swap(...asked);
  };
  const kept = { group: group("a.wav", "c.wav"), devices: [] };
  const writing = attic.record.write(1, kept, () => isOwner);
  await assert.rejects(writing, OutdatedTerm);
  const taken = (await open("shed").record.take(2))!;
  assert.deepEqual(songsOf(taken), ["b.wav"]);
});

Deno.test("a new owner takes what there is of a queue once pages are missing for 5 s", async () => {
  const { open, clock } = openAll();
  const { record: owner, table } = open("attic");
  await owner.write(1, { group: group("a.wav"), devices: [] });
  await losePages(table);
  const taking = open("shed").record.take(2);
  await clock.advance(5_000);
  assert.deepEqual(songsOf((await taking)!), []);
});

Deno.test("a queue is whole although the table has lost its order, and a former owner has dropped its pages", async () => {
  const { open } = openAll();
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
  const last = (await open("shed").record.take(3))!;
  assert.deepEqual(songsOf(last), ["a.wav", "b.wav"]);
});
