import assert from "node:assert/strict";
import type { TurnKind } from "../../../lib/ports/server.ts";
import { SharedTurns, SLICE_MS } from "../../../lib/io/clock/shared_turns.ts";

/** An event loop driven by the test, with a clock that work advances. */
function setUp() {
  let nowMs = 0;
  let later: (() => void)[] = [];
  const turns = new SharedTurns(
    { now: () => nowMs },
    (work) => later.push(work),
  );
  const slices: { name: string; ms: number }[] = [];
  return {
    slices,
    async work(name: string, steps: number, kind?: TurnKind) {
      let ms = 0;
      for (let i = 0; i < steps; i++) {
        nowMs += 0.01;
        ms += 0.01;
        const pause = turns.next(1, kind);
        if (!pause) continue;
        slices.push({ name, ms });
        ms = 0;
        await pause;
      }
      slices.push({ name, ms });
    },
    /** Runs the next turn. @returns Its duration in milliseconds. */
    async turn(): Promise<number> {
      const before = nowMs;
      const works = later;
      later = [];
      for (const work of works) work();
      for (let i = 0; i < 20; i++) await null;
      return nowMs - before;
    },
    get isOver() {
      return later.length === 0;
    },
  };
}

Deno.test("SharedTurns keeps the work per turn of the event loop short, across all tasks", async () => {
  const loop = setUp();
  const works = ["a", "b", "c"].map((name) => loop.work(name, 2000));
  let turns = 0;
  while (!loop.isOver) {
    assert.ok(await loop.turn() <= SLICE_MS + 0.64 + 1e-9);
    turns++;
  }
  await Promise.all(works);
  assert.ok(turns >= 60 / (SLICE_MS + 0.64), `${turns} turns`);
  // The tasks that began first do not starve the others.
  const first = loop.slices.slice(0, 9).map(({ name }) => name);
  assert.deepEqual([...new Set(first)].sort(), ["a", "b", "c"]);
});

Deno.test("SharedTurns does not interrupt short work", async () => {
  const loop = setUp();
  await loop.work("a", 50);
  assert.equal(loop.slices.length, 1);
  await loop.turn();
  assert.ok(loop.isOver);
});

Deno.test("SharedTurns resumes as much short work in a turn as fits into it", async () => {
  const loop = setUp();
  const long = loop.work("long", 1000);
  const short = Array.from({ length: 10 }, () => loop.work("short", 64));
  for (let i = 0; i < 6; i++) {
    assert.ok(await loop.turn() <= SLICE_MS + 0.64 + 1e-9);
  }
  await Promise.all([long, ...short]);
  // The long task yields after its share, so that all the short ones run.
  const order = loop.slices.map(({ name }) => name);
  assert.ok(order.lastIndexOf("short") < order.lastIndexOf("long"));
});

Deno.test("SharedTurns starts no work in a turn that is used up", async () => {
  const loop = setUp();
  const long = loop.work("long", 1000);
  let isDone = false;
  const late = loop.work("late", 1).then(() => isDone = true);
  await null;
  assert.ok(!isDone);
  for (let i = 0; i < 6; i++) await loop.turn();
  await Promise.all([long, late]);
});

Deno.test("SharedTurns resumes a request before the second of many long tasks", async () => {
  const loop = setUp();
  const long = Array.from({ length: 50 }, () => loop.work("long", 10_000));
  for (let i = 0; i < 20; i++) await loop.turn();
  let isDone = false;
  const request = loop.work("request", 1, "request").then(() => isDone = true);
  await loop.turn();
  assert.ok(isDone);
  // Requests do not starve the other work.
  const storm = Array.from(
    { length: 50 },
    () => loop.work("request", 10_000, "request"),
  );
  const before = loop.slices.length;
  for (let i = 0; i < 20; i++) await loop.turn();
  const later = loop.slices.slice(before).map(({ name }) => name);
  const works = later.filter((name) => name === "long").length;
  assert.ok(works >= later.length / 3, later.join(" "));
  while (!loop.isOver) await loop.turn();
  await Promise.all([...long, request, ...storm]);
});

Deno.test("SharedTurns resumes a signal before all requests, for a part of each turn", async () => {
  const loop = setUp();
  const requests = Array.from(
    { length: 50 },
    () => loop.work("request", 10_000, "request"),
  );
  for (let i = 0; i < 20; i++) await loop.turn();
  let isDone = false;
  const signal = loop.work("signal", 1, "signal").then(() => isDone = true);
  await loop.turn();
  assert.ok(isDone);
  const storm = Array.from(
    { length: 50 },
    () => loop.work("signal", 10_000, "signal"),
  );
  const before = loop.slices.length;
  for (let i = 0; i < 20; i++) await loop.turn();
  const later = loop.slices.slice(before).map(({ name }) => name);
  const others = later.filter((name) => name === "request").length;
  assert.ok(others >= later.length / 3, later.join(" "));
  while (!loop.isOver) await loop.turn();
  await Promise.all([...requests, signal, ...storm]);
});

Deno.test("SharedTurns gives background work what is left of a turn, and a share in 20 ms", async () => {
  const loop = setUp();
  const scan = loop.work("scan", 10_000, "background");
  await loop.turn();
  const search = loop.work("search", 10_000);
  let isFound = false;
  search.then(() => isFound = true);
  const before = loop.slices.length;
  let turns = 0;
  for (; !isFound; turns++) await loop.turn();
  // 100 ms in slices of some 3 ms, beside 1 ms of the scan in 20 ms.
  assert.ok(turns <= 38, `${turns} turns`);
  const scans = loop.slices.slice(before)
    .filter(({ name }) => name === "scan");
  assert.ok(scans.length >= 4, `${scans.length} shares`);
  assert.ok(scans.length <= 8, `${scans.length} shares`);
  turns = 0;
  for (; !loop.isOver; turns++) await loop.turn();
  await scan;
  assert.ok(turns <= 35, `${turns} turns`);
});
