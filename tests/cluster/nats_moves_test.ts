import assert from "node:assert/strict";
import { followRecords } from "../../lib/cluster/nats_moves.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** Servers, of which one is in use, and those that have the records. */
async function connectedTo(
  first: string,
  having: Set<string>,
  test: (
    clock: FakeClock,
    state: { at: string; asked: string[]; moves: number },
  ) => Promise<void>,
) {
  const clock = new FakeClock();
  const state = { at: first, asked: [] as string[], moves: 0 };
  let answeredMs = 0;
  const closing = new AbortController();
  const done = followRecords({
    clock,
    answeredMs: () => answeredMs,
    ask() {
      if (having.has(state.at)) answeredMs = clock.now();
      return Promise.resolve();
    },
    others: () => ["a", "b", "c"].filter((it) => it !== state.at),
    hasRecords(server) {
      state.asked.push(server);
      return Promise.resolve(having.has(server));
    },
    moveTo(server) {
      state.at = server;
      state.moves++;
      return Promise.resolve();
    },
  }, closing.signal);
  await test(clock, state);
  closing.abort();
  await done;
}

Deno.test("a NATS server that has the records is stayed at", async () => {
  await connectedTo("a", new Set(["a", "b"]), async (clock, state) => {
    await clock.advance(60_000);
    assert.deepEqual(state, { at: "a", asked: [], moves: 0 });
  });
});

Deno.test("a NATS server without the records is left for one that has them, within 4 s", async () => {
  const having = new Set(["a", "b", "c"]);
  await connectedTo("a", having, async (clock, state) => {
    await clock.advance(10_000);
    having.delete("a");
    having.delete("b");
    await clock.advance(1_500);
    assert.equal(state.at, "a", "it may be about to elect a leader");
    await clock.advance(2_500);
    assert.equal(state.at, "c");
    await clock.advance(60_000);
    assert.equal(state.moves, 1);
  });
});

Deno.test("while no NATS server has the records, the present one is stayed at", async () => {
  const having = new Set<string>();
  await connectedTo("a", having, async (clock, state) => {
    await clock.advance(60_000);
    assert.equal(state.at, "a");
    assert.ok(state.asked.length <= 2 * 60 / 3, "asked every 3 s");
    having.add("b");
    await clock.advance(4_000);
    assert.equal(state.at, "b");
  });
});
