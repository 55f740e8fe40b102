import assert from "node:assert/strict";
import fc from "../support/fast_check.ts";
import { type Owner, OwnerTerms } from "../../lib/cluster/owner_terms.ts";
import { SeenTerms } from "../../lib/cluster/seen_terms.ts";

const owner = (
  node: string,
  term: number,
  more: Partial<Owner> = {},
): Owner => ({
  ...{ node, term, devices: ["k"] },
  ...more,
});

Deno.test("OwnerTerms goes on with the term of another owner plus one, and with its own", () => {
  const terms = new OwnerTerms("here");
  assert.deepEqual(terms.next("g", "here", ["k"]), {
    owner: owner("here", 1),
    revision: 0,
  });
  terms.seen("g", owner("attic", 4), 9);
  assert.deepEqual(terms.next("g", "here", ["k"]), {
    owner: owner("here", 5),
    revision: 9,
  });
  assert.equal(terms.next("g", "attic", ["k", "l"]).owner.term, 4);
  terms.seen("g", owner("attic", 4, { goneMs: 1 }), 10);
  assert.equal(terms.owner("g"), undefined);
  assert.deepEqual(terms.next("g", "attic", ["k"]).owner, owner("attic", 5));
});

Deno.test("OwnerTerms knows the group of a device, until it is in another or its group ends", () => {
  const terms = new OwnerTerms("here");
  terms.seen("g", owner("attic", 1, { devices: ["k", "l"] }), 1);
  terms.seen("h", owner("here", 1, { devices: ["l"] }), 2);
  assert.equal(terms.groupOf("k"), "g");
  assert.equal(terms.groupOf("l"), "h");
  terms.seen("g", owner("attic", 1, { devices: [], goneMs: 5 }), 3);
  assert.equal(terms.groupOf("k"), undefined);
  assert.equal(terms.groupOf("l"), "h");
});

Deno.test("OwnerTerms holds to a term against a lower one and a deletion", () => {
  const wrong = [owner("cellar", 2), null];
  for (const [i, it] of wrong.entries()) {
    const terms = new OwnerTerms("attic");
    terms.seen("g", owner("attic", 3), 1);
    assert.equal(terms.seen("g", it, 2 + i), "older");
    assert.deepEqual(terms.owner("g"), owner("attic", 3));
    // What it writes next replaces the wrong one.
    assert.equal(terms.next("g", "attic", ["k"]).revision, 2 + i);
    assert.equal(terms.accepts("g", 2), false);
  }
});

Deno.test("of two that own a group in one term, as NATS has lost a record that it told of, the one in the table does", () => {
  for (const revision of [5, 6]) {
    const terms = new OwnerTerms("attic");
    terms.seen("g", owner("attic", 3), 5);
    assert.equal(terms.seen("g", owner("attic", 3), 5), "known");
    assert.equal(terms.seen("g", owner("cellar", 3), 4), "known");
    assert.equal(terms.seen("g", owner("cellar", 3), revision), "new");
    assert.deepEqual(terms.owner("g"), owner("cellar", 3));
    assert.equal(terms.seen("g", owner("cellar", 2), 7), "older");
  }
});

Deno.test("OwnerTerms takes what follows a record that NATS has lost, although it has the same revision", () => {
  const terms = new OwnerTerms("attic");
  terms.seen("g", owner("attic", 3), 5);
  assert.equal(terms.seen("g", owner("attic", 2), 5), "older");
  assert.equal(terms.seen("g", owner("attic", 4), 5), "new");
  assert.equal(terms.seen("g", owner("attic", 4), 5), "known");
});

Deno.test("OwnerTerms takes no group that has ended for one that goes on in the same term", () => {
  const terms = new OwnerTerms("attic");
  terms.seen("g", owner("attic", 3, { goneMs: 1 }), 5);
  assert.equal(terms.seen("g", owner("attic", 3), 6), "older");
  assert.equal(terms.owner("g"), undefined);
  assert.equal(terms.seen("g", owner("attic", 4), 7), "new");
});

Deno.test("a group whose record was deleted, as it has ended long ago, begins again with any term", () => {
  const terms = new OwnerTerms("attic");
  terms.seen("g", owner("shed", 3), 5);
  terms.seen("g", owner("shed", 3, { goneMs: 1 }), 6);
  assert.equal(terms.seen("g", null, 7), "new");
  assert.equal(terms.seen("g", owner("cellar", 1), 8), "new");
  assert.deepEqual(terms.owner("g"), owner("cellar", 1));
});

Deno.test("OwnerTerms takes no term that would leave a group without a next one", () => {
  const terms = new OwnerTerms("here");
  assert.equal(terms.seen("g", owner("attic", 2 ** 53 - 1), 1), "older");
  assert.equal(terms.seen("g", owner("attic", 70), 2), "new");
  assert.equal(terms.seen("g", owner("shed", 2 ** 40), 3), "older");
  assert.deepEqual(terms.next("g", "attic", ["k"]), {
    owner: owner("attic", 70),
    revision: 3,
  });
  assert.equal(terms.seen("g", owner("shed", 1_000_000), 4), "new");
});

Deno.test("SeenTerms refuses commands of a term that would leave a group without a next one", () => {
  const seen = new SeenTerms(() => undefined);
  const check = (term: number) =>
    seen.check({ device: "k", group: "g", term }, "attic");
  assert.throws(() => check(2 ** 53 - 1), { code: "stale" });
  check(3);
  assert.throws(() => check(2 ** 40), { code: "stale" });
  check(1_000_000);
  assert.equal(seen.refused, 2);
});

Deno.test("SeenTerms begins again with a group whose record was deleted", () => {
  const seen = new SeenTerms(() => undefined);
  const check = (term: number) =>
    seen.check({ device: "k", group: "g", term }, "attic");
  check(5);
  assert.throws(() => check(1), { code: "stale" });
  seen.forget("g");
  check(1);
});

Deno.test("OwnerTerms accepts a table whose revisions begin again", () => {
  const terms = new OwnerTerms("here");
  terms.seen("g", owner("attic", 3), 1000);
  terms.begin();
  assert.equal(terms.seen("g", owner("attic", 3), 1), "new");
  assert.equal(terms.next("g", "here", []).revision, 1);
});

Deno.test("OwnerTerms: in whatever order records come, no term falls, and all end with the same owner", () => {
  const record = fc.record({
    node: fc.constantFrom("attic", "cellar", "shed"),
    isGone: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      (changes, picks) => {
        // A table that servers change by compare-and-set, each from its last state.
        const table = new OwnerTerms("writer");
        const log: { owner: Owner; revision: number }[] = [];
        for (const { node, isGone } of changes) {
          const next = table.next("g", node, ["k"]);
          const revision = log.length + 1;
          const put = isGone ? { ...next.owner, goneMs: 1 } : next.owner;
          table.seen("g", put, revision);
          log.push({ owner: put, revision });
        }
        const terms = new OwnerTerms("reader");
        const late = [...log];
        let highest = 0;
        const byTerm = new Map<number, string>();
        while (late.length > 0) {
          const at = picks.next().value! % late.length;
          const [{ owner, revision }] = late.splice(at, 1);
          terms.seen("g", owner, revision);
          assert.ok(terms.term("g") >= highest);
          highest = terms.term("g");
          const { node, term } = terms.last("g")!;
          assert.equal(byTerm.get(term) ?? node, node);
          byTerm.set(term, node);
        }
        assert.deepEqual(terms.last("g"), log.at(-1)!.owner);
      },
    ),
  );
});
