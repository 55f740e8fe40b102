import assert from "node:assert/strict";
import { OutdatedTerm } from "../../lib/cluster/queue_record.ts";
import { Owners } from "../../lib/cluster/owners.ts";
import { ClusterSecret } from "../../lib/cluster/secret.ts";
import { SharedGroups } from "../../lib/cluster/shared_groups.ts";
import { UnkeptGroups } from "../../lib/server/groups/unkept_groups.ts";
import type { GroupChange, SavedGroup } from "../../lib/ports/group_store.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { MemoryTable } from "../support/memory_bus.ts";

const SECRET = new ClusterSecret("only they know it", "home");

/** The groups of one server over a table. */
function groupsOf(own: string, table: MemoryTable, clock: FakeClock) {
  const bus = table.bus(own);
  const lost: string[] = [];
  /** Ids of queues that are put aside. */
  const kept: string[] = [];
  const local = Object.assign(new UnkeptGroups(), {
    save({ groups = [] }: GroupChange) {
      const ids = groups.map(({ id }) => id);
      kept.push(...ids.filter((id) => id.includes(" before ")));
      return Promise.resolve();
    },
  });
  const owners: Owners = new Owners({
    ...{ own, bus, secret: SECRET, clock, wallMs: () => 1.7e12 },
    signal: new AbortController().signal,
    listener: {
      owned: (id, owner) => shared.owned(id, owner),
      known: () => shared.known(),
    },
  });
  const shared = new SharedGroups({
    ...{ local, own, owners, table: bus.queues, clock },
    ...{ secret: SECRET, signal: new AbortController().signal },
    names: {
      there: (names) => Promise.resolve([...names]),
      here: (names) => Promise.resolve([...names]),
    },
    isConnected: () => false,
    lost: (id) => lost.push(id),
    outdated: (id) => lost.push(`outdated ${id}`),
    log: () => {},
  });
  bus.watch(owners);
  return { shared, owners, lost, bus, kept };
}

const group = (songs: string[]): SavedGroup => ({
  ...{ id: "g", name: "", devices: ["k"], state: "stopped", atWallMs: null },
  queue: {
    entries: songs.map((_, i) => i + 1),
    unshuffled: null,
    batches: [{ entries: songs.map((_, i) => i + 1), songs }],
    ...{ playing: 1, seconds: 0, nextEntry: songs.length + 1 },
    ...{ revision: songs.length, repeat: "off" },
  },
});

Deno.test("SharedGroups copies a queue that its next owner reads, pages of a former one are deleted", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  await attic.shared.save({ groups: [group(["a.wav", "b.wav"])] });
  await attic.shared.copied("g");
  await attic.shared.save({ groups: [group(["a.wav", "b.wav", "c.wav"])] });
  await attic.shared.copied("g");
  assert.equal(table.queueKeys.length, 3); // The order, its songs and numbers.
  const cellar = groupsOf("cellar", table, clock);
  assert.equal(await cellar.owners.give("g", "cellar", ["k"]), true);
  const kept = await cellar.shared.take("g");
  const { batches, entries } = kept!.group.queue;
  assert.deepEqual([...entries], [1, 2, 3]);
  assert.deepEqual(batches.flatMap(({ songs }) => [...songs]), [
    ...["a.wav", "b.wav", "c.wav"],
  ]);
  assert.deepEqual(attic.lost, ["g"]);
});

Deno.test("SharedGroups refuses an edit of a server that does not know yet that another one owns the group", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  const cellar = groupsOf("cellar", table, clock);
  // The news of the other owner are late.
  attic.owners.record = () => {};
  await cellar.owners.give("g", "cellar", ["k"]);
  await cellar.shared.take("g");
  await attic.shared.save({ groups: [group(["a.wav", "b.wav"])] });
  await assert.rejects(attic.shared.copied("g"), { code: "stale" });
  const shed = groupsOf("shed", table, clock);
  await shed.owners.give("g", "shed", ["k"]);
  const { group: kept } = (await shed.shared.take("g"))!;
  assert.deepEqual([...kept.queue.entries], [1]);
});

Deno.test("SharedGroups answers an edit with lost while the table is away, and copies it later", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  table.cut("attic");
  await attic.shared.save({ groups: [group(["a.wav", "b.wav"])] });
  const copied = attic.shared.copied("g");
  copied.catch(() => {});
  await clock.advance(6_000);
  await assert.rejects(copied, { code: "lost" });
  table.join("attic");
  await clock.advance(1_000);
  await attic.shared.copied("g");
});

