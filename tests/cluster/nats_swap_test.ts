import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import assert from "node:assert/strict";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { type NatsServer, needsNats, startThreeNats } from "../support/nats.ts";

/** For both requests to be with the leader, while no other has them. */
const ASKED_MS = 100;
const KEY = "group.order";
const UTF8 = new TextEncoder();

async function openQueues(at: NatsServer, stack: AsyncDisposableStack) {
  const bus = await openNatsBus({
    ...{ urls: [at.url], cluster: "home", place: "attic", clock: systemClock },
    trouble: () => {},
  }, new AbortController().signal);
  stack.defer(() => bus.close());
  return bus.queues;
}

async function leaderOf(all: readonly NatsServer[]): Promise<NatsServer> {
  const connection = await connect({ servers: all[0].url });
  const manager = await jetstreamManager(connection);
  const { cluster } = await manager.streams.info("KV_ondacast_home_queues");
  await connection.close();
  return all.find((_, i) => cluster?.leader === `nats-${i}`) ?? all[0];
}

Deno.test({
  name: "of two values that replace the same one at once, one is taken",
  ignore: needsNats.ignore || Deno.build.os === "windows",
  async fn() {
    await using stack = new AsyncDisposableStack();
    const all = await startThreeNats();
    for (const it of all) stack.use(it);
    const first = await openQueues(all[0], stack);
    await first.put(KEY, UTF8.encode("first"));
    const leader = await leaderOf(all);
    const both = [
      await openQueues(leader, stack),
      await openQueues(leader, stack),
    ];
    const { revision } = await first.get(KEY);
    for (const it of all) if (it !== leader) it.pause();
    const swaps = both.map((queues, i) =>
      // Whose answer is late may have been taken as well.
      queues.swap(KEY, UTF8.encode(`${i}`), revision).catch(() => null)
    );
    await systemClock.sleep(ASKED_MS);
    for (const it of all) if (it !== leader) it.resume();
    const taken = (await Promise.all(swaps)).filter((it) => it !== null);
    assert.ok(taken.length <= 1, "both are taken");
  },
});
