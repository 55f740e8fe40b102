import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { GroupDatabase } from "../../../lib/io/groups/group_database.ts";
import { Queue } from "../../../lib/model/queue.ts";
import { QueueBounds } from "../../../lib/model/queue_bounds.ts";
import type {
  SavedDevice,
  SavedGroup,
} from "../../../lib/ports/group_store.ts";
import fc from "../../support/fast_check.ts";
import { TempFolder } from "../../support/programs.ts";
import { seededRandom } from "../../support/seeded_random.ts";

const KITCHEN: SavedDevice = {
  ...{ key: "k", name: "kitchen", kind: "phone", volume: 62.5, muted: true },
  ...{ delayMs: -20, seenMs: 1_700_000_000_000 },
};

function groupOf(id: string, queue: Queue): SavedGroup {
  return {
    ...{ id, name: `group ${id}`, devices: ["k"], state: "playing", by: "me" },
    ...{ atWallMs: 1_700_000_000_123.5, queue: queue.save() },
  };
}

function queueOf(...songs: string[]): Queue {
  const queue = new Queue(new QueueBounds());
  queue.add(songs, "now");
  return queue;
}

/** What a queue would play, without what lies in its batches besides. */
function contents(saved: SavedGroup["queue"]) {
  const queue = new Queue(new QueueBounds(), saved);
  const { batches: _, ...rest } = queue.save();
  return { ...rest, rows: queue.page(undefined, Infinity).rows };
}

async function reopened(folder: string) {
  const store = await GroupDatabase.open(folder);
  const loaded = await store.load();
  await store.close();
  const groups = loaded.groups.map((it) => ({
    ...it,
    queue: contents(it.queue),
  }));
  return { devices: loaded.devices, groups };
}

/** How many pages of songs there are. */
function pagesIn(folder: TempFolder): number {
  const db = new DatabaseSync(folder.file("groups.db"));
  const { pages } = db.prepare("SELECT count(*) AS pages FROM pages").get()!;
  db.close();
  return Number(pages);
}

Deno.test("GroupDatabase loads what was saved", async () => {
  await using folder = await TempFolder.make();
  const store = await GroupDatabase.open(folder.path);
  assert.deepEqual(await store.load(), { devices: [], groups: [] });
  const queue = queueOf("a.wav", "ü.wav", "c/d.wav");
  queue.jump(2, 30.25);
  queue.repeat = "all";
  queue.setShuffle(true, () => 0);
  const group = groupOf("g", queue);
  const aside = { ...groupOf("k", queueOf()), devices: [], atWallMs: null };
  await store.save({ devices: [KITCHEN], groups: [group, aside] });
  await store.close();
  assert.deepEqual(await reopened(folder.path), {
    devices: [KITCHEN],
    groups: [group, aside].map((it) => ({
      ...it,
      queue: contents(it.queue),
    })),
  });
});

Deno.test("GroupDatabase.mark() moves the place of a group, and of no other", async () => {
  await using folder = await TempFolder.make();
  const store = await GroupDatabase.open(folder.path);
  await store.save({ groups: [groupOf("g", queueOf("a", "b"))] });
  store.mark("g", { playing: 2, seconds: 61.5, atWallMs: 99 });
  store.mark("unknown", { playing: 2, seconds: 61.5, atWallMs: 99 });
  await store.close();
  const { groups: [group, ...others] } = await reopened(folder.path);
  assert.deepEqual(others, []);
  assert.deepEqual([group.queue.playing, group.queue.seconds], [2, 61.5]);
  assert.equal(group.atWallMs, 99);
});

Deno.test("GroupDatabase forgets groups and devices, and the songs of no queue", async () => {
  await using folder = await TempFolder.make();
  const store = await GroupDatabase.open(folder.path);
  const queue = queueOf("a", "b");
  const groups = [groupOf("g", queue), groupOf("h", queueOf("c"))];
  await store.save({ devices: [KITCHEN], groups });
  // The queue moves: at first no group has it any more.
  await store.save({ goneGroups: ["g"] });
  await store.save({ groups: [groupOf("i", queue)], goneGroups: ["h"] });
  await store.save({ goneDevices: ["k"] });
  await store.close();
  const { devices, groups: [group, ...others] } = await reopened(folder.path);
  assert.deepEqual([devices, others], [[], []]);
  assert.equal(group.id, "i");
  assert.deepEqual(group.queue, contents(queue.save()));
  assert.equal(pagesIn(folder), 1);
});

Deno.test("GroupDatabase writes what comes while it writes as one change", async () => {
  await using folder = await TempFolder.make();
  const store = await GroupDatabase.open(folder.path);
  const queue = queueOf();
  const saves: Promise<void>[] = [];
  for (let i = 0; i < 200; i++) {
    queue.add([`${i}`], "end");
    saves.push(store.save({ groups: [groupOf("g", queue)] }));
  }
  await Promise.all(saves);
  await store.close();
  const { groups: [group] } = await reopened(folder.path);
  assert.equal(group.queue.rows.length, 200);
});

Deno.test("GroupDatabase gives others a turn between any two queues that it writes", async () => {
  await using folder = await TempFolder.make();
  let turns = 0;
  const next = () => {
    turns++;
    return null;
  };
  const store = await GroupDatabase.open(folder.path, undefined, { next });
  const queues = ["a", "b", "c"].map((song) => queueOf(song, song));
  const save = () =>
    store.save({ groups: queues.map((it, i) => groupOf(`${i}`, it)) });
  await save();
  for (const queue of queues) queue.move([1]);
  turns = 0;
  await save();
  assert.equal(turns, queues.length);
  await store.close();
});