Deno.test("a forged owner is ignored, and a queue that is not signed is none", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  const bus = table.bus("stranger");
  const text = new TextEncoder();
  const forged = { node: "evil", term: 9, devices: [], mark: "0".repeat(64) };
  await bus.put("owner.g", text.encode(JSON.stringify(forged)));
  await clock.advance(100);
  // Its owner has written it again.
  const { node, term } = JSON.parse(
    new TextDecoder().decode(table.record("owner.g")!),
  );
  assert.deepEqual([node, term], ["attic", 1]);
  await bus.queues.put("g.order", text.encode("0".repeat(64) + "{}"));
  const cellar = groupsOf("cellar", table, clock);
  await cellar.owners.give("g", "cellar", ["k"]);
  assert.equal(await clock.runUntil(cellar.shared.take("g")), null);
});

/** The record of a group's owner as a server writes it in the second term. */
async function secondRecord(own: string): Promise<Uint8Array> {
  const table = new MemoryTable();
  const [attic, other] = ["attic", own].map((name) =>
    groupsOf(name, table, new FakeClock())
  );
  await attic.owners.give("g", "attic", ["k"]);
  await other.owners.give("g", own, ["k"]);
  return table.record("owner.g")!;
}

Deno.test("an owner whose record NATS has lost writes it again until it is there", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const [attic, cellar] = ["attic", "cellar"].map((name) =>
    groupsOf(name, table, clock)
  );
  await cellar.owners.give("g", "cellar", ["k"]);
  const lost = table.record("owner.g")!;
  await attic.owners.give("g", "attic", ["k"]);
  const right = table.record("owner.g")!;
  const { swap } = attic.bus;
  let fails = 3;
  attic.bus.swap = (...asked) => {
    if (fails === 0) return swap(...asked);
    // Answers do not come, or the table has changed.
    return --fails % 2 ? Promise.resolve(null) : Promise.reject(new Error());
  };
  await table.bus("stranger").put("owner.g", lost);
  await settle();
  assert.deepEqual(table.record("owner.g"), lost);
  await clock.advance(5_000);
  assert.equal(fails, 0);
  assert.deepEqual(table.record("owner.g"), right);
});

Deno.test("a record that NATS has lost is written by another server if its owner has started again", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const servers = ["attic", "cellar", "shed"].map((name) =>
    groupsOf(name, table, clock)
  );
  await servers[0].owners.give("g", "attic", ["k"]);
  const lost = table.record("owner.g")!;
  await servers[1].owners.give("g", "cellar", ["k"]);
  await servers[1].owners.end("g");
  const right = table.record("owner.g")!;
  servers[1].bus.close();
  await table.bus("stranger").put("owner.g", lost);
  // It has the time to do that itself.
  await clock.advance(4_000);
  assert.deepEqual(table.record("owner.g"), lost);
  await clock.advance(2_000);
  assert.deepEqual(table.record("owner.g"), right);
  // Who comes later knows it, too.
  const { owners: { terms } } = groupsOf("cellar", table, clock);
  assert.deepEqual([terms.owner("g"), terms.term("g")], [undefined, 2]);
});

for (const hasRecord of [true, false]) {
  Deno.test(`a server goes on with a group whose queue is of a later owner, of whom there is ${hasRecord ? "an older" : "no"} record`, async () => {
    const [table, clock] = [new MemoryTable(), new FakeClock()];
    const attic = groupsOf("attic", table, clock);
    await attic.shared.save({ groups: [group(["a.wav"])] });
    await attic.shared.copied("g");
    const older = table.record("owner.g")!;
    const cellar = groupsOf("cellar", table, clock);
    for (let i = 0; i < 3; i++) {
      await attic.owners.give("g", "attic", ["k"]);
      await cellar.owners.give("g", "cellar", ["k"]);
    }
    assert.ok(await cellar.shared.take("g"));
    await cellar.shared.save({ groups: [group(["a.wav", "b.wav"])] });
    await cellar.shared.copied("g");
    for (const { bus } of [attic, cellar]) bus.close();
    await table.bus("stranger").put("owner.g", hasRecord ? older : null);
    const again = groupsOf("attic", table, clock);
    if (!hasRecord) {
      // It does not write over what the later owner has left.
      await again.shared.save({ groups: [group(["a.wav"])] });
      await settle();
      assert.deepEqual(again.lost, ["outdated g"]);
      await assert.rejects(again.shared.copied("g"), { code: "stale" });
    }
    const taken = (await again.shared.take("g"))!;
    const { node, term } = again.owners.terms.owner("g")!;
    assert.deepEqual([node, term], ["attic", 7]);
    assert.equal(taken.group.queue.entries.length, 2);
  });
}

