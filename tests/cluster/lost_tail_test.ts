import assert from "node:assert/strict";
import type { StreamInfo } from "@nats-io/jetstream";
import type { KV, KvEntry } from "@nats-io/kv";
import type { NatsConnection } from "../../lib/cluster/nats_connection.ts";
import { NatsWatch } from "../../lib/cluster/nats_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";

type Shown = readonly [key: string, revision: number];

/** Follows a bucket whose watches show some, and some more when they are stopped. */
function follow(
  shown: (i: number) => { first: Shown[]; rest?: Shown[]; isOver?: boolean },
  state: { values: number; last: number; heard: boolean },
) {
  const clock = new FakeClock();
  const info = () =>
    ({
      created: "today",
      config: { num_replicas: 3 },
      cluster: {
        leader: "a",
        replicas: [{
          name: "b",
          current: true,
          offline: !state.heard,
          active: 0,
        }],
      },
      state: { messages: state.values, last_seq: state.last },
    }) as unknown as StreamInfo;
  let watches = 0;
  const kv = {
    status: () => Promise.resolve({ values: state.values, streamInfo: info() }),
    watch() {
      const { promise, resolve: stop } = Promise.withResolvers<void>();
      const { first, rest = [], isOver } = shown(watches++);
      const entry = ([key, revision]: Shown): Partial<KvEntry> => ({
        ...{ key, revision, operation: "PUT" },
      });
      return Promise.resolve({
        stop,
        async *[Symbol.asyncIterator]() {
          yield* first.map(entry);
          if (!isOver) await promise;
          yield* rest.map(entry);
        },
      });
    },
  } as unknown as KV;
  const told: string[] = [];
  const over = new AbortController();
  new NatsWatch({
    ...{ clock, kv, bucket: "b", connection: {} as NatsConnection },
    info: () => Promise.resolve(info()),
    queuesInfo: () => Promise.resolve(info()),
    read() {},
  }).run({
    begin: () => told.push("begin"),
    record: (key, _, revision) => told.push(`${key}${revision}`),
    complete: () => told.push("complete"),
  }, over.signal);
  return { clock, told, over, watches: () => watches };
}

Deno.test("what NATS has lost for good is accepted after ten seconds, once it can be written", async () => {
  const state = { values: 1, last: 9, heard: true };
  const { clock, told, over } = follow(
    (i) =>
      i === 0 ? { first: [["a", 9]], isOver: true } : { first: [["a", 5]] },
    state,
  );
  await clock.advance(0);
  assert.deepEqual(told.splice(0), ["begin", "a9", "complete"]);
  state.last = 5;
  await clock.advance(9_000);
  state.heard = false;
  await clock.advance(9_000);
  assert.deepEqual(told, []);
  state.heard = true;
  await clock.advance(1_000);
  assert.deepEqual(told, ["begin", "a5", "complete"]);
  over.abort();
});

Deno.test("a record that is written as a watch begins is none that it lacks", async () => {
  const state = { values: 3, last: 3, heard: true };
  const { clock, told, over, watches } = follow(() => {
    state.last = 4;
    return { first: [["b", 2], ["c", 3], ["a", 4]] };
  }, state);
  await clock.advance(3_000);
  assert.equal(watches(), 1);
  assert.deepEqual(told, ["begin", "b2", "c3", "a4", "complete"]);
  over.abort();
});

Deno.test("a watch that has stopped uses up one attempt alone", async () => {
  const { clock, told, over } = follow(
    (i) =>
      i === 0
        ? { first: [["c", 3]], rest: [["c", 4], ["c", 5], ["c", 6]] }
        : { first: [["a", 1], ["c", 3]] },
    { values: 2, last: 3, heard: true },
  );
  await clock.advance(3_000);
  assert.deepEqual(told, ["begin", "c3", "begin", "a1", "c3", "complete"]);
  over.abort();
});
