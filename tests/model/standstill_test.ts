import assert from "node:assert/strict";
import { Standstill } from "../../lib/model/standstill.ts";

const LOOKS: [what: string, atMs: number, awakeSinceMs: number][] = [
  ["looks that are in time", 600, 100],
  ["a look that is late by less than a second", 2_099, 100],
  ["the next, again in time", 2_599, 100],
  ["a look that is late by a second", 4_099, 4_099],
  ["the next one", 4_599, 4_099],
  ["a look after a night", 30_000_000, 30_000_000],
];

Deno.test("look() returns when the process last resumed", () => {
  const standstill = new Standstill(500, 100);
  for (const [what, atMs, awakeSinceMs] of LOOKS) {
    assert.equal(standstill.look(atMs), awakeSinceMs, what);
  }
});