Deno.test("a server that has yet to hear that another one has taken over a group puts nothing aside", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const [attic, cellar] = ["attic", "cellar"].map((name) =>
    groupsOf(name, table, clock)
  );
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  const record = attic.owners.record.bind(attic.owners);
  const late: Parameters<typeof record>[] = [];
  attic.owners.record = (...it) => void late.push(it);
  await cellar.owners.give("g", "cellar", ["k"]);
  assert.ok(await cellar.shared.take("g"));
  // Its place is copied from time to time.
  await clock.advance(60_000);
  const [entry, seconds] = [1, 2];
  attic.shared.mark("g", { playing: entry, seconds, atWallMs: 1.7e12 });
  for (let i = 0; i < 9; i++) await clock.advance(200);
  assert.deepEqual([attic.lost, attic.kept], [[], []]);
  for (const it of late) record(...it);
  assert.deepEqual([attic.lost, attic.kept], [["g"], []]);
});

Deno.test("a queue is copied although NATS does not say that it has its owner", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  const { swap } = attic.bus;
  const record = attic.owners.record.bind(attic.owners);
  const late: Parameters<typeof record>[] = [];
  attic.owners.record = (...it) => void late.push(it);
  let asked = 0;
  attic.bus.swap = async (...it) => {
    if (asked++ > 0) return null;
    await swap(...it);
    throw new Error("timeout");
  };
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await clock.advance(2_000);
  assert.ok(asked > 1);
  for (const it of late) record(...it);
  await clock.advance(1_000);
  await attic.shared.copied("g");
  assert.equal(attic.shared.uncopied, 0);
  const cellar = groupsOf("cellar", table, clock);
  await cellar.owners.give("g", "cellar", ["k"]);
  assert.ok(await cellar.shared.take("g"));
});

Deno.test("a group that is read does not end by what was saved of it before", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  attic.bus.close();
  const again = groupsOf("attic", table, clock);
  assert.ok(await again.shared.take("g"));
  await again.shared.save({ goneGroups: ["g"] });
  await clock.advance(1_000);
  assert.ok(again.owners.terms.isOwn("g"));
  again.shared.adopted("g");
  await again.shared.save({ goneGroups: ["g"] });
  await clock.advance(1_000);
  assert.equal(again.owners.terms.owner("g"), undefined);
});

Deno.test("a group that ends while all records are read again has ended", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  attic.owners.begin();
  await attic.shared.save({ goneGroups: ["g"] });
  await clock.advance(1_000);
  attic.owners.record("owner.g", table.record("owner.g"), 1);
  attic.owners.complete();
  await clock.advance(1_000);
  assert.equal(attic.shared.holds("g"), false);
  assert.equal(attic.owners.terms.owner("g"), undefined);
  assert.deepEqual(table.queueKeys, []);
});

Deno.test("a server leaves a group that another one owns in the same term, as NATS has lost its record", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const [attic, shed] = ["attic", "shed"].map((name) =>
    groupsOf(name, table, clock)
  );
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  await shed.owners.give("g", "shed", ["k"]);
  assert.ok(await shed.shared.take("g"));
  const its = await secondRecord("cellar");
  await table.bus("stranger").put("owner.g", its);
  await clock.advance(5_000);
  assert.deepEqual([shed.lost, shed.shared.holds("g")], [["g"], false]);
  // The other one may have written over it.
  assert.deepEqual(shed.kept, ["g before 2"]);
  assert.deepEqual(table.record("owner.g"), its);
  assert.equal(attic.owners.terms.owner("g")!.node, "cellar");
});

/** A table that takes a second each way. */
function slowTable() {
  const clock = new FakeClock();
  const table = new MemoryTable({ clock, random: () => 1, mostMs: 1_000 });
  return { clock, table };
}

