import assert from "node:assert/strict";
import { OwnRecords } from "../../lib/cluster/own_records.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

/** Records over a table in memory, which may be away. */
function recordsOver(table: Map<string, string>) {
  const clock = new FakeClock();
  const state = { isAway: false, puts: 0, revision: 0 };
  const closing = new AbortController();
  const own = new OwnRecords(
    {
      put(key, value) {
        if (state.isAway) return Promise.reject(new Error("away"));
        state.puts++;
        if (value === null) table.delete(key);
        else table.set(key, new TextDecoder().decode(value));
        return Promise.resolve(value === null ? 0 : ++state.revision);
      },
    },
    clock,
    closing.signal,
  );
  return { own, clock, state, closing };
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("OwnRecords writes what the table lacks, and deletes what should not be there", async () => {
  const table = new Map([["device.here.old", "1"], ["device.here.same", "2"]]);
  const { own, clock, state } = recordsOver(table);
  own.set("device.here.new", () => 3);
  own.set("device.here.same", () => 2);
  await clock.advance(5_000);
  assert.equal(state.puts, 0, "before the table is known");
  own.begin();
  for (const [key, text] of table) own.record(key, bytes(text), 1);
  own.complete();
  await clock.advance(100);
  assert.deepEqual(Object.fromEntries(table), {
    "device.here.same": "2",
    "device.here.new": "3",
  });
  assert.equal(state.puts, 2);
});

Deno.test("OwnRecords writes again what another has deleted while it was written", async () => {
  const clock = new FakeClock();
  const puts: PromiseWithResolvers<number>[] = [];
  const written: string[] = [];
  const own = new OwnRecords(
    {
      put() {
        puts.push(Promise.withResolvers());
        return puts.at(-1)!.promise;
      },
    },
    clock,
    new AbortController().signal,
    (key) => written.push(key),
  );
  own.begin();
  own.complete();
  own.set("device.here.k", () => 1);
  await clock.advance(100);
  own.record("device.here.k", bytes("1"), 10);
  own.record("device.here.k", null, 11);
  puts[0].resolve(10);
  await settle();
  await clock.advance(100);
  assert.equal(puts.length, 2);
  // Its own write is no news.
  own.record("device.here.k", bytes("1"), 12);
  puts[1].resolve(12);
  await settle();
  await clock.advance(2_000);
  assert.equal(puts.length, 2);
  assert.deepEqual(written, ["device.here.k", "device.here.k"]);
});

Deno.test("OwnRecords tries again until the table is back, and writes only the last state", async () => {
  const table = new Map<string, string>();
  const { own, clock, state } = recordsOver(table);
  own.begin();
  own.complete();
  state.isAway = true;
  let value = 1;
  own.set("device.here.k", () => value);
  await clock.advance(10_000);
  value = 2;
  own.set("device.here.k", () => value);
  state.isAway = false;
  await clock.advance(2_000);
  assert.equal(table.get("device.here.k"), "2");
  assert.equal(state.puts, 1);
});

Deno.test("OwnRecords writes again what another one has overwritten", async () => {
  const table = new Map<string, string>();
  const { own, clock } = recordsOver(table);
  own.begin();
  own.complete();
  own.set("device.here.k", () => 1);
  await clock.advance(100);
  table.set("device.here.k", "9");
  own.record("device.here.k", bytes("9"), 50);
  await clock.advance(100);
  assert.equal(table.get("device.here.k"), "1");
});
