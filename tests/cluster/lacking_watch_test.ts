import assert from "node:assert/strict";
import type { StreamInfo } from "@nats-io/jetstream";
import type { KV, KvEntry } from "@nats-io/kv";
import { untilLacking } from "../../lib/cluster/lacking_watch.ts";
import type { NatsConnection } from "../../lib/cluster/nats_connection.ts";
import { NatsWatch } from "../../lib/cluster/nats_watch.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** What JetStream says of a bucket that one server keeps. */
const infoOf = (messages: number, last_seq: number) =>
  ({
    created: "today",
    config: { num_replicas: 1 },
    state: { messages, last_seq },
  }) as unknown as StreamInfo;

/** Whether a watch is over by when a bucket has had so many messages each second. */
async function isOver(messages: readonly number[]): Promise<boolean> {
  const clock = new FakeClock();
  let [second, isOver] = [0, false];
  const over = new AbortController();
  untilLacking({
    ...{ clock, seen: () => 9, latest: () => Promise.resolve(9) },
    info: () => Promise.resolve(infoOf(messages[second], 9)),
    queuesInfo: () => Promise.resolve(infoOf(0, 0)),
    hasAll() {},
    leaderless: () => Promise.resolve(),
    isAstray: () => false,
  }, over.signal).then(() => isOver = !over.signal.aborted);
  for (; second < messages.length; second++) await clock.advance(1_000);
  over.abort();
  await clock.advance(1_000);
  return isOver;
}

Deno.test("a watch is over once JetStream has had fewer records than before for three seconds", async () => {
  assert.equal(await isOver([4, 5, 5, 5, 5, 5]), false);
  assert.equal(await isOver([4, 5, 3, 4, 5, 4, 4, 5]), false);
  assert.equal(await isOver([4, 5, 4, 4, 4, 4]), true);
});

/** As `isOver()`, of what the records and the queues are at each second. */
async function isOverAt(
  looks: readonly { last?: number; pages?: number; lastPage?: number }[],
): Promise<boolean> {
  const clock = new FakeClock();
  let [second, isOver] = [0, false];
  const over = new AbortController();
  untilLacking({
    ...{ clock, seen: () => 9, latest: () => Promise.resolve(9) },
    info: () => Promise.resolve(infoOf(5, looks[second]?.last ?? 9)),
    queuesInfo: () => {
      const { pages = 5, lastPage = 9 } = looks[second] ?? {};
      return Promise.resolve(infoOf(pages, lastPage));
    },
    hasAll() {},
    leaderless: () => Promise.resolve(),
    isAstray: () => false,
  }, over.signal).then(() => isOver = !over.signal.aborted);
  for (; second < looks.length; second++) await clock.advance(1_000);
  over.abort();
  await clock.advance(1_000);
  return isOver;
}

for (const field of ["last", "pages", "lastPage"] as const) {
  Deno.test(`a watch is over once JetStream has had a lower ${field} for three seconds`, async () => {
    const less = { [field]: 4 };
    assert.equal(await isOverAt([{}, less, less, {}, less, less]), false);
    assert.equal(await isOverAt([{}, less, less, less]), true);
  });
}

Deno.test("a watch is not over while more is written than JetStream has told", async () => {
  const clock = new FakeClock();
  let [last, shown, isOver] = [0, 0, false];
  const over = new AbortController();
  untilLacking({
    ...{ clock, seen: () => shown, latest: () => Promise.resolve(shown) },
    info() {
      last += 1_000;
      // What is written since comes before this answer does.
      shown = last + 3;
      return Promise.resolve(infoOf(5, last));
    },
    queuesInfo: () => Promise.resolve(infoOf(5, 9)),
    hasAll() {},
    leaderless: () => Promise.resolve(),
    isAstray: () => false,
  }, over.signal).then(() => isOver = !over.signal.aborted);
  await clock.advance(10_000);
  assert.ok(last >= 9_000);
  over.abort();
  await clock.advance(1_000);
  assert.equal(isOver, false);
});

/** A bucket with records, of which watches show some. */
function bucketOf(records: readonly string[], shown: (i: number) => string[]) {
  const clock = new FakeClock();
  let watches = 0;
  const kv = {
    status: () =>
      Promise.resolve({
        values: records.length,
        streamInfo: infoOf(records.length, records.length),
      }),
    watch() {
      const { promise, resolve: stop } = Promise.withResolvers<void>();
      const some = shown(watches++);
      return Promise.resolve({
        stop,
        async *[Symbol.asyncIterator](): AsyncGenerator<Partial<KvEntry>> {
          for (const [i, key] of records.entries()) {
            if (!some.includes(key)) continue;
            yield { key, operation: "PUT", revision: i + 1 };
          }
          await promise;
        },
      });
    },
  } as unknown as KV;
  const watch = new NatsWatch({
    ...{ clock, kv, bucket: "b", connection: {} as NatsConnection },
    info: () => Promise.resolve(infoOf(records.length, records.length)),
    queuesInfo: () => Promise.resolve(infoOf(0, 0)),
    read() {},
  });
  return { watch, clock, watches: () => watches };
}

for (
  const [what, shown, watches] of [
    ["lacks a record, and the next one none", (i: number) => i < 2, 3],
    ["lacks a record each time", () => true, 4],
  ] as const
) {
  Deno.test(`a watch begins again if it ${what}, before what is missing is taken for gone`, async () => {
    const all = ["a", "b", "c"];
    const bucket = bucketOf(all, (i) => shown(i) ? ["a", "c"] : all);
    const told: string[] = [];
    const over = new AbortController();
    const done = bucket.watch.run({
      begin: () => told.push("begin"),
      record: (key) => told.push(key),
      complete: () => told.push("complete"),
    }, over.signal);
    await bucket.clock.advance(10_000);
    const last = shown(watches - 1) ? ["a", "c"] : all;
    assert.equal(bucket.watches(), watches);
    assert.deepEqual(told.filter((it) => it === "complete"), ["complete"]);
    assert.deepEqual(told.slice(-last.length - 2), [
      ...["begin", ...last, "complete"],
    ]);
    over.abort();
    void done;
  });
}
