import assert from "node:assert/strict";
import { type Claim, IdClaims } from "../../../web/io/id_claims.ts";
import fc from "../../support/fast_check.ts";

/** A tab that claims one number after the other until it keeps one. */
class ClaimingTab {
  number = 0;
  kept = 0;
  readonly #claims: IdClaims;

  constructor(rank: string, say: (from: ClaimingTab, claim: Claim) => void) {
    this.#claims = new IdClaims(rank, {
      say: (claim) => say(this, claim),
      refused: () => this.claim(),
      kept: () => this.kept++,
    });
  }

  claim(): void {
    this.#claims.claim(++this.number);
  }

  hear(claim: Claim): void {
    this.#claims.heard(claim);
  }
}

Deno.test("the earlier of two tabs keeps its number, however late it hears of the other", () => {
  const said: Claim[] = [];
  const say = (_: ClaimingTab, claim: Claim) => said.push(claim);
  const [early, late] = ["1", "2"].map((rank) => new ClaimingTab(rank, say));
  early.claim();
  late.claim();
  early.hear(said[1]);
  assert.deepEqual([early.number, early.kept], [1, 1]);
  late.hear(said[2]);
  assert.deepEqual([late.number, late.kept], [2, 0]);
  late.hear(said[0]);
  assert.equal(late.number, 2);
});

Deno.test("a claim that was given up is answered no more", () => {
  const said: Claim[] = [];
  const tab = new IdClaims("1", {
    say: (claim) => said.push(claim),
    refused: () => assert.fail(),
    kept: () => assert.fail(),
  });
  tab.claim(1);
  tab.claim(null);
  tab.heard({ number: 1, rank: "2" });
  assert.equal(said.length, 1);
});

Deno.test("tabs have different numbers once all is heard, whoever opens and hears when", () => {
  const step = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ opens: true, at: 0 }) },
    {
      weight: 4,
      arbitrary: fc.record({ opens: fc.constant(false), at: fc.nat(1000) }),
    },
  );
  const property = fc.property(
    fc.array(step, { maxLength: 120 }),
    fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }),
    (steps, ranks) => {
      const tabs: ClaimingTab[] = [];
      /** What one tab has said to another, in order. */
      const ways = new Map<string, { to: ClaimingTab; claims: Claim[] }>();
      const say = (from: ClaimingTab, claim: Claim) => {
        for (const to of tabs) {
          if (to === from) continue;
          const name = `${tabs.indexOf(from)} ${tabs.indexOf(to)}`;
          const way = ways.get(name) ?? { to, claims: [] };
          way.claims.push(claim);
          ways.set(name, way);
        }
      };
      const hear = (at: number) => {
        const waiting = [...ways.values()].filter((it) => it.claims.length > 0);
        if (waiting.length === 0) return false;
        const { to, claims } = waiting[at % waiting.length];
        to.hear(claims.shift()!);
        return true;
      };
      for (const { opens, at } of steps) {
        if (!opens) hear(at);
        else if (tabs.length < ranks.length) {
          const tab = new ClaimingTab(
            `${ranks[tabs.length]} ${tabs.length}`,
            say,
          );
          tabs.push(tab);
          tab.claim();
        }
      }
      // Each tab moves on at most once for each other one.
      let most = 10_000;
      while (hear(0)) assert.ok(--most > 0);
      const numbers = tabs.map(({ number }) => number);
      assert.equal(new Set(numbers).size, tabs.length, `${numbers}`);
    },
  );
  fc.assert(property, { numRuns: 500 });
});