Deno.test("GroupDatabase writes later what could not be written", async () => {
  await using folder = await TempFolder.make();
  const failures: string[] = [];
  let works = true;
  const store = await GroupDatabase.open(
    folder.path,
    (error) => failures.push(error.message),
    {
      next() {
        if (!works) throw new Error("database or disk is full");
        return null;
      },
    },
  );
  await store.save({ groups: [groupOf("g", queueOf("a"))] });
  works = false;
  const queue = queueOf("b", "c");
  await assert.rejects(
    store.save({ devices: [KITCHEN], groups: [groupOf("g", queue)] }),
    { code: "no-space", message: /^Cannot save the queue: / },
  );
  await assert.rejects(store.save({ groups: [groupOf("h", queueOf("d"))] }));
  assert.equal(failures.length, 1);
  works = true;
  await store.save({ groups: [groupOf("i", queueOf("e"))] });
  await store.close();
  const { devices, groups } = await reopened(folder.path);
  assert.deepEqual(devices, [KITCHEN]);
  const songs = groups.map(({ queue }) => queue.rows.map(({ song }) => song));
  assert.deepEqual(songs, [["b", "c"], ["d"], ["e"]]);
});

const HARMS: Record<string, (path: string) => void> = {
  "is no database": (path) => Deno.writeTextFileSync(path, "x".repeat(9000)),
  "is of a later version": (path) =>
    inDatabase(path, "PRAGMA user_version = 99"),
  "has a table of other columns": (path) =>
    inDatabase(path, "DROP TABLE places; CREATE TABLE places (x)"),
};

function inDatabase(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

for (const [what, harm] of Object.entries(HARMS)) {
  Deno.test(`GroupDatabase moves a database aside that ${what}`, async () => {
    await using folder = await TempFolder.make();
    const store = await GroupDatabase.open(folder.path);
    await store.save({ groups: [groupOf("g", queueOf("a"))] });
    await store.close();
    harm(folder.file("groups.db"));
    const again = await GroupDatabase.open(folder.path);
    assert.match(again.note!, /it was moved to .*groups\.db\.aside/);
    assert.deepEqual(await again.load(), { devices: [], groups: [] });
    await again.save({ groups: [groupOf("h", queueOf("b"))] });
    await again.close();
  });
}

const ROWS = [
  ["UPDATE groups SET row = '{'", 0],
  [`UPDATE groups SET row = '{"id":"g","name":7}'`, 0],
  ["UPDATE orders SET pages = '[null]'", 0],
  ["DELETE FROM orders", 0],
  ["UPDATE orders SET entries = x'ff8002'", 0],
  ["UPDATE pages SET songs = '[1,{}]'", 0],
  ["DELETE FROM pages", 0],
  ["UPDATE orders SET unshuffled = x'0202020202'", 2],
  ["UPDATE places SET playing = 9, seconds = -1", 2],
  ["DELETE FROM places", 2],
  ["UPDATE devices SET row = '{}'", 2],
] as const;

for (const [sql, songs] of ROWS) {
  Deno.test(`GroupDatabase loads what is sound after ${sql}`, async () => {
    await using folder = await TempFolder.make();
    const store = await GroupDatabase.open(folder.path);
    await store.save({
      devices: [KITCHEN],
      groups: [groupOf("g", queueOf("a", "b"))],
    });
    await store.close();
    inDatabase(folder.file("groups.db"), sql);
    const again = await GroupDatabase.open(folder.path);
    const { groups } = await again.load();
    await again.save({ groups: groups.map((it) => ({ ...it, name: "n" })) });
    await again.close();
    const loaded = (await reopened(folder.path)).groups;
    const rows = loaded.flatMap(({ queue }) => queue.rows);
    assert.equal(rows.length, songs);
  });
}

const edit = fc.record({
  queue: fc.nat(2),
  kind: fc.constantFrom(
    ...["now", "next", "end", "remove", "move", "clear", "shuffle"] as const,
    ...["swap", "reopen"] as const,
  ),
  pick: fc.nat(1000),
  songs: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constant(1500)),
});

Deno.test("GroupDatabase loads every queue as it was, after any edits", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 30 }), async (edits) => {
      await using folder = await TempFolder.make();
      let store = await GroupDatabase.open(folder.path);
      const queues = ["a", "b", "c"].map((it) => queueOf(it));
      const groups = () => queues.map((it, i) => groupOf(`${i}`, it));
      await store.save({ groups: groups() });
      const random = seededRandom(edits.length);
      let songs = 0;
      for (const { queue: at, kind, pick, songs: count } of edits) {
        const queue = queues[at];
        const { entries } = queue;
        const picked = entries.slice(pick % (entries.length + 1), pick + 700);
        if (kind === "now" || kind === "next" || kind === "end") {
          const more = Array.from({ length: count }, () => `s${songs++}`);
          queue.add(more, kind);
        } else if (kind === "remove") queue.remove(picked);
        else if (kind === "move") queue.move(picked, entries[pick]);
        else if (kind === "clear") queue.clear();
        else if (kind === "shuffle") queue.setShuffle(!queue.shuffle, random);
        else if (kind === "swap") {
          [queues[at], queues[(at + 1) % 3]] = [queues[(at + 1) % 3], queue];
        } else {
          await store.close();
          store = await GroupDatabase.open(folder.path);
          const loaded = (await store.load()).groups;
          loaded.sort((a, b) => a.id < b.id ? -1 : 1);
          for (const [i, { queue }] of loaded.entries()) {
            queues[i] = new Queue(new QueueBounds(), queue);
          }
        }
        await store.save({ groups: groups() });
      }
      const expected = queues.map((it) => contents(it.save()));
      await store.close();
      const { groups: found } = await reopened(folder.path);
      assert.deepEqual(found.map(({ queue }) => queue), expected);
    }),
    { numRuns: 20 },
  );
});
