import assert from "node:assert/strict";
import {
  GroupMoves,
  type GroupMovesWorld,
} from "../../lib/cluster/group_moves.ts";
import { OwnerTerms } from "../../lib/cluster/owner_terms.ts";
import type { TakenQueue } from "../../lib/cluster/queue_record.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A queue that the table has. */
const kept = (id: string, devices: string[]): TakenQueue => ({
  group: {
    ...{ id, name: "", devices, state: "stopped", atWallMs: null },
    queue: {
      ...{ entries: [], unshuffled: null, batches: [], playing: null },
      ...{ seconds: 0, nextEntry: 1, revision: 1, repeat: "off" },
    },
  },
  ...{ devices: [], term: 1 },
});

/** What "here" moves, among what is as the test says. */
function moving(more: {
  take?(id: string): Promise<TakenQueue | null>;
  copied?(): Promise<void>;
  groups?: { id: string; devices: { key: string }[] }[];
}) {
  const clock = new FakeClock();
  const closing = new AbortController();
  const terms = new OwnerTerms("here");
  const held = new Set(more.groups?.map(({ id }) => id));
  const did: string[] = [];
  const world = {
    ...{ own: "here", clock, signal: closing.signal },
    owners: {
      ...{ isKnown: true, terms },
      give(id: string, to: string, devices: string[]) {
        did.push(`gives ${id} of ${devices} to ${to}`);
        return Promise.resolve(true);
      },
    },
    shared: {
      holds: (id: string) => held.has(id),
      giveUp: (id: string) => held.delete(id),
      adopted() {},
      copied: more.copied,
      async take(id: string) {
        const taken = await more.take!(id);
        if (taken) held.add(id);
        return taken;
      },
    },
    groups: {
      all: new Map(more.groups?.map((it) => [it.id, it])),
      devices: new Map(),
      adopt(
        { group, aside }: Parameters<GroupMovesWorld["groups"]["adopt"]>[0],
      ) {
        did.push(`adopts ${group.id}, ${aside.map(({ id }) => id)}`);
      },
    },
    presence: { get: () => ({ receiving: true, place: "attic" }) },
    places: { latest: () => undefined },
    ...{
      wallMs: () => 0,
      isGone: () => false,
      beat() {},
      takeUp() {},
      log() {},
    },
  };
  const moves = new GroupMoves(world as unknown as GroupMovesWorld);
  /** The table has an owner. */
  const owned = (id: string, node: string, devices: string[]) => {
    const term = terms.term(id) + 1;
    terms.seen(id, { node, term, devices }, term);
    if (node !== "here") held.delete(id);
    moves.owned(id, terms.owner(id));
  };
  return { moves, owned, did, clock, closing };
}

Deno.test("a group goes on although the queue that is put aside for its device cannot be read at first", async () => {
  let failures = 2;
  const { moves, owned, did, clock, closing } = moving({
    take(id) {
      const isAside = id === "k";
      if (isAside && failures-- > 0) return Promise.reject(new Error("away"));
      return Promise.resolve(kept(id, isAside ? [] : ["k", "l"]));
    },
  });
  owned("g", "here", ["k", "l"]);
  owned("k", "here", []);
  moves.watch();
  await clock.advance(100);
  assert.deepEqual(did, []);
  assert.ok(moves.isDue("g"));
  await clock.advance(1_000);
  assert.deepEqual(did, ["adopts g, k"]);
  assert.ok(!moves.isDue("g") && !moves.isDue("k"));
  closing.abort();
});

Deno.test("a group does not go on here that another server takes over while it is read", async () => {
  const { moves, owned, did, clock, closing } = moving({
    take(id) {
      if (id === "k") owned("g", "attic", ["k", "l"]);
      return Promise.resolve(kept(id, id === "k" ? [] : ["k", "l"]));
    },
  });
  owned("g", "here", ["k", "l"]);
  owned("k", "here", []);
  moves.watch();
  await clock.advance(100);
  assert.deepEqual(did, []);
  assert.ok(!moves.isDue("g"));
  closing.abort();
});

Deno.test("a group is not given away that has ended, or has other devices, by when its queue is copied", async () => {
  for (
    const [left, expected] of [
      [["k"], ["gives g of k to attic"]],
      [[], []],
    ]
  ) {
    const copied = Promise.withResolvers<void>();
    const group = { id: "g", devices: [{ key: "k" }, { key: "l" }] };
    const { moves, owned, did, clock, closing } = moving({
      ...{ groups: [group], copied: () => copied.promise },
    });
    owned("g", "here", ["k", "l"]);
    moves.watch();
    await clock.advance(3_000);
    group.devices = left.map((key) => ({ key }));
    copied.resolve();
    await clock.advance(0);
    assert.deepEqual(did, expected);
    closing.abort();
  }
});