Deno.test("a server that gave up a group does not end it, once it has taken it over again", async () => {
  const { clock, table } = slowTable();
  const attic = groupsOf("attic", table, clock);
  const cellar = groupsOf("cellar", table, clock);
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await clock.advance(20_000);
  await clock.runUntil(cellar.owners.give("g", "cellar", ["k"]));
  await clock.advance(1_000);
  // What is saved now waits for this.
  await attic.shared.save({ groups: [{ ...group(["a.wav"]), id: "h" }] });
  await attic.shared.save({ groups: [group([])], goneGroups: ["g"] });
  await clock.runUntil(attic.owners.give("g", "attic", ["k"]));
  await clock.advance(20_000);
  const { node, term } = attic.owners.terms.owner("g")!;
  assert.deepEqual([node, term], ["attic", 3]);
  const kept = await clock.runUntil(attic.shared.take("g"));
  assert.deepEqual([...kept!.group.queue.entries], [1]);
});

Deno.test("a server does not go on with a group that another one has taken over while it was read", async () => {
  const { clock, table } = slowTable();
  const [attic, cellar, shed] = ["attic", "cellar", "shed"].map((name) =>
    groupsOf(name, table, clock)
  );
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await clock.advance(20_000);
  await clock.runUntil(cellar.owners.give("g", "cellar", ["k"]));
  await clock.advance(1_000);
  const taken = cellar.shared.take("g");
  taken.catch(() => {});
  await clock.runUntil(shed.owners.give("g", "shed", ["k"]));
  await assert.rejects(clock.runUntil(taken), OutdatedTerm);
  assert.equal(cellar.shared.holds("g"), false);
});

Deno.test("a group that is saved once more after another server has taken it over is left to it", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  const cellar = groupsOf("cellar", table, clock);
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  await cellar.owners.give("g", "cellar", ["k"]);
  await assert.rejects(attic.shared.copied("g"), { code: "stale" });
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await clock.advance(1_000);
  assert.deepEqual(attic.lost, ["g", "g"]);
  assert.equal(attic.shared.holds("g"), false);
});

Deno.test("a device's own group that is saved before another server has ended it is not left", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  const cellar = groupsOf("cellar", table, clock);
  await cellar.owners.give("k", "cellar", ["k"]);
  await attic.shared.save({ groups: [{ ...group(["a.wav"]), id: "k" }] });
  await clock.advance(1_000);
  assert.deepEqual(attic.lost, []);
});

Deno.test("a server does not write a queue in the term of the one that takes over the group at that moment", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const [attic, cellar, shed] = ["attic", "cellar", "shed"].map((name) =>
    groupsOf(name, table, clock)
  );
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  const keep = attic.owners.keep.bind(attic.owners);
  attic.owners.keep = async (...asked) => {
    const isKept = await keep(...asked);
    await cellar.owners.give("g", "cellar", ["k"]);
    await cellar.shared.take("g");
    return isKept;
  };
  await attic.shared.save({ groups: [group(["a.wav", "b.wav"])] });
  await assert.rejects(attic.shared.copied("g"), { code: "stale" });
  // The former owner does what it will.
  for (let i = 0; i < 9; i++) await settle();
  await shed.owners.give("g", "shed", ["k"]);
  const { group: kept } = (await shed.shared.take("g"))!;
  assert.deepEqual([...kept.queue.entries], [1]);
});

Deno.test("SharedGroups does not end a group that it has left before the record of the other owner came", async () => {
  const [table, clock] = [new MemoryTable(), new FakeClock()];
  const attic = groupsOf("attic", table, clock);
  await attic.shared.save({ groups: [group(["a.wav"])] });
  await attic.shared.copied("g");
  // It starts again, and a device that it lends is told of the other owner first.
  let isKnown = false;
  Object.defineProperty(attic.owners, "isKnown", { get: () => isKnown });
  const record = attic.owners.record.bind(attic.owners);
  attic.owners.record = () => {};
  const cellar = groupsOf("cellar", table, clock);
  await cellar.owners.give("g", "cellar", ["k"]);
  assert.ok(await cellar.shared.take("g"));
  attic.shared.owned("g", { node: "cellar", term: 2, devices: ["k"] });
  await attic.shared.save({
    groups: [group(["a.wav"])],
    goneGroups: ["g"],
  });
  // It is given back, and the records come.
  attic.owners.record = record;
  await cellar.owners.give("g", "attic", ["k"]);
  isKnown = true;
  attic.shared.known();
  await settle();
  assert.deepEqual(cellar.owners.terms.owner("g")?.node, "attic");
  const kept = await attic.shared.take("g");
  assert.deepEqual([...kept!.group.queue.entries], [1]);
});
